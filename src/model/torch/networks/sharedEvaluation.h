#pragma once

#include "core/team.h"
#include "model/torch/networks/network.h"

#include <memory>
#include <vector>

namespace surrogate
{

//- Evaluates networks on several inputs at a time, shared among the processes of a team, each of which has the same networks with
//  the same weights. Inference alone.
class SharedEvaluation
{
public:

    //- One evaluation of network number `network`
    struct Task
    {
        std::size_t network = 0;
        torch::Tensor x;
        std::vector<torch::Tensor> numbers;
    };

    //- team: null for this process alone. Of a team all processes construct theirs alike.
    SharedEvaluation(std::vector<std::shared_ptr<Network>> networks, std::shared_ptr<Team> team);

    SharedEvaluation(const SharedEvaluation&) = delete;
    void operator=(const SharedEvaluation&) = delete;

    //- Processes that share
    int nProcesses() const { return team_ ? team_->size() : 1; }

    //- On the team's leader, while the others serve: the output of each task, on the task's device. Task i is done by process
    //  i mod nProcesses, the leader's own ones while the others do theirs. Throws Error with the message of a process that fails.
    std::vector<Network::Output> evaluate(const std::vector<Task>& tasks) const;

private:

    Network::Output evaluate(const Task& task) const;
    void serve() const;

    std::vector<std::shared_ptr<Network>> networks_;
    std::shared_ptr<Team> team_;
    std::size_t work_ = 0;
};

} // namespace surrogate
