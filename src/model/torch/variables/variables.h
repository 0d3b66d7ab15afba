#pragma once

#include "core/fieldList.h"
#include "core/grid.h"

#include <torch/torch.h>

#include <memory>
#include <string>
#include <vector>

namespace surrogate
{

//- How physical fields become what a network sees and predicts. All tensors are physical (not normalised),
//  [n][channel][(z)][y][x], float32 or float64, and gradients pass through.
class Variables
{
public:

    virtual ~Variables() = default;

    //- Names of the network's input channels. The first nPredicted() of them are what it predicts the increments of.
    virtual std::vector<std::string> names() const = 0;
    virtual int nPredicted() const = 0;

    //- Whether a cell's predicted variables make that cell's fields and no others: what it takes for cells to keep theirs
    virtual bool pointwise() const = 0;

    //- fields -> input channels
    virtual torch::Tensor inputs(const torch::Tensor& fields) const = 0;

    //- predicted channels -> fields. `previous`: the fields one step before, for what the variables do not hold.
    virtual torch::Tensor fields(const torch::Tensor& predicted, const torch::Tensor& previous) const = 0;
};

//- "fields": the fields themselves. "vorticity": see vorticityVariables.h. Throws Error that lists the names, or says why the
//  grid or the fields do not fit. To add one: its own file, and a line in the table of variables.cpp.
std::unique_ptr<Variables> makeVariables(const std::string& name, const Grid& grid, const FieldList& fields);

} // namespace surrogate
