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

#include "foam/stateWriteBack.H"
#include "foam/buoyancy.H"
#include "foam/pressureRecovery.H"
#include "core/error.h"

#include "OSspecific.H"
#include "surfaceFields.H"
#include "volFields.H"

// * * * * * * * * * * * * * * * Local Functions * * * * * * * * * * * * * * //

namespace Foam
{

//- True for a rate of change that CrankNicolsonDdtScheme keeps between steps
static bool isRate(const word& name)
{
    return name.starts_with("ddt0(") || name.starts_with("ddtCorrDdt0(");
}


template<class FieldType>
static void dropRates(const fvMesh& mesh)
{
    for (const word& name : mesh.sortedNames<FieldType>())
    {
        if (isRate(name))
        {
            mesh.getObjectPtr<FieldType>(name)->checkOut();
        }
    }
}


//- Copies without old-time levels
template<class Type>
static PtrList<Type> copies(const UPtrList<Type>& fields)
{
    PtrList<Type> result(fields.size());
    forAll(fields, i)
    {
        const Type& field = fields[i];
        result.set
        (
            i,
            new Type
            (
                IOobject
                (
                    field.name() + "Before", field.instance(), field.db(),
                    IOobject::NO_READ, IOobject::NO_WRITE, false
                ),
                field.mesh(),
                field.dimensions(),
                field.primitiveField(),
                field.boundaryField()
            )
        );
    }
    return result;
}


//- Adds to the old-time levels what was added to the fields
template<class Type>
static void moveOldTimes(UPtrList<Type>& fields, const PtrList<Type>& before)
{
    forAll(fields, i)
    {
        const tmp<Type> change(fields[i] - before[i]);
        Type* level = &fields[i];
        for (label n = level->nOldTimes(); n > 0; --n)
        {
            level = &level->oldTime();
            *level == *level + change();
        }
    }
}


//- With the old-time levels that a restart reads
template<class Type>
static void writeWithOldTimes(UPtrList<Type>& fields)
{
    for (Type& field : fields)
    {
        Type* level = &field;
        for (label n = field.nOldTimes(); n >= 0; --n)
        {
            if (level->writeOpt() == IOobject::AUTO_WRITE)
            {
                level->write();
            }
            level = n > 0 ? &level->oldTime() : nullptr;
        }
    }
}

} // End namespace Foam


// * * * * * * * * * * * * * * * Member Functions  * * * * * * * * * * * * * //

Foam::stateWriteBack::Options Foam::stateWriteBack::Options::read
(
    const surrogate::Settings& settings
)
{
    Options options;
    options.U = settings.get("U", options.U);
    options.p = settings.get("p", options.p);
    options.phi = settings.get("phi", options.phi);
    options.continuityTolerance =
        settings.get("continuityTolerance", options.continuityTolerance);
    options.velocityTolerance =
        settings.get("velocityTolerance", options.velocityTolerance);
    options.conserve = conservation::Options::read(settings);

    const auto requirePositive = [&](const char* entry, const scalar value)
    {
        if (value <= 0 && settings.found(entry))
        {
            throw surrogate::Error
            ({
                "Not a tolerance", settings.where() + ", entry " + entry,
                "a positive number", std::to_string(value), {}
            });
        }
    };
    requirePositive("continuityTolerance", options.continuityTolerance);
    requirePositive("velocityTolerance", options.velocityTolerance);
    return options;
}


std::vector<std::string> Foam::stateWriteBack::Options::keywords()
{
    std::vector<std::string> keywords
    {
        "U", "p", "phi", "continuityTolerance", "velocityTolerance"
    };
    const auto more(conservation::Options::keywords());
    keywords.insert(keywords.end(), more.begin(), more.end());
    return keywords;
}


template<class Type>
Type* Foam::stateWriteBack::find(const word& name) const
{
    return transfer_.map().mesh().getObjectPtr<Type>(name);
}


bool Foam::stateWriteBack::incompressible() const
{
    const auto* phi = find<surfaceScalarField>(options_.phi);

    if
    (
        !phi
     || !find<volVectorField>(options_.U)
     || !find<volScalarField>(options_.p)
     || !transfer_.fields().contains(options_.U)
    )
    {
        return false;
    }

    if (phi->dimensions() != dimVelocity*dimArea)
    {
        throw surrogate::Error
        ({
            "The flux cannot be repaired",
            "field " + phi->name(),
            "a volumetric flux, [0 3 -1 0 0 0 0]",
            "other dimensions",
            {}
        });
    }

    return true;
}


template<class Type>
Foam::UPtrList<Type> Foam::stateWriteBack::changeable() const
{
    wordHashSet names;
    for (const surrogate::Field& field : transfer_.fields())
    {
        names.insert(field.name);
    }
    if (incompressible())
    {
        names.insert(options_.p);
        names.insert(options_.phi);
    }

    UPtrList<Type> fields;
    for (const word& name : names.sortedToc())
    {
        if (Type* field = find<Type>(name))
        {
            fields.append(field);
        }
    }
    return fields;
}


Foam::scalar Foam::stateWriteBack::allowed() const
{
    return
        options_.velocityTolerance > 0
      ? options_.velocityTolerance
      : max(1.5*usual_, options_.continuityTolerance);
}


Foam::FluxReport Foam::stateWriteBack::repair(const scalar tolerance) const
{
    return
        incompressible()
      ? repairFlux
        (
            *find<volVectorField>(options_.U),
            *find<surfaceScalarField>(options_.phi),
            *find<volScalarField>(options_.p),
            tolerance,
            allowed()
        )
      : FluxReport();
}


void Foam::stateWriteBack::correctBoundaries() const
{
    for (const surrogate::Field& field : transfer_.fields())
    {
        auto* scalars = find<volScalarField>(field.name);
        if (!scalars)
        {
            find<volVectorField>(field.name)->correctBoundaryConditions();
        }
        else if (field.name != options_.p)
        {
            scalars->correctBoundaryConditions();
        }
    }

    // What the temperature's boundary conditions set is in its gradient at walls
    if (auto* p = find<volScalarField>(options_.p))
    {
        updateBuoyancy(*p);
        if (transfer_.fields().contains(options_.p))
        {
            p->correctBoundaryConditions();
            updateTotalPressure(*p);
        }
    }
}


void Foam::stateWriteBack::restoreVelocity(FluxReport& report) const
{
    if (!options_.conserve.velocity())
    {
        return;
    }
    auto* phi =
        incompressible()
      ? find<surfaceScalarField>(options_.phi)
      : nullptr;
    conservation_.restoreVelocity(*find<volVectorField>(options_.U), phi);
    if (phi)
    {
        report.after = Foam::continuityError(*phi);
    }
}


Foam::stateWriteBack::stateWriteBack
(
    const stateTransfer& transfer,
    const Options& options
)
:
    transfer_(transfer),
    options_(options),
    conservation_(transfer.map().mesh(), options.conserve, options.U)
{}


void Foam::stateWriteBack::check() const
{
    const fvMesh& mesh = transfer_.map().mesh();
    if (hasBuoyancy(mesh) && options_.p != "p_rgh")
    {
        throw surrogate::Error
        ({
            "Not the pressure that the solver solves for",
            "entry p, in a case with buoyancy (rhok and ghf are registered)",
            "p p_rgh;", options_.p, {}
        });
    }
    conservation_.check(transfer_.fields(), incompressible());
}


void Foam::stateWriteBack::measureUsual()
{
    usual_ =
        incompressible()
      ? Foam::continuityError(*find<volVectorField>(options_.U))
      : 0;
}


Foam::FluxReport Foam::stateWriteBack::write
(
    const surrogate::State& state,
    const surrogate::State* before
) const
{
    conservation_.measure();
    if (before)
    {
        transfer_.scatter(state, *before);
    }
    else
    {
        transfer_.scatter(state);
    }
    conservation_.restoreScalars();

    correctBoundaries();

    // A flux that is not conservative serves between the model's steps
    FluxReport report = repair
    (
        options_.conserve.mass ? options_.continuityTolerance : allowed()
    );
    restoreVelocity(report);
    return report;
}


Foam::FluxReport Foam::stateWriteBack::conserveFlux() const
{
    FluxReport report = repair(options_.continuityTolerance);
    if (report.before > allowed())
    {
        restoreVelocity(report);   // U was projected once more
    }
    return report;
}


Foam::FluxReport Foam::stateWriteBack::complete() const
{
    const FluxReport report = conserveFlux();

    if (incompressible())
    {
        // T may have been advanced since write()
        auto& p = *find<volScalarField>(options_.p);
        updateBuoyancy(p);
        if (!transfer_.fields().contains(options_.p))
        {
            recoverPressure
            (
                p,
                *find<volVectorField>(options_.U),
                *find<surfaceScalarField>(options_.phi)
            );
        }
        else
        {
            p.correctBoundaryConditions();
        }
        updateTotalPressure(p);
    }

    return report;
}


void Foam::stateWriteBack::handOver() const
{
    const fvMesh& mesh = transfer_.map().mesh();
    dropRates<volScalarField>(mesh);
    dropRates<volVectorField>(mesh);
    dropRates<surfaceScalarField>(mesh);
}


Foam::FluxReport Foam::stateWriteBack::replace
(
    const surrogate::State& state,
    const surrogate::State* before
) const
{
    auto scalars = changeable<volScalarField>();
    auto vectors = changeable<volVectorField>();
    auto fluxes = changeable<surfaceScalarField>();
    const auto scalarsBefore(copies(scalars));
    const auto vectorsBefore(copies(vectors));
    const auto fluxesBefore(copies(fluxes));

    FluxReport report = write(state, before);
    report.after = complete().after;
    handOver();

    moveOldTimes(scalars, scalarsBefore);
    moveOldTimes(vectors, vectorsBefore);
    moveOldTimes(fluxes, fluxesBefore);

    return report;
}


void Foam::stateWriteBack::rewrite() const
{
    auto scalars = changeable<volScalarField>();
    auto vectors = changeable<volVectorField>();
    auto fluxes = changeable<surfaceScalarField>();
    writeWithOldTimes(scalars);
    writeWithOldTimes(vectors);
    writeWithOldTimes(fluxes);

    // A restart must begin anew too
    const fvMesh& mesh = transfer_.map().mesh();
    const fileName folder(mesh.time().timePath()/mesh.dbDir());
    for (const fileName& name : readDir(folder, fileName::FILE))
    {
        if (isRate(name))
        {
            rm(folder/name);
        }
    }
}


Foam::FluxReport Foam::stateWriteBack::continuity() const
{
    FluxReport report;
    if (incompressible())
    {
        report.before =
            Foam::continuityError(*find<volVectorField>(options_.U));
        report.after =
            Foam::continuityError(*find<surfaceScalarField>(options_.phi));
    }
    return report;
}


bool Foam::stateWriteBack::hasVelocity() const
{
    return find<volVectorField>(options_.U);
}


Foam::scalar Foam::stateWriteBack::kineticEnergy() const
{
    const auto* U = find<volVectorField>(options_.U);
    if (!U)
    {
        return 0;
    }
    const scalarField& V = U->mesh().V();
    return 0.5*gSumProd(V, magSqr(U->primitiveField())())/gSum(V);
}


// ************************************************************************* //
