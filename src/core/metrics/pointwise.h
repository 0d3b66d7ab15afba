#pragma once

#include "core/metrics/cells.h"

#include <optional>

namespace surrogate
{

// Errors of a field against the true one, cell by cell. A bracket <...> is a mean over the cells. The denominators carry
// eps = leastDenominator(<|u|^2>) where stated, 1e-7 in general, so that the metric of a field without variance is finite.

//- sqrt(<|u-v|^2>/(var(u) + eps)), var unbiased. Ohana et al. 2024 (The Well).
double vrmse(const double* truth, const double* prediction, std::size_t n);

//- sqrt(<|u-v|^2>/(<u^2> + eps)). Ohana et al. 2024 (The Well).
double nrmse(const double* truth, const double* prediction, std::size_t n);

//- Pearson's correlation coefficient; 0 where either array is constant
double pearson(const double* a, const double* b, std::size_t n);

//- With u the truth, v the prediction, w the cells' volumes, W their sum, <f> = sum of w f/W. Of a field with several components
//  |.| is the length of the vector (of a tensor, the Frobenius norm), so that no metric depends on the axes; with one component
//  and equal volumes each is the published one. Units are the field's where not stated.
struct FieldErrors
{
    double vrmse = 0;          //!< sqrt(<|u-v|^2>/(var + eps)), var = sum of w |u-<u>|^2/(W - sum of w^2/W), which is the unbiased
                               //!< one. Ohana et al. 2024 (The Well). Dimensionless, but for eps.
    double nrmse = 0;          //!< sqrt(<|u-v|^2>/(<|u|^2> + eps)). Ohana et al. 2024 (The Well). Dimensionless, ditto.
    double pearson = 0;        //!< <(u-<u>).(v-<v>)>/sqrt(<|u-<u>|^2> <|v-<v>|^2>); 0 where either is constant
    double rmse = 0;           //!< sqrt(<|u-v|^2>). Takamoto et al. 2022 (PDEBench), as all below.
    double relativeRmse = 0;   //!< PDEBench's nRMSE: sqrt(<|u-v|^2>/<|u|^2>). 0 where both are 0, infinite where u alone is.
    double conserved = 0;      //!< cRMSE: |<v> - <u>|, the error of the field's integral by the total volume
    double largest = 0;        //!< largest |u-v| of all cells
    std::optional<double> boundary;   //!< bRMSE: sqrt(sum of A |u-v|^2/sum of A), A = boundaryAreas; PDEBench counts each
                                      //!< boundary face once, which is the same for square cells. None without a boundary.
};

//- truth[c] and prediction[c]: component c in every cell. Throws Error where there are no cells, no components, or not as many in
//  both. A value that is not finite makes the metrics that it enters so.
FieldErrors fieldErrors(const Cells& cells, const std::vector<const double*>& truth,
    const std::vector<const double*>& prediction);

} // namespace surrogate
