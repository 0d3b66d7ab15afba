#include "core/metrics/rateOfChange.h"
#include "core/metrics/testFields.h"
#include "core/refusal.h"

using namespace surrogate;

TEST(Metrics, rateOfChange)
{
    const std::vector<double> volumes{1, 3}, ax{0, 0}, ay{1, 1}, bx{0, 3}, by{1, 5};
    // |change| 0 and 5: sqrt(3*25/4)/0.5
    EXPECT_NEAR(rateOfChange({2, volumes.data()}, {ax.data(), ay.data()}, {bx.data(), by.data()}, 0.5), std::sqrt(75.0), 1e-13);
    expectRefusal([&] { rateOfChange({2}, {ax.data()}, {bx.data()}, 0); }, {"positive interval"});
}
