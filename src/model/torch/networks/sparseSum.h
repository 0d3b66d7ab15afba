#pragma once

#include <torch/torch.h>

#include <vector>

namespace surrogate
{

//- A fixed sparse matrix, to be multiplied with the channels of points
class SparseSum
{
public:

    struct Entry
    {
        std::int64_t row, column;
        double weight;
    };

    SparseSum() = default;
    SparseSum(std::int64_t rows, std::int64_t columns, std::vector<Entry> entries);

    //- x: [n][columns][channels], contiguous; result: [n][rows][channels], in x's precision, sums in float32 or above.
    //  Differentiable by x.
    torch::Tensor operator()(const torch::Tensor& x) const;

    SparseSum to(torch::Device device) const;

    //- One orientation of the matrix: row r has the entries offsets[r] .. offsets[r+1]-1
    struct Rows
    {
        std::int64_t n = 0;
        torch::Tensor offsets, rowOf, columns, weights;   //!< [n+1], then one an entry; weights float64, the others int64
    };

private:

    Rows rows_, transposed_;
};

} // namespace surrogate
