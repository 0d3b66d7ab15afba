#include "model/torch/networks/uNet.h"

#include "core/error.h"
#include "model/torch/networks/positions.h"

#include <algorithm>
#include <cmath>

namespace surrogate
{

using torch::Tensor;

UNet::UNet(const NetworkShape& shape, const Settings& settings)
:
    shape_(shape),
    axes_(shape.grid),
    width_(settings.get("width", 32)),
    blocks_(settings.get("blocks", 2)),
    patch_(settings.get("patch", 1)),
    nHeads_(settings.get("heads", 0)),
    nLevels_(settings.get("levels", 1000)),
    headFeatures_(settings.get("headFeatures", 4096)),
    headsCondition_(settings.get("headsCondition", true)),
    multipliers_(settings.get("multipliers", std::vector<long>{2, 2, 2})),
    attention_(settings.get("attention", std::vector<long>{})),
    positions_(settings.get("positions", std::vector<long>{})),
    embeddings_(settings.get("embeddings", std::vector<long>{})),
    norm_(settings.get("norm", "none")),
    activation_(settings.get("activation", "gelu")),
    conditioning_(settings.get("conditioning", "separate"))
{
    settings.requireOnly
    ({
        "width", "multipliers", "blocks", "norm", "activation", "attention", "patch", "positions", "embeddings", "heads",
        "levels", "headFeatures", "headsCondition", "conditioning"
    });
    check(settings.where());

    blockOptions_.activation = activation_ == "gelu" ? Activation::gelu : Activation::silu;
    blockOptions_.groups = norm_ == "group" ? 8 : 0;
    blockOptions_.embeddings.assign(embeddings_.begin(), embeddings_.end());
    blockOptions_.sumConditions = conditioning_ == "sum";
    decoderOptions_ = blockOptions_;
    if (headsCondition_) decoderOptions_.embeddings.insert(decoderOptions_.embeddings.begin(), nHeads_, nLevels_);

    positionChannels_ = positionChannels(shape_, positions_, settings.where());
    int patchCells = 1;
    for (int axis = 0; axis < axes_.dimensions; ++axis) patchCells *= patch_;
    build(patchCells*(shape_.inputs + int(positionChannels_.defined() ? positionChannels_.size(1) : 0)));
    project_ = register_module("project", Convolution(axes_, width_, patchCells*shape_.outputs, 3));
}

void UNet::check(const std::string& where) const
{
    const auto refuse = [&](const std::string& entry, const std::string& expected, const std::string& found,
        std::vector<std::string> choices = {})
    {
        throw Error({"Network option does not fit", where + ", entry " + entry, expected, found, std::move(choices)});
    };

    if (width_ < 1) refuse("width", "1 or more", std::to_string(width_));
    if (blocks_ < 1) refuse("blocks", "1 or more", std::to_string(blocks_));
    if (patch_ < 1) refuse("patch", "1 or more", std::to_string(patch_));
    if (multipliers_.empty()) refuse("multipliers", "at least one", "none");
    if (norm_ != "none" && norm_ != "group") refuse("norm", "one of the names below", norm_, {"none", "group"});
    if (norm_ == "group" && width_%8) refuse("width", "a multiple of 8 with norm group", std::to_string(width_));
    if (activation_ != "gelu" && activation_ != "silu")
    {
        refuse("activation", "one of the names below", activation_, {"gelu", "silu"});
    }
    if (conditioning_ != "separate" && conditioning_ != "sum")
    {
        refuse("conditioning", "one of the names below", conditioning_, {"separate", "sum"});
    }
    if (nHeads_ < 0) refuse("heads", "0 or more", std::to_string(nHeads_));
    if (nLevels_ < 2) refuse("levels", "2 or more", std::to_string(nLevels_));
    if (headFeatures_ < 1) refuse("headFeatures", "1 or more", std::to_string(headFeatures_));
    for (long size : embeddings_)
    {
        if (size < 2) refuse("embeddings", "sizes of 2 or more", std::to_string(size));
    }
    if (!attention_.empty() && attention_.size() != multipliers_.size() + 1)
    {
        refuse("attention", std::to_string(multipliers_.size() + 1) + " flags: one a level and one for the middle",
            std::to_string(attention_.size()));
    }
    const int coarsest = patch_ << (multipliers_.size() - 1);
    for (int axis = 0; axis < axes_.dimensions; ++axis)
    {
        if (shape_.grid.cells[axis]%coarsest)
        {
            refuse("multipliers", "a grid whose cells along " + std::string(1, "xyz"[axis]) + " are a multiple of "
                + std::to_string(coarsest) + " (patch times 2 for each level after the first)",
                std::to_string(shape_.grid.cells[axis]) + " cells");
        }
    }
}

void UNet::build(int inputs)
{
    const auto flag = [this](std::size_t i) { return !attention_.empty() && attention_[i]; };
    const auto name = [](const char* what, std::size_t level, std::size_t i)
    {
        return what + std::to_string(level) + "_" + std::to_string(i);
    };

    lift_ = register_module("lift", Convolution(axes_, inputs, width_, 3));
    const std::size_t nLevels = multipliers_.size();
    levels_.resize(nLevels);
    int channels = width_;
    for (std::size_t l = 0; l < nLevels; ++l)
    {
        Level& level = levels_[l];
        const int wide = channels*int(multipliers_[l]);
        for (int b = 0; b < blocks_; ++b)
        {
            level.down.push_back(register_module(name("down", l, b),
                ResidualBlock(axes_, b ? wide : channels, wide, blockOptions_)));
            if (flag(l)) level.downAttention.push_back(register_module(name("downAttention", l, b), Attention(wide)));
        }
        for (int b = 0; b <= blocks_; ++b)
        {
            // its skips: `wide` from the blocks, then `channels` from what came before the level
            const int skip = b < blocks_ ? wide : channels;
            const int out = b < blocks_ ? wide : channels;
            level.up.push_back(register_module(name("up", l, b), ResidualBlock(axes_, wide + skip, out, decoderOptions_)));
            if (flag(l)) level.upAttention.push_back(register_module(name("upAttention", l, b), Attention(out)));
        }
        if (l + 1 < nLevels)
        {
            level.coarsen = register_module(name("coarsen", l, 0), Convolution(axes_, wide, wide, 3, 2));
        }
        if (l > 0) level.refine = register_module(name("refine", l, 0), Upsample(axes_, channels, channels));
        channels = wide;
    }
    middle1_ = register_module("middle1", ResidualBlock(axes_, channels, channels, blockOptions_));
    if (flag(nLevels)) middleAttention_ = register_module("middleAttention", Attention(channels));
    middle2_ = register_module("middle2", ResidualBlock(axes_, channels, channels, blockOptions_));

    for (std::size_t i = 0; i < embeddings_.size(); ++i)
    {
        numberMlps_.push_back(register_module("numberMlp" + std::to_string(i), ConditionMlp(int(embeddings_[i]))));
    }
    buildHeads(channels);
}

void UNet::buildHeads(int channels)
{
    const int coarsest = patch_ << (multipliers_.size() - 1);
    int cells = 1;
    for (int axis = 0; axis < axes_.dimensions; ++axis) cells *= shape_.grid.cells[axis]/coarsest;
    for (int i = 0; i < nHeads_; ++i)
    {
        const std::string n = std::to_string(i);
        heads_.push_back(register_module("head" + n, LevelHead(axes_, channels, cells, headFeatures_, nLevels_)));
        if (headsCondition_) headMlps_.push_back(register_module("headMlp" + n, ConditionMlp(nLevels_)));
    }
}

std::vector<Tensor> UNet::embed(const std::vector<Tensor>& numbers)
{
    TORCH_CHECK(numbers.size() == embeddings_.size(), "UNet: ", embeddings_.size(), " conditioning numbers expected, found ",
        numbers.size());
    std::vector<Tensor> conditions;
    for (std::size_t i = 0; i < numbers.size(); ++i)
    {
        conditions.push_back(numberMlps_[i](sinusoidalEmbedding(numbers[i], int(embeddings_[i]))));
    }
    return conditions;
}

Tensor UNet::encode(const Tensor& x, const std::vector<Tensor>& conditions, std::vector<Tensor>& skips)
{
    Tensor h = withPositions(x, positionChannels_);
    h = cellsToChannels(h.contiguous(axes_.memoryFormat()), axes_, patch_);

    // in the input's precision: noise below the rounding of bfloat16 must still be seen
    skips = {h = lift_(h).to(precision.value_or(x.scalar_type()))};
    for (Level& level : levels_)
    {
        for (std::size_t b = 0; b < level.down.size(); ++b)
        {
            h = level.down[b](h, conditions);
            if (!level.downAttention.empty()) h = level.downAttention[b](h);
            skips.push_back(h);
        }
        if (level.coarsen) skips.push_back(h = level.coarsen(h));
    }

    h = middle1_(h, conditions);
    if (middleAttention_) h = middleAttention_(h);
    return middle2_(h, conditions);
}

Tensor UNet::decode(Tensor h, const std::vector<Tensor>& conditions, std::vector<Tensor>& skips)
{
    for (auto level = levels_.rbegin(); level != levels_.rend(); ++level)
    {
        for (std::size_t b = 0; b < level->up.size(); ++b)
        {
            h = level->up[b](torch::cat({h, skips.back()}, 1), conditions);
            skips.pop_back();
            if (!level->upAttention.empty()) h = level->upAttention[b](h);
        }
        if (level->refine) h = level->refine(h);
    }
    return channelsToCells(project_(h, blockOptions_.activation), axes_, patch_);
}

std::vector<Tensor> UNet::classify(const Tensor& bottleneck)
{
    std::vector<Tensor> logits;
    for (LevelHead& head : heads_) logits.push_back(head(bottleneck));
    return logits;
}

Network::Output UNet::evaluate(const Tensor& x, const std::vector<Tensor>& numbers)
{
    const std::vector<Tensor> conditions = embed(numbers);
    std::vector<Tensor> skips;
    const Tensor bottleneck = encode(x, conditions, skips);

    Output output{{}, classify(bottleneck)};
    std::vector<Tensor> inDecoder;
    for (std::size_t i = 0; i < headMlps_.size(); ++i) inDecoder.push_back(headMlps_[i](torch::softmax(output.levels[i], 1)));
    inDecoder.insert(inDecoder.end(), conditions.begin(), conditions.end());
    output.values = decode(bottleneck, inDecoder, skips);
    return output;
}

std::vector<Tensor> UNet::levels(const Tensor& x, const std::vector<Tensor>& numbers)
{
    if (heads_.empty()) return {};
    std::vector<Tensor> skips;
    return classify(encode(x, embed(numbers), skips));
}

Settings UNet::settings() const
{
    Settings settings("uNet");
    settings.set("width", long(width_));
    settings.set("multipliers", multipliers_);
    settings.set("blocks", long(blocks_));
    settings.set("norm", norm_);
    settings.set("activation", activation_);
    settings.set("attention", attention_);
    settings.set("patch", long(patch_));
    settings.set("positions", positions_);
    settings.set("embeddings", embeddings_);
    settings.set("heads", long(nHeads_));
    settings.set("levels", long(nLevels_));
    settings.set("headFeatures", long(headFeatures_));
    settings.set("headsCondition", headsCondition_);
    settings.set("conditioning", conditioning_);
    return settings;
}

Tiling UNet::tiling() const
{
    if (norm_ == "group") refuseTiling("norm group");
    if (std::any_of(attention_.begin(), attention_.end(), [](long flag) { return flag != 0; })) refuseTiling("attention");
    if (nHeads_ > 0) refuseTiling("heads " + std::to_string(nHeads_));

    // How many cells inside a tile's side are wrong, followed through the layers in cells of each level: a convolution of kernel
    // 3 adds one; its stride 2 halves; Upsample is a convolution, then doubles
    const int nLevels = int(multipliers_.size());
    int wrong = 1;   // lift
    for (int level = 0; level < nLevels; ++level)
    {
        wrong += 2*blocks_;
        if (level + 1 < nLevels) wrong = wrong/2 + 1;
    }
    wrong += 4;      // middle
    for (int level = nLevels - 1; level >= 0; --level)
    {
        wrong += 2*(blocks_ + 1);
        if (level > 0) wrong = 2*(wrong + 1);
    }
    ++wrong;         // project

    const int coarsest = patch_ << (nLevels - 1);
    return {coarsest, (wrong*patch_ + coarsest - 1)/coarsest*coarsest};
}

void UNet::scaleOutput(double factor)
{
    torch::NoGradGuard noGradient;
    project_->weight.mul_(factor);
    project_->bias.mul_(factor);
}

} // namespace surrogate
