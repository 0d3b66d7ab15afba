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

#include "foam/conservation/untouchedFields.H"
#include "foam/openfoamVersion.H"
#include "core/error.h"

#include "fvmDdt.H"
#include "fvmDiv.H"
#include "fvmLaplacian.H"
#include "fvOptions.H"
#include "surfaceFields.H"
#include "Time.H"
#include "turbulenceModel.H"
#include "volFields.H"

// * * * * * * * * * * * * * * * Local Functions * * * * * * * * * * * * * * //

namespace Foam
{

//- Fields with the old-time levels that they have now, which go back into the
//  fields when this ends
template<class Type>
class oldTimeKeeper
{
    using FieldType = GeometricField<Type, fvPatchField, volMesh>;

    UPtrList<FieldType> fields_;
    PtrList<FieldType> levels_;

    static IOobject unregistered(const FieldType& field)
    {
        return IOobject
        (
            field.name() + "Kept", field.instance(), field.db(),
            IOobject::NO_READ, IOobject::NO_WRITE, false
        );
    }

public:

    oldTimeKeeper(const fvMesh& mesh, const wordList& names)
    {
        for (const word& name : names)
        {
            FieldType* field = mesh.getObjectPtr<FieldType>(name);
            fields_.append(field);

            // Moves the levels on, as the first use in a time step does
            FieldType* level = &field->oldTime();
            for (label n = field->nOldTimes(); n > 0; --n)
            {
                levels_.append
                (
                    new FieldType
                    (
                        unregistered(*level), level->mesh(),
                        level->dimensions(), level->primitiveField(),
                        level->boundaryField()
                    )
                );
                level = n > 1 ? &level->oldTime() : nullptr;
            }
        }
    }

    void putBack()
    {
        label i = 0;
        forAll(fields_, fieldi)
        {
            FieldType* level = &fields_[fieldi];
            level->timeIndex() = level->time().timeIndex();
            for (label n = fields_[fieldi].nOldTimes(); n > 0; --n)
            {
                level = &level->oldTime();
                level->timeIndex() = level->time().timeIndex();
                *level == levels_[i++];
            }
        }
    }
};

} // End namespace Foam


// * * * * * * * * * * * * * Private Member Functions  * * * * * * * * * * * //

template<class Type>
Foam::wordList Foam::untouchedFields::advanced() const
{
    wordList names;
    for (const auto& field : plan_)
    {
        if
        (
            field.second != hold
         && mesh_.foundObject<GeometricField<Type, fvPatchField, volMesh>>
            (
                field.first
            )
        )
        {
            names.append(field.first);
        }
    }
    return names;
}


Foam::tmp<Foam::volScalarField> Foam::untouchedFields::diffusivity
(
    const word& name
) const
{
    const auto uniform = [&](const scalar D)
    {
        return tmp<volScalarField>::New
        (
            IOobject("D" + name, mesh_.time().timeName(), mesh_),
            mesh_,
            dimensionedScalar("D", dimViscosity, D)
        );
    };

    const auto given = options_.diffusivities.find(name);
    if (given != options_.diffusivities.end())
    {
        return uniform(given->second);
    }

    const auto* properties =
        mesh_.findObject<IOdictionary>("transportProperties");
    if (properties && properties->found("D" + name))
    {
        return uniform
        (
            dimensionedScalar("D" + name, dimViscosity, *properties).value()
        );
    }

    const auto* flow = mesh_.findObject<turbulenceModel>
    (
        turbulenceModel::propertiesName
    );
    if (properties && properties->found("Pr") && flow)
    {
        const dimensionedScalar Pr("Pr", dimless, *properties);
        const dimensionedScalar Prt
        (
            "Prt", dimless, properties->getOrDefault<scalar>("Prt", 1)
        );
        return tmp<volScalarField>::New
        (
            "alphaEff", flow->nu()/Pr + flow->nut()/Prt
        );
    }

    throw surrogate::Error
    ({
        "No diffusivity",
        options_.where + ", entry untouched, field " + name,
        "an entry untouchedCoeffs." + name + ".diffusivity, or D" + name
      + " or Pr in transportProperties",
        "none of them",
        {}
    });
}


void Foam::untouchedFields::solveTurbulence() const
{
    auto& model = mesh_.lookupObjectRef<turbulenceModel>
    (
        turbulenceModel::propertiesName
    );
    word first;
    for (const auto& field : plan_)
    {
        if (field.second == turbulence)
        {
            first = field.first;
            break;
        }
    }
    const solverSelection selection(mesh_, first);
    model.correct();
}


void Foam::untouchedFields::solveTransport(const word& name) const
{
    auto& s = mesh_.lookupObjectRef<volScalarField>(name);
    const auto& phi = mesh_.lookupObject<surfaceScalarField>(phiName_);
    const tmp<volScalarField> D(diffusivity(name));
    auto* sources = mesh_.getObjectPtr<fv::options>(fv::options::typeName);

    fvScalarMatrix equation
    (
        fvm::ddt(s) + fvm::div(phi, s) - fvm::laplacian(D(), s)
    );
    if (sources)
    {
        equation -= (*sources)(s);
        sources->constrain(equation);
    }

    const solverSelection selection(mesh_, name);
    equation.solve();
    if (sources)
    {
        sources->correct(s);
    }
}


void Foam::untouchedFields::dropPredictions() const
{
    for (const auto& field : plan_)
    {
        if (field.second == transport && predictedScalars_.found(field.first))
        {
            auto& s = mesh_.lookupObjectRef<volScalarField>(field.first);
            s == volScalarField(s.oldTime());
        }
    }
}


Foam::label Foam::untouchedFields::nSubSteps() const
{
    const scalar ratio =
        mesh_.time().deltaTValue()/max(solverDeltaT_, VSMALL);
    return solverDeltaT_ > 0 ? max(label(1), label(ceil(ratio - 1e-6))) : 1;
}


void Foam::untouchedFields::subStep() const
{
    bool byTurbulence = false;
    for (const auto& field : plan_)
    {
        byTurbulence = byTurbulence || field.second == turbulence;
    }
    if (byTurbulence)
    {
        solveTurbulence();
    }
    for (const auto& field : plan_)
    {
        if (field.second == transport)
        {
            solveTransport(field.first);
        }
    }
}


// * * * * * * * * * * * * * * * * Constructors  * * * * * * * * * * * * * * //

Foam::untouchedFields::untouchedFields
(
    const fvMesh& mesh,
    const Options& options,
    const stateWriteBack::Options& names,
    const surrogate::FieldList& fields
)
:
    mesh_(mesh),
    options_(options),
    UName_(names.U),
    phiName_(names.phi)
{
    for (const surrogate::Field& field : fields)
    {
        known_.insert(field.name);
        if (field.components == 1 && field.name != names.p)
        {
            predictedScalars_.insert(field.name);
        }
    }
    // stateWriteBack recovers p where it repairs phi
    if (known_.found(names.U) && mesh.foundObject<surfaceScalarField>(phiName_))
    {
        known_.insert(names.p);
    }
}


// * * * * * * * * * * * * * * * Member Functions  * * * * * * * * * * * * * //

bool Foam::untouchedFields::solves() const
{
    for (const auto& field : plan_)
    {
        if (field.second != hold)
        {
            return true;
        }
    }
    return false;
}


void Foam::untouchedFields::advance()
{
    // Now the solver has taken steps, and its old-time levels tell more
    if (!checkedOldTimes_)
    {
        check();
        checkedOldTimes_ = true;
    }

    if (!solves())
    {
        // nut that belongs to the new velocity, or the predicted fields
        auto* model = mesh_.getObjectPtr<turbulenceModel>
        (
            turbulenceModel::propertiesName
        );
        if (model && (plan_.empty() || predictsTurbulence_))
        {
            model->validate();
        }
        return;
    }

    oldTimeKeeper<scalar> scalars(mesh_, advanced<scalar>());
    oldTimeKeeper<symmTensor> tensors(mesh_, advanced<symmTensor>());

    dropPredictions();
    const label n = nSubSteps();
    if (n == 1)
    {
        subStep();
    }
    else
    {
        Time& runTime = const_cast<Time&>(mesh_.time());
        runTime.subCycle(n);
        for (label i = 0; i < n; ++i)
        {
            ++runTime;
            subStep();
        }
        runTime.endSubCycle();
    }

    scalars.putBack();
    tensors.putBack();
}


// ************************************************************************* //
