#include "model/torch/networks/hineUNet.h"

#include "core/error.h"
#include "model/torch/networks/blocks.h"
#include "model/torch/networks/positions.h"

#include <algorithm>
#include <numeric>

namespace surrogate
{

using torch::Tensor;

namespace
{

//- 8 groups, or as many as share the channels evenly
int groups(int channels) { return std::gcd(channels, 8); }

//- Of the fields beyond the ends of an axis that is not periodic, in its lengths: nothing passes from one end to the other
constexpr double continuation = 1;

} // namespace

// --- HineBlock ---------------------------------------------------------------------------------------------------------------

HineBlockImpl::HineBlockImpl(const Axes& axes, std::shared_ptr<FourierModes> modes, int inputs, int outputs, int embedding)
:
    axes_(axes)
{
    norm1_ = register_module("norm1", Normalisation(groups(inputs), inputs));
    norm2_ = register_module("norm2", Normalisation(groups(outputs), outputs));
    convolution1_ = register_module("convolution1", Convolution(axes, inputs, outputs, 3));
    convolution2_ = register_module("convolution2", Convolution(axes, outputs, outputs, 3));
    if (inputs != outputs) shortcut_ = register_module("shortcut", Convolution(axes, inputs, outputs, 1));
    if (modes)
    {
        normSpectral_ = register_module("normSpectral", Normalisation(groups(outputs), outputs));
        spectral_ = register_module("spectral", DepthwiseSpectral(std::move(modes), outputs));
    }
    if (embedding > 0) affine_ = register_module("affine", torch::nn::Linear(embedding, 2*outputs));
    torch::NoGradGuard noGradient;
    convolution2_->weight.zero_();
    convolution2_->bias.zero_();
}

Tensor HineBlockImpl::forward(const Tensor& x, const Tensor& embedding)
{
    Tensor h = convolution1_(norm1_(x), Activation::silu);
    if (spectral_)
    {
        h = h + spectral_(activate(normSpectral_(h).contiguous(axes_.memoryFormat()), Activation::silu, axes_));
    }
    h = norm2_(h);
    if (affine_)
    {
        Tensor both = linear(affine_, embedding.to(h.scalar_type()));
        while (both.dim() < h.dim()) both = both.unsqueeze(-1);
        const auto parts = both.chunk(2, 1);
        h = h*(1 + parts[0]) + parts[1];
    }
    return convolution2_(h.contiguous(axes_.memoryFormat()), Activation::silu, shortcut_ ? shortcut_(x) : x);
}

// --- HineUNet ----------------------------------------------------------------------------------------------------------------

HineUNet::HineUNet(const NetworkShape& shape, const Settings& settings)
:
    shape_(shape),
    axes_(shape.grid),
    width_(settings.get("width", 16)),
    blocks_(settings.get("blocks", 1)),
    modes_(settings.get("modes", 16)),
    patch_(settings.get("patch", 1)),
    embedding_(settings.get("embedding", 64)),
    attend_(settings.get("attention", false)),
    multipliers_(settings.get("multipliers", std::vector<long>{1, 2, 2})),
    positions_(settings.get("positions", std::vector<long>{}))
{
    settings.requireOnly({"width", "multipliers", "blocks", "modes", "attention", "patch", "positions", "embedding"});
    check(settings.where());
    positionChannels_ = positionChannels(shape_, positions_, settings.where());
    build();
    buildHints();
}

void HineUNet::check(const std::string& where) const
{
    const auto refuse = [&](const std::string& entry, const std::string& expected, const std::string& found)
    {
        throw Error({"Network option does not fit", where + ", entry " + entry, expected, found, {}});
    };
    for (const auto& [entry, value] : {std::pair{"width", width_}, {"blocks", blocks_}, {"patch", patch_}})
    {
        if (value < 1) refuse(entry, "1 or more", std::to_string(value));
    }
    if (modes_ < 0) refuse("modes", "0 or more", std::to_string(modes_));
    if (embedding_ < 2) refuse("embedding", "2 or more", std::to_string(embedding_));
    if (multipliers_.empty()) refuse("multipliers", "at least one", "none");
    for (const long multiplier : multipliers_)
    {
        if (multiplier < 1) refuse("multipliers", "1 or more each", std::to_string(multiplier));
    }
    const int coarsest = patch_ << (multipliers_.size() - 1);
    for (int axis = 0; axis < axes_.dimensions; ++axis)
    {
        if (shape_.grid.cells[axis]%coarsest == 0) continue;
        refuse("multipliers", "a grid whose cells along " + std::string(1, "xyz"[axis]) + " are a multiple of "
            + std::to_string(coarsest) + " (patch times 2 for each level after the first)",
            std::to_string(shape_.grid.cells[axis]) + " cells");
    }
    for (const int factor : shape_.pool)
    {
        if (factor%patch_ == 0) continue;
        refuse("patch", "a size that divides the hierarchy's factors", std::to_string(patch_) + " for " + std::to_string(factor));
    }
}

std::shared_ptr<FourierModes> HineUNet::modesOf(int factor) const
{
    if (modes_ == 0) return nullptr;
    Grid grid = shape_.grid;
    std::vector<long> modes;
    for (int axis = 0; axis < axes_.dimensions; ++axis)
    {
        grid.cells[axis] /= factor;
        modes.push_back(std::min(modes_, std::max(grid.cells[axis]/2, 1)));
    }
    return std::make_shared<FourierModes>(grid, modes, continuation, "network hineUNet");
}

void HineUNet::build()
{
    const auto name = [](const char* what, std::size_t level, int i)
    {
        return what + std::to_string(level) + "_" + std::to_string(i);
    };
    int patchCells = 1;
    for (int axis = 0; axis < axes_.dimensions; ++axis) patchCells *= patch_;
    const int hinted = shape_.pool.empty() ? 0 : nEach()*int(shape_.pool.size()) + 1;
    const int inputs = shape_.inputs - hinted + int(positionChannels_.defined() ? positionChannels_.size(1) : 0);
    const int embedding = shape_.pool.empty() ? 0 : embedding_;

    lift_ = register_module("lift", Convolution(axes_, patchCells*inputs, width_, 3));
    levels_.resize(multipliers_.size());
    int channels = width_;
    for (std::size_t l = 0; l < levels_.size(); ++l)
    {
        Level& level = levels_[l];
        level.factor = patch_ << l;
        level.modes = modesOf(level.factor);
        inputsOf_.push_back(channels);
        const int wide = channels*int(multipliers_[l]);
        const auto block = [&](const std::string& itsName, int in, int out)
        {
            return register_module(itsName, HineBlock(axes_, level.modes, in, out, embedding));
        };
        for (int b = 0; b < blocks_; ++b) level.down.push_back(block(name("down", l, b), b ? wide : channels, wide));
        for (int b = 0; b <= blocks_; ++b)
        {
            // its skips: `wide` from the blocks, then `channels` from what came before the level
            const int other = b < blocks_ ? wide : channels;
            level.up.push_back(block(name("up", l, b), wide + other, other));
        }
        if (l + 1 < levels_.size()) level.coarsen = register_module(name("coarsen", l, 0), Convolution(axes_, wide, wide, 3, 2));
        if (l > 0) level.refine = register_module(name("refine", l, 0), Upsample(axes_, channels, channels));
        channels = wide;
    }
    const auto middle = [&] { return HineBlock(axes_, levels_.back().modes, channels, channels, embedding); };
    middle1_ = register_module("middle1", middle());
    if (attend_) attention_ = register_module("attention", Attention(channels));
    middle2_ = register_module("middle2", middle());
    norm_ = register_module("norm", Normalisation(groups(width_), width_));
    project_ = register_module("project", Convolution(axes_, width_, patchCells*nEach(), 3));
}

void HineUNet::buildHints()
{
    if (shape_.pool.empty()) return;
    flagMlp_ = register_module("flagMlp", ConditionMlp(embedding_));
    for (std::size_t i = 0; i < shape_.pool.size(); ++i)
    {
        Hint hint;
        for (std::size_t l = 0; l < levels_.size(); ++l)
        {
            if (shape_.pool[i]%levels_[l].factor == 0) hint.level = l;
        }
        const auto name = [&](const char* what) { return "hint" + std::to_string(i + 1) + what; };
        const int channels = inputsOf_[hint.level];
        const auto block = [&] { return HineBlock(axes_, levels_[hint.level].modes, channels, channels, embedding_); };
        hint.lift = register_module(name("Lift"), Convolution(axes_, nEach(), channels, 3));
        hint.in = register_module(name("In"), block());
        hint.normIn = register_module(name("NormIn"), Normalisation(groups(channels), channels));
        hint.out = register_module(name("Out"), block());
        hint.normOut = register_module(name("NormOut"), Normalisation(groups(channels), channels));
        hint.project = register_module(name("Project"), Convolution(axes_, channels, nEach(), 3));
        hints_.push_back(hint);
    }
}

Tensor HineUNet::inject(std::size_t level, Tensor h, const Tensor& x, const Tensor& embedding)
{
    for (std::size_t i = 0; i < hints_.size(); ++i)
    {
        Hint& hint = hints_[i];
        if (hint.level != level) continue;
        const Tensor z = firstOfBlocks(x.narrow(1, shape_.variables + std::int64_t(i)*nEach(), nEach()), axes_.dimensions,
            levels_[level].factor);
        const Tensor lifted = hint.lift(z.contiguous(axes_.memoryFormat())).to(h.scalar_type());
        h = h + hint.normIn(hint.in(activate(lifted, Activation::silu, axes_), embedding));
    }
    return h.contiguous(axes_.memoryFormat());
}

Tensor HineUNet::encode(const Tensor& x, const Tensor& embedding, std::vector<Tensor>& skips)
{
    Tensor seen = x;
    if (!hints_.empty())
    {
        const std::int64_t hinted = nEach()*std::int64_t(hints_.size()) + 1, after = shape_.variables + hinted;
        seen = torch::cat({x.narrow(1, 0, shape_.variables), x.narrow(1, after, x.size(1) - after)}, 1);
    }
    seen = withPositions(seen, positionChannels_).contiguous(axes_.memoryFormat());

    Tensor h = lift_(cellsToChannels(seen, axes_, patch_)).to(precision.value_or(x.scalar_type()));
    for (std::size_t l = 0; l < levels_.size(); ++l)
    {
        h = inject(l, h, x, embedding);
        skips.push_back(h);
        for (HineBlock& block : levels_[l].down) skips.push_back(h = block(h, embedding));
        if (levels_[l].coarsen) h = levels_[l].coarsen(h);
    }
    h = middle1_(h, embedding);
    if (attention_) h = attention_(h).contiguous(axes_.memoryFormat());
    return middle2_(h, embedding);
}

Tensor HineUNet::decode(Tensor h, const Tensor& embedding, std::vector<Tensor>& skips, std::vector<Tensor>& hints)
{
    hints.resize(hints_.size());
    for (std::size_t l = levels_.size(); l-- > 0;)
    {
        for (HineBlock& block : levels_[l].up)
        {
            h = block(torch::cat({h, skips.back()}, 1), embedding);
            skips.pop_back();
        }
        for (std::size_t i = 0; i < hints_.size(); ++i)
        {
            Hint& hint = hints_[i];
            if (hint.level != l) continue;
            const Tensor z = hint.project(hint.normOut(hint.out(h, embedding)), Activation::silu);
            hints[i] = repeatBlocks(z, axes_.dimensions, levels_[l].factor);
        }
        if (levels_[l].refine) h = levels_[l].refine(h);
    }
    return channelsToCells(project_(norm_(h), Activation::silu), axes_, patch_);
}

Network::Output HineUNet::evaluate(const Tensor& x, const std::vector<Tensor>& numbers)
{
    TORCH_CHECK(numbers.empty(), "HineUNet: no conditioning numbers expected, found ", numbers.size());
    Tensor embedding;
    if (!hints_.empty())
    {
        const std::int64_t flag = shape_.variables + nEach()*std::int64_t(hints_.size());
        embedding = flagMlp_(sinusoidalEmbedding(x.select(1, flag).flatten(1).select(1, 0), embedding_));
    }
    std::vector<Tensor> skips, outputs;
    const Tensor bottleneck = encode(x, embedding, skips);
    Tensor state = decode(bottleneck, embedding, skips, outputs);
    outputs.insert(outputs.begin(), state);
    return {outputs.size() == 1 ? state : torch::cat(outputs, 1), {}};
}

Settings HineUNet::settings() const
{
    Settings settings("hineUNet");
    settings.set("width", long(width_));
    settings.set("multipliers", multipliers_);
    settings.set("blocks", long(blocks_));
    settings.set("modes", long(modes_));
    settings.set("attention", attend_);
    settings.set("patch", long(patch_));
    settings.set("positions", positions_);
    settings.set("embedding", long(embedding_));
    return settings;
}

Tiling HineUNet::tiling() const
{
    refuseTiling("group normalisation of network hineUNet");
}

void HineUNet::scaleOutput(double factor)
{
    torch::NoGradGuard noGradient;
    project_->weight.mul_(factor);
    project_->bias.mul_(factor);
    for (Hint& hint : hints_)
    {
        hint.project->weight.mul_(factor);
        hint.project->bias.mul_(factor);
    }
}

} // namespace surrogate
