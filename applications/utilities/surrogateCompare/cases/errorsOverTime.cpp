#include "errorsOverTime.h"

#include "statistics.h"

#include <limits>

namespace surrogate
{

namespace
{

constexpr double horizonBelow = 0.8;
constexpr double absent = std::numeric_limits<double>::quiet_NaN();

const std::vector<std::string> pointwise{"VRMSE", "NRMSE", "correlation", "RMSE", "nRMSE", "cRMSE", "maxError"};
const std::vector<std::string> spectral{"BSNMSElow", "BSNMSEmid", "BSNMSEhigh", "fRMSElow", "fRMSEmid", "fRMSEhigh"};

} // namespace

ErrorsOverTime::ErrorsOverTime(const CaseComparison& comparison, const FlowRun& reference)
:
    comparison_(comparison), reference_(reference), series_(comparison.runs.size())
{
    std::vector<std::string> metrics = pointwise;
    if (!reference.cells().boundaryAreas.empty()) metrics.push_back("bRMSE");
    if (reference.grid()) metrics.insert(metrics.end(), spectral.begin(), spectral.end());
    for (std::vector<ErrorSeries>& run : series_)
    {
        for (const Field& field : comparison.fields)
        {
            run.push_back({field, metrics, std::vector<std::vector<double>>(metrics.size()), {}});
        }
    }
}

void ErrorsOverTime::add(std::size_t run, const std::vector<std::vector<double>>& truth, const std::vector<std::vector<double>>& values)
{
    const Cells cells = cellsOf(reference_.cells());
    for (std::size_t i = 0; i < truth.size(); ++i)
    {
        const FieldErrors e = fieldErrors(cells, componentsOf(truth[i], cells.count), componentsOf(values[i], cells.count));
        std::vector<double> row{e.vrmse, e.nrmse, e.pearson, e.rmse, e.relativeRmse, e.conserved, e.largest};
        if (cells.boundaryAreas) row.push_back(e.boundary.value_or(absent));
        if (const auto& grid = reference_.grid())
        {
            const int components = comparison_.fields[i].components;
            const std::vector<double> a = reference_.toGrid(truth[i], components), b = reference_.toGrid(values[i], components);
            const auto onGrid = [&](const std::vector<double>& of) { return componentsOf(of, grid->nCells()); };
            for (const double value : bsnmse(*grid, onGrid(a), onGrid(b))) row.push_back(value);
            for (const auto& value : frmse(*grid, onGrid(a), onGrid(b))) row.push_back(value.value_or(absent));
        }
        for (std::size_t m = 0; m < row.size(); ++m) series_[run][i].values[m].push_back(row[m]);
    }
}

std::vector<ErrorSeries> ErrorsOverTime::finish(std::size_t run) const
{
    std::vector<ErrorSeries> result = series_[run];
    for (ErrorSeries& field : result)
    {
        field.horizon = correlationHorizon(comparison_.times, field.of("correlation"), horizonBelow);
    }
    return result;
}

} // namespace surrogate
