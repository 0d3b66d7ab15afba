#pragma once

#include "caseComparison.h"

namespace surrogate
{

//- Errors of each run's fields against the reference's, collected as the snapshots pass
class ErrorsOverTime
{
public:

    ErrorsOverTime(const CaseComparison& comparison, const FlowRun& reference);

    //- values[field][component and cell], on the reference's cells. `run` from 1.
    void add(std::size_t run, const std::vector<std::vector<double>>& truth, const std::vector<std::vector<double>>& values);

    //- One a field, with its correlation horizon
    std::vector<ErrorSeries> finish(std::size_t run) const;

private:

    const CaseComparison& comparison_;
    const FlowRun& reference_;
    std::vector<std::vector<ErrorSeries>> series_;   // [run][field]
};

} // namespace surrogate
