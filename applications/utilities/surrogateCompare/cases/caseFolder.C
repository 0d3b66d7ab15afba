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

#include "caseFolder.H"

#include "core/error.h"

#include "calculatedFvPatchFields.H"
#include "IOobjectList.H"
#include "OSspecific.H"
#include "polyBoundaryMeshEntries.H"

// * * * * * * * * * * * * * * * Local Functions * * * * * * * * * * * * * * //

namespace Foam
{

static Time* newDatabase(const fileName& root, const fileName& name)
{
    return new Time(Time::controlDictName, root, name);
}

} // End namespace Foam


// * * * * * * * * * * * * * Private Member Functions  * * * * * * * * * * * //

void Foam::caseFolder::readPieces(const fileName& path, const label n)
{
    pieces_.setSize(n);

    forAll(pieces_, proci)
    {
        const word processor("processor" + Foam::name(proci));
        auto* part = new piece();
        pieces_.set(proci, part);

        part->time.reset
        (
            newDatabase(path.path(), path.name()/processor)
        );
        const Time& db = part->time();

        const fileName folder(path/processor/"constant"/"polyMesh");
        if (!isFile(folder/"cellProcAddressing"))
        {
            throw surrogate::Error
            ({
                "A decomposed case does not tell where its cells lie",
                folder, "cellProcAddressing, as decomposePar leaves it",
                "no such file; run reconstructParMesh and reconstructPar", {}
            });
        }

        const auto addressing = [&](const word& name)
        {
            return labelIOList
            (
                IOobject
                (
                    name, "constant", polyMesh::meshSubDir, db,
                    IOobject::MUST_READ, IOobject::NO_WRITE, false
                )
            );
        };
        part->cells = addressing("cellProcAddressing");
        part->faces = addressing("faceProcAddressing");

        const polyBoundaryMeshEntries entries
        (
            IOobject
            (
                "boundary", "constant", polyMesh::meshSubDir, db,
                IOobject::MUST_READ, IOobject::NO_WRITE, false
            )
        );
        for (const entry& patch : entries)
        {
            part->patches.insert
            (
                patch.keyword(),
                labelPair
                (
                    patch.dict().get<label>("startFace"),
                    patch.dict().get<label>("nFaces")
                )
            );
        }
    }
}


void Foam::caseFolder::checkTimes() const
{
    const fileName path(database().path());

    if (instants_.empty())
    {
        throw surrogate::Error
        ({
            "A case has no fields", path, "time folders", "none", {}
        });
    }
    for (const instant& when : instants_)
    {
        const fileName folder(path/when.name()/polyMesh::meshSubDir);
        if (isFile(folder/"points") || isFile(folder/"faces"))
        {
            throw surrogate::Error
            ({
                "A mesh changes over time", folder, "one mesh in constant",
                "a mesh of its own at time " + when.name(), {}
            });
        }
    }
}


Foam::localIOdictionary Foam::caseFolder::fileOf
(
    const Time& time,
    const word& instance,
    const word& name,
    const word& className
)
{
    return localIOdictionary
    (
        IOobject
        (
            name, instance, time,
            IOobject::MUST_READ, IOobject::NO_WRITE, false
        ),
        className
    );
}


bool Foam::caseFolder::patchValues
(
    const dictionary& patches,
    const word& name,
    const label size,
    vectorField& values
)
{
    const dictionary* dict = patches.findDict(name, keyType::REGEX);
    if (!dict)
    {
        return false;
    }
    if (dict->found("value"))
    {
        values = vectorField("value", *dict, size);
        return true;
    }
    if (dict->getOrDefault<word>("type", word::null) == "noSlip")
    {
        values = vectorField(size, Zero);
        return true;
    }
    return false;
}


// * * * * * * * * * * * * * * * * Constructors  * * * * * * * * * * * * * * //

Foam::caseFolder::caseFolder(const fileName& path)
{
    time_.reset(newDatabase(path.path(), path.name()));

    const auto times = [](const fileName& folder)
    {
        instantList all(Time::findTimes(folder));
        DynamicList<instant> found;
        for (const instant& when : all)
        {
            if (when.name() != "constant") found.append(when);
        }
        return instantList(found);
    };
    const auto later = [](const instantList& found)
    {
        label n = 0;
        for (const instant& when : found)
        {
            if (when.value() > 0) ++n;
        }
        return n;
    };

    instants_ = times(path);
    label n = 0;
    while (isDir(path/("processor" + Foam::name(n)))) ++n;

    const instantList ofPieces(n ? times(path/"processor0") : instantList());
    if (later(ofPieces) > later(instants_) || (n && instants_.empty()))
    {
        instants_ = ofPieces;
        readPieces(path, n);
    }
    else if (!later(instants_))
    {
        for (const fileName& folder : readDir(path, fileName::DIRECTORY))
        {
            if (folder.startsWith("processors"))
            {
                throw surrogate::Error
                ({
                    "A case is decomposed in a form that is not read",
                    path/folder, "folders processorN, or reconstructed fields",
                    "the collated form; run reconstructPar", {}
                });
            }
        }
    }
    checkTimes();

    const fileName points(path/"constant"/polyMesh::meshSubDir);
    if (!isFile(points/"faces"))
    {
        throw surrogate::Error
        ({
            "A case has no mesh", points, "the whole mesh",
            "no file faces; a mesh that was made in parallel: run"
            " reconstructParMesh", {}
        });
    }
    mesh_.reset
    (
        new fvMesh
        (
            IOobject
            (
                fvMesh::defaultRegion,
                time_->constant(),
                time_(),
                IOobject::MUST_READ
            )
        )
    );
}


// * * * * * * * * * * * * * * * Member Functions  * * * * * * * * * * * * * //

Foam::HashTable<Foam::word> Foam::caseFolder::classes
(
    const instant& when
) const
{
    const IOobjectList objects(database(), when.name());

    HashTable<word> found;
    for (const word& className : {volScalarField::typeName, volVectorField::typeName})
    {
        for (const word& name : objects.names(className))
        {
            found.insert(name, className);
        }
    }
    return found;
}


template<class Type>
Foam::Field<Type> Foam::caseFolder::internal
(
    const instant& when,
    const word& name
) const
{
    const word& className =
        GeometricField<Type, fvPatchField, volMesh>::typeName;

    if (pieces_.empty())
    {
        return Field<Type>
        (
            "internalField",
            fileOf(time_(), when.name(), name, className),
            mesh_->nCells()
        );
    }

    Field<Type> all(mesh_->nCells(), Zero);
    for (const piece& part : pieces_)
    {
        UIndirectList<Type>(all, part.cells) = Field<Type>
        (
            "internalField",
            fileOf(part.time(), when.name(), name, className),
            part.cells.size()
        );
    }
    return all;
}

template Foam::Field<Foam::scalar> Foam::caseFolder::internal
(
    const instant& when,
    const word& name
) const;

template Foam::Field<Foam::vector> Foam::caseFolder::internal
(
    const instant& when,
    const word& name
) const;


Foam::tmp<Foam::volVectorField> Foam::caseFolder::vectors
(
    const instant& when,
    const word& name
) const
{
    auto tresult = tmp<volVectorField>::New
    (
        IOobject
        (
            name, when.name(), mesh_(),
            IOobject::NO_READ, IOobject::NO_WRITE, false
        ),
        mesh_(),
        dimensionedVector(dimVelocity, Zero),
        calculatedFvPatchField<vector>::typeName
    );
    volVectorField& result = tresult.ref();
    result.primitiveFieldRef() = internal<vector>(when, name);

    auto& boundary = result.boundaryFieldRef();
    forAll(boundary, patchi)
    {
        if (!boundary[patchi].coupled() && boundary[patchi].size())
        {
            boundary[patchi] == boundary[patchi].patchInternalField()();
        }
    }

    const auto put = [&](const dictionary& patches, const piece* part)
    {
        forAll(boundary, patchi)
        {
            fvPatchVectorField& patch = boundary[patchi];
            const word& patchName = patch.patch().name();
            const labelPair* place =
                part ? part->patches.cfind(patchName).good()
              ? &part->patches[patchName] : nullptr : nullptr;
            const label size = part ? place ? place->second() : 0 : patch.size();

            vectorField values;
            if
            (
                patch.coupled() || !patch.size() || !size
             || !patchValues(patches, patchName, size, values)
            )
            {
                continue;
            }
            if (!part)
            {
                patch == values;
                continue;
            }
            forAll(values, i)
            {
                const label facei = mag(part->faces[place->first() + i]) - 1;
                patch[facei - patch.patch().start()] = values[i];
            }
        }
    };
    const word& className = volVectorField::typeName;
    if (pieces_.empty())
    {
        put
        (
            fileOf(time_(), when.name(), name, className)
           .subDict("boundaryField"),
            nullptr
        );
    }
    for (const piece& part : pieces_)
    {
        put
        (
            fileOf(part.time(), when.name(), name, className)
           .subDict("boundaryField"),
            &part
        );
    }

    result.correctBoundaryConditions();
    return tresult;
}


// ************************************************************************* //
