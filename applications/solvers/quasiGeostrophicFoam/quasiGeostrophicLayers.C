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

#include "quasiGeostrophicLayers.H"
#include "core/error.h"
#include "foam/modelCall.H"
#include "foam/optionsFromDict.H"

#include "cyclicPolyPatch.H"
#include "emptyPolyPatch.H"
#include "fvc.H"
#include "fvm.H"
#include "IOdictionary.H"
#include "mathematicalConstants.H"
#include "processorPolyPatch.H"

// * * * * * * * * * * * * * * * Local Functions * * * * * * * * * * * * * * //

namespace Foam
{

//- A field that is computed, of that name, on patches that are all coupled or
//  empty
template<class Type>
static autoPtr<GeometricField<Type, fvPatchField, volMesh>> computed
(
    const word& name,
    const fvMesh& mesh,
    const dimensionSet& dimensions,
    const IOobject::writeOption write
)
{
    return autoPtr<GeometricField<Type, fvPatchField, volMesh>>::New
    (
        IOobject
        (
            name, mesh.time().timeName(), mesh, IOobject::NO_READ, write
        ),
        mesh,
        dimensioned<Type>(dimensions, Zero)
    );
}


//- By the faces' values: the gradient with Gauss linear, whatever fvSchemes say
static tmp<volVectorField> centralGradient(const volScalarField& field)
{
    return fvc::surfaceIntegrate(field.mesh().Sf()*linearInterpolate(field));
}


//- By the faces' values, too
static tmp<volScalarField> centralDivergence
(
    const surfaceScalarField& flux,
    const volScalarField& field
)
{
    return fvc::surfaceIntegrate(flux*linearInterpolate(field));
}

} // End namespace Foam


// * * * * * * * * * * * * * Private Member Functions  * * * * * * * * * * * //

surrogate::LayerCoefficients
Foam::quasiGeostrophicLayers::readCoefficients(const fvMesh& mesh)
{
    const IOdictionary dict
    (
        IOobject
        (
            "quasiGeostrophicProperties", mesh.time().constant(), mesh,
            IOobject::MUST_READ, IOobject::NO_WRITE, false
        )
    );
    std::unique_ptr<surrogate::LayerCoefficients> coefficients;
    reportErrors
    (
        dict,
        [&]
        {
            coefficients.reset
            (
                new surrogate::LayerCoefficients(optionsFromDict(dict))
            );
        }
    );
    return *coefficients;
}


const Foam::fvMesh&
Foam::quasiGeostrophicLayers::requirePeriodicPlane(const fvMesh& mesh)
{
    for (const polyPatch& patch : mesh.boundaryMesh())
    {
        const bool right =
            isA<cyclicPolyPatch>(patch)
         || isA<emptyPolyPatch>(patch)
         || isA<processorPolyPatch>(patch);

        if (!right)
        {
            FatalIOErrorInFunction(mesh.time().controlDict())
                << "Patch " << patch.name() << " of type " << patch.type()
                << nl << "    expected: cyclic in x and in y, empty in z"
                << exit(FatalIOError);
        }
    }
    if (mesh.geometricD() != Vector<label>(1, 1, -1))
    {
        FatalIOErrorInFunction(mesh.time().controlDict())
            << "The mesh is not in a plane of x and y" << nl
            << "    expected: one cell in z, with patches of type empty" << nl
            << "    found:    directions solved "
            << mesh.geometricD() << exit(FatalIOError);
    }
    return mesh;
}


void Foam::quasiGeostrophicLayers::readSchemes()
{
    const dictionary& dict = mesh_.schemesDict().subOrEmptyDict("layerSchemes");
    reportErrors
    (
        dict,
        [&]
        {
            const surrogate::Settings settings(optionsFromDict(dict));
            settings.requireOnly({"convection"});
            const word convection(settings.get("convection", "Arakawa"));
            arakawa_ = convection == "Arakawa";
            if (!arakawa_ && convection != "flux")
            {
                throw surrogate::Error
                ({
                    "Unknown convection", settings.where(),
                    "one of the names below", convection, {"Arakawa", "flux"}
                });
            }
        }
    );
}


Foam::tmp<Foam::volScalarField>
Foam::quasiGeostrophicLayers::makeForcing() const
{
    auto tforcing = tmp<volScalarField>::New
    (
        IOobject("forcing", mesh_.time().timeName(), mesh_),
        mesh_,
        dimensionedScalar(inv(sqr(dimTime)), Zero)
    );
    const auto& k = coefficients_;
    const vector size(mesh_.bounds().span());
    for (const scalar waves : {k.forcingX*size.x(), k.forcingY*size.y()})
    {
        const scalar number = waves/constant::mathematical::twoPi;
        if (mag(number - std::round(number)) > 1e-6)
        {
            FatalIOErrorInFunction(mesh_.time().controlDict())
                << "The forcing of quasiGeostrophicProperties is not periodic"
                << nl << "    expected: waveNumbers of whole numbers of waves"
                << " on the mesh's " << size.x() << " m by " << size.y() << " m"
                << nl << "    found:    " << number << " waves"
                << exit(FatalIOError);
        }
    }
    volScalarField& forcing = tforcing.ref();
    forAll(forcing, celli)
    {
        const vector& at = mesh_.C()[celli];
        forcing[celli] = -k.forcing
           *(
                k.forcingX*Foam::cos(k.forcingX*at.x())
              + k.forcingY*Foam::cos(k.forcingY*at.y())
            );
    }
    return tforcing;
}


bool Foam::quasiGeostrophicLayers::byFourier(const label mode) const
{
    return
        mesh_.solver(modeFields_[mode].name()).get<word>("solver")
     == periodicInversion::solverName;
}


void Foam::quasiGeostrophicLayers::invert()
{
    // Values read, or set by a function object, need not have reached the
    // other side of processor patches
    for (volScalarField& q : q_)
    {
        q.correctBoundaryConditions();
    }

    forAll(modeFields_, m)
    {
        volScalarField& mode = modeFields_[m];
        volScalarField source(modes_.toMode()[m][0]*q_[0]);
        for (label i = 1; i < q_.size(); ++i)
        {
            source += modes_.toMode()[m][i]*q_[i];
        }

        if (byFourier(m))
        {
            mode.primitiveFieldRef() =
                fourier_->solve(-modes_.stiffness(m), source);
            mode.correctBoundaryConditions();
            continue;
        }

        const dimensionedScalar stiffness
        (
            "stiffness", inv(dimArea), modes_.stiffness(m)
        );
        if (stiffness.value() > 0)
        {
            solve(fvm::laplacian(mode) - fvm::Sp(stiffness, mode) == source);
            continue;
        }

        // The mean of q, which no flow changes, has no periodic solution
        source -= source.weightedAverage(mesh_.V());
        fvScalarMatrix equation(fvm::laplacian(mode) == source);
        const label reference = Pstream::master() ? 0 : -1;
        const scalar value = reference == 0 ? mode[0] : 0;
        equation.setReference(reference, value);
        equation.solve();
        mode -= mode.weightedAverage(mesh_.V());
    }

    forAll(psi_, i)
    {
        psi_[i] = modes_.toLayer()[i][0]*modeFields_[0];
        for (label m = 1; m < modeFields_.size(); ++m)
        {
            psi_[i] += modes_.toLayer()[i][m]*modeFields_[m];
        }
        psi_[i].correctBoundaryConditions();
    }
}


void Foam::quasiGeostrophicLayers::makeFlow()
{
    forAll(psi_, i)
    {
        const scalar mean = coefficients_.velocities[i];
        phi_[i] = fluxOf_(psi_[i]) + mean*alongX_;

        const volVectorField gradient(centralGradient(psi_[i]));
        forAll(gradient, celli)
        {
            const vector& g = gradient[celli];
            U_[i][celli] = vector(mean - g.y(), g.x(), 0);
        }
        U_[i].correctBoundaryConditions();
    }
}


Foam::tmp<Foam::volScalarField>
Foam::quasiGeostrophicLayers::convection(const label i) const
{
    const volScalarField& q = q_[i];
    const volScalarField& psi = psi_[i];
    if (!arakawa_)
    {
        return -fvc::div
        (
            phi_[i], q, "div(" + phi_[i].name() + ',' + q.name() + ')'
        );
    }

    // Arakawa's J1 is the cross product of the gradients; the flux of q by psi
    // is (J1 + J2)/2, that of psi by q -(J1 + J3)/2
    const scalar mean = coefficients_.velocities[i];
    const volVectorField gradPsi(centralGradient(psi));
    const volVectorField gradQ(centralGradient(q));
    return
    (
        2*centralDivergence(fluxOf_(q), psi)
      - 2*centralDivergence(phi_[i] - mean*alongX_, q)
      + ((gradPsi ^ gradQ) & vector(0, 0, 1))
    )/3 - mean*centralDivergence(alongX_, q);
}


Foam::tmp<Foam::volScalarField>
Foam::quasiGeostrophicLayers::rate(const label i) const
{
    const auto& k = coefficients_;
    const volScalarField& q = q_[i];
    const volScalarField& psi = psi_[i];

    tmp<volScalarField> trate(convection(i));
    volScalarField& rate = trate.ref();
    rate -=
        dimensionedScalar("gradient", inv(dimArea), k.meanGradient(i))
       *centralDivergence(alongX_, psi);

    const scalar drag = k.drag + (i == q_.size() - 1 ? k.bottomDrag : 0);
    if (drag > 0)
    {
        rate -= dimensionedScalar("drag", inv(dimTime), drag)*fvc::laplacian(psi);
    }
    if (k.nu > 0 || k.nu4 > 0)
    {
        const volScalarField curvature(fvc::laplacian(q));
        rate += dimensionedScalar("nu", dimArea/dimTime, k.nu)*curvature;
        if (k.nu4 > 0)
        {
            rate -=
                dimensionedScalar("nu4", pow4(dimLength)/dimTime, k.nu4)
               *fvc::laplacian(curvature);
        }
    }
    if (i == 0)
    {
        rate += forcing_;
    }
    return trate;
}


// * * * * * * * * * * * * * * * * Constructors  * * * * * * * * * * * * * * //

Foam::quasiGeostrophicLayers::quasiGeostrophicLayers(const fvMesh& mesh)
:
    mesh_(requirePeriodicPlane(mesh)),
    coefficients_(readCoefficients(mesh)),
    modes_(coefficients_.stretching(), coefficients_.depths),
    fluxOf_(mesh),
    arakawa_(true),
    alongX_
    (
        IOobject("alongX", mesh.time().timeName(), mesh),
        dimensionedScalar("one", dimVelocity, 1)*mesh.Sf().component(vector::X)
    ),
    forcing_(makeForcing()),
    q_(coefficients_.nLayers()),
    psi_(q_.size()),
    U_(q_.size()),
    phi_(q_.size()),
    modeFields_(q_.size())
{
    readSchemes();

    const dimensionSet dimPsi(dimArea/dimTime);
    forAll(q_, i)
    {
        const word number(Foam::name(i + 1));
        q_.set
        (
            i,
            new volScalarField
            (
                IOobject
                (
                    "q" + number, mesh.time().timeName(), mesh,
                    IOobject::MUST_READ, IOobject::AUTO_WRITE
                ),
                mesh
            )
        );
        psi_.set
        (
            i,
            computed<scalar>
            (
                "psi" + number, mesh, dimPsi, IOobject::AUTO_WRITE
            )
        );
        U_.set
        (
            i,
            computed<vector>
            (
                "U" + number, mesh, dimVelocity, IOobject::AUTO_WRITE
            )
        );
        phi_.set
        (
            i,
            new surfaceScalarField
            (
                IOobject("phi" + number, mesh.time().timeName(), mesh),
                mesh,
                dimensionedScalar(dimVelocity*dimArea, Zero)
            )
        );
        modeFields_.set
        (
            i,
            computed<scalar>
            (
                "psiMode" + number, mesh, dimPsi, IOobject::NO_WRITE
            )
        );
    }
    forAll(modeFields_, m)
    {
        if (byFourier(m) && !fourier_)
        {
            reportErrors
            (
                mesh.solver(modeFields_[m].name()),
                [&] { fourier_.reset(new periodicInversion(mesh)); }
            );
        }
    }
    invert();
    makeFlow();

    Info<< "Layers: " << q_.size() << nl;
    forAll(q_, i)
    {
        Info<< "    " << i + 1 << ": part of the depth "
            << coefficients_.depths[i] << ", mean velocity "
            << coefficients_.velocities[i] << " m/s, gradient of its potential"
            << " vorticity " << coefficients_.meanGradient(i) << " 1/(m s)"
            << nl;
    }
    Info<< "Modes, inverse squares of their radii of deformation [1/m2]:";
    forAll(modeFields_, m)
    {
        Info<< ' ' << modes_.stiffness(m);
    }
    Info<< nl << endl;
}


// * * * * * * * * * * * * * * * Member Functions  * * * * * * * * * * * * * //

Foam::scalar Foam::quasiGeostrophicLayers::courantNumber() const
{
    const scalar deltaT = mesh_.time().deltaTValue();
    scalar largest = 0, mean = 0;
    for (const surfaceScalarField& phi : phi_)
    {
        const scalarField outflow
        (
            fvc::surfaceSum(mag(phi))().primitiveField()
        );
        largest = max(largest, 0.5*deltaT*gMax(outflow/mesh_.V().field()));
        mean = max(mean, 0.5*deltaT*gSum(outflow)/gSum(mesh_.V().field()));
    }
    Info<< "Courant Number mean: " << mean << " max: " << largest << endl;
    return largest;
}


void Foam::quasiGeostrophicLayers::step()
{
    const dimensionedScalar deltaT(mesh_.time().deltaT());
    PtrList<volScalarField> start(q_.size()), sum(q_.size());

    // Weights of the stages' rates, and how far each goes to the next
    const scalar weight[] = {1.0/6, 1.0/3, 1.0/3, 1.0/6};
    const scalar reach[] = {0.5, 0.5, 1};

    for (label stage = 0; stage < 4; ++stage)
    {
        // In the first, too: a function object may have changed q
        invert();
        makeFlow();

        PtrList<volScalarField> rates(q_.size());
        forAll(q_, i)
        {
            rates.set(i, rate(i).ptr());
        }
        forAll(q_, i)
        {
            if (stage == 0)
            {
                start.set(i, new volScalarField("start", q_[i]));
                sum.set(i, new volScalarField("sum", q_[i]));
            }
            sum[i] += weight[stage]*deltaT*rates[i];
            if (stage < 3)
            {
                q_[i] = start[i] + reach[stage]*deltaT*rates[i];
            }
            else
            {
                q_[i] = sum[i];
            }
        }
    }

    for (const volScalarField& q : q_)
    {
        if (!(gMax(mag(q.primitiveField())()) < GREAT))
        {
            FatalErrorInFunction
                << q.name() << " is not finite at time "
                << mesh_.time().timeName() << nl
                << "    expected: a Courant number below about 1, nu deltaT/dx^2"
                << " below 0.3 and nu4 deltaT/dx^4 below 0.04" << nl
                << "    found:    deltaT " << deltaT.value()
                << exit(FatalError);
        }
    }
    invert();
    makeFlow();
}


void Foam::quasiGeostrophicLayers::printBudget() const
{
    scalar energy = 0, enstrophy = 0;
    forAll(q_, i)
    {
        const scalarField part(coefficients_.depths[i]*mesh_.V().field());
        energy -= 0.5*gSum(part*psi_[i].primitiveField()*q_[i].primitiveField());
        enstrophy += 0.5*gSum(part*sqr(q_[i].primitiveField()));
    }
    const scalar volume = gSum(mesh_.V().field());
    const int digits = Info().precision(12);
    Info<< "Energy: " << energy/volume << " Enstrophy: " << enstrophy/volume
        << endl;
    Info().precision(digits);
}


// ************************************************************************* //
