#pragma once

#include <complex>
#include <functional>
#include <string>
#include <vector>

namespace surrogate
{

//- Takes v_t = L v + N(v) a step on, L a number for each wave: the linear part exactly, so that it sets no limit to the step, the
//  other with the order of the scheme. ETDRK2 of Cox and Matthews (2002, J. Comput. Phys. 176, 430); ETDRK4 of Krogstad (2005,
//  J. Comput. Phys. 203, 72), with as many evaluations as Cox and Matthews's and smaller errors where L is stiff. Coefficients
//  are means over a circle in the complex plane, without cancellation (Kassam and Trefethen 2005, SIAM J. Sci. Comput. 26, 1214).
class ExponentialRungeKutta
{
public:

    using Complex = std::complex<double>;
    using Waves = std::vector<Complex>;

    //- N of its argument, of the same size
    using Rest = std::function<Waves(const Waves&)>;

    //- scheme: ETDRK4 or ETDRK2. Throws Error that names `where` on another one.
    ExponentialRungeKutta(const std::string& scheme, Waves linear, const std::string& where);

    static std::vector<std::string> names() { return {"ETDRK4", "ETDRK2"}; }

    //- v: any number of lines of linear.size() waves, one after another. Calls rest four times, or twice, also where v is empty.
    void step(Waves& v, double deltaT, const Rest& rest);

private:

    void prepare(double deltaT);

    bool fourthOrder_;
    Waves linear_;
    double deltaT_ = 0;      // that the following belong to
    Waves whole_, half_;     // exp(L deltaT), exp(L deltaT/2)
    Waves stage_[4];         // of N in the stages before the last: see step()
    Waves first_, middle_, last_;
};

} // namespace surrogate
