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

#include "functionObjects/ensembleFields.H"

#include "Pstream.H"
#include "Time.H"
#include "volFields.H"

// * * * * * * * * * * * * * * * Local Functions * * * * * * * * * * * * * * //

namespace Foam
{

static surrogate::FieldList renamed
(
    const surrogate::FieldList& fields,
    const char* suffix
)
{
    std::vector<surrogate::Field> result(fields.all());
    for (surrogate::Field& field : result)
    {
        field.name += suffix;
    }
    return result;
}

} // End namespace Foam


// * * * * * * * * * * * * * Private Member Functions  * * * * * * * * * * * //

template<class FieldType>
void Foam::ensembleFields::make(const word& name) const
{
    const fvMesh& mesh = model_.mesh();
    const auto* field = mesh.findObject<FieldType>(name);
    if (!field)
    {
        return;
    }

    const auto io = [&](const char* suffix)
    {
        return IOobject
        (
            name + suffix, mesh.time().timeName(), mesh,
            IOobject::NO_READ, IOobject::AUTO_WRITE
        );
    };
    wordList types(mesh.boundary().size(), "zeroGradient");
    forAll(types, patchi)
    {
        if (field->boundaryField()[patchi].fixesValue())
        {
            types[patchi] = "fixedValue";
        }
    }
    typedef typename FieldType::value_type Type;
    const dimensioned<Type> zero(field->dimensions(), Zero);

    regIOobject::store(new FieldType(io("EnsembleMean"), *field));
    regIOobject::store
    (
        new FieldType(io("EnsembleStddev"), mesh, zero, types)
    );
}


void Foam::ensembleFields::put
(
    const stateTransfer& transfer,
    const surrogate::State& state
) const
{
    const fvMesh& mesh = model_.mesh();

    transfer.scatter(state);
    for (const surrogate::Field& field : transfer.fields())
    {
        if (auto* scalars = mesh.getObjectPtr<volScalarField>(field.name))
        {
            scalars->correctBoundaryConditions();
        }
        if (auto* vectors = mesh.getObjectPtr<volVectorField>(field.name))
        {
            vectors->correctBoundaryConditions();
        }
    }
}


// * * * * * * * * * * * * * * * * Constructors  * * * * * * * * * * * * * * //

Foam::ensembleFields::ensembleFields(const modelStep& model)
:
    model_(model),
    means_(model.map(), renamed(model.fields(), "EnsembleMean")),
    deviations_(model.map(), renamed(model.fields(), "EnsembleStddev"))
{
    for (const surrogate::Field& field : model.fields())
    {
        make<volScalarField>(field.name);
        make<volVectorField>(field.name);
    }
}


// * * * * * * * * * * * * * * * Member Functions  * * * * * * * * * * * * * //

void Foam::ensembleFields::update() const
{
    const std::vector<surrogate::State>& members = model_.members();
    surrogate::State mean(members[0]), deviation(members[0]);

    if (Pstream::master())
    {
        for (std::size_t i = 0; i < mean.values.size(); ++i)
        {
            scalar sum = 0;
            for (const surrogate::State& member : members)
            {
                sum += member.values[i];
            }
            mean.values[i] = sum/members.size();

            scalar sumSqr = 0;
            for (const surrogate::State& member : members)
            {
                sumSqr += sqr(member.values[i] - mean.values[i]);
            }
            deviation.values[i] = Foam::sqrt(sumSqr/(members.size() - 1));
        }
    }

    put(means_, mean);
    put(deviations_, deviation);
}


// ************************************************************************* //
