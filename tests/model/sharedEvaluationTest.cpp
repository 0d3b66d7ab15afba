#include "model/torch/networks/tiledNetwork.h"

#include "core/error.h"
#include "model/testModel.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <cstring>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

namespace surrogate
{
namespace
{

using torch::Tensor;

//- What threads that play processes send each other
class Post
{
public:

    void put(int from, int to, const void* data, std::size_t bytes)
    {
        const auto* begin = static_cast<const char*>(data);
        const std::lock_guard<std::mutex> lock(mutex_);
        boxes_[{from, to}].emplace_back(begin, begin + bytes);
        ++messages_[{from, to}];
        arrived_.notify_all();
    }

    void take(int from, int to, void* data, std::size_t bytes)
    {
        std::unique_lock<std::mutex> lock(mutex_);
        auto& box = boxes_[{from, to}];
        arrived_.wait(lock, [&] { return !box.empty(); });
        EXPECT_EQ(box.front().size(), bytes);
        if (bytes) std::memcpy(data, box.front().data(), bytes);
        box.pop_front();
    }

    int messages(int from, int to)
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        return messages_[{from, to}];
    }

private:

    std::mutex mutex_;
    std::condition_variable arrived_;
    std::map<std::pair<int, int>, std::deque<std::vector<char>>> boxes_;
    std::map<std::pair<int, int>, int> messages_;
};

class ThreadTeam : public Team
{
public:

    ThreadTeam(Post& post, int rank, int size) : post_(post), rank_(rank), size_(size) {}

    int rank() const override { return rank_; }
    int size() const override { return size_; }
    int localRank() const override { return rank_; }
    void send(int rank, const void* data, std::size_t bytes) override { post_.put(rank_, rank, data, bytes); }
    void receive(int rank, void* data, std::size_t bytes) override { post_.take(rank, rank_, data, bytes); }

private:

    Post& post_;
    int rank_, size_;
};

//- Of the tensor library, each thread that calls it: their number decides how sums are rounded
struct OneThread
{
    const int before = at::get_num_threads();
    OneThread() { at::set_num_threads(1); }
    ~OneThread() { at::set_num_threads(before); }
};

//- Calls `lead` with the leader's team while the others serve what `make` makes of theirs. One makes its own at a time: all
//  draw from one generator of random numbers
template<class Make, class Lead>
void together(Post& post, int size, Make make, Lead lead)
{
    const OneThread one;
    std::mutex making;
    const auto made = [&](const std::shared_ptr<Team>& team)
    {
        const std::lock_guard<std::mutex> lock(making);
        return make(team);
    };
    std::vector<std::thread> others;
    for (int rank = 1; rank < size; ++rank)
    {
        others.emplace_back([&, rank]
        {
            at::set_num_threads(1);
            const auto team = std::make_shared<ThreadTeam>(post, rank, size);
            const auto network = made(team);
            team->serve();
        });
    }
    const auto team = std::make_shared<ThreadTeam>(post, 0, size);
    lead(*made(team));
    team->dismiss();
    for (std::thread& other : others) other.join();
}

//- With two levels of noise to tell where `heads`
std::shared_ptr<Network> network(const NetworkShape& shape, bool heads)
{
    torch::manual_seed(3);
    Settings settings("networkCoeffs");
    settings.set("width", 4L);
    settings.set("blocks", 1L);
    settings.set("multipliers", std::vector<long>{1});
    if (heads)
    {
        settings.set("heads", 1L);
        settings.set("levels", 5L);
    }
    auto made = makeNetwork("uNet", shape, settings);
    const torch::NoGradGuard noGradient;
    for (auto& p : made->parameters()) p.add_(0.05*torch::randn_like(p));
    made->to(torch::kDouble);
    made->eval();
    return made;
}

NetworkShape boxShape(int nx, int ny)
{
    NetworkShape shape;
    shape.grid.dimensions = 2;
    shape.grid.cells = {{nx, ny, 1}};
    shape.grid.periodic = {{true, true, false}};
    shape.inputs = 2;
    return shape;
}

Tensor input(const NetworkShape& shape, int members)
{
    torch::manual_seed(5);
    return torch::randn({members, shape.inputs, shape.grid.cells[1], shape.grid.cells[0]}, torch::kDouble);
}

// Three processes, four tiles: two for the leader, one for each of the others. The very arithmetic of one process.
TEST(SharedEvaluation, tilesAreThoseOfOneProcess)
{
    const torch::InferenceMode inference;
    const OneThread one;
    const NetworkShape shape = boxShape(64, 60);
    const Tensor x = input(shape, 2);
    const Tensor alone = tiled("uNet", shape, network(shape, false), {2, 2})->forward(x);
    Post post;
    const auto make = [&](std::shared_ptr<Team> team) { return tiled("uNet", shape, network(shape, false), {2, 2}, team); };
    together(post, 3, make, [&](Network& shared)
    {
        for (int time = 0; time < 2; ++time) EXPECT_TRUE(torch::equal(shared.forward(x), alone));
    });
    EXPECT_GT(post.messages(1, 0), 0);
    EXPECT_GT(post.messages(2, 0), 0);
}

// A network as a whole, with heads that tell levels: its batch of five is divided among two
TEST(SharedEvaluation, membersAreDivided)
{
    const torch::InferenceMode inference;
    const NetworkShape shape = boxShape(16, 12);
    const Tensor x = input(shape, 5);
    const Network::Output alone = network(shape, true)->evaluate(x);
    Post post;
    const auto make = [&](std::shared_ptr<Team> team) { return tiled("uNet", shape, network(shape, true), {}, team); };
    together(post, 2, make, [&](Network& shared)
    {
        const Network::Output output = shared.evaluate(x);
        EXPECT_LT((output.values - alone.values).abs().max().item<double>(), 1e-12);
        ASSERT_EQ(output.levels.size(), alone.levels.size());
        ASSERT_EQ(output.levels.size(), 1u);
        EXPECT_LT((output.levels[0] - alone.levels[0]).abs().max().item<double>(), 1e-5);
        EXPECT_TRUE(torch::equal(shared.levels(x)[0], network(shape, true)->levels(x)[0]));
        EXPECT_EQ(post.messages(1, 0), 2);    // length and contents of one reply

        // one member: the leader's alone
        EXPECT_LT((shared.forward(x.narrow(0, 4, 1)) - alone.values.narrow(0, 4, 1)).abs().max().item<double>(), 1e-12);
        EXPECT_EQ(post.messages(1, 0), 2);
    });
}

//- Fails where it is another process' than the leader's
class FailingNetwork : public Network
{
public:

    explicit FailingNetwork(bool fails) : fails_(fails) { register_parameter("weight", torch::ones({1})); }

    Output evaluate(const Tensor& x, const std::vector<Tensor>&) override
    {
        if (fails_) throw Error({"This part is broken", "weight", "", "", {}});
        return {x, {}};
    }
    std::vector<Tensor> levels(const Tensor&, const std::vector<Tensor>&) override { return {}; }
    Settings settings() const override { return {}; }
    Tiling tiling() const override { return {}; }
    void scaleOutput(double) override {}

private:

    bool fails_;
};

TEST(SharedEvaluation, failureOfAnyIsTold)
{
    for (const int failing : {0, 1})
    {
        const Tensor x = torch::ones({2, 1, 4, 4});
        Post post;
        const auto make = [&](std::shared_ptr<Team> team)
        {
            const auto networks = std::vector<std::shared_ptr<Network>>{std::make_shared<FailingNetwork>(team->rank() == failing)};
            return std::make_shared<SharedEvaluation>(networks, team);
        };
        together(post, 2, make, [&](SharedEvaluation& shared)
        {
            for (int time = 0; time < 2; ++time)    // and goes on
            {
                std::string message;
                try { shared.evaluate({{0, x, {}}, {0, x, {}}}); }
                catch (const Error& error) { message = error.what(); }
                EXPECT_NE(message.find("This part is broken"), std::string::npos) << message;
            }
        });
    }
}

} // namespace
} // namespace surrogate
