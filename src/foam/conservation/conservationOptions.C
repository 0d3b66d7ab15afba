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

#include "foam/conservation/conservation.H"
#include "core/error.h"

#include <algorithm>
#include <sstream>

// * * * * * * * * * * * * * * * Local Functions * * * * * * * * * * * * * * //

namespace Foam
{

[[noreturn]] static void refuse
(
    const std::string& what,
    const std::string& where,
    const std::string& expected,
    const std::string& found,
    const std::vector<std::string>& valid = {}
)
{
    throw surrogate::Error({what, where, expected, found, valid});
}


static scalar part(const surrogate::Settings& coeffs, const char* keyword)
{
    const scalar value = coeffs.get(keyword, 0.0);
    if (!(value >= 0))
    {
        refuse
        (
            "Not a part of the energy", coeffs.where() + ", entry " + keyword,
            "0 or more", std::to_string(value)
        );
    }
    return value;
}


static bool isMultiplicative
(
    const surrogate::Settings& coeffs,
    const std::string& name
)
{
    const std::string choice = coeffs.get(name, "additive");
    if (choice != "additive" && choice != "multiplicative")
    {
        refuse
        (
            "Unknown choice", coeffs.where() + ", entry " + name,
            "one of the names below", choice, {"additive", "multiplicative"}
        );
    }
    return choice == "multiplicative";
}


static Pair<scalar> pairOf
(
    const surrogate::Settings& bounds,
    const std::string& name
)
{
    const std::string where(bounds.where() + ", entry " + name);
    const auto values = bounds.get(name, std::vector<double>());
    const std::string found(surrogate::describe(bounds.all().at(name)));

    if (values.size() != 2)
    {
        refuse("Not a pair of bounds", where, "two numbers: (0 1)", found);
    }
    if (!(values[0] < values[1]))
    {
        refuse
        (
            "The bounds are inverted", where,
            "the lower one, then the higher one", found
        );
    }
    return Pair<scalar>(values[0], values[1]);
}


static void readMomentum
(
    const surrogate::Settings& coeffs,
    conservation::Options& options
)
{
    options.momentumGiven = coeffs.found("momentum");
    if (!options.momentumGiven)
    {
        return;
    }
    const auto values = coeffs.get("momentum", std::vector<double>());
    if (values.size() != 3)
    {
        refuse
        (
            "Not a velocity", coeffs.where() + ", entry momentum",
            "three numbers: (1 0 0)",
            surrogate::describe(coeffs.all().at("momentum"))
        );
    }
    options.meanVelocity = vector(values[0], values[1], values[2]);
}


//- Throws where a coefficient belongs to nothing that is conserved
static void refuseIdle
(
    const surrogate::Settings& coeffs,
    const conservation::Options& options
)
{
    std::vector<std::string> valid;
    if (options.momentum)
    {
        valid.push_back("momentum");
    }
    if (options.energy)
    {
        valid.insert(valid.end(), {"energyGain", "energyLoss"});
    }
    for (const auto& scalar : options.multiplicative)
    {
        valid.push_back(scalar.first);
    }
    coeffs.requireOnly(valid);
}

} // End namespace Foam


// * * * * * * * * * * * * * * * Member Functions  * * * * * * * * * * * * * //

Foam::conservation::Options Foam::conservation::Options::read
(
    const surrogate::Settings& settings
)
{
    Options options;
    options.where = settings.where();
    const surrogate::Settings coeffs(settings.section("conserveCoeffs"));

    for
    (
        const std::string& name
      : settings.get("conserve", std::vector<std::string>())
    )
    {
        if (name == "mass")
        {
            options.mass = true;
        }
        else if (name == "momentum")
        {
            options.momentum = true;
        }
        else if (name == "energy")
        {
            options.energy = true;
        }
        else
        {
            options.multiplicative[name] = isMultiplicative(coeffs, name);
        }
    }
    refuseIdle(coeffs, options);

    if (options.momentum)
    {
        readMomentum(coeffs, options);
    }
    options.energyGain = part(coeffs, "energyGain");
    options.energyLoss = part(coeffs, "energyLoss");

    const surrogate::Settings bounds(settings.section("bounds"));
    for (const auto& entry : bounds.all())
    {
        options.bounds[entry.first] = pairOf(bounds, entry.first);
    }
    return options;
}


std::vector<std::string> Foam::conservation::Options::keywords()
{
    return {"conserve", "conserveCoeffs.*", "bounds.*"};
}


void Foam::conservation::check
(
    const surrogate::FieldList& fields,
    const bool flux
) const
{
    std::vector<std::string> known;
    for (const surrogate::Field& field : fields)
    {
        if (field.components == 1)
        {
            known.push_back(field.name);
        }
    }

    if (options_.velocity() && !fields.contains(UName_))
    {
        refuse
        (
            "Nothing to conserve", options_.where + ", entry conserve",
            "a model whose fields comprise the velocity, " + UName_,
            surrogate::join(fields.names())
        );
    }
    if (options_.mass && !flux)
    {
        refuse
        (
            "Nothing to conserve", options_.where + ", entry conserve",
            "for mass: a volumetric flux, a pressure and a model's velocity",
            "not all of these (see entries U, p, phi)"
        );
    }

    const auto require = [&](const std::string& entry, const std::string& name)
    {
        if (std::find(known.begin(), known.end(), name) == known.end())
        {
            refuse
            (
                "Not a scalar of the model",
                options_.where + ", entry " + entry,
                entry == "bounds"
              ? "the name of a scalar field of the model"
              : "mass, momentum, energy or a scalar field of the model",
                name, known
            );
        }
    };
    for (const auto& scalar : options_.multiplicative)
    {
        require("conserve", scalar.first);
    }
    for (const auto& bound : options_.bounds)
    {
        require("bounds", bound.first);
    }
}


// * * * * * * * * * * * * * * * Global Functions  * * * * * * * * * * * * * //

std::string Foam::describe(const RepairReport& report)
{
    std::ostringstream text;
    for (const auto& amount : report)
    {
        text << (text.tellp() > 0 ? ", " : "")
            << amount.first << ' ' << amount.second;
    }
    return text.str();
}


// ************************************************************************* //
