#include "model/torch/diffusion/quadrature.h"

#include <cmath>

namespace surrogate
{

namespace
{

GaussRule makeGaussRule(int n)
{
    GaussRule rule;
    for (int i = 0; i < n; ++i)
    {
        // Newton's method on Legendre's polynomial, by its three-term recurrence
        double x = std::cos(3.14159265358979323846*(i + 0.75)/(n + 0.5));
        double slope = 0;
        for (int iteration = 0; iteration < 20; ++iteration)
        {
            double p = x;
            double before = 1;
            for (int k = 2; k <= n; ++k)
            {
                const double next = ((2*k - 1)*x*p - (k - 1)*before)/k;
                before = p;
                p = next;
            }
            slope = n*(x*p - before)/(x*x - 1);
            x -= p/slope;
        }
        rule.points.push_back(x);
        rule.weights.push_back(2/((1 - x*x)*slope*slope));
    }
    return rule;
}

} // namespace

const GaussRule& gaussRule()
{
    static const GaussRule rule = makeGaussRule(16);
    return rule;
}

double lagrange(const std::vector<double>& nodes, std::size_t j, double x)
{
    double product = 1;
    for (std::size_t k = 0; k < nodes.size(); ++k)
    {
        if (k != j) product *= (x - nodes[k])/(nodes[j] - nodes[k]);
    }
    return product;
}

} // namespace surrogate
