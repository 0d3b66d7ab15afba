#include "core/team.h"

#include <cstdint>
#include <utility>

namespace surrogate
{

namespace
{

constexpr std::int64_t leave = -1;

} // namespace

std::size_t Team::add(std::function<void()> work)
{
    works_.push_back(std::move(work));
    return works_.size() - 1;
}

void Team::ask(int rank, std::size_t work)
{
    const auto number = std::int64_t(work);
    send(rank, &number, sizeof number);
}

void Team::dismiss()
{
    for (int other = 1; other < size(); ++other) send(other, &leave, sizeof leave);
}

void Team::serve()
{
    for (;;)
    {
        std::int64_t number = leave;
        receive(0, &number, sizeof number);
        if (number == leave) return;
        works_.at(std::size_t(number))();
    }
}

} // namespace surrogate
