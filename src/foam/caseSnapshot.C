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

#include "foam/caseSnapshot.H"
#include "foam/openfoamVersion.H"
#include "core/error.h"

#include "directionMixedFvPatchFields.H"
#include "fixedGradientFvPatchFields.H"
#include "mixedFvPatchFields.H"
#include "surfaceFields.H"
#include "Time.H"
#include "volFields.H"

#include <map>
#include <tuple>
#include <vector>

// * * * * * * * * * * * * * * * Local Functions * * * * * * * * * * * * * * //

namespace Foam
{

//- What a patch field keeps beside its values, as lists of numbers of the
//  field's own type and others
template<class Type>
struct patchMemory
{
    Field<Type> values;
    std::vector<Field<Type>> more;
    scalarField fraction;
    symmTensorField directions;
};


//- Calls f(part) for each part of a patch field's memory beside its values
template<class Type, class Function>
static void visitParts(fvPatchField<Type>& patch, Function f)
{
    if (auto* mixed = dynamic_cast<mixedFvPatchField<Type>*>(&patch))
    {
        f(0, mixed->refValue());
        f(1, mixed->refGrad());
    }
    else if
    (
        auto* directed = dynamic_cast<directionMixedFvPatchField<Type>*>(&patch)
    )
    {
        f(0, directed->refValue());
        f(1, directed->refGrad());
    }
    else if (auto* steep = dynamic_cast<fixedGradientFvPatchField<Type>*>(&patch))
    {
        f(0, steep->gradient());
    }
}

template<class Type, class Function>
static void visitParts(fvsPatchField<Type>&, Function)
{}


template<class Type>
static scalarField* fraction(fvPatchField<Type>& patch)
{
    auto* mixed = dynamic_cast<mixedFvPatchField<Type>*>(&patch);
    return mixed ? &mixed->valueFraction() : nullptr;
}

template<class Type>
static symmTensorField* directions(fvPatchField<Type>& patch)
{
    auto* mixed = dynamic_cast<directionMixedFvPatchField<Type>*>(&patch);
    return mixed ? &mixed->valueFraction() : nullptr;
}

template<class Type>
static scalarField* fraction(fvsPatchField<Type>&)
{
    return nullptr;
}

template<class Type>
static symmTensorField* directions(fvsPatchField<Type>&)
{
    return nullptr;
}


template<template<class> class PatchField, class Type>
static void keep(PatchField<Type>& patch, patchMemory<Type>& memory)
{
    memory.values = static_cast<const Field<Type>&>(patch);
    visitParts
    (
        patch,
        [&](const std::size_t i, const Field<Type>& part)
        {
            memory.more.resize(max(memory.more.size(), i + 1));
            memory.more[i] = part;
        }
    );
    if (const auto* part = fraction(patch))
    {
        memory.fraction = *part;
    }
    if (const auto* part = directions(patch))
    {
        memory.directions = *part;
    }
}


template<template<class> class PatchField, class Type>
static void putBack(PatchField<Type>& patch, const patchMemory<Type>& memory)
{
    // Not by the patch field's own assignment, which may do nothing
    static_cast<Field<Type>&>(patch) = memory.values;
    visitParts
    (
        patch,
        [&](const std::size_t i, Field<Type>& part) { part = memory.more[i]; }
    );
    if (auto* part = fraction(patch))
    {
        *part = memory.fraction;
    }
    if (auto* part = directions(patch))
    {
        *part = memory.directions;
    }
}


static void refuse(const word& name, const string& expected, const string& found)
{
    throw surrogate::Error
    ({
        "A time step cannot be taken back", "field " + name, expected, found, {}
    });
}


//- A field's levels from the present one to the oldest, without moving them on
template<class FieldType, class Function>
static void visitLevels(FieldType& field, Function f)
{
    const label nOld = field.nOldTimes();
    FieldType* level = &field;
    for (label n = 0; n <= nOld; ++n)
    {
        // oldTime() moves the levels on where the time index tells it to
        const label index = level->timeIndex();
        level->timeIndex() = level->time().timeIndex();
        FieldType* older = n < nOld ? &level->oldTime() : nullptr;
        level->timeIndex() = index;
        f(n, *level);
        level = older;
    }
}


//- All registered fields of one type. U_0 comes with U.
template<class FieldType>
class savedFields
{
    using Type = typename FieldType::value_type;

    struct Level
    {
        Field<Type> cells;
        std::vector<patchMemory<Type>> patches;
        label timeIndex;
    };

    struct Entry
    {
        std::vector<Level> levels;
        bool present;
    };

    std::map<word, Entry> entries_;


    template<class Function>
    static void visitAll(fvMesh& mesh, Function f)
    {
        objectRegistry& registry = mesh;
        forAllIters(registry, iter)
        {
            auto* field = dynamic_cast<FieldType*>(iter.val());
            if
            (
                field
             && !(
                    field->name().ends_with("_0")
                 && registry.found
                    (
                        field->name().substr(0, field->name().size() - 2)
                    )
                )
            )
            {
                f(*field);
            }
        }
    }


public:

    void save(fvMesh& mesh)
    {
        for (auto& entry : entries_)
        {
            entry.second.present = false;
        }
        visitAll
        (
            mesh,
            [&](FieldType& field)
            {
                Entry& entry = entries_[field.name()];
                entry.present = true;
                entry.levels.resize(field.nOldTimes() + 1);
                visitLevels
                (
                    field,
                    [&](const label n, FieldType& values)
                    {
                        Level& level = entry.levels[n];
                        level.timeIndex = values.timeIndex();
                        level.cells = values.primitiveField();
                        auto& patches = values.boundaryFieldRef(false);
                        level.patches.resize(patches.size());
                        forAll(patches, i)
                        {
                            keep(patches[i], level.patches[i]);
                        }
                    }
                );
            }
        );
    }


    void restore(fvMesh& mesh) const
    {
        std::vector<FieldType*> added;
        visitAll
        (
            mesh,
            [&](FieldType& field)
            {
                const auto iter = entries_.find(field.name());
                if (iter == entries_.end() || !iter->second.present)
                {
                    added.push_back(&field);
                    return;
                }
                putBackLevels(field, iter->second);
            }
        );

        for (const auto& entry : entries_)
        {
            if (entry.second.present && !mesh.thisDb().found(entry.first))
            {
                refuse(entry.first, "registered, as before the step", "gone");
            }
        }

        for (FieldType* field : added)
        {
            if (field->ownedByRegistry())
            {
                field->checkOut();
            }
        }
    }


private:

    static void putBackLevels(FieldType& field, const Entry& entry)
    {
        if (entry.levels.size() != std::size_t(field.nOldTimes() + 1))
        {
            refuse
            (
                field.name(),
                std::to_string(entry.levels.size() - 1) + " old-time levels",
                std::to_string(field.nOldTimes())
            );
        }
        visitLevels
        (
            field,
            [&](const label n, FieldType& values)
            {
                const Level& level = entry.levels[n];
                Field<Type>& cells = values.primitiveFieldRef(false);
                if (cells.size() != level.cells.size())
                {
                    refuse
                    (
                        field.name(),
                        std::to_string(level.cells.size()) + " values",
                        std::to_string(cells.size())
                    );
                }
                cells = level.cells;
                auto& patches = values.boundaryFieldRef(false);
                forAll(patches, i)
                {
                    putBack(patches[i], level.patches[i]);
                }
                values.timeIndex() = level.timeIndex;
                values.setUpToDate();
            }
        );
    }
};


//- Registered fields without patches
template<class Type>
class savedCells
{
    using FieldType = DimensionedField<Type, volMesh>;

    std::map<word, Field<Type>> entries_;

    template<class Function>
    static void visitAll(fvMesh& mesh, Function f)
    {
        objectRegistry& registry = mesh;
        forAllIters(registry, iter)
        {
            if (isType<FieldType>(*iter.val()))
            {
                f(static_cast<FieldType&>(*iter.val()));
            }
        }
    }


public:

    void save(fvMesh& mesh)
    {
        visitAll
        (
            mesh,
            [&](FieldType& field)
            {
                entries_[field.name()] = static_cast<const Field<Type>&>(field);
            }
        );
    }


    void restore(fvMesh& mesh) const
    {
        visitAll
        (
            mesh,
            [&](FieldType& field)
            {
                const auto iter = entries_.find(field.name());
                if
                (
                    iter != entries_.end()
                 && iter->second.size() == field.size()
                )
                {
                    static_cast<Field<Type>&>(field) = iter->second;
                    field.setUpToDate();
                }
            }
        );
    }
};

} // End namespace Foam


struct Foam::caseSnapshot::Fields
{
    std::tuple
    <
        savedFields<volScalarField>,
        savedFields<volVectorField>,
        savedFields<volSphericalTensorField>,
        savedFields<volSymmTensorField>,
        savedFields<volTensorField>,
        savedFields<surfaceScalarField>,
        savedFields<surfaceVectorField>,
        savedFields<surfaceSphericalTensorField>,
        savedFields<surfaceSymmTensorField>,
        savedFields<surfaceTensorField>,
        savedCells<scalar>,
        savedCells<vector>,
        savedCells<sphericalTensor>,
        savedCells<symmTensor>,
        savedCells<tensor>
    > all;
};


// * * * * * * * * * * * * * * * * Constructors  * * * * * * * * * * * * * * //

Foam::caseSnapshot::caseSnapshot(const fvMesh& mesh)
:
    mesh_(const_cast<fvMesh&>(mesh)),
    time_(mesh.time()),
    fields_(new Fields)
{}


Foam::caseSnapshot::~caseSnapshot() = default;


// * * * * * * * * * * * * * * * Member Functions  * * * * * * * * * * * * * //

void Foam::caseSnapshot::save()
{
    time_ = mesh_.time();
    std::apply
    (
        [&](auto&... kinds) { (kinds.save(mesh_), ...); },
        fields_->all
    );
}


void Foam::caseSnapshot::restore()
{
    Time& runTime = const_cast<Time&>(mesh_.time());

    // A write that was asked for once would be forgotten with the step. Where
    // it was the write control's, another step forward asks for it, too.
    const bool wrote = runTime.writeTime();
    static_cast<TimeState&>(runTime) = time_;
    if (wrote)
    {
        ++runTime;
        const bool controlled = runTime.writeTime();
        static_cast<TimeState&>(runTime) = time_;
        if (!controlled)
        {
            runTime.writeOnce();
        }
    }

    std::apply
    (
        [&](const auto&... kinds) { (kinds.restore(mesh_), ...); },
        fields_->all
    );

    // As at the first solution of a new time step
    const_cast<dictionary&>(performanceDict(mesh_, 0)).clear();
}


// ************************************************************************* //
