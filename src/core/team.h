#pragma once

#include <cstddef>
#include <functional>
#include <vector>

namespace surrogate
{

//- Processes that do pieces of one process' work. The first one leads: it calls and asks; the others serve until it dismisses
//  them. All must add the same works in the same order.
class Team
{
public:

    virtual ~Team() = default;

    virtual int rank() const = 0;        //!< 0: this process leads
    virtual int size() const = 0;
    virtual int localRank() const = 0;   //!< number among those of the team on the same machine

    //- Of any length; returns when the other one has it, or before
    virtual void send(int rank, const void* data, std::size_t bytes) = 0;

    //- Of the length that was sent; waits for it
    virtual void receive(int rank, void* data, std::size_t bytes) = 0;

    //- What the others do when they are asked for it: receives from the leader, and sends what came out. Must not throw, and live
    //  while it may be asked for. Returns its number.
    std::size_t add(std::function<void()> work);

    //- Of the leader: the other one is to do the work of that number
    void ask(int rank, std::size_t work);

    //- Of the leader: the others' serve() returns
    void dismiss();

    //- Of the others: does what the leader asks for, until it dismisses
    void serve();

private:

    std::vector<std::function<void()>> works_;
};

} // namespace surrogate
