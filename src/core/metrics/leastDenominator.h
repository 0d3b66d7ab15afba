#pragma once

#include <algorithm>

namespace surrogate
{

//- What is added to a metric's denominator, so that a field without variance has a finite one: 1e-7 as in The Well (Ohana et al. 2024),
//  whose fields are of order one; of a field with a mean square below one, 1e-7 of that, so that small units do not hide errors
inline double leastDenominator(double meanSquare)
{
    return 1e-7*(meanSquare > 0 ? std::min(meanSquare, 1.0) : 1.0);
}

} // namespace surrogate
