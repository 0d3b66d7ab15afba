#pragma once

#include "rolloutOptions.h"
#include "rolloutRecord.h"

#include "model/stepper.h"

#include <map>
#include <string>
#include <vector>

namespace surrogate
{

//- All that a rollout needs to go on with the same numbers: FOLDER/checkpoint.json, which names the file with the states
class RolloutCheckpoint
{
public:

    explicit RolloutCheckpoint(const RolloutOptions& options);

    const std::string& path() const { return path_; }
    bool exists() const;

    //- Replaces the one before at once: a killed rollout keeps either. Throws Error.
    void write(const RolloutProgress& progress, const std::vector<State>& members, const Memory& memory) const;

    //- Sets the stepper's memory too. Throws Error where the file cannot be read, or is of another model, other starts or other
    //  options than those that may change.
    void read(RolloutProgress& progress, std::vector<State>& members, Stepper& stepper) const;

private:

    void requireSame(const std::map<std::string, std::string>& then) const;

    std::string folder_, path_;
    std::map<std::string, std::string> identity_;   // what must not change, as text
};

} // namespace surrogate
