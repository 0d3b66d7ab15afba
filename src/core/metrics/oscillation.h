#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace surrogate
{

//- The dominant oscillation of a series, such as that of a force behind a bluff body. A Strouhal number is its frequency times
//  length by velocity.
struct Oscillation
{
    double frequency = 0;        //!< [1/s] for times in s
    double frequencyError = 0;   //!< standard error, from the scatter of the periods
    double amplitude = 0;        //!< half of the peak-to-peak value, mean over the periods, units of the series
    double amplitudeError = 0;   //!< standard error, from the scatter among periods
    std::size_t periods = 0;     //!< whole periods that it is from
};

//- From the times at which the series passes its mean upwards, by linear interpolation between the values, so far finer than the
//  1/duration of a spectrum. A passage counts between a value half a standard deviation below the mean and one as far above, the
//  last one of these: noise, or a short peak, that does not go from one to the other makes none. frequency = periods/(last
//  passage - first); its error is frequency times that of the mean period, s/sqrt(periods)/mean, s the periods' standard
//  deviation. Peaks are parabolas through three values. None with fewer than 2 periods. For values at ascending times, equally
//  spaced or not, and several in each period. Throws Error where the two series differ in length.
std::optional<Oscillation> dominantOscillation(const std::vector<double>& times, const std::vector<double>& series);

} // namespace surrogate
