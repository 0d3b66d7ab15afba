#include "core/options.h"
#include "core/error.h"

#include <algorithm>

namespace surrogate
{

RuntimeOptions RuntimeOptions::read(const Settings& settings)
{
    RuntimeOptions options;
    options.device = settings.get("device", options.device);
    options.precision = settings.get("precision", options.precision);
    options.threads = settings.get("threads", options.threads);
    options.tiles = settings.get("tiles", options.tiles);
    options.check(settings.where());
    return options;
}

void RuntimeOptions::check(const std::string& where) const
{
    const std::vector<std::string> devices{"auto", "cpu", "cuda", "cuda:N", "staged"};
    const std::vector<std::string> precisions{"auto", "float32", "bfloat16", "float64"};

    const bool numbered = device.rfind("cuda:", 0) == 0 && device.size() > 5
        && std::all_of(device.begin() + 5, device.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!numbered && (device == "cuda:N" || std::find(devices.begin(), devices.end(), device) == devices.end()))
    {
        throw Error({"Unknown device", where + ", entry device", "one of the names below", device, devices});
    }
    if (std::find(precisions.begin(), precisions.end(), precision) == precisions.end())
    {
        throw Error({"Unknown precision", where + ", entry precision", "one of the names below", precision, precisions});
    }
    if (threads < 0)
    {
        throw Error({"Negative number of threads", where + ", entry threads", "0 or more", std::to_string(threads), {}});
    }
    for (const long n : tiles)
    {
        if (n < 1) throw Error({"Tiles do not fit", where + ", entry tiles", "1 or more along each axis", std::to_string(n), {}});
    }
}

std::string RuntimeOptions::print() const
{
    std::string text = "device " + device + ", precision " + precision + ", threads " + std::to_string(threads);
    if (!tiles.empty()) text += ", tiles";
    for (const long n : tiles) text += " " + std::to_string(n);
    return text;
}

} // namespace surrogate
