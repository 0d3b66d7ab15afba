#pragma once

#include <complex>
#include <cstddef>
#include <vector>

namespace surrogate
{

//- In-place discrete Fourier transform of a row-major array with `shape` (last index fastest), along every axis; any length.
//  Forward: X_k = sum_n x_n exp(-2 pi i k n/N), not normalised; inverse divides by the number of points.
void fft(std::vector<std::complex<double>>& data, const std::vector<std::size_t>& shape, bool inverse = false);

//- The same along the last axis alone: each `length` values, one after another, are transformed by themselves. Throws Error where
//  the data are not a whole number of these.
void fftLines(std::vector<std::complex<double>>& data, std::size_t length, bool inverse = false);

//- Whole-number wave number of position i of n: 0, 1, ..., -2, -1 (the Nyquist one of an even n is -n/2)
inline int waveNumber(std::size_t i, std::size_t n) { return int(i) < int(n + 1)/2 ? int(i) : int(i) - int(n); }

} // namespace surrogate
