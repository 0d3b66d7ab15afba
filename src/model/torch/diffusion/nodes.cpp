#include "model/torch/diffusion/nodes.h"

#include <algorithm>
#include <cmath>

namespace surrogate
{

namespace
{

std::vector<double> wholeLevels(double from, double to)
{
    std::vector<double> levels{from};
    for (double level = std::ceil(from) - 1; level > to; level -= 1) levels.push_back(level);
    levels.push_back(to);
    return levels;
}

//- steps + 1 values from a to b
std::vector<double> even(double a, double b, int steps)
{
    std::vector<double> values;
    for (int k = 0; k <= steps; ++k) values.push_back(a + (b - a)*k/steps);
    values.back() = b;
    return values;
}

std::vector<double> evenInLambda(const Schedule& schedule, double from, double to, int steps)
{
    std::vector<double> levels = even(schedule.lambda(from), schedule.lambda(to), steps);
    for (double& level : levels) level = schedule.levelAtLambda(level);
    levels.front() = from;
    levels.back() = to;
    return levels;
}

} // namespace

std::vector<double> levelNodes(const Schedule& schedule, double from, double to, int evaluations, const std::string& spacing)
{
    if (evaluations == 0) return wholeLevels(from, to);

    const double noisiest = schedule.levelAtLambda(leastLambda);
    if (noisiest > to) from = std::min(from, noisiest);

    const bool clean = to <= -1;
    if (spacing == "uniform" || (clean && from <= 0)) return even(from, to, evaluations);
    if (spacing == "quadratic")
    {
        std::vector<double> levels = even(std::sqrt(from + 1), std::sqrt(to + 1), evaluations);
        for (double& level : levels) level = level*level - 1;
        levels.front() = from;
        levels.back() = to;
        return levels;
    }
    if (!clean) return evenInLambda(schedule, from, to, evaluations);
    if (evaluations == 1) return {from, to};
    std::vector<double> levels = evenInLambda(schedule, from, 0, evaluations - 1);
    levels.push_back(to);
    return levels;
}

} // namespace surrogate
