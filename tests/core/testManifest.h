#pragma once

#include "core/bundle.h"

#include <cstring>

namespace surrogate
{

//- A manifest with every kind of entry, for the tests of all rooms
inline Manifest testManifest()
{
    Manifest manifest;
    manifest.method = "emulator";
    manifest.network = "unet";
    manifest.networkSettings.set("width", 32L);
    manifest.networkSettings.set("dropout", 1.0);
    manifest.networkSettings.set("attention", false);
    manifest.networkSettings.set("norm", std::string("none"));
    manifest.networkSettings.set("multipliers", std::vector<long>{1, 2, 2});
    manifest.networkSettings.set("decoder.scales", std::vector<double>{1, 0.5});
    manifest.networkSettings.set("decoder.names", std::vector<std::string>{"a", "b"});
    manifest.fields = FieldList({{"U", 2, {{0, 1, -1, 0, 0, 0, 0}}}});
    manifest.grid.dimensions = 2;
    manifest.grid.cells = {{64, 32, 1}};
    manifest.grid.upper = {{6.283185307179586, 3.5, 1}};
    manifest.grid.periodic = {{true, true, false}};
    manifest.variables = "vorticity";
    manifest.variableNames = {"vorticity"};
    manifest.mean = {0.1};
    manifest.stddev = {3.7};
    manifest.incrementStddev = {0.5};
    manifest.timeStep = 0.1;
    manifest.origin = {{"version", "1"}, {"command", "surrogateTrain -case \"a b\""}};
    return manifest;
}

inline TensorData float32Tensor(std::vector<std::int64_t> shape, const std::vector<float>& values)
{
    TensorData tensor{"F32", std::move(shape), std::vector<std::uint8_t>(4*values.size())};
    std::memcpy(tensor.bytes.data(), values.data(), tensor.bytes.size());
    return tensor;
}

} // namespace surrogate
