#include "core/metrics/cells.h"
#include "core/metrics/testFields.h"

using namespace surrogate;

TEST(Metrics, boundaryAreasOfAGrid)
{
    EXPECT_TRUE(boundaryAreas(box({3, 2}, {1, 1})).empty());
    Grid grid = box({3, 2}, {6, 1}, false);   // cells of 2 by 0.5
    EXPECT_EQ(boundaryAreas(grid), (std::vector<double>{2.5, 2, 2.5, 2.5, 2, 2.5}));
    grid.periodic[1] = true;
    EXPECT_EQ(boundaryAreas(grid), (std::vector<double>{0.5, 0, 0.5, 0.5, 0, 0.5}));
    const std::vector<double> line = boundaryAreas(box({1}, {2}, false));
    EXPECT_EQ(line, std::vector<double>{2});   // both ends
}
