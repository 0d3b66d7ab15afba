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

#include "foam/stateTransfer.H"
#include "core/error.h"

#include "volFields.H"
#include "wallFvPatch.H"

// * * * * * * * * * * * * * * * Local Functions * * * * * * * * * * * * * * //

namespace Foam
{

//- True where all of this processor's walls have values set by the case
template<class FieldType>
static bool isFixed(const FieldType& field)
{
    for (const auto& values : field.boundaryField())
    {
        if (isA<wallFvPatch>(values.patch()) && !values.fixesValue())
        {
            return false;
        }
    }
    return true;
}

} // End namespace Foam


// * * * * * * * * * * * * * Private Member Functions  * * * * * * * * * * * //

Foam::volScalarField* Foam::stateTransfer::findScalar
(
    const surrogate::Field& field
) const
{
    return
        field.components == 1
      ? map_.mesh().getObjectPtr<volScalarField>(field.name)
      : nullptr;
}


Foam::volVectorField* Foam::stateTransfer::findVector
(
    const surrogate::Field& field
) const
{
    return
        field.components == map_.axes().size()
      ? map_.mesh().getObjectPtr<volVectorField>(field.name)
      : nullptr;
}


void Foam::stateTransfer::refuseMissing(const surrogate::Field& field) const
{
    const bool vectors = field.components > 1;
    const wordList names
    (
        vectors
      ? map_.mesh().sortedNames<volVectorField>()
      : map_.mesh().sortedNames<volScalarField>()
    );

    throw surrogate::Error
    ({
        "A field of the model is not in the case",
        "mesh " + map_.mesh().name(),
        std::string(vectors ? "volVectorField " : "volScalarField ")
      + field.name + ", " + std::to_string(field.components)
      + " components on a grid of " + std::to_string(map_.axes().size())
      + " axes",
        "none of that name and type",
        {names.begin(), names.end()}
    });
}


void Foam::stateTransfer::checkDimensions
(
    const surrogate::Field& field,
    const dimensionSet& found
) const
{
    std::array<double, 7> exponents;
    bool same = true;
    for (int i = 0; i < 7; ++i)
    {
        exponents[i] = found[dimensionSet::dimensionType(i)];
        same = same
         && mag(exponents[i] - field.dimensions[i])
          < dimensionSet::smallExponent;
    }

    if (!same)
    {
        throw surrogate::Error
        ({
            "A field has other dimensions than the model's",
            "field " + field.name,
            surrogate::describeDimensions(field.dimensions),
            surrogate::describeDimensions(exponents),
            {}
        });
    }
}


Foam::boolList Foam::stateTransfer::fixedAtWalls() const
{
    boolList fixed;
    for (const surrogate::Field& field : fields_)
    {
        const auto* scalars = findScalar(field);
        const bool all =
            scalars ? isFixed(*scalars) : isFixed(*findVector(field));
        fixed.append(boolList(field.components, all));
    }
    return fixed;
}


void Foam::stateTransfer::put(const bool change) const
{
    const label nCells = map_.mesh().nCells();
    const scalar* channel = cells_.cdata();
    const scalarField& weights = back_.weights();

    const auto set = [&](scalar& value, const label celli)
    {
        const scalar w = weights[celli];
        if (change)
        {
            value += w*channel[celli];
        }
        else if (w > 0)
        {
            value = w == 1 ? channel[celli] : value + w*(channel[celli] - value);
        }
    };

    for (const surrogate::Field& field : fields_)
    {
        if (auto* scalars = findScalar(field))
        {
            scalarField& values = scalars->primitiveFieldRef();
            forAll(values, celli)
            {
                set(values[celli], celli);
            }
            channel += nCells;
            continue;
        }

        vectorField& vectors = findVector(field)->primitiveFieldRef();
        for (const label dir : map_.axes())
        {
            forAll(vectors, celli)
            {
                set(vectors[celli][dir], celli);
            }
            channel += nCells;
        }
    }
}


// * * * * * * * * * * * * * * * * Constructors  * * * * * * * * * * * * * * //

Foam::stateTransfer::stateTransfer
(
    const gridMap& map,
    const surrogate::FieldList& fields,
    const backMapping::Options& options
)
:
    map_(map),
    fields_(fields),
    back_(map, options)
{}


// * * * * * * * * * * * * * * * Member Functions  * * * * * * * * * * * * * //

void Foam::stateTransfer::check() const
{
    for (const surrogate::Field& field : fields_)
    {
        if (const auto* scalars = findScalar(field))
        {
            checkDimensions(field, scalars->dimensions());
        }
        else if (const auto* vectors = findVector(field))
        {
            checkDimensions(field, vectors->dimensions());
        }
        else
        {
            refuseMissing(field);
        }
    }
}


void Foam::stateTransfer::gather(surrogate::State& state) const
{
    check();

    const label nCells = map_.mesh().nCells();
    cells_.setSize(fields_.nChannels()*nCells);
    scalar* channel = cells_.data();

    for (const surrogate::Field& field : fields_)
    {
        if (const auto* scalars = findScalar(field))
        {
            std::copy(scalars->begin(), scalars->end(), channel);
            channel += nCells;
            continue;
        }

        const vectorField& vectors = findVector(field)->primitiveField();
        for (const label dir : map_.axes())
        {
            forAll(vectors, celli)
            {
                channel[celli] = vectors[celli][dir];
            }
            channel += nCells;
        }
    }

    state.grid = map_.grid();
    state.fields = fields_;
    state.geometry = map_.geometry();
    state.time = map_.mesh().time().value();
    if (Pstream::master())
    {
        state.values.resize(fields_.nChannels()*state.grid.nCells());
    }

    map_.toGrid(cells_, fields_.nChannels(), state.values.data());
}


void Foam::stateTransfer::scatter(const surrogate::State& state) const
{
    check();

    cells_.setSize(fields_.nChannels()*map_.mesh().nCells());
    map_.toMesh(state.values.data(), fields_.nChannels(), cells_);
    put(false);
}


void Foam::stateTransfer::scatter
(
    const surrogate::State& state,
    const surrogate::State& before
) const
{
    if (!back_.change())
    {
        scatter(state);
        return;
    }

    check();

    if (Pstream::master())
    {
        change_.resize(state.values.size());
        for (std::size_t i = 0; i < change_.size(); ++i)
        {
            change_[i] = state.values[i] - before.values[i];
        }
    }

    cells_.setSize(fields_.nChannels()*map_.mesh().nCells());
    map_.changeToMesh(change_.data(), fixedAtWalls(), cells_);
    put(true);
}


// ************************************************************************* //
