#include "core/error.h"
#include "model/corrector.h"

#include <cmath>

namespace surrogate
{

namespace
{

//- A Stepper's step, then a corrector's look at it
class CorrectedStepper : public Stepper
{
public:

    CorrectedStepper(std::unique_ptr<Stepper> stepper, std::unique_ptr<Corrector> corrector)
    :
        stepper_(std::move(stepper)), corrector_(std::move(corrector))
    {}

    using Stepper::advance;

    void advance(std::vector<State>& members, const Noise& noise) override
    {
        std::vector<State> next = members;
        stepper_->advance(next, noise);
        // numbers of its own: a seed that no stepper has
        refinements_ = corrector_->correct(next, members, noise.withSeed(noise.seed() ^ correctorSeed));
        const std::vector<Refinement> ofStepper = stepper_->refinements();
        for (std::size_t i = 0; i < ofStepper.size(); ++i) refinements_[i].evaluations += ofStepper[i].evaluations;
        members = std::move(next);
    }

    const Manifest& manifest() const override { return stepper_->manifest(); }
    std::string runtime() const override { return stepper_->runtime(); }
    std::vector<Refinement> refinements() const override { return refinements_; }
    void setControls(const NetworkControls& controls) override { stepper_->setControls(controls); }
    std::vector<Convergence> convergence() const override { return stepper_->convergence(); }

    Memory memory() const override
    {
        Memory all = stepper_->memory();
        for (auto& [name, states] : corrector_->memory()) all["corrector." + name] = states;
        return all;
    }

    void setMemory(const Memory& memory) override
    {
        Memory ofCorrector, ofStepper;
        for (const auto& [name, states] : memory)
        {
            if (name.rfind("corrector.", 0) == 0) ofCorrector[name.substr(10)] = states;
            else ofStepper[name] = states;
        }
        stepper_->setMemory(ofStepper);
        corrector_->setMemory(ofCorrector);
    }

private:

    static constexpr std::uint64_t correctorSeed = 0x9E3779B97F4A7C15ull;

    std::unique_ptr<Stepper> stepper_;
    std::unique_ptr<Corrector> corrector_;
    std::vector<Refinement> refinements_;
};

[[noreturn]] void refuse(const std::string& what, const std::string& expected, const std::string& found)
{
    throw Error({"The corrector is not for the model's " + what, "entry corrector", expected, found, {}});
}

//- "U 2 [0 1 -1 0 0 0 0], p 1 [0 2 -2 0 0 0 0]": names, components, dimensions
std::string describe(const FieldList& fields)
{
    std::vector<std::string> each;
    for (const Field& field : fields)
    {
        each.push_back(field.name + " " + std::to_string(field.components) + " " + describeDimensions(field.dimensions));
    }
    return join(each);
}

} // namespace

std::unique_ptr<Stepper> withCorrector(std::unique_ptr<Stepper> stepper, std::unique_ptr<Corrector> corrector)
{
    const Manifest& model = stepper->manifest();
    const Manifest& other = corrector->manifest();
    if (!model.grid.matches(other.grid)) refuse("grid", model.grid.describe(), other.grid.describe());
    if (describe(model.fields) != describe(other.fields)) refuse("fields", describe(model.fields), describe(other.fields));
    if (corrector->lag() > 0 && std::abs(corrector->lag() - model.timeStep) > 1e-6*model.timeStep)
    {
        refuse("time step", std::to_string(model.timeStep) + " s", std::to_string(corrector->lag()) + " s");
    }
    return std::make_unique<CorrectedStepper>(std::move(stepper), std::move(corrector));
}

} // namespace surrogate
