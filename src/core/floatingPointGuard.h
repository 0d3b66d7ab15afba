#pragma once

#include <cfenv>

namespace surrogate
{

//- While it lives, floating-point exceptions do not trap: OpenFOAM traps them, and log(0) or 1/0 inside a library would end
//  the solver. Threads inherit the mask of the one that starts them, so a guard must also be held while a library starts its
//  pool. Results need an explicit finite check (State::requireFinite).
class FloatingPointGuard
{
public:

    FloatingPointGuard() { std::feholdexcept(&environment_); }
    ~FloatingPointGuard() { std::fesetenv(&environment_); }
    FloatingPointGuard(const FloatingPointGuard&) = delete;
    FloatingPointGuard& operator=(const FloatingPointGuard&) = delete;

private:

    std::fenv_t environment_;
};

} // namespace surrogate
