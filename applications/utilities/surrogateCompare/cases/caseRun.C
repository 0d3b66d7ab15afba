/*---------------------------------------------------------------------------*\
  =========                 |
  \\      /  F ield         | surrogateFoam: neural surrogates for OpenFOAM
   \\    /   O peration     |
    \\  /    A nd           |
     \\/     M anipulation  |
-------------------------------------------------------------------------------
License
    This file is part of surrogateFoam.

    surrogateFoam is free software: you can redistribute it and/or modify it
    under the terms of the GNU General Public License as published by
    the Free Software Foundation, either version 3 of the License, or
    (at your option) any later version.

    surrogateFoam is distributed in the hope that it will be useful, but
    WITHOUT ANY WARRANTY; without even the implied warranty of MERCHANTABILITY
    or FITNESS FOR A PARTICULAR PURPOSE.  See the GNU General Public License
    for more details.

    You should have received a copy of the GNU General Public License
    along with surrogateFoam.  If not, see <http://www.gnu.org/licenses/>.

\*---------------------------------------------------------------------------*/

#include "caseRun.H"

#include "core/error.h"
#include "core/metrics.h"

#include "emptyPolyPatch.H"
#include "labelVector.H"
#include "linear.H"
#include "surfaceInterpolate.H"
#include "wedgePolyPatch.H"

#include <filesystem>

// * * * * * * * * * * * * * * Global Functions  * * * * * * * * * * * * * * //

void Foam::throwingErrors
(
    const std::string& path,
    const std::function<void()>& call
)
{
    FatalError.throwExceptions();
    FatalIOError.throwExceptions();
    messageStream::level = 0;   // what meshes and maps tell of their making
    try
    {
        call();
    }
    catch (const Foam::IOerror& error)
    {
        throw surrogate::Error
        ({
            "OpenFOAM cannot read a case",
            path + ", file " + error.ioFileName() + " line "
          + std::to_string(error.ioStartLineNumber()),
            "what OpenFOAM's own applications read", error.message(), {}
        });
    }
    catch (const Foam::error& error)
    {
        throw surrogate::Error
        ({
            "OpenFOAM cannot read a case", path,
            "what OpenFOAM's own applications read", error.message(), {}
        });
    }
}


// * * * * * * * * * * * * * Private Member Functions  * * * * * * * * * * * //

void Foam::caseRun::findGrid(const std::vector<int>& wanted)
{
    const labelVector& active = mesh().geometricD();
    DynamicList<label> axes;
    for (direction dir = 0; dir < 3; ++dir)
    {
        if (active[dir] > 0) axes.append(dir);
    }
    axes_ = axes;

    std::string reason;
    try
    {
        gridMap_ = gridMap::New("identity", mesh());
    }
    catch (const surrogate::Error& error)
    {
        reason = error.report().what;
    }

    if (gridMap_.valid())
    {
        axes_ = gridMap_->axes();
        grid_ = gridMap_->grid();
        if (!wanted.empty())
        {
            gridNote_ = "the mesh is a uniform grid itself: -grid is not needed";
        }
        return;
    }
    if (wanted.empty())
    {
        gridNote_ =
            "the mesh is not a uniform grid (" + reason + "); give one: -grid '(nx ny"
          + std::string(axes_.size() > 2 ? " nz" : "") + ")'";
        return;
    }
    if (label(wanted.size()) != axes_.size())
    {
        throw surrogate::Error
        ({
            "A grid has another number of dimensions than the mesh",
            "option -grid", std::to_string(axes_.size()) + " numbers of cells",
            std::to_string(wanted.size()), {}
        });
    }

    surrogate::Grid grid;
    grid.dimensions = axes_.size();
    const boundBox bounds(mesh().points(), false);
    forAll(axes_, axis)
    {
        grid.cells[axis] = wanted[axis];
        grid.lower[axis] = bounds.min()[axes_[axis]];
        grid.upper[axis] = bounds.max()[axes_[axis]];
    }
    grid.check("option -grid");
    gridMap_ = gridMap::New("meshToMesh", mesh(), grid);
    grid_ = gridMap_->grid();
}


void Foam::caseRun::describeCells()
{
    cells_.dimensions = axes_.size();
    const scalarField& volumes = mesh().V();
    cells_.volumes.assign(volumes.begin(), volumes.end());
    for (const fvPatch& patch : mesh().boundary())
    {
        if (patch.coupled() || isA<emptyPolyPatch>(patch.patch()) || isA<wedgePolyPatch>(patch.patch()))
        {
            continue;
        }
        cells_.boundaryAreas.resize(volumes.size(), 0);
        forAll(patch, i)
        {
            cells_.boundaryAreas[patch.faceCells()[i]] += patch.magSf()[i];
        }
    }
    cells_.description =
        std::to_string(mesh().nCells()) + " cells, "
      + std::to_string(axes_.size()) + "-D";
    if (case_->nPieces())
    {
        cells_.description +=
            ", decomposed for " + std::to_string(case_->nPieces()) + " processors";
    }
}


std::vector<double> Foam::caseRun::components(const vectorField& values) const
{
    std::vector<double> result;
    result.reserve(axes_.size()*values.size());
    for (const label axis : axes_)
    {
        for (const vector& value : values) result.push_back(value[axis]);
    }
    return result;
}


Foam::tmp<Foam::vectorField> Foam::caseRun::gaussCurl
(
    const volVectorField& velocity
) const
{
    const surfaceVectorField faces(linearInterpolate(velocity));
    auto tresult = tmp<vectorField>::New(mesh().nCells(), Zero);
    vectorField& result = tresult.ref();

    const surfaceVectorField& areas = mesh().Sf();
    const labelUList& owner = mesh().owner();
    const labelUList& neighbour = mesh().neighbour();
    forAll(neighbour, facei)
    {
        const vector part(areas[facei] ^ faces[facei]);
        result[owner[facei]] += part;
        result[neighbour[facei]] -= part;
    }
    forAll(faces.boundaryField(), patchi)
    {
        const fvsPatchVectorField& values = faces.boundaryField()[patchi];
        const labelUList& cells = mesh().boundary()[patchi].faceCells();
        const vectorField& patchAreas = areas.boundaryField()[patchi];
        forAll(values, i)
        {
            result[cells[i]] += patchAreas[i] ^ values[i];
        }
    }
    result /= mesh().V().field();
    return tresult;
}


// * * * * * * * * * * * * * * * * Constructors  * * * * * * * * * * * * * * //

Foam::caseRun::caseRun
(
    const std::string& path,
    const std::vector<int>& gridCells
)
:
    FlowRun(path),
    folder_(std::filesystem::weakly_canonical(path).string())
{
    throwingErrors(path, [&]()
    {
        case_ = std::make_unique<caseFolder>(folder_);
        findGrid(gridCells);
        describeCells();
    });
    for (const instant& when : case_->instants())
    {
        times_.push_back(when.value());
    }
}


// * * * * * * * * * * * * * * * Member Functions  * * * * * * * * * * * * * //

Foam::vectorField Foam::caseRun::toVectors
(
    const std::vector<double>& values
) const
{
    const label n = mesh().nCells();
    vectorField result(n, Zero);
    forAll(axes_, axis)
    {
        for (label celli = 0; celli < n; ++celli)
        {
            result[celli][axes_[axis]] = values[axis*n + celli];
        }
    }
    return result;
}


surrogate::FieldList Foam::caseRun::fields(std::size_t time) const
{
    std::vector<surrogate::Field> found;
    throwingErrors(path(), [&]()
    {
        classes_ = case_->classes(case_->instants()[time]);
        for (const word& name : classes_.sortedToc())
        {
            const bool scalars = classes_[name] == volScalarField::typeName;
            found.push_back({name, scalars ? 1 : int(axes_.size()), {}});
        }
    });
    return found;
}


std::vector<double> Foam::caseRun::read
(
    std::size_t time,
    const surrogate::Field& field
) const
{
    const instant& when = case_->instants()[time];
    std::vector<double> result;
    throwingErrors(path(), [&]()
    {
        // A vector of a 1-D case has one component, too
        if (!classes_.found(field.name))
        {
            classes_ = case_->classes(when);
        }
        if (classes_.lookup(field.name, word::null) != volVectorField::typeName)
        {
            const scalarField values(case_->internal<scalar>(when, field.name));
            result.assign(values.begin(), values.end());
            return;
        }
        result = components(case_->internal<vector>(when, field.name));
    });
    return result;
}


std::vector<double> Foam::caseRun::curl
(
    std::size_t time,
    const surrogate::Field& velocity
) const
{
    if (gridMap_.valid() && gridMap_->identical())
    {
        // As for a data set of the same grid
        const std::vector<double> onGrid
        (
            toGrid(read(time, velocity), velocity.components)
        );
        const std::vector<double> omega
        (
            surrogate::vorticity(*grid_, onGrid.data())
        );
        const label components = grid_->dimensions == 3 ? 3 : 1;
        scalarField cells(components*mesh().nCells());
        gridMap_->toMesh(omega.data(), components, cells);
        return {cells.begin(), cells.end()};
    }

    std::vector<double> result;
    throwingErrors(path(), [&]()
    {
        const vectorField omega
        (
            gaussCurl
            (
                case_->vectors(case_->instants()[time], velocity.name)()
            )
        );
        if (axes_.size() == 3)
        {
            result = components(omega);
            return;
        }
        // d/d(first) of the second minus d/d(second) of the first
        const label normal = 3 - axes_[0] - axes_[1];
        const scalar sign = normal == 1 ? -1 : 1;
        for (const vector& value : omega) result.push_back(sign*value[normal]);
    });
    return result;
}


std::vector<double> Foam::caseRun::toGrid
(
    const std::vector<double>& values,
    int components
) const
{
    std::vector<double> result(components*grid_->nCells());
    const UList<scalar> cells
    (
        const_cast<double*>(values.data()),
        values.size()
    );
    gridMap_->toGrid(cells, components, result.data());
    return result;
}


// * * * * * * * * * * * * * * Global Functions  * * * * * * * * * * * * * * //

std::unique_ptr<surrogate::FlowRun> surrogate::openCase
(
    const std::string& path,
    const std::vector<int>& gridCells
)
{
    return std::make_unique<Foam::caseRun>(path, gridCells);
}


// ************************************************************************* //
