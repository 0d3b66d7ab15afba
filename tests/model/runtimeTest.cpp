#include "model/runtime.h"

#include <torch/torch.h>

#include <gtest/gtest.h>

#include <thread>

namespace surrogate
{
namespace
{

Runtime choose(int threads, bool training, int ranks)
{
    RuntimeOptions options;
    options.device = "cpu";
    options.threads = threads;
    Processes processes;
    processes.size = ranks;
    const Runtime runtime = Runtime::choose(options, training, processes);
    EXPECT_EQ(at::get_num_threads(), runtime.threads);
    return runtime;
}

// Beside a solver, in serial or in parallel, and in each process of a training one; all cores for a training alone; what is asked
// for always
TEST(Runtime, choosesThreads)
{
    const int before = at::get_num_threads();
    unsetenv("OMP_NUM_THREADS");
    for (const bool training : {false, true})
    {
        for (const int ranks : {1, 2, 4})
        {
            const int all = int(std::thread::hardware_concurrency());
            EXPECT_EQ(choose(0, training, ranks).threads, training && ranks == 1 ? all : 1) << training << ranks;
            EXPECT_EQ(choose(3, training, ranks).threads, 3);
        }
    }
    EXPECT_NE(choose(0, false, 1).line.find("threads 1 (one a process)"), std::string::npos);
    EXPECT_NE(choose(0, true, 2).line.find("threads 1 (one a process)"), std::string::npos);
    EXPECT_NE(choose(0, true, 1).line.find("(all cores)"), std::string::npos);
    setenv("OMP_NUM_THREADS", "2", 1);
    EXPECT_NE(choose(0, true, 1).line.find("threads 2 (OMP_NUM_THREADS)"), std::string::npos);
    EXPECT_EQ(choose(0, false, 1).threads, 1);
    unsetenv("OMP_NUM_THREADS");
    EXPECT_NE(choose(3, true, 2).line.find("threads 3 (asked for)"), std::string::npos);
    at::set_num_threads(before);
}

} // namespace
} // namespace surrogate
