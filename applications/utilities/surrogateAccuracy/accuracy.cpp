#include "accuracy.h"

#include "core/bundle.h"
#include "core/floatingPointGuard.h"
#include "core/progress.h"
#include "model/surrogate.h"

#include <cmath>
#include <cstdio>
#include <memory>

namespace surrogate
{

namespace
{

MeanAndError meanAndError(const std::vector<double>& values)
{
    const MeanAndDeviation m = meanAndDeviation(values);
    return {m.mean, m.stddev/std::sqrt(double(values.size()))};
}

//- Of what `figure` gives of each model
template<class Figure>
MeanAndError overModels(const std::vector<ForecastErrors>& models, Figure figure)
{
    std::vector<double> values;
    for (const ForecastErrors& model : models) values.push_back(figure(model));
    return meanAndError(values);
}

void addMean(std::vector<double>& sum, const std::vector<double>& values, std::size_t n)
{
    sum.resize(values.size(), 0);
    for (std::size_t i = 0; i < values.size(); ++i) sum[i] += values[i]/double(n);
}

void summarise(AccuracyPoint& point, const AccuracyOptions& options, const Grid& grid)
{
    const std::vector<ForecastErrors>& models = point.models;
    point.error = models.size() > 1 ? overModels(models, [](const ForecastErrors& e) { return e.trajectoryError; })
        : meanAndError(models.front().ofStarts);
    point.horizon = overModels(models, [](const ForecastErrors& e) { return e.horizon; });
    for (const long step : options.horizons)
    {
        point.vrmse.push_back(overModels(models, [&](const ForecastErrors& e) { return e.vrmse[std::size_t(step - 1)]; }));
    }
    double iterations = 0;
    for (const ForecastErrors& model : models)
    {
        point.timePerStep += model.timePerStep/double(models.size());
        if (model.iterations) iterations += *model.iterations/double(models.size());
        addMean(point.overSteps, model.vrmse, models.size());
        addMean(point.squareOverSteps, model.error, models.size());
        if (!model.failure.empty() && point.failure.empty()) point.failure = model.failure;
    }
    if (models.front().iterations) point.iterations = iterations;
    if (!point.failure.empty()) return;
    for (const ForecastErrors& model : models) addMean(point.power, model.power, models.size());
    if (options.latticePatch > 0) point.peak = latticePeakHeight(grid, point.power, options.latticePatch);
}

//- One model at all values of its curve's knob
class MeasuredModel
{
public:

    MeasuredModel(const std::string& path, const AccuracyCurve& curve, const AccuracyOptions& options)
    :
        path_(path), curve_(curve), options_(options)
    {}

    //- Loaded again only where the knob is not the network's
    Stepper& at(double value)
    {
        if (!stepper_ || !curve_.turnsNetwork()) stepper_ = loadSurrogate(path_, options_.runtime, curve_.samplerAt(value));
        stepper_->setControls(curve_.controlsAt(value));
        return *stepper_;
    }

private:

    const std::string& path_;
    const AccuracyCurve& curve_;
    const AccuracyOptions& options_;
    std::unique_ptr<Stepper> stepper_;
};

} // namespace

AccuracyResult measureAccuracy(const AccuracyOptions& options)
{
    const FloatingPointGuard guard;
    AccuracyResult result;
    std::unique_ptr<Reference> reference;
    std::int64_t total = 0, done = 0;
    for (const AccuracyCurve& curve : options.curves) total += std::int64_t(curve.models.size()*curve.values.size());
    Progress bar("surrogateAccuracy", total);
    for (const AccuracyCurve& curve : options.curves)
    {
        AccuracyResult::Curve measured{curve.name, curve.knob, {}, 0, {}};
        for (const double value : curve.values) measured.points.push_back({}), measured.points.back().value = value;
        for (const std::string& path : curve.models)
        {
            MeasuredModel model(path, curve, options);
            for (AccuracyPoint& point : measured.points)
            {
                Stepper& stepper = model.at(point.value);
                const Manifest& manifest = stepper.manifest();
                if (!reference) reference = std::make_unique<Reference>(options, manifest);
                reference->requireSame(manifest, path);
                if (result.runtime.empty())
                {
                    result.runtime = stepper.runtime();
                    result.grid = manifest.grid;
                    result.timeStep = manifest.timeStep;
                    result.fields = manifest.fields.names();
                    result.starts = reference->size();
                }
                if (measured.network.empty())
                {
                    measured.network = manifest.network;
                    measured.parameters = std::int64_t(Bundle::read(path).nParameters());
                }
                point.models.push_back(forecast(stepper, *reference, options));
                bar.update(++done, curve.name);
            }
        }
        for (AccuracyPoint& point : measured.points) summarise(point, options, result.grid);
        result.curves.push_back(std::move(measured));
    }
    return result;
}

} // namespace surrogate
