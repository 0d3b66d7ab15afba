#include "model/torch/training/symmetry.h"

#include "core/refusal.h"
#include "model/testModel.h"
#include "model/torch/tensorState.h"
#include "model/torch/variables/variables.h"

#include <gtest/gtest.h>

namespace surrogate
{
namespace
{

using testing::smallManifest;
using testing::wavyState;

const FieldList fields{{Field{"U", 2, {}}, Field{"p", 1, {}}}};

TEST(Symmetry, reflectsVectorsAndScalars)
{
    const Grid grid = smallManifest().grid;
    const torch::Tensor x = torch::randn({3, 16, 16});
    const torch::Tensor y = Symmetry("reflect x", grid, fields).apply(x);
    EXPECT_EQ(y[0][2][3].item<float>(), -x[0][2][12].item<float>());   // U_x changes its sign
    EXPECT_EQ(y[1][2][3].item<float>(), x[1][2][12].item<float>());
    EXPECT_EQ(y[2][2][3].item<float>(), x[2][2][12].item<float>());
    EXPECT_TRUE(torch::equal(Symmetry("reflect x", grid, fields).apply(y), x));
    EXPECT_TRUE(torch::equal(Symmetry("reflect x y", grid, fields).apply(Symmetry("reflect x y", grid, fields).apply(x)), x));
}

TEST(Symmetry, shiftsAlongPeriodicAxes)
{
    const Grid grid = smallManifest().grid;
    const torch::Tensor x = torch::randn({5, 3, 16, 16});
    EXPECT_TRUE(torch::equal(Symmetry("shift y 0.25", grid, fields).apply(x), x.roll(4, -2)));
    EXPECT_TRUE(torch::equal(Symmetry("shift x 0.5 y 0.25", grid, fields).apply(x), x.roll({8, 4}, {-1, -2})));
}

// Vorticity is a pseudoscalar: odd under one reflection, even under a rotation by half a turn
TEST(Symmetry, mapsVorticityAsItShould)
{
    const Manifest manifest = smallManifest();
    const auto variables = makeVariables("vorticity", manifest.grid, manifest.fields);
    const torch::Tensor u = toTensor(wavyState(manifest.grid)), w = variables->inputs(u).select(1, 0);
    const auto vorticity = [&](const std::string& text)
    {
        return variables->inputs(Symmetry(text, manifest.grid, manifest.fields).apply(u)).select(1, 0);
    };
    EXPECT_TRUE(torch::allclose(vorticity("reflect x"), -torch::flip(w, {-1}), 1e-9, 1e-9));
    EXPECT_TRUE(torch::allclose(vorticity("reflect x y"), torch::flip(w, {-1, -2}), 1e-9, 1e-9));
}

TEST(Symmetry, refusesWhatIsNone)
{
    Grid grid = smallManifest().grid;
    const auto make = [&](const std::string& text) { return [&grid, text] { Symmetry(text, grid, fields); }; };
    expectRefusal(make("mirror x"), {"mirror x", "reflect AXES"});
    expectRefusal(make("reflect z"), {"axes of the grid", "found:    z"});
    expectRefusal(make("shift x 0.1"), {"whole number of cells", "1.6"});
    expectRefusal(make("shift x"), {"shift AXIS FRACTION"});
    expectRefusal(make(""), {"nothing"});
    grid.periodic[0] = false;
    expectRefusal(make("shift x 0.5"), {"periodic"});
}

} // namespace
} // namespace surrogate
