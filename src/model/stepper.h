#pragma once

#include "core/manifest.h"
#include "core/noise.h"
#include "core/state.h"

#include <string>

namespace surrogate
{

//- Something that takes a State one step further, or to a better place: an emulator, a corrector. One verb.
class Stepper
{
public:

    virtual ~Stepper() = default;

    //- Replaces state.values by those one manifest().timeStep later and adds that to state.time. Not collective: call it on
    //  the rank that holds the whole State. Throws Error, and leaves `state` as it was, where the grid or the fields are not
    //  the model's, or a value in or out is not finite.
    virtual void advance(State& state, const Noise& noise) = 0;

    virtual const Manifest& manifest() const = 0;

    //- One line: device, precision, threads, and why each was chosen
    virtual std::string runtime() const = 0;
};

} // namespace surrogate
