#include "model/torch/networks/vit.h"

#include "core/error.h"
#include "model/torch/networks/positions.h"

#include <algorithm>
#include <cmath>
#include <sstream>

namespace surrogate
{

using torch::Tensor;

namespace
{

constexpr std::uint32_t patchStream = 0x70000000, pathStream = 0x70000001;   // no other draws of an iteration

std::vector<long> ascending(std::vector<long> values)
{
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
    return values;
}

std::vector<long> factors(const std::vector<long>& patches)
{
    if (patches.empty() || patches.back() < 1) return {1, 1};   // check() refuses them
    const auto [first, second] = patchFactors(int(patches.back()));
    return {first, second};
}

std::string text(double value)
{
    std::ostringstream stream;
    stream << value;
    return stream.str();
}

//- [n][c][(z)][y][x] -> [n][(z)][y][x][c], without the y of a 1-D grid; no copy where x is channels-last in memory
Tensor channelsLast(const Tensor& x, int dimensions)
{
    if (dimensions == 3) return x.permute({0, 2, 3, 4, 1});
    const Tensor moved = x.permute({0, 2, 3, 1});
    return dimensions == 1 ? moved.squeeze(1) : moved;
}

//- The reverse
Tensor channelsFirst(const Tensor& x, int dimensions)
{
    if (dimensions == 3) return x.permute({0, 4, 1, 2, 3});
    return (dimensions == 1 ? x.unsqueeze(1) : x).permute({0, 3, 1, 2});
}

} // namespace

ViT::ViT(const NetworkShape& shape, const Settings& settings)
:
    shape_(shape),
    width_(settings.get("width", 96)),
    heads_(settings.get("heads", 3)),
    blocks_(settings.get("blocks", 4)),
    patches_(ascending(settings.get("patches", std::vector<long>{4, 8, 16}))),
    modulation_(settings.get("modulation", "kernel")),
    mlp_(settings.get("mlp", "swiglu")),
    kernels_(settings.get("kernels", factors(patches_))),
    positions_(settings.get("positions", std::vector<long>{})),
    mlpRatio_(settings.get("mlpRatio", mlp_ == "gelu" ? 4.0 : 2.0)),
    layerScale_(settings.get("layerScale", 0.1)),
    dropPath_(settings.get("dropPath", 0.0))
{
    settings.requireOnly
    ({
        "width", "heads", "blocks", "patches", "modulation", "kernels", "mlp", "mlpRatio", "layerScale", "dropPath", "positions"
    });
    check(settings.where());

    std::vector<Tensor> places;
    for (const Tensor& channels : {positionChannels(shape_, positions_, settings.where()), placesBetweenSides(shape_)})
    {
        if (channels.defined()) places.push_back(channels);
    }
    if (!places.empty()) places_ = torch::cat(places, 1);

    PatchCoderImpl::Options coder;
    coder.width = width_;
    coder.patches = patches_;
    coder.modulation = modulation_ == "kernel" ? PatchCoderImpl::Modulation::kernel : PatchCoderImpl::Modulation::stride;
    coder.kernels = {{int(kernels_[0]), int(kernels_[1])}};
    const int others = shape_.inputs - (shape_.frames - 1)*shape_.variables;
    const int inputs = others + int(places_.defined() ? places_.size(1) : 0);
    coder_ = register_module("coder", PatchCoder(shape_.grid, inputs, shape_.outputs, coder, settings.where() + ", entry patches"));
    patch_ = patches_.front();
    cycle_ = {patch_};
    rotary_ = std::make_unique<RotaryPositions>(shape_.grid, width_/heads_, coder_->lattice(patch_).tokens);

    TransformerBlockImpl::Options block;
    block.width = width_;
    block.heads = heads_;
    block.mlp = mlp_ == "gelu" ? TransformerBlockImpl::Mlp::gelu : TransformerBlockImpl::Mlp::swiglu;
    block.hidden = int(std::lround(mlpRatio_*width_));
    block.layerScale = layerScale_;
    block.frames = shape_.frames;
    for (int i = 0; i < blocks_; ++i)
    {
        processor_.push_back(register_module("block" + std::to_string(i), TransformerBlock(block)));
    }
}

void ViT::check(const std::string& where) const
{
    const auto refuse = [&](const std::string& entry, const std::string& expected, const std::string& found,
        std::vector<std::string> choices = {})
    {
        throw Error({"Network option does not fit", where + ", entry " + entry, expected, found, std::move(choices)});
    };
    const auto oneOf = [&](const std::string& entry, const std::string& found, const std::vector<std::string>& names)
    {
        if (std::find(names.begin(), names.end(), found) == names.end()) refuse(entry, "one of the names below", found, names);
    };
    const int d = shape_.grid.dimensions;

    if (shape_.latents != 1) refuse("merge", "another one: this processor reads one latent state", "concatenation");
    if (heads_ < 1) refuse("heads", "1 or more", std::to_string(heads_));
    if (blocks_ < 1) refuse("blocks", "1 or more", std::to_string(blocks_));
    if (width_ < 1 || width_%4 || width_%heads_)
    {
        refuse("width", "a multiple of 4 and of heads, " + std::to_string(heads_), std::to_string(width_));
    }
    if (width_/heads_ < 2*d)
    {
        refuse("heads", "at least " + std::to_string(2*d) + " channels a head, 2 for each axis of the grid",
            std::to_string(width_) + " channels for " + std::to_string(heads_) + " heads");
    }
    if (patches_.empty()) refuse("patches", "at least one size", "none");
    if (patches_.front() < 1) refuse("patches", "1 cell or more", std::to_string(patches_.front()));
    oneOf("modulation", modulation_, {"kernel", "stride"});
    oneOf("mlp", mlp_, {"gelu", "swiglu"});
    if (kernels_.size() != 2 || kernels_[0] < 1 || kernels_[1] < 1)
    {
        refuse("kernels", "two sizes of 1 or more", describe(Settings::Value(kernels_)));
    }
    if (modulation_ == "stride")
    {
        for (const long patch : patches_)
        {
            const auto [first, second] = patchFactors(int(patch));
            if (kernels_[0]%first == 0 && kernels_[1]%second == 0) continue;
            refuse("patches", "with modulation stride, sizes whose strides divide the kernels " + describe(Settings::Value(kernels_)),
                std::to_string(patch) + ", whose strides are (" + std::to_string(first) + " " + std::to_string(second) + ")");
        }
    }
    if (!(mlpRatio_*width_ >= 1)) refuse("mlpRatio", "above 0", text(mlpRatio_));
    if (!(layerScale_ > 0)) refuse("layerScale", "above 0", text(layerScale_));
    if (!(dropPath_ >= 0 && dropPath_ < 1)) refuse("dropPath", "from 0 to below 1", text(dropPath_));
}

void ViT::setControls(const NetworkControls& controls)
{
    controls.requireOnly(this->controls(), "vit");
    for (const long patch : controls.patchCycle)
    {
        if (std::find(patches_.begin(), patches_.end(), patch) != patches_.end()) continue;
        std::vector<std::string> sizes;
        for (const long size : patches_) sizes.push_back(std::to_string(size));
        throw Error({"The network was not trained with this patch", "entry networkControls.patchCycle", "one of the sizes below",
            std::to_string(patch), sizes});
    }
    cycle_ = controls.patchCycle.empty() ? std::vector<long>{patches_.front()} : controls.patchCycle;
}

void ViT::begin(const Noise& noise, int first)
{
    noise_ = noise;
    first_ = first;
    patch_ = is_training() ? patches_[noise.below(patches_.size(), patchStream, 0)] : cycle_[noise.timeIndex()%cycle_.size()];
}

Network::Output ViT::evaluate(const Tensor& x, const std::vector<Tensor>& numbers)
{
    TORCH_CHECK(numbers.empty(), "A vit is not conditioned by numbers, was given ", numbers.size());
    return {decode(processed(encode(x), true), x), {}};
}

Tensor ViT::cellsOfFrames(const Tensor& x) const
{
    const Tensor cells = channelsLast(x, shape_.grid.dimensions);
    if (shape_.frames == 1) return cells;
    const std::int64_t ofFrames = shape_.frames*shape_.variables;
    const Tensor states = cells.narrow(-1, 0, ofFrames).unflatten(-1, {shape_.frames, shape_.variables}).movedim(-2, 1);
    std::vector<std::int64_t> sizes = states.sizes().vec();
    sizes.back() = cells.size(-1) - ofFrames;
    const Tensor others = cells.narrow(-1, ofFrames, sizes.back()).unsqueeze(1).expand(sizes);
    return torch::cat({states, others}, -1).flatten(0, 1).contiguous();
}

Tensor ViT::encode(const Tensor& x)
{
    const Tensor cells = cellsOfFrames(withPositions(x, places_));
    const Tensor latent = coder_->encode(cells, patch_, precision.value_or(x.scalar_type()));
    return shape_.frames == 1 ? latent : latent.unflatten(0, {x.size(0), shape_.frames});
}

Tensor ViT::process(const Tensor& latent)
{
    return processed(latent, false);
}

Tensor ViT::processed(const Tensor& latent, bool lastFrame)
{
    RotaryPositions::Turn& turn = turns_[patch_];
    if (!turn.cosine.defined() || turn.cosine.device() != latent.device() || turn.cosine.scalar_type() != latent.scalar_type())
    {
        turn = rotary_->of(coder_->lattice(patch_), torch::TensorOptions(latent.device()).dtype(latent.scalar_type()));
    }
    Tensor h = latent.flatten(shape_.frames == 1 ? 1 : 2, -2);
    const std::vector<Tensor> kept = keptPaths(h);
    for (std::size_t i = 0; i < processor_.size(); ++i)
    {
        h = processor_[i](h, turn, kept.empty() ? Tensor() : kept[i], lastFrame && i + 1 == processor_.size());
    }
    std::vector<std::int64_t> sizes = latent.sizes().vec();
    if (lastFrame && shape_.frames > 1) sizes.erase(sizes.begin() + 1);
    return h.reshape(sizes);
}

std::vector<Tensor> ViT::keptPaths(const Tensor& tokens) const
{
    std::vector<Tensor> kept;
    if (!is_training() || dropPath_ == 0) return kept;
    const std::int64_t n = tokens.size(0);
    for (int block = 0; block < blocks_; ++block)
    {
        const double dropped = blocks_ == 1 ? dropPath_ : dropPath_*block/(blocks_ - 1);
        std::vector<double> factors;
        for (std::int64_t i = 0; i < n; ++i)
        {
            const bool keeps = noise_.uniform(pathStream, std::uint64_t(first_ + i)*std::uint64_t(blocks_) + block) >= dropped;
            factors.push_back(keeps ? 1/(1 - dropped) : 0);
        }
        kept.push_back(torch::tensor(factors, torch::kDouble).reshape({n, 1, 1}).to(tokens.options()));
    }
    return kept;
}

Tensor ViT::decode(const Tensor& latent, const Tensor&)
{
    const int d = shape_.grid.dimensions;
    const Tensor last = latent.dim() == d + 3 ? latent.select(1, shape_.frames - 1).contiguous() : latent;
    return channelsFirst(coder_->decode(last, patch_), d);
}

Settings ViT::settings() const
{
    Settings settings("vit");
    settings.set("width", long(width_));
    settings.set("heads", long(heads_));
    settings.set("blocks", long(blocks_));
    settings.set("patches", patches_);
    settings.set("modulation", modulation_);
    settings.set("kernels", kernels_);
    settings.set("mlp", mlp_);
    settings.set("mlpRatio", mlpRatio_);
    settings.set("layerScale", layerScale_);
    settings.set("dropPath", dropPath_);
    settings.set("positions", positions_);
    return settings;
}

Tiling ViT::tiling() const
{
    refuseTiling("attention");
}

} // namespace surrogate
