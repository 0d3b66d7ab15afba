#pragma once

#include <cstddef>
#include <vector>

namespace surrogate
{

struct MeanAndError { double mean = 0; double stderror = 0; };
struct MeanAndDeviation { double mean = 0; double stddev = 0; };

//- Mean and its standard error of a correlated series: batch means over `batches` equal parts; what the last of them leave
//  over at the start is not used. Right where a part lasts several correlation times. Throws Error on fewer values than batches.
MeanAndError batchMeans(const std::vector<double>& series, int batches = 10);

//- Whether the difference of two independent means is more than 2 combined standard errors sqrt(a.stderror^2 + b.stderror^2)
bool differ(const MeanAndError& a, const MeanAndError& b);

//- Least-squares slope of a series over time (units of the series by those of the time) and its standard error
struct Drift { double slope = 0; double stderror = 0; };

//- The error allows for the correlation of successive values: with r_b the mean residual of the fit in each of B equal parts and
//  t_b the part's mean time, sqrt(sum of r_b^2/(B - 2)/sum of (t_b - mean t_b)^2). What the parts leave over at the start is not
//  used. Times in ascending order. Throws Error where the series differ in length or hold fewer values than batches, or with
//  fewer than 3 batches.
Drift drift(const std::vector<double>& times, const std::vector<double>& series, int batches = 10);

//- Mean and the square root of the unbiased variance; 0 for a single value. Throws Error on an empty series.
MeanAndDeviation meanAndDeviation(const std::vector<double>& series);

//- Standard error of a statistic of n independent parts from its values with one part left out each, x_i:
//  sqrt((n - 1)/n sum of (x_i - mean x)^2). Tukey 1958. Throws Error on fewer than two.
double jackknifeError(const std::vector<double>& leftOut);

//- Largest difference of the two samples' distribution functions, 0 to 1: the two-sample Kolmogorov-Smirnov statistic. Throws
//  Error where one is empty.
double kolmogorovSmirnov(std::vector<double> a, std::vector<double> b);

} // namespace surrogate
