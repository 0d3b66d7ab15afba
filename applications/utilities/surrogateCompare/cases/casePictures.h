#pragma once

#include "caseComparison.h"

#include "vtk/fieldPanels.h"

#include <string>
#include <vector>

namespace surrogate
{

struct PictureOptions
{
    PlaneRequest plane;
    std::vector<std::string> fields;   //!< empty: vorticity, velocity and the first scalars, three at most
    std::optional<double> time;        //!< none: the last one
};

//- Reference, run and error of some fields on a plane, at one time
class FieldPictures : public SnapshotUser
{
public:

    FieldPictures(std::string folder, PictureOptions options);

    void begin(const FlowRun& reference, const CaseComparison& comparison) override;
    void see(const Snapshot& snapshot) override;

    //- One a run but the reference: FOLDER/NAME-fields.png
    const std::vector<std::string>& files() const { return files_; }

    //- "t = 5, plane x y at z = 0.5"
    const std::string& caption() const { return caption_; }

private:

    FieldPanel panel(const std::string& title, const std::vector<double>& values, const Field& field) const;
    void drawRun(const Snapshot& snapshot, std::size_t run);

    std::string folder_, caption_;
    PictureOptions options_;
    const CaseComparison* comparison_ = nullptr;
    std::size_t index_ = 0, nCells_ = 0;
    std::vector<std::size_t> fields_;
    PixelPlane plane_;
    std::vector<std::string> files_;
};

//- One picture of plots and what it shows
struct PlotPicture
{
    std::string file, title, caption;
};

//- Errors over time, statistics, spectra, densities, forces: those for which there are data. Throws Error.
std::vector<PlotPicture> drawFigures(const std::string& folder, const CaseComparison& comparison);

} // namespace surrogate
