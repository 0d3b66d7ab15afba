#include "layerCoefficients.h"

#include "core/error.h"

namespace surrogate
{

namespace
{

//- That many values above 0 (positive), or any
std::vector<double> list(const Settings& settings, const std::string& keyword, std::size_t n, bool positive)
{
    const auto values = settings.get(keyword, std::vector<double>());
    bool right = values.size() == n;
    for (const double value : values) right = right && (!positive || value > 0);
    if (!right)
    {
        throw Error({"Not a list for these layers", settings.where() + ", entry " + keyword,
            std::to_string(n) + (positive ? " numbers above 0" : " numbers"), describe(Settings::Value(values)), {}});
    }
    return values;
}

double notNegative(const Settings& settings, const std::string& keyword)
{
    const double value = settings.get(keyword, 0.0);
    if (value < 0)
    {
        throw Error({"Bad value", settings.where() + ", entry " + keyword, "0 or above", describe(Settings::Value(value)), {}});
    }
    return value;
}

} // namespace

LayerCoefficients::LayerCoefficients(const Settings& settings)
{
    settings.requireOnly({"layers", "depths", "deformationRadii", "U", "beta", "drag", "bottomDrag", "nu", "nu4",
        "forcing.amplitude", "forcing.waveNumbers"});

    const int n = settings.get("layers", 1);
    if (n < 1)
    {
        throw Error({"Bad value", settings.where() + ", entry layers", "1 or more", std::to_string(n), {}});
    }
    depths = n > 1 || settings.found("depths") ? list(settings, "depths", n, true) : std::vector<double>{1};
    double whole = 0;
    for (const double depth : depths) whole += depth;
    for (double& depth : depths) depth /= whole;
    if (n > 1 || settings.found("deformationRadii")) radii = list(settings, "deformationRadii", n - 1, true);
    velocities = settings.found("U") ? list(settings, "U", n, false) : std::vector<double>(n, 0);

    beta = settings.get("beta", 0.0);
    drag = notNegative(settings, "drag");
    bottomDrag = notNegative(settings, "bottomDrag");
    nu = notNegative(settings, "nu");
    nu4 = notNegative(settings, "nu4");
    if (settings.found("forcing.amplitude") || settings.found("forcing.waveNumbers"))
    {
        forcing = settings.get("forcing.amplitude", 1.0);
        const auto waves = list(settings, "forcing.waveNumbers", 2, false);
        forcingX = waves[0];
        forcingY = waves[1];
    }
}

std::vector<std::vector<double>> LayerCoefficients::stretching() const
{
    const std::size_t n = nLayers();
    std::vector<std::vector<double>> s(n, std::vector<double>(n, 0));
    for (std::size_t i = 0; i + 1 < n; ++i)
    {
        // f0^2/g' of the interface, in units of the whole depth
        const double stiffness = 1/(radii[i]*radii[i])/(1/depths[i] + 1/depths[i + 1]);
        for (const auto& [to, from] : {std::pair(i, i + 1), std::pair(i + 1, i)})
        {
            s[to][from] += stiffness/depths[to];
            s[to][to] -= stiffness/depths[to];
        }
    }
    return s;
}

double LayerCoefficients::meanGradient(std::size_t i) const
{
    const auto s = stretching();
    double gradient = beta;
    for (std::size_t j = 0; j < nLayers(); ++j) gradient -= s[i][j]*velocities[j];
    return gradient;
}

} // namespace surrogate
