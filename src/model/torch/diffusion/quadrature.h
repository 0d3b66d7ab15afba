#pragma once

#include <cstddef>
#include <vector>

namespace surrogate
{

//- Points and weights on [-1, 1] of Gauss and Legendre's rule with 16 points
struct GaussRule
{
    std::vector<double> points;
    std::vector<double> weights;
};
const GaussRule& gaussRule();

//- The integral of a smooth function from a to b by that rule
template<class Function>
double integrate(double a, double b, const Function& f)
{
    const GaussRule& rule = gaussRule();
    double sum = 0;
    for (std::size_t i = 0; i < rule.points.size(); ++i)
    {
        sum += rule.weights[i]*f(0.5*(a + b) + 0.5*(b - a)*rule.points[i]);
    }
    return 0.5*(b - a)*sum;
}

//- The polynomial of x that is 1 at nodes[j] and 0 at the other nodes
double lagrange(const std::vector<double>& nodes, std::size_t j, double x);

} // namespace surrogate
