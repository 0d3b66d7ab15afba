#include "model/torch/networks/sharedEvaluation.h"

#include "core/error.h"
#include "model/torch/device.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <exception>
#include <string>

namespace surrogate
{

using torch::Tensor;

namespace
{

//- What one process tells another: numbers, texts and tensors, in an order that both know
class Message
{
public:

    void put(std::int64_t number) { put(&number, sizeof number); }

    void put(const std::string& text)
    {
        put(std::int64_t(text.size()));
        put(text.data(), text.size());
    }

    //- Keeps the order in memory, by which the other one's arithmetic is this one's
    void put(const Tensor& tensor)
    {
        const auto order = tensor.suggest_memory_format();
        const Tensor plain = tensor.cpu().contiguous(order);
        put(std::int64_t(plain.scalar_type()));
        put(std::int64_t(order));
        put(std::int64_t(plain.dim()));
        for (const std::int64_t size : plain.sizes()) put(size);
        put(plain.data_ptr(), plain.nbytes());
    }

    //- What the other one holds, behind what this one does
    void append(const Message& other) { put(other.bytes_.data(), other.bytes_.size()); }

    std::int64_t number()
    {
        std::int64_t value = 0;
        take(&value, sizeof value);
        return value;
    }

    std::string text()
    {
        const auto length = std::size_t(number());
        std::string text(length, ' ');
        take(text.data(), text.size());
        return text;
    }

    //- On the host
    Tensor tensor()
    {
        const auto type = torch::ScalarType(number());
        const auto order = torch::MemoryFormat(number());
        const auto dimensions = std::size_t(number());
        std::vector<std::int64_t> sizes(dimensions);
        for (std::int64_t& size : sizes) size = number();
        const Tensor tensor = torch::empty(sizes, torch::TensorOptions().dtype(type).memory_format(order));
        take(tensor.data_ptr(), tensor.nbytes());
        return tensor;
    }

    void send(Team& team, int rank) const
    {
        const auto length = std::int64_t(bytes_.size());
        team.send(rank, &length, sizeof length);
        team.send(rank, bytes_.data(), bytes_.size());
    }

    static Message receive(Team& team, int rank)
    {
        std::int64_t length = 0;
        team.receive(rank, &length, sizeof length);
        Message message;
        message.bytes_.resize(std::size_t(length));
        team.receive(rank, message.bytes_.data(), message.bytes_.size());
        return message;
    }

private:

    void put(const void* data, std::size_t n)
    {
        const auto* begin = static_cast<const char*>(data);
        bytes_.insert(bytes_.end(), begin, begin + n);
    }

    void take(void* data, std::size_t n)
    {
        if (n) std::memcpy(data, bytes_.data() + at_, n);
        at_ += n;
    }

    std::vector<char> bytes_;
    std::size_t at_ = 0;
};

void put(Message& message, const std::vector<Tensor>& tensors)
{
    message.put(std::int64_t(tensors.size()));
    for (const Tensor& tensor : tensors) message.put(tensor);
}

std::vector<Tensor> tensors(Message& message, torch::Device device)
{
    const auto n = std::size_t(message.number());
    std::vector<Tensor> tensors(n);
    for (Tensor& tensor : tensors) tensor = message.tensor().to(device);
    return tensors;
}

} // namespace

SharedEvaluation::SharedEvaluation(std::vector<std::shared_ptr<Network>> networks, std::shared_ptr<Team> team)
:
    networks_(std::move(networks)), team_(std::move(team))
{
    if (team_) work_ = team_->add([this] { serve(); });
}

Network::Output SharedEvaluation::evaluate(const Task& task) const
{
    return networks_.at(task.network)->evaluate(task.x, task.numbers);
}

std::vector<Network::Output> SharedEvaluation::evaluate(const std::vector<Task>& tasks) const
{
    const std::size_t n = nProcesses();
    const std::size_t asked = std::min(n, tasks.size());
    std::vector<Message> requests(n);
    for (std::size_t rank = 1; rank < asked; ++rank)
    {
        requests[rank].put(std::int64_t((tasks.size() - rank + n - 1)/n));
        for (std::size_t i = rank; i < tasks.size(); i += n)
        {
            requests[rank].put(std::int64_t(tasks[i].network));
            requests[rank].put(tasks[i].x);
            put(requests[rank], tasks[i].numbers);
        }
    }
    for (std::size_t rank = 1; rank < asked; ++rank)
    {
        team_->ask(int(rank), work_);
        requests[rank].send(*team_, int(rank));
    }

    // Whoever was asked must be heard before a failure is told
    std::vector<Network::Output> outputs(tasks.size());
    std::exception_ptr failure;
    try
    {
        for (std::size_t i = 0; i < tasks.size(); i += n) outputs[i] = evaluate(tasks[i]);
    }
    catch (...)
    {
        failure = std::current_exception();
    }
    std::string message;
    for (std::size_t rank = 1; rank < asked; ++rank)
    {
        Message reply = Message::receive(*team_, int(rank));
        const std::string told = reply.text();
        if (!told.empty())
        {
            message = told;
            continue;
        }
        for (std::size_t i = rank; i < tasks.size(); i += n)
        {
            outputs[i].values = reply.tensor().to(tasks[i].x.device());
            outputs[i].levels = tensors(reply, tasks[i].x.device());
        }
    }
    if (failure) std::rethrow_exception(failure);
    if (!message.empty()) throw Error({"A process that evaluates a part of the network failed", "", "", message, {}});
    return outputs;
}

void SharedEvaluation::serve() const
{
    Message request = Message::receive(*team_, 0);
    Message reply, results;
    std::string message;
    try
    {
        translateErrors("this process' part", [&]
        {
            const torch::InferenceMode inference;
            const std::int64_t tasks = request.number();
            for (std::int64_t i = 0; i < tasks; ++i)
            {
                Task task;
                task.network = std::size_t(request.number());
                const torch::Device device = networks_.at(task.network)->parameters().front().device();
                task.x = request.tensor().to(device);
                task.numbers = tensors(request, device);
                const Network::Output output = evaluate(task);
                reply.put(output.values);
                put(reply, output.levels);
            }
        });
    }
    catch (const std::exception& error)
    {
        message = *error.what() ? error.what() : "an exception without a message";
        reply = Message();
    }
    results.put(message);
    results.append(reply);
    results.send(*team_, 0);
}

} // namespace surrogate
