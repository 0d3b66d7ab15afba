#pragma once

#include <string>
#include <vector>

namespace surrogate
{

//- Variance-preserving noise schedule: a state at level s is x^s = alpha x + sigma eps with alpha^2 + sigma^2 = 1.
//  Levels are counted 0 (little noise) to levels()-1 (nothing but noise); level -1 is the clean state. All functions of a level
//  take any number from -1 to levels()-1:
//  - between two whole levels from 0 up log(alpha) is piecewise linear (as DPM-Solver, Lu et al. 2022, has it);
//  - from 0 down to -1 the variance sigma^2 is linear in the level, so that sigma tends to 0 and lambda to +infinity.
//  alphaBar, sigma and lambda are then continuous and monotone, and levelAtLambda() is their inverse.
//
//  Schedules:
//  - cosine (Nichol & Dhariwal 2021, offset 0.008), beta clipped to 0.999;
//  - linear, beta evenly spaced from 1e-4*500/S to 2e-2*500/S for S levels and clipped to [1e-4, 0.9999] (ACDM's scaling, Kohl
//    et al. 2024);
//  - exponential (PDE-Refiner, Lippe et al. 2023): sigma^2 geometric from the smallest noise variance at level 0 to 1 at the
//    last level, where beta is clipped to 0.9999, so that alpha stays above 0.
class Schedule
{
public:

    //- Throws Error on an unknown name, levels < 1 (exponential: < 2) or minNoise (exponential's smallest noise variance) not
    //  between 0 and 1
    static Schedule make(const std::string& name, int levels, double minNoise = 4e-7);

    //- The names that make() knows
    static std::vector<std::string> names();

    const std::string& name() const { return name_; }
    int levels() const { return static_cast<int>(logAlphaBar_.size()); }

    //- alpha^2
    double alphaBar(double level) const;
    double logAlphaBar(double level) const;
    double alpha(double level) const;
    double sigma(double level) const;

    //- sigma/alpha
    double rho(double level) const;

    //- log(alpha/sigma), half the logarithm of the signal-to-noise ratio; +infinity at level -1
    double lambda(double level) const;

    //- The inverse of lambda(); a lambda below that of the last level gives the last level
    double levelAtLambda(double lambda) const;

    //- 1 - alphaBar(level)/alphaBar(level - 1) at a whole level from 0 up
    double beta(int level) const;

private:

    Schedule(std::string name, const std::vector<double>& beta);

    std::string name_;
    std::vector<double> beta_;
    std::vector<double> logAlphaBar_;
};

} // namespace surrogate
