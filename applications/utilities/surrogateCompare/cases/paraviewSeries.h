#pragma once

#include "caseComparison.h"

#include <array>
#include <memory>
#include <string>
#include <vector>

namespace surrogate
{

//- For each run but the reference: FOLDER/NAME with F, F_reference and F_error = F - F_reference of each field F on the
//  reference's cells, and NAME-paraview.py, which opens them side by side
class ParaviewSeries : public SnapshotUser
{
public:

    //- At most that many times, spread evenly over all of them; the last is among them
    ParaviewSeries(std::string folder, std::size_t most);

    void begin(const FlowRun& reference, const CaseComparison& comparison) override;
    void see(const Snapshot& snapshot) override;

    //- Writes the scripts. Throws Error.
    void finish();

    const std::vector<std::string>& scripts() const { return scripts_; }

    //- Every how many times one is written
    std::size_t stride() const { return stride_; }

private:

    void writeScript(std::size_t run, const FlowRun& reference);

    std::string folder_;
    std::size_t most_, stride_ = 1;
    const CaseComparison* comparison_ = nullptr;
    const FlowRun* reference_ = nullptr;
    std::vector<std::unique_ptr<FieldSeries>> series_;   // none of the reference
    std::vector<std::array<double, 2>> ranges_;          // of each of the reference's fields; of a vector, its length
    std::vector<std::vector<double>> largestErrors_;     // [run][field]
    std::vector<std::string> scripts_;
};

} // namespace surrogate
