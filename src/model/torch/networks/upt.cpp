#include "model/torch/networks/upt.h"

#include "core/error.h"
#include "model/torch/networks/layers.h"

#include <algorithm>
#include <cmath>
#include <sstream>

namespace surrogate
{

using torch::Tensor;

namespace
{

constexpr std::size_t keptMeshes = 4;

std::string text(double value)
{
    std::ostringstream stream;
    stream << value;
    return stream.str();
}

double extent(const Grid& grid)
{
    double longest = 0;
    for (int axis = 0; axis < grid.dimensions; ++axis) longest = std::max(longest, grid.upper[axis] - grid.lower[axis]);
    return longest;
}

double meanSize(const Grid& grid)
{
    double volume = 1;
    for (int axis = 0; axis < grid.dimensions; ++axis) volume *= grid.upper[axis] - grid.lower[axis];
    return std::pow(volume/double(grid.nCells()), 1.0/grid.dimensions);
}

RotaryPositions::Turn converted(const RotaryPositions::Turn& turn, const torch::TensorOptions& options)
{
    return {turn.cosine.to(options), turn.sine.to(options)};
}

} // namespace

Upt::Upt(const NetworkShape& shape, const Settings& settings)
:
    shape_(shape),
    supernodes_(settings.get("supernodes", 256)),
    neighbours_(settings.get("neighbours", 3)),
    density_(settings.get("density", 0.5)),
    latents_(settings.get("latents", 0)),
    width_(settings.get("width", 96)),
    heads_(settings.get("heads", 3)),
    blocks_(settings.get("blocks", 4)),
    hidden_(settings.get("hidden", width_/2)),
    mlpRatio_(settings.get("mlpRatio", 2.0)),
    layerScale_(settings.get("layerScale", 0.1)),
    decoder_(settings.get("decoder", latents_ > 0 ? "attention" : "both")),
    longest_(settings.get("longest", 2*extent(shape.grid))),
    shortest_(settings.get("shortest", 2*meanSize(shape.grid))),
    waves_(settings.get("waves", 8))
{
    settings.requireOnly
    ({
        "supernodes", "neighbours", "density", "latents", "width", "heads", "blocks", "hidden", "mlpRatio", "layerScale", "decoder",
        "longest", "shortest", "waves"
    });
    check(settings.where());

    using torch::nn::Linear;
    const int places = 2*waves_*shape_.grid.dimensions, inside = int(std::lround(mlpRatio_*width_));
    message_ = register_module("message", Linear(shape_.inputs, 2*hidden_));
    messageOffset_ = register_module("messageOffset", Linear(places, 2*hidden_));
    supernodeInput_ = register_module("supernodeInput", Linear(hidden_, width_));
    supernodePlace_ = register_module("supernodePlace", Linear(places, width_));
    if (pooled())
    {
        queries_ = register_parameter("queries", 0.5*torch::randn({1, latents_, width_}));
        pooling_ = register_module("pooling", CrossAttention(width_, heads_, inside, 1.0));
    }

    TransformerBlockImpl::Options block;
    block.width = width_;
    block.heads = heads_;
    block.hidden = inside;
    block.layerScale = layerScale_;
    for (int i = 0; i < blocks_; ++i)
    {
        processor_.push_back(register_module("block" + std::to_string(i), TransformerBlock(block)));
    }

    cellInput_ = register_module("cellInput", Linear(shape_.inputs, width_));
    cellPlace_ = register_module("cellPlace", Linear(places, width_));
    if (hearsNearest())
    {
        answer_ = register_module("answer", Linear(width_, 2*hidden_));
        answerOffset_ = register_module("answerOffset", Linear(places, 2*hidden_));
        answerCell_ = register_module("answerCell", Linear(shape_.inputs, 2*hidden_));
        heard_ = register_module("heard", Linear(hidden_, width_));
    }
    if (attends()) hearing_ = register_module("hearing", CrossAttention(width_, heads_, inside, layerScale_));
    outputNorm_ = register_module("outputNorm", TokenLayerNorm(width_));
    outputHidden_ = register_module("outputHidden", Linear(width_, 2*width_));
    output_ = register_module("output", Linear(width_, shape_.outputs));
}

void Upt::check(const std::string& where) const
{
    const auto refuse = [&](const std::string& entry, const std::string& expected, const std::string& found,
        std::vector<std::string> choices = {})
    {
        throw Error({"Network option does not fit", where + ", entry " + entry, expected, found, std::move(choices)});
    };
    const auto atLeast = [&](const char* entry, double value, double least)
    {
        if (!(value >= least)) refuse(entry, text(least) + " or more", text(value));
    };
    const int axes = shape_.grid.dimensions;
    if (shape_.latents != 1) refuse("merge", "another one: this processor reads one latent state", "concatenation");
    atLeast("supernodes", double(supernodes_), 1);
    atLeast("neighbours", double(neighbours_), 1);
    atLeast("latents", latents_, 0);
    atLeast("heads", heads_, 1);
    atLeast("blocks", blocks_, 1);
    atLeast("hidden", hidden_, 1);
    atLeast("waves", waves_, 1);
    if (!(density_ >= 0 && density_ <= 1)) refuse("density", "0 to 1", text(density_));
    if (width_ < 1 || width_%heads_) refuse("width", "a multiple of heads, " + std::to_string(heads_), std::to_string(width_));
    if (width_/heads_ < 2*axes)
    {
        refuse("heads", "at least " + std::to_string(2*axes) + " channels a head, 2 for each axis of the mesh",
            std::to_string(width_) + " channels for " + std::to_string(heads_) + " heads");
    }
    if (!(mlpRatio_*width_ >= 1)) refuse("mlpRatio", "above 0", text(mlpRatio_));
    if (!(layerScale_ > 0)) refuse("layerScale", "above 0", text(layerScale_));
    if (!(shortest_ > 0)) refuse("shortest", "above 0", text(shortest_));
    if (!(longest_ >= shortest_)) refuse("longest", "the shortest or above, " + text(shortest_), text(longest_));
    const std::vector<std::string> decoders{"nearest", "attention", "both"};
    if (std::find(decoders.begin(), decoders.end(), decoder_) == decoders.end())
    {
        refuse("decoder", "one of the names below", decoder_, decoders);
    }
    if (pooled() && hearsNearest()) refuse("decoder", "attention with latents: pooled tokens have no places", decoder_);
}

void Upt::setPoints(const std::shared_ptr<const PointSet>& points)
{
    TORCH_CHECK(points, "A network for points was given none");
    const auto known = std::find_if(meshes_.begin(), meshes_.end(), [&](const Mesh& mesh) { return mesh.points == points; });
    if (known != meshes_.end())
    {
        std::rotate(known, known + 1, meshes_.end());
        return;
    }
    if (meshes_.size() == keptMeshes) meshes_.erase(meshes_.begin());
    PointGraph::Options options;
    options.supernodes = supernodes_;
    options.neighbours = neighbours_;
    options.density = density_;
    meshes_.push_back(makeMesh(points, std::make_shared<PointGraph>(*points, options)));
}

Upt::Mesh Upt::makeMesh(const std::shared_ptr<const PointSet>& points, const std::shared_ptr<const PointGraph>& built) const
{
    const c10::InferenceMode ordinary(false);   // a later use may want gradients
    const PointWaves waves(longest_, shortest_, waves_);
    const PointWaves turns(longest_, shortest_, width_/heads_/(2*points->grid.dimensions));
    const Grid& grid = points->grid;

    Mesh mesh;
    mesh.points = points;
    mesh.graph = built;
    const PointGraph& graph = *built;
    mesh.toSupernodes = graph.toSupernodes;
    mesh.toConnections = graph.toConnections;
    mesh.places = waves(graph.centres, grid);
    mesh.offsets = waves(graph.offsets.flatten(0, 1), grid);
    mesh.weights = graph.weights.reshape({1, graph.cells, graph.neighbours, 1});
    mesh.supernode = graph.supernode;
    mesh.ofCells = turns.turn(graph.centres, grid);
    mesh.ofSupernodes = turns.turn(graph.centres.index_select(0, graph.supernode), grid);
    return mesh;
}

const Upt::Mesh& Upt::meshFor(const Tensor& x)
{
    TORCH_CHECK(!meshes_.empty(), "A network for points does not know where they are");
    Mesh& mesh = meshes_.back();
    TORCH_CHECK(x.size(-1) == mesh.graph->cells, "The network was given values of ", x.size(-1), " cells and the places of ",
        mesh.graph->cells);
    const auto type = precision.value_or(x.scalar_type());
    if (mesh.places.scalar_type() == type && mesh.places.device() == x.device()) return mesh;

    const Mesh exact = makeMesh(mesh.points, mesh.graph);   // not from another precision
    const c10::InferenceMode ordinary(false);
    const auto options = torch::TensorOptions(x.device()).dtype(type);
    mesh.toSupernodes = exact.toSupernodes.to(x.device());
    mesh.toConnections = exact.toConnections.to(x.device());
    mesh.places = exact.places.to(options);
    mesh.offsets = exact.offsets.to(options);
    mesh.weights = exact.weights.to(options);
    mesh.supernode = exact.supernode.to(x.device());
    mesh.ofCells = converted(exact.ofCells, options);
    mesh.ofSupernodes = converted(exact.ofSupernodes, options);
    return mesh;
}

Tensor Upt::cellsOf(const Tensor& x) const
{
    return x.flatten(2).transpose(1, 2).contiguous().to(precision.value_or(x.scalar_type()));
}

RotaryPositions::Turn Upt::ofTokens(const Mesh& mesh) const
{
    if (!pooled()) return mesh.ofSupernodes;
    const Tensor none = torch::empty({latents_, 0}, mesh.places.options());
    return {none, none};
}

Tensor Upt::encode(const Tensor& x)
{
    const Mesh& mesh = meshFor(x);
    const Tensor cells = cellsOf(x);
    const std::int64_t n = cells.size(0), nCells = cells.size(1), neighbours = mesh.graph->neighbours;

    const Tensor ofCell = linear(message_, cells).unsqueeze(2);
    const Tensor ofOffset = linear(messageOffset_, mesh.offsets).reshape({1, nCells, neighbours, 2*hidden_});
    const Tensor messages = gated(ofCell + ofOffset).reshape({n, nCells*neighbours, hidden_});
    const Tensor places = linear(supernodePlace_, mesh.places.index_select(0, mesh.supernode));
    const Tensor supernodes = linear(supernodeInput_, mesh.toSupernodes(messages)) + places;
    if (!pooled()) return supernodes;
    return pooling_(queries_.to(supernodes.scalar_type()).expand({n, latents_, width_}).contiguous(), ofTokens(mesh), supernodes,
        mesh.ofSupernodes);
}

Tensor Upt::process(const Tensor& latent)
{
    const RotaryPositions::Turn turn = ofTokens(meshes_.back());
    Tensor h = latent;
    for (TransformerBlock& block : processor_) h = block(h, turn);
    return h;
}

Tensor Upt::decode(const Tensor& latent, const Tensor& x)
{
    const Mesh& mesh = meshFor(x);
    const Tensor cells = cellsOf(x);
    const std::int64_t n = cells.size(0), nCells = cells.size(1), neighbours = mesh.graph->neighbours;

    Tensor h = linear(cellInput_, cells) + linear(cellPlace_, mesh.places);
    if (hearsNearest())
    {
        const Tensor ofToken = mesh.toConnections(linear(answer_, latent)).reshape({n, nCells, neighbours, 2*hidden_});
        const Tensor ofOffset = linear(answerOffset_, mesh.offsets).reshape({1, nCells, neighbours, 2*hidden_});
        const Tensor ofCell = linear(answerCell_, cells).unsqueeze(2);
        h = h + linear(heard_, (gated(ofToken + ofOffset + ofCell)*mesh.weights).sum(2));
    }
    if (attends()) h = hearing_(h, mesh.ofCells, latent, ofTokens(mesh));
    const Tensor out = linear(output_, gated(linear(outputHidden_, outputNorm_(h))));
    return out.transpose(1, 2).contiguous().unsqueeze(2);
}

void Upt::scaleOutput(double factor)
{
    torch::NoGradGuard noGradient;
    output_->weight.mul_(factor);
    output_->bias.mul_(factor);
}

Settings Upt::settings() const
{
    Settings settings("upt");
    settings.set("supernodes", long(supernodes_));
    settings.set("neighbours", long(neighbours_));
    settings.set("density", density_);
    settings.set("latents", long(latents_));
    settings.set("width", long(width_));
    settings.set("heads", long(heads_));
    settings.set("blocks", long(blocks_));
    settings.set("hidden", long(hidden_));
    settings.set("mlpRatio", mlpRatio_);
    settings.set("layerScale", layerScale_);
    settings.set("decoder", decoder_);
    settings.set("longest", longest_);
    settings.set("shortest", shortest_);
    settings.set("waves", long(waves_));
    return settings;
}

Tiling Upt::tiling() const
{
    refuseTiling("attention");
}

} // namespace surrogate
