#pragma once

#include "core/metrics/cells.h"

#include <string>

namespace surrogate
{

//- Probability density of a field's values: a histogram over a range that is given beforehand, filled snapshot by snapshot
class ProbabilityDensity
{
public:
    //- `bins` equal ones from lower to upper, in the field's units. Throws Error unless upper > lower and there is a bin.
    ProbabilityDensity(double lower, double upper, std::size_t bins);

    //- One snapshot of one component; a value counts with its cell's share of the total volume. A value at `upper` is in the last
    //  bin. Throws Error where there are no cells.
    void add(const Cells& cells, const double* values);

    double lower() const { return lower_; }
    double upper() const { return upper_; }
    std::size_t bins() const { return weights_.size(); }
    double binWidth() const { return (upper_ - lower_)/double(bins()); }

    //- Density in each bin, per unit of the field: the sum times binWidth() is the share of values within the range. All 0 before
    //  the first snapshot.
    std::vector<double> density() const;

    //- Share of the values below and above the range, and of those that are not numbers, 0 to 1
    double below() const { return share(below_); }
    double above() const { return share(above_); }
    double notNumbers() const { return share(notNumbers_); }

private:
    double share(double weight) const { return total_ > 0 ? weight/total_ : 0; }

    double lower_, upper_;
    std::vector<double> weights_;
    double below_ = 0, above_ = 0, notNumbers_ = 0, total_ = 0;
};

//- Total variation distance, half the integral of |p - q|: 0 for the same, 1 for densities that share no value; the shares
//  outside the range are compared as bins of their own. Throws Error where ranges or numbers of bins differ.
double totalVariation(const ProbabilityDensity& p, const ProbabilityDensity& q);

//- Integral over the range of |P - Q|, the distribution functions, P below the range's lower end being below(): Wasserstein's
//  distance W1, how far probability is moved on average, in the field's units; exact to a bin where no values are outside.
//  Throws Error as totalVariation.
double wassersteinDistance(const ProbabilityDensity& p, const ProbabilityDensity& q);

} // namespace surrogate
