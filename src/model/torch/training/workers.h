#pragma once

#include "model/processes.h"

#include <torch/torch.h>

#include <memory>
#include <vector>

namespace surrogate
{

//- The processes of a data-parallel training, over LibTorch's c10d with Gloo. Tensors of a device travel through the host. Methods
//  are collective; one process alone does nothing in them. They throw c10::Error or std::exception where another process has gone.
class Workers
{
public:

    //- Throws Error where LibTorch was built without Gloo, and where the processes do not find each other
    explicit Workers(const Processes& processes);

    ~Workers();

    bool master() const { return processes_.master(); }
    int rank() const { return processes_.rank; }
    int size() const { return processes_.size; }

    //- Replaces each tensor by its mean over the processes, the same bits on all. All float32.
    void average(const std::vector<torch::Tensor>& tensors);

    //- Replaces each tensor by that of the first process
    void broadcast(const std::vector<torch::Tensor>& tensors);

private:

    struct Group;

    //- Calls on flat copies in host memory, of at most bucketBytes or one tensor, and copies back
    template<class Call>
    void inBuckets(const std::vector<torch::Tensor>& tensors, Call&& call);

    Processes processes_;
    std::unique_ptr<Group> group_;   //!< null: alone
};

} // namespace surrogate
