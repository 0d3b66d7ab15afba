#pragma once

#include "caseComparison.h"

namespace surrogate
{

//- What one run's snapshots give over time, collected as they pass
class RunStatistics
{
public:

    //- `ranges`: low and high end of the density of each component of the fields
    RunStatistics(const CaseComparison& comparison, const FlowRun& reference, const FlowRun& run,
        const std::vector<std::array<double, 2>>& ranges);

    //- Fields on the reference's cells, and velocity and vorticity on the run's own (empty: there are none)
    void add(double time, const std::vector<std::vector<double>>& fields, const std::vector<double>& velocity,
        const std::vector<double>& vorticity);

    //- Fills quantities, spectrum, densities, autocorrelation, zonal mean
    void finish(RunFigures& figures, std::vector<std::string>& notes) const;

private:

    void addQuantity(const std::string& name, const std::string& unit, double time, double value);
    void sample(const std::vector<double>& field);
    void addToGrid(const std::vector<std::vector<double>>& fields, const std::vector<double>& own);

    const CaseComparison& comparison_;
    const FlowRun& reference_;
    const FlowRun& run_;
    std::vector<Quantity> quantities_;
    std::size_t field_ = 0;                                 // of rate of change and autocorrelation
    std::optional<std::size_t> velocity_;
    std::vector<double> previous_;                          // the field of rate of change
    double previousTime_ = 0;
    std::size_t snapshots_ = 0;
    std::vector<double> spectrum_, zonal_;                  // sums
    std::vector<ProbabilityDensity> densities_;             // one a component of all fields
    std::vector<std::vector<double>> series_;               // of the autocorrelation: sampled cells by snapshot
};

//- Mean, drift, amplitude and frequency of a quantity, from its values. Where these are not equally spaced each counts with the
//  time to halfway to its neighbours. Nothing with fewer than ten values.
void describe(Quantity& quantity);

//- Pointers to the components of values[component][cell]
std::vector<const double*> componentsOf(const std::vector<double>& values, std::size_t cells);

//- As the metrics want them; points into `cells`
Cells cellsOf(const FlowCells& cells);

} // namespace surrogate
