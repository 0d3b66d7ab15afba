#include "core/metrics/pointwise.h"
#include "core/error.h"
#include "core/metrics/leastDenominator.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace surrogate
{

namespace
{

//- Means over the cells, summed over components
struct Moments
{
    double difference = 0;      //!< <|u-v|^2>
    double square = 0;          //!< <|u|^2>
    double truth = 0;           //!< <|u-<u>|^2>
    double prediction = 0;      //!< <|v-<v>|^2>
    double product = 0;         //!< <(u-<u>).(v-<v>)>
    double meanDifference = 0;  //!< |<u>-<v>|^2
    double unbiased = 1;        //!< factor on a mean square deviation that makes it the unbiased variance
    bool constant = false;      //!< u or v, but for rounding
};

//- Adds one component
void add(Moments& moments, const Cells& cells, double total, const double* u, const double* v, std::array<double, 2>& meanSquares)
{
    const auto weight = [&](std::size_t i) { return cells.volumes ? cells.volumes[i]/total : 1/total; };
    double meanU = 0, meanV = 0;
    for (std::size_t i = 0; i < cells.count; ++i)
    {
        meanU += weight(i)*u[i];
        meanV += weight(i)*v[i];
    }
    // The means again, from the deviations: sums of many values round by more than the variance of a nearly constant field
    Moments sum;
    double correctionU = 0, correctionV = 0;
    for (std::size_t i = 0; i < cells.count; ++i)
    {
        const double w = weight(i), du = u[i] - meanU, dv = v[i] - meanV;
        correctionU += w*du;
        correctionV += w*dv;
        sum.difference += w*(u[i] - v[i])*(u[i] - v[i]);
        sum.square += w*u[i]*u[i];
        sum.truth += w*du*du;
        sum.prediction += w*dv*dv;
        sum.product += w*du*dv;
    }
    meanU += correctionU;
    meanV += correctionV;
    moments.difference += sum.difference;
    moments.square += sum.square;
    moments.truth += std::max(sum.truth - correctionU*correctionU, 0.0);
    moments.prediction += std::max(sum.prediction - correctionV*correctionV, 0.0);
    moments.product += sum.product - correctionU*correctionV;
    moments.meanDifference += (meanU - meanV)*(meanU - meanV);
    meanSquares[0] += meanU*meanU;
    meanSquares[1] += meanV*meanV;
}

Moments momentsOf(const Cells& cells, const std::vector<const double*>& truth, const std::vector<const double*>& prediction)
{
    double total = double(cells.count), squares = total;
    if (cells.volumes)
    {
        total = squares = 0;
        for (std::size_t i = 0; i < cells.count; ++i)
        {
            total += cells.volumes[i];
            squares += cells.volumes[i]*cells.volumes[i];
        }
    }
    Moments result;
    std::array<double, 2> meanSquares{};
    for (std::size_t c = 0; c < truth.size(); ++c) add(result, cells, total, truth[c], prediction[c], meanSquares);
    if (cells.count > 1) result.unbiased = 1/(1 - squares/total/total);
    const double rounding = std::pow(4*std::numeric_limits<double>::epsilon(), 2);
    result.constant = result.truth <= rounding*meanSquares[0] || result.prediction <= rounding*meanSquares[1];
    return result;
}

double ratio(double error, double scale) { return error == 0 ? 0 : std::sqrt(error/scale); }
double vrmseOf(const Moments& m) { return std::sqrt(m.difference/(m.truth*m.unbiased + leastDenominator(m.square))); }
double nrmseOf(const Moments& m) { return std::sqrt(m.difference/(m.square + leastDenominator(m.square))); }
double pearsonOf(const Moments& m) { return m.constant ? 0 : m.product/std::sqrt(m.truth*m.prediction); }

double squareDifference(const std::vector<const double*>& truth, const std::vector<const double*>& prediction, std::size_t i)
{
    double square = 0;
    for (std::size_t c = 0; c < truth.size(); ++c) square += std::pow(truth[c][i] - prediction[c][i], 2);
    return square;
}

} // namespace

double vrmse(const double* truth, const double* prediction, std::size_t n)
{
    return vrmseOf(momentsOf({n}, {truth}, {prediction}));
}

double nrmse(const double* truth, const double* prediction, std::size_t n)
{
    return nrmseOf(momentsOf({n}, {truth}, {prediction}));
}

double pearson(const double* a, const double* b, std::size_t n)
{
    return pearsonOf(momentsOf({n}, {a}, {b}));
}

FieldErrors fieldErrors(const Cells& cells, const std::vector<const double*>& truth,
    const std::vector<const double*>& prediction)
{
    if (cells.count == 0 || truth.empty() || truth.size() != prediction.size())
    {
        throw Error({"Fields that cannot be compared", "metrics", "cells, and as many components of the prediction as of the truth",
            std::to_string(cells.count) + " cells, " + std::to_string(truth.size()) + " and "
            + std::to_string(prediction.size()) + " components", {}});
    }
    const Moments m = momentsOf(cells, truth, prediction);
    FieldErrors errors;
    errors.vrmse = vrmseOf(m);
    errors.nrmse = nrmseOf(m);
    errors.pearson = pearsonOf(m);
    errors.rmse = std::sqrt(m.difference);
    errors.relativeRmse = ratio(m.difference, m.square);
    errors.conserved = std::sqrt(m.meanDifference);
    double area = 0, onBoundary = 0;
    for (std::size_t i = 0; i < cells.count; ++i)
    {
        const double square = squareDifference(truth, prediction, i);
        if (!(square <= errors.largest) && !std::isnan(errors.largest)) errors.largest = square;
        if (!cells.boundaryAreas || cells.boundaryAreas[i] == 0) continue;
        area += cells.boundaryAreas[i];
        onBoundary += cells.boundaryAreas[i]*square;
    }
    errors.largest = std::sqrt(errors.largest);
    if (area > 0) errors.boundary = std::sqrt(onBoundary/area);
    return errors;
}

} // namespace surrogate
