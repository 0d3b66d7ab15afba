#include "forecasts.h"

#include "core/error.h"
#include "dataset/datasetReader.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

namespace surrogate
{

namespace
{

constexpr double infinity = std::numeric_limits<double>::infinity();

//- Components of a field, one after the other
std::vector<const double*> components(const State& state, const Field& field)
{
    const int first = state.fields.channelOf(field.name);
    std::vector<const double*> channels;
    for (int c = 0; c < field.components; ++c) channels.push_back(state.channel(first + c));
    return channels;
}

//- "U (2) p (1)"
std::string listed(const FieldList& fields)
{
    std::string text;
    for (const Field& field : fields) text += (text.empty() ? "" : " ") + field.name + " (" + std::to_string(field.components) + ")";
    return text;
}

double seconds(std::chrono::steady_clock::duration duration) { return std::chrono::duration<double>(duration).count(); }

} // namespace

Reference::Reference(const AccuracyOptions& options, const Manifest& manifest)
:
    manifest_(manifest), model_(options.curves.front().models.front()), conserved_(options.conserve, manifest, model_)
{
    manifest.grid.requireLattice("surrogateAccuracy", model_);
    for (const std::string& path : options.reference) readStarts(options, path);
    measureVariances();
}

void Reference::readStarts(const AccuracyOptions& options, const std::string& path)
{
    const DatasetReader data(path);
    if (!data.grid().matches(manifest_.grid))
    {
        throw Error({"The reference is not on the model's grid", path, manifest_.grid.describe(), data.grid().describe(), {}});
    }
    const double ratio = manifest_.timeStep/data.interval();
    const long stride = std::lround(ratio);
    if (stride < 1 || std::abs(ratio - double(stride)) > 1e-3*ratio)
    {
        throw Error({"The reference's snapshots are not at the model's times", path,
            "an interval of which the model's step of " + std::to_string(manifest_.timeStep) + " s is a multiple",
            std::to_string(data.interval()) + " s", {}});
    }
    const long room = long(data.nTimes()) - stride*options.steps;
    if (room < options.starts)
    {
        throw Error({"The reference has too few snapshots", path + ", entries starts and steps",
            std::to_string(stride*options.steps + options.starts) + " or more", std::to_string(data.nTimes()), {}});
    }
    std::size_t trajectories = data.nTrajectories();
    if (options.trajectories > 0) trajectories = std::min(trajectories, std::size_t(options.trajectories));
    for (std::size_t trajectory = 0; trajectory < trajectories; ++trajectory)
    {
        for (long i = 0; i < options.starts; ++i)
        {
            const long first = i*room/options.starts;
            std::vector<State> snapshots;
            for (int step = 0; step <= options.steps; ++step)
            {
                snapshots.push_back(data.read(trajectory, std::size_t(first + step*stride), manifest_.fields.names()));
                snapshots.back().fields = manifest_.fields;
            }
            truth_.push_back(std::move(snapshots));
        }
    }
}

void Reference::measureVariances()
{
    for (const Field& field : manifest_.fields)
    {
        const int first = manifest_.fields.channelOf(field.name);
        double variance = 0;
        for (int c = first; c < first + field.components; ++c)
        {
            double sum = 0, squares = 0, n = 0;
            for (const std::vector<State>& snapshots : truth_)
            {
                for (const State& state : snapshots)
                {
                    const double* values = state.channel(c);
                    for (std::size_t i = 0; i < state.grid.nCells(); ++i) sum += values[i], squares += values[i]*values[i];
                    n += double(state.grid.nCells());
                }
            }
            variance += squares/n - sum/n*(sum/n);
        }
        if (!(variance > 0))
        {
            throw Error({"A field of the reference does not vary", "field " + field.name, "a variance above 0",
                std::to_string(variance), {}});
        }
        variances_.push_back(variance);
    }
}

void Reference::requireSame(const Manifest& manifest, const std::string& model) const
{
    const auto refuse = [&](const char* what, const std::string& expected, const std::string& found)
    {
        throw Error({std::string("Models of different ") + what + " cannot be compared", model, expected + ", as " + model_, found, {}});
    };
    if (!manifest.grid.matches(manifest_.grid)) refuse("grids", manifest_.grid.describe(), manifest.grid.describe());
    if (listed(manifest.fields) != listed(manifest_.fields)) refuse("fields", listed(manifest_.fields), listed(manifest.fields));
    if (std::abs(manifest.timeStep - manifest_.timeStep) > 1e-6*manifest_.timeStep)
    {
        refuse("time steps", std::to_string(manifest_.timeStep) + " s", std::to_string(manifest.timeStep) + " s");
    }
}

namespace
{

//- Forecasts from some of the starts as one batch
class Batch
{
public:

    Batch(const Reference& reference, std::size_t first, std::size_t last, const AccuracyOptions& options, ForecastErrors& errors)
    :
        reference_(reference), options_(options), errors_(errors), first_(first), correlated_(last - first, true)
    {
        for (std::size_t start = first; start < last; ++start) members_.push_back(reference.at(start, 0));
    }

    void run(Stepper& stepper)
    {
        stepper.setMemory({});
        for (int step = 1; step <= options_.steps; ++step)
        {
            const std::vector<double> means = reference_.conserved().of(members_);
            if (!advance(stepper, step)) break;
            reference_.conserved().restore(members_, means);
            iterations(stepper);
            for (std::size_t m = 0; m < members_.size(); ++m) measure(m, step);
        }
    }

    double wallTime = 0, iterationSum = 0;
    long memberSteps = 0;
    bool iterates = false;

private:

    bool advance(Stepper& stepper, int step)
    {
        std::vector<std::uint32_t> names;
        for (std::size_t m = 0; m < members_.size(); ++m) names.push_back(std::uint32_t(first_ + m));
        const auto from = std::chrono::steady_clock::now();
        try
        {
            stepper.advance(members_, Noise(std::uint64_t(options_.seed), std::uint32_t(step - 1)).ofBatch(names));
        }
        catch (const Error& error)
        {
            if (step == 1) throw;
            errors_.failure = "step " + std::to_string(step) + ": " + error.what();
            for (int s = step; s <= options_.steps; ++s)
            {
                errors_.vrmse[std::size_t(s - 1)] = errors_.error[std::size_t(s - 1)] = infinity;
            }
            for (std::size_t m = 0; m < members_.size(); ++m) errors_.ofStarts[first_ + m] = infinity;
            errors_.power.clear();
            return false;
        }
        wallTime += seconds(std::chrono::steady_clock::now() - from);
        memberSteps += long(members_.size());
        return true;
    }

    void iterations(const Stepper& stepper)
    {
        for (const Convergence& c : stepper.convergence()) iterationSum += c.iterations, iterates = true;
        for (const Refinement& r : stepper.refinements()) iterationSum += r.evaluations, iterates = true;
    }

    void measure(std::size_t m, int step)
    {
        const State& truth = reference_.at(first_ + m, step);
        const FieldList& fields = truth.fields;
        const double share = 1/double(reference_.size());
        Cells cells;
        cells.count = truth.grid.nCells();
        double vrmse = 0, error = 0, pearson = 0;
        std::size_t f = 0;
        for (const Field& field : fields)
        {
            const FieldErrors e = fieldErrors(cells, components(truth, field), components(members_[m], field));
            vrmse += e.vrmse/double(fields.size());
            pearson += e.pearson/double(fields.size());
            error += e.rmse*e.rmse/reference_.variances()[f++]/double(fields.size());
        }
        errors_.vrmse[std::size_t(step - 1)] += share*vrmse;
        errors_.error[std::size_t(step - 1)] += share*error;
        errors_.ofStarts[first_ + m] += error/options_.steps;
        if (pearson < options_.correlation) correlated_[m] = false;
        if (correlated_[m]) errors_.horizon += share*(truth.time - reference_.at(first_ + m, step - 1).time);
        if (step == options_.steps && errors_.failure.empty()) addErrorPower(m, truth);
    }

    void addErrorPower(std::size_t m, const State& truth)
    {
        std::vector<double> error(truth.grid.nCells());
        std::size_t f = 0;
        for (const Field& field : truth.fields)
        {
            const double scale = 1/std::sqrt(reference_.variances()[f++]*double(reference_.size())*double(truth.fields.size()));
            const auto u = components(truth, field), v = components(members_[m], field);
            for (std::size_t c = 0; c < u.size(); ++c)
            {
                for (std::size_t i = 0; i < error.size(); ++i) error[i] = scale*(v[c][i] - u[c][i]);
                addPower(truth.grid, error.data(), errors_.power);
            }
        }
    }

    const Reference& reference_;
    const AccuracyOptions& options_;
    ForecastErrors& errors_;
    std::size_t first_;
    std::vector<State> members_;
    std::vector<bool> correlated_;
};

} // namespace

ForecastErrors forecast(Stepper& stepper, const Reference& reference, const AccuracyOptions& options)
{
    ForecastErrors errors;
    errors.vrmse.assign(std::size_t(options.steps), 0);
    errors.error = errors.vrmse;
    errors.ofStarts.assign(reference.size(), 0);
    const std::size_t size = options.batch > 0 ? std::size_t(options.batch) : reference.size();
    double wallTime = 0, iterations = 0;
    long steps = 0;
    bool iterates = false;
    for (std::size_t first = 0; first < reference.size(); first += size)
    {
        Batch batch(reference, first, std::min(first + size, reference.size()), options, errors);
        batch.run(stepper);
        wallTime += batch.wallTime;
        iterations += batch.iterationSum;
        steps += batch.memberSteps;
        iterates = iterates || batch.iterates;
    }
    for (const double error : errors.error) errors.trajectoryError += error/options.steps;
    errors.timePerStep = wallTime/double(std::max(steps, 1L));
    if (iterates) errors.iterations = iterations/double(std::max(steps, 1L));
    return errors;
}

} // namespace surrogate
