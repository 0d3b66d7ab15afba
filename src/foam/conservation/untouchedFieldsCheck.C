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
#include "core/error.h"

#include "Time.H"
#include "turbulenceModel.H"
#include "volFields.H"

#include <algorithm>

// * * * * * * * * * * * * * * * Local Functions * * * * * * * * * * * * * * //

namespace Foam
{

//- Fields that OpenFOAM's turbulence models have equations for
static const wordHashSet turbulenceFields
({
    "k", "epsilon", "omega", "nuTilda", "R", "v2", "f", "phit", "zeta", "kt",
    "kl", "gammaInt", "ReThetat", "B", "q"
});

static const std::vector<std::string> policyNames
{
    "hold", "transport", "turbulence"
};


//- A solver of fvSolution that is meant for that field
static bool hasSolver(const fvMesh& mesh, const word& name)
{
    const dictionary* solvers = mesh.solutionDict().findDict("solvers");
    for (const word& wanted : wordList({name, name + "Final"}))
    {
        const entry* found =
            solvers
          ? solvers->findEntry(wanted, keyType::REGEX)
          : nullptr;
        if (found && found->keyword() != ".*")
        {
            return true;
        }
    }
    return false;
}


//- Old-time levels and rates of change have a field of their own
static bool isPart(const word& name)
{
    return name.ends_with("_0") || name.find('(') != std::string::npos;
}


template<class FieldType>
static void addSolved
(
    const fvMesh& mesh,
    const wordHashSet& known,
    wordHashSet& names
)
{
    for (const word& name : mesh.sortedNames<FieldType>())
    {
        const auto& field = mesh.lookupObject<FieldType>(name);
        if
        (
            !known.found(name)
         && !isPart(name)
         && field.writeOpt() == IOobject::AUTO_WRITE
         && (field.nOldTimes() > 0 || hasSolver(mesh, name))
        )
        {
            names.insert(name);
        }
    }
}


static std::vector<std::string> texts(const wordList& words)
{
    return {words.begin(), words.end()};
}

} // End namespace Foam


// * * * * * * * * * * * * * Private Member Functions  * * * * * * * * * * * //

Foam::wordList Foam::untouchedFields::solved() const
{
    wordHashSet names;
    addSolved<volScalarField>(mesh_, known_, names);
    addSolved<volVectorField>(mesh_, known_, names);
    addSolved<volSymmTensorField>(mesh_, known_, names);
    addSolved<volTensorField>(mesh_, known_, names);
    return names.sortedToc();
}


bool Foam::untouchedFields::ofTurbulence(const word& name)
{
    return turbulenceFields.found(IOobject::member(name));
}


bool Foam::untouchedFields::hasTurbulenceModel() const
{
    return mesh_.foundObject<turbulenceModel>(turbulenceModel::propertiesName);
}


Foam::wordHashSet Foam::untouchedFields::transported() const
{
    wordHashSet names;
    const dictionary* functions =
        mesh_.time().controlDict().findDict("functions");
    if (!functions)
    {
        return names;
    }
    for (const entry& e : *functions)
    {
        if (!e.isDict())
        {
            continue;
        }
        const dictionary& dict = e.dict();
        const word type(dict.getOrDefault<word>("type", word::null));
        if
        (
            (type == "scalarTransport" || type == "energyTransport")
         && dict.getOrDefault("enabled", true)
        )
        {
            names.insert
            (
                dict.getOrDefault<word>
                (
                    "field", type == "scalarTransport" ? "s" : "T"
                )
            );
        }
    }
    return names;
}


void Foam::untouchedFields::checkOptions(const wordHashSet& transported) const
{
    for (const auto& entry : options_.policies)
    {
        const word name(entry.first);
        const std::string where
        (
            options_.where + ", entry untouched, field " + name
        );
        const bool isScalar = mesh_.foundObject<volScalarField>(name);
        std::string expected, found;

        const bool replaces =
            entry.second == transport && predictedScalars_.found(name);
        if (known_.found(name) && !replaces)
        {
            expected = "a field that the model's step does not set";
            found = "one of those that it does";
        }
        else if (transported.found(name))
        {
            expected = "a field that no function object advances";
            found = "that of a function object in controlDict";
        }
        else if (entry.second == transport && !isScalar)
        {
            expected = "for transport: a volScalarField of the case";
            found = "none of that name";
        }
        else if
        (
            entry.second == turbulence
         && !(ofTurbulence(name) && hasTurbulenceModel())
        )
        {
            expected = "for turbulence: a field of a turbulence model";
            found = hasTurbulenceModel() ? "another one" : "no such model";
        }
        else if (!isScalar && !mesh_.objectRegistry::found(name))
        {
            expected = "a field of the case";
            found = "none of that name";
        }
        if (!found.empty())
        {
            throw surrogate::Error
            ({
                "Nothing to do with a field", where, expected, found,
                texts(solved())
            });
        }
    }
}


void Foam::untouchedFields::checkTurbulence() const
{
    std::vector<std::string> solves, others;
    for (const auto& field : plan_)
    {
        if (ofTurbulence(field.first))
        {
            (field.second == turbulence ? solves : others).push_back
            (
                field.first
            );
        }
    }
    for (const word& name : known_.sortedToc())
    {
        if (ofTurbulence(name) && hasTurbulenceModel())
        {
            others.push_back(name);
        }
    }
    if (!solves.empty() && !others.empty())
    {
        throw surrogate::Error
        ({
            "One turbulence model, and two that would advance it",
            options_.where + ", entry untouched",
            "all its fields by the turbulence model, or none",
            surrogate::join(solves) + " by it, "
          + surrogate::join(others) + " not",
            policyNames
        });
    }
}


void Foam::untouchedFields::refuseUnplanned(const word& name) const
{
    throw surrogate::Error
    ({
        "The solver advances a field that the model does not know",
        "field " + name,
        "an entry in sub-dictionary untouched of " + options_.where
      + " that says what a model's step does with it: hold keeps its values,"
        " transport advects and diffuses it (turbulence is for those of a"
        " turbulence model)",
        "none",
        policyNames
    });
}


void Foam::untouchedFields::print() const
{
    for (const auto& field : plan_)
    {
        Info<< "Field " << field.first.c_str()
            << " is not the model's. Over its steps: "
            << (
                   field.second == hold ? "kept as it is"
                 : field.second == transport ? "advected and diffused"
                 : "by the turbulence model"
               )
            << endl;
    }
    if (!plan_.empty())
    {
        Info<< endl;
    }
}


// * * * * * * * * * * * * * * * Member Functions  * * * * * * * * * * * * * //

Foam::untouchedFields::Options Foam::untouchedFields::Options::read
(
    const surrogate::Settings& settings
)
{
    Options options;
    options.where = settings.where();

    const surrogate::Settings policies(settings.section("untouched"));
    for (const auto& entry : policies.all())
    {
        const std::string choice(policies.get(entry.first, ""));
        const auto found =
            std::find(policyNames.begin(), policyNames.end(), choice);
        if (found == policyNames.end())
        {
            throw surrogate::Error
            ({
                "Unknown choice",
                policies.where() + ", entry " + entry.first,
                "one of the names below", choice, policyNames
            });
        }
        options.policies[entry.first] =
            policy(std::distance(policyNames.begin(), found));
    }

    const surrogate::Settings coeffs(settings.section("untouchedCoeffs"));
    std::vector<std::string> valid;
    for (const auto& entry : options.policies)
    {
        if (entry.second == transport)
        {
            valid.push_back(entry.first + ".diffusivity");
        }
    }
    coeffs.requireOnly(valid);
    for (const auto& entry : coeffs.all())
    {
        const scalar D = coeffs.get(entry.first, 0.0);
        if (!(D >= 0))
        {
            throw surrogate::Error
            ({
                "Not a diffusivity", coeffs.where() + ", entry " + entry.first,
                "0 or more, [m2/s]", std::to_string(D), {}
            });
        }
        options.diffusivities
        [
            entry.first.substr(0, entry.first.rfind('.'))
        ] = D;
    }
    return options;
}


std::vector<std::string> Foam::untouchedFields::Options::keywords()
{
    return {"untouched.*", "untouchedCoeffs.*"};
}


void Foam::untouchedFields::check()
{
    const wordHashSet byOthers(transported());
    checkOptions(byOthers);

    const std::map<std::string, policy> before(plan_);
    plan_.clear();
    for (const auto& entry : options_.policies)
    {
        plan_[entry.first] = entry.second;
    }
    for (const word& name : solved())
    {
        if (plan_.count(name) || byOthers.found(name))
        {
            continue;
        }
        if (!ofTurbulence(name) || !hasTurbulenceModel())
        {
            refuseUnplanned(name);
        }
        plan_[name] = turbulence;
    }
    checkTurbulence();

    for (const auto& field : plan_)
    {
        if (field.second == transport)
        {
            diffusivity(field.first);
        }
    }
    predictsTurbulence_ = false;
    for (const word& name : known_.toc())
    {
        predictsTurbulence_ = predictsTurbulence_ || ofTurbulence(name);
    }
    if (plan_ != before)
    {
        print();
    }
}


// ************************************************************************* //
