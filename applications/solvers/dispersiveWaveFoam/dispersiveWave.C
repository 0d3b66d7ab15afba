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

#include "dispersiveWave.H"
#include "core/error.h"
#include "core/fft.h"
#include "foam/modelCall.H"

#include "fvc.H"
#include "IOdictionary.H"

// * * * * * * * * * * * * * * * Local Functions * * * * * * * * * * * * * * //

namespace Foam
{

//- Of the waves, those that a product of two cannot reach from below: above
//  a third of the cells (Orszag 1971)
static bool truncated(const std::size_t i, const std::size_t n)
{
    return 3*std::size_t(std::abs(surrogate::waveNumber(i, n))) >= n;
}


//- Each line's own
template<class Function>
static std::complex<double> each
(
    const std::complex<double> pair,
    const Function& f
)
{
    return {f(pair.real()), f(pair.imag())};
}


static void refuseOtherKeywords
(
    const dictionary& dict,
    const wordList& valid
)
{
    for (const word& key : dict.toc())
    {
        if (key != "FoamFile" && !valid.found(key))
        {
            FatalIOErrorInFunction(dict)
                << "Unknown keyword " << key << nl
                << "    valid: " << flatOutput(valid)
                << exit(FatalIOError);
        }
    }
}

} // End namespace Foam


// * * * * * * * * * * * * * Private Member Functions  * * * * * * * * * * * //

void Foam::dispersiveWave::requireLines() const
{
    const surrogate::Grid& grid = map_->grid();
    const labelList& axes = map_->axes();

    if
    (
        grid.dimensions > 2 || axes[0] != 0 || !grid.periodic[0]
     || (grid.dimensions == 2 && axes[1] != 1)
    )
    {
        throw surrogate::Error
        ({
            "The mesh is not what dispersiveWaveFoam needs",
            "mesh " + map_->mesh().name(),
            "uniform cells along x, periodic there, one in z, and in y one, or"
            " as many as there are lines",
            grid.describe() + ", axes " + [&]
            {
                std::string names;
                for (const label axis : axes)
                {
                    names += "xyz"[axis];
                }
                return names;
            }(),
            {}
        });
    }
}


void Foam::dispersiveWave::readCoefficients()
{
    const IOdictionary dict
    (
        IOobject
        (
            "waveProperties", u_.time().constant(), u_.mesh(),
            IOobject::MUST_READ, IOobject::NO_WRITE, false
        )
    );
    refuseOtherKeywords(dict, {"a", "nu", "b", "c", "d"});

    const auto read = [&](const word& name, const int power, const scalar none)
    {
        dimensionSet dimensions(pow(dimLength, power)/dimTime);
        if (name == "a")
        {
            dimensions.reset(dimVelocity/u_.dimensions());
        }
        return dict.found(name)
          ? dimensionedScalar(name, dimensions, dict).value()
          : none;
    };
    coefficients_.a = read("a", 0, 1);
    coefficients_.nu = read("nu", 2, 0);
    coefficients_.b = read("b", 3, 0);
    coefficients_.c = read("c", 2, 0);
    coefficients_.d = read("d", 4, 0);

    const auto& k = coefficients_;
    if (k.d < 0 || (k.d == 0 && k.nu < k.c))
    {
        FatalIOErrorInFunction(dict)
            << "The shortest waves would grow the fastest" << nl
            << "    expected: d above 0; or d 0 and nu not below c" << nl
            << "    found:    nu " << k.nu << ", c " << k.c << ", d " << k.d
            << exit(FatalIOError);
    }
}


void Foam::dispersiveWave::readSchemes()
{
    const fvMesh& mesh = u_.mesh();
    const dictionary& dict = mesh.schemesDict().subDict("lineSchemes");
    refuseOtherKeywords(dict, {"linear", "convection", "time"});

    const std::size_t n = map_->grid().cells[0];
    const scalar dx = map_->grid().spacing(0);
    const word linear(dict.getOrDefault<word>("linear", "spectral"));
    const word convection(dict.getOrDefault<word>("convection", linear));
    const word time(dict.getOrDefault<word>("time", "ETDRK4"));

    reportErrors
    (
        dict,
        [&]
        {
            linear_.reset
            (
                new surrogate::LineOperator(linear, n, dx, "entry linear")
            );
            if (convection != "Kurganov")
            {
                try
                {
                    convection_.reset
                    (
                        new surrogate::LineOperator
                        (
                            convection, n, dx, "entry convection"
                        )
                    );
                }
                catch (const surrogate::Error& error)
                {
                    auto report = error.report();
                    report.choices.push_back("Kurganov");
                    throw surrogate::Error(report);
                }
            }
            spectralConvection_ = convection == "spectral";

            Waves rates(n);
            forAll(rates, i)
            {
                rates[i] = linear_->linear(i, coefficients_);
            }
            time_.reset
            (
                new surrogate::ExponentialRungeKutta
                (
                    time, std::move(rates), "entry time"
                )
            );
        }
    );

    Info<< "Lines: " << map_->grid().cells[1] << " of " << label(n)
        << " cells; linear terms " << linear << ", convection " << convection
        << ", time " << time << nl << endl;
}


Foam::label Foam::dispersiveWave::nLines() const
{
    return Pstream::master() ? map_->grid().cells[1] : 0;
}


Foam::dispersiveWave::Waves Foam::dispersiveWave::gather() const
{
    const label n = map_->grid().cells[0];
    scalarField all(n*nLines());
    map_->toGrid(u_.primitiveField(), 1, all.data());

    Waves lines(n*((nLines() + 1)/2));
    forAll(all, i)
    {
        const label line = i/n;
        std::complex<double>& pair = lines[(line/2)*n + i % n];
        line % 2 ? pair.imag(all[i]) : pair.real(all[i]);
    }
    return lines;
}


void Foam::dispersiveWave::scatter(const Waves& lines)
{
    const label n = map_->grid().cells[0];
    scalarField all(n*nLines());
    forAll(all, i)
    {
        const label line = i/n;
        const std::complex<double>& pair = lines[(line/2)*n + i % n];
        all[i] = line % 2 ? pair.imag() : pair.real();
    }
    map_->toMesh(all.cdata(), 1, u_.primitiveFieldRef());
    u_.correctBoundaryConditions();
}


Foam::dispersiveWave::Waves
Foam::dispersiveWave::spectral(const Waves& waves) const
{
    const std::size_t n = linear_->size();
    Waves u(waves);
    for (std::size_t i = 0; i < u.size(); ++i)
    {
        if (truncated(i % n, n))
        {
            u[i] = 0;
        }
    }
    surrogate::fftLines(u, n, true);
    const double factor = -0.5*coefficients_.a;
    for (auto& pair : u)
    {
        pair = each(pair, [=](const double value) { return factor*value*value; });
    }
    surrogate::fftLines(u, n);
    for (std::size_t i = 0; i < u.size(); ++i)
    {
        u[i] *= truncated(i % n, n) ? 0.0 : convection_->first(i % n);
    }
    return u;
}


Foam::dispersiveWave::Waves
Foam::dispersiveWave::central(const Waves& waves) const
{
    const std::size_t n = linear_->size();
    Waves u(waves), slope(waves);
    for (std::size_t i = 0; i < u.size(); ++i)
    {
        slope[i] *= convection_->first(i % n);
    }
    surrogate::fftLines(u, n, true);
    surrogate::fftLines(slope, n, true);

    // -a ((u^2)_x + u u_x)/3: the sum of u^2 is conserved, too
    const double factor = -coefficients_.a/3;
    for (std::size_t i = 0; i < u.size(); ++i)
    {
        slope[i] =
        {
            factor*u[i].real()*slope[i].real(),
            factor*u[i].imag()*slope[i].imag()
        };
        u[i] = each(u[i], [=](const double value) { return factor*value*value; });
    }
    surrogate::fftLines(u, n);
    surrogate::fftLines(slope, n);
    for (std::size_t i = 0; i < u.size(); ++i)
    {
        slope[i] += convection_->first(i % n)*u[i];
    }
    return slope;
}


Foam::dispersiveWave::Waves
Foam::dispersiveWave::kurganov(const Waves& waves)
{
    const std::size_t n = linear_->size();
    const fvMesh& mesh = u_.mesh();
    Waves u(waves);
    surrogate::fftLines(u, n, true);
    scatter(u);

    const surfaceScalarField one
    (
        IOobject("one", mesh.time().timeName(), mesh),
        mesh,
        dimensionedScalar("one", dimless, 1)
    );
    const word scheme("reconstruct(" + u_.name() + ")");
    const surfaceScalarField lower(fvc::interpolate(u_, one, scheme));
    const surfaceScalarField upper(fvc::interpolate(u_, -one, scheme));
    const surfaceScalarField side(mesh.Sf().component(vector::X));

    const dimensionedScalar a
    (
        "a", dimVelocity/u_.dimensions(), coefficients_.a
    );
    flux_ =
        0.25*a*side*(sqr(lower) + sqr(upper))
      - 0.5*mag(a*side)*max(mag(lower), mag(upper))*(upper - lower);

    const volScalarField change(-fvc::div(flux_));
    scalarField all(n*nLines());
    map_->toGrid(change.primitiveField(), 1, all.data());
    forAll(all, i)
    {
        const label line = i/n;
        auto& pair = u[(line/2)*n + i % n];
        line % 2 ? pair.imag(all[i]) : pair.real(all[i]);
    }
    surrogate::fftLines(u, n);
    return u;
}


Foam::dispersiveWave::Waves
Foam::dispersiveWave::convection(const Waves& waves)
{
    return
        !convection_ ? kurganov(waves)
      : spectralConvection_ ? spectral(waves)
      : central(waves);
}


// * * * * * * * * * * * * * * * * Constructors  * * * * * * * * * * * * * * //

Foam::dispersiveWave::dispersiveWave(volScalarField& u)
:
    u_(u),
    spectralConvection_(false),
    flux_
    (
        IOobject("flux(" + u.name() + ")", u.time().timeName(), u.mesh()),
        u.mesh(),
        dimensionedScalar(dimVelocity*u.dimensions()*dimArea, Zero)
    )
{
    reportErrors
    (
        u.time().controlDict(),
        [&]
        {
            map_ = gridMap::New("identity", u.mesh());
            requireLines();
        }
    );
    readCoefficients();
    readSchemes();
}


// * * * * * * * * * * * * * * * Member Functions  * * * * * * * * * * * * * //

Foam::scalar Foam::dispersiveWave::courantNumber() const
{
    const scalar factor =
        mag(coefficients_.a)*u_.time().deltaTValue()/map_->grid().spacing(0);
    const scalarField speed(mag(u_.primitiveField()));
    const scalar largest = factor*gMax(speed);

    Info<< "Courant Number mean: " << factor*gAverage(speed)
        << " max: " << largest << endl;
    return largest;
}


void Foam::dispersiveWave::step()
{
    const std::size_t n = linear_->size();
    Waves waves(gather());
    surrogate::fftLines(waves, n);
    time_->step
    (
        waves,
        u_.time().deltaTValue(),
        [this](const Waves& at) { return convection(at); }
    );
    surrogate::fftLines(waves, n, true);
    scatter(waves);

    const scalar largest = gMax(mag(u_.primitiveField())());
    if (!(largest < GREAT))
    {
        FatalErrorInFunction
            << u_.name() << " is not finite at time " << u_.time().timeName()
            << nl << "    expected: a Courant number below about 1, and lines"
            << " fine enough for the shortest waves" << nl
            << "    found:    deltaT " << u_.time().deltaTValue()
            << exit(FatalError);
    }
}


// ************************************************************************* //
