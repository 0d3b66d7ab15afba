#pragma once

#include "flowRun.h"

#include "dataset/datasetReader.h"

namespace surrogate
{

//- A data set as a FlowRun: its cells are the grid's, without those that hold no fluid
class GridRun : public FlowRun
{
public:

    //- Throws Error
    explicit GridRun(const std::string& path);

    const Grid& dataGrid() const { return *grid_; }

    std::string folder() const override;
    const std::vector<double>& times() const override { return data_.times(); }
    FieldList fields(std::size_t) const override { return data_.fields(); }
    std::vector<double> read(std::size_t time, const Field& field) const override;
    std::vector<double> curl(std::size_t time, const Field& velocity) const override;
    const FlowCells& cells() const override { return cells_; }
    const std::optional<Grid>& grid() const override { return grid_; }
    const std::string& gridNote() const override { return gridNote_; }
    std::vector<double> toGrid(const std::vector<double>& values, int) const override { return values; }
    PixelPlane plane(const PlaneRequest& request, int longestSide) const override;
    std::unique_ptr<FieldSeries> writer(const std::string& path) const override;

private:

    DatasetReader data_;
    std::optional<Grid> grid_;
    FlowCells cells_;
    std::string gridNote_;
};

//- As mapBetween, for two data sets
CellMap mapBetweenGrids(const GridRun& from, const GridRun& to, std::string& note);

//- The axis that a plane's normal names, and the other two; throws Error where it is none of the first `dimensions`
std::array<int, 3> planeAxes(const PlaneRequest& request, int dimensions);

//- Low and high ends of a picture along its two axes: `whole`, or the zoom. Throws Error where they do not meet.
std::array<double, 4> pictureBounds(const PlaneRequest& request, const std::array<double, 4>& whole);

} // namespace surrogate
