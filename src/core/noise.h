#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace surrogate
{

//- Random numbers as a pure function of (seed, time index, member, stream, position): no hidden state, so a restart, another
//  order of calls or another decomposition draws the same numbers.
//  Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3").
class Noise
{
public:

    explicit Noise(std::uint64_t seed = 0, std::uint32_t timeIndex = 0, std::uint32_t member = 0)
    :
        seed_(seed), timeIndex_(timeIndex), member_(member)
    {}

    //- Uniform on (0, 1)
    double uniform(std::uint32_t stream, std::uint64_t position) const;

    //- Standard normal (Box-Muller)
    double normal(std::uint32_t stream, std::uint64_t position) const;

    //- Writes n standard normal numbers, those of positions 0 to n-1
    void normal(std::uint32_t stream, double* out, std::size_t n) const;

    //- Whole number from 0 to n-1
    std::uint64_t below(std::uint64_t n, std::uint32_t stream, std::uint64_t position) const;

    //- The numbers of another member of an ensemble, at the same time
    Noise ofMember(std::uint32_t member) const
    {
        return Noise(seed_, timeIndex_, ensemble_ ? ensemble_->at(member) : member);
    }

    //- The same for a batch whose i-th member is member ensemble[i] of the ensemble: what is left of it draws the numbers that it
    //  would have drawn
    Noise ofBatch(std::vector<std::uint32_t> ensemble) const
    {
        Noise batch(*this);
        batch.ensemble_ = std::make_shared<const std::vector<std::uint32_t>>(std::move(ensemble));
        return batch;
    }

    //- The same for another seed
    Noise withSeed(std::uint64_t seed) const
    {
        Noise other(*this);
        other.seed_ = seed;
        return other;
    }

    std::uint64_t seed() const { return seed_; }
    std::uint32_t timeIndex() const { return timeIndex_; }

private:

    std::array<std::uint32_t, 4> block(std::uint32_t stream, std::uint64_t position) const;

    std::uint64_t seed_;
    std::uint32_t timeIndex_;
    std::uint32_t member_;
    std::shared_ptr<const std::vector<std::uint32_t>> ensemble_;   //!< null: each member is its own number
};

} // namespace surrogate
