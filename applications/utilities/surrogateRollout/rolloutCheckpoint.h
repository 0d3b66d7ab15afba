#pragma once

#include "rolloutOptions.h"
#include "rolloutRecord.h"

#include "core/bundle.h"
#include "model/stepper.h"

#include <string>
#include <vector>

namespace surrogate
{

//- FOLDER/checkpoint.safetensors: all that a rollout needs to go on with the same numbers
class RolloutCheckpoint
{
public:

    RolloutCheckpoint(const RolloutOptions& options, const Manifest& manifest);

    const std::string& path() const { return path_; }
    bool exists() const;

    //- Written beside its place, then renamed: a killed rollout keeps the one before. Throws Error.
    void write(const RolloutProgress& progress, const std::vector<State>& members, const Memory& memory) const;

    //- Sets the stepper's memory too. Throws Error where the file cannot be read, or is of another model, other starts or other
    //  options than those that may change.
    void read(RolloutProgress& progress, std::vector<State>& members, Stepper& stepper) const;

private:

    void requireSame(const std::map<std::string, std::string>& then) const;

    std::string path_;
    Manifest manifest_;
    std::map<std::string, std::string> identity_;   // what must not change, as text
};

} // namespace surrogate
