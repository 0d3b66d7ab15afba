#pragma once

#include "core/bundle.h"
#include "model/torch/networks/network.h"

#include <string>

namespace surrogate
{

//- Copies the bundle's arrays into the network's parameters. Throws Error that names the array where one is missing, of another
//  shape, of a type that holds no floating-point numbers, not finite, or not the network's. `where` names the file.
void loadWeights(Network& network, const Bundle& bundle, const std::string& where);

//- The network's parameters as arrays of `type` "F32" or "BF16", under their names in the network
std::map<std::string, TensorData> storeWeights(const Network& network, const std::string& type);

} // namespace surrogate
