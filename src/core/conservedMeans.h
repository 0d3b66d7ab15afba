#pragma once

#include "core/manifest.h"
#include "core/state.h"

#include <string>
#include <vector>

namespace surrogate
{

//- Fields whose mean over the grid a model's step is to keep, as the equations of a periodic flow keep it: what surrogateFoam's
//  `conserve` does on the mesh, for utilities that run models without one. Cells of a lattice are of equal volume.
class ConservedMeans
{
public:

    //- names: some of the manifest's fields, with all their components. Throws Error that names the entry `conserve` where there is
    //  no such field, or where the model is of points or has a geometry, so that not all cells count alike.
    ConservedMeans(const std::vector<std::string>& names, const Manifest& manifest, const std::string& where);

    //- Member by member; empty where nothing is conserved
    std::vector<double> of(const std::vector<State>& members) const;

    //- Adds to each member, everywhere the same, what its means lack of those. As many members as they were taken of.
    void restore(std::vector<State>& members, const std::vector<double>& means) const;

private:

    std::vector<int> channels_;
};

} // namespace surrogate
