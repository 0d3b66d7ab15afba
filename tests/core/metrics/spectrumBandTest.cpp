#include "core/metrics/spectrumBand.h"
#include "core/metrics/testFields.h"
#include "core/noise.h"
#include "core/refusal.h"

using namespace surrogate;

TEST(Metrics, aSpectrumOutsideTheBandIsFound)
{
    // Shell 1 log-normal with 0.1 decades, shell 2 constant
    std::vector<std::vector<double>> spectra;
    for (std::uint64_t i = 0; i < 400; ++i) spectra.push_back({0, std::pow(10, 0.1*Noise(2).normal(0, i)), 3});
    const SpectrumBand single = spectrumBand({spectra}, 1, Noise(1));
    EXPECT_NEAR(single.mean[1], 0, 0.02);
    EXPECT_NEAR(single.stddev[1], 0.1, 0.01);
    EXPECT_NEAR(single.mean[2], std::log10(3.0), 1e-12);
    const SpectrumBand band = spectrumBand({spectra}, 16, Noise(1));
    EXPECT_NEAR(band.stddev[1], 0.025, 0.005);
    EXPECT_NEAR(band.mean[1], std::log10(std::exp(0.5*std::pow(0.1*std::log(10), 2))), 0.01);
    EXPECT_FALSE(firstOutsideBand(spectra, 16, band, 1, 1));

    // Twice the energy from snapshot 100 on: 0.3 decades once it fills the window, 5 deviations are 0.125
    for (std::size_t i = 100; i < spectra.size(); ++i) spectra[i][1] *= 2;
    const auto first = firstOutsideBand(spectra, 16, band, 1, 1);
    ASSERT_TRUE(first);
    EXPECT_GT(*first, 100u);
    EXPECT_LT(*first, 115u);
    EXPECT_FALSE(firstOutsideBand({spectra[0], spectra[200]}, 16, band, 1, 1));   // no window
    expectRefusal([&] { firstOutsideBand(spectra, 16, band, 1, 3); }, {"not in both spectra", "0 to 2", "1 to 3"});
    expectRefusal([&] { spectrumBand({}, 16, Noise(1)); }, {"band of spectra"});
}

// Successive spectra that hardly differ: their mean over a window deviates as much as each does
TEST(Metrics, theBandOfCorrelatedSpectraIsWider)
{
    std::vector<std::vector<double>> spectra;
    for (std::uint64_t i = 0; i < 4000; ++i) spectra.push_back({std::pow(10, 0.1*Noise(2).normal(0, i/40))});
    const SpectrumBand band = spectrumBand({spectra}, 10, Noise(1));
    EXPECT_GT(band.stddev[0], 0.07);
    EXPECT_LT(band.stddev[0], 0.12);
    EXPECT_NEAR(spectrumBand({{spectra[0], spectra[40]}}, 10, Noise(1)).mean[0],
        std::log10(0.5*(spectra[0][0] + spectra[40][0])), 0.02);   // fewer than a window: draws alone
}
