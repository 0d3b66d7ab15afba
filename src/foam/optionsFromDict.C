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

#include "foam/optionsFromDict.H"
#include "core/error.h"

#include "ITstream.H"
#include "HashSet.H"

#include <algorithm>
#include <functional>

// * * * * * * * * * * * * * * * Local Functions * * * * * * * * * * * * * * //

namespace Foam
{

//- What OpenFOAM reads in the dictionary of any function object
static const wordHashSet functionObjectKeywords
({
    "type", "libs", "functionObjectLibs", "enabled", "errors", "region",
    "subRegion", "log", "useUserTime", "useNamePrefix",
    "writePrecision", "writeToFile",
    "timeStart", "timeEnd", "triggerStart", "triggerEnd", "controlMode",
    "executeControl", "executeInterval", "writeControl", "writeInterval",
    "outputControl", "outputInterval", "deltaTCoeff", "nStepsToStartTimeChange"
});


[[noreturn]] static void refuse
(
    const std::string& where,
    const entry& e,
    const std::string& found
)
{
    throw surrogate::Error
    ({
        "An entry cannot be read", where + ", entry " + e.keyword(),
        "a word, a number or a list of words or of numbers", found, {}
    });
}


static bool isWordOrString(const token& t)
{
    return t.isWord() || t.isString();
}


template<class Predicate>
static bool all(const UList<token>& tokens, Predicate is)
{
    return std::all_of
    (
        tokens.begin(), tokens.end(),
        [&](const token& t) { return std::invoke(is, t); }
    );
}


static surrogate::Settings::Value single(const token& t)
{
    if (t.isLabel())
    {
        return long(t.labelToken());
    }
    if (t.isNumber())
    {
        return double(t.number());
    }
    return std::string(t.isWord() ? t.wordToken() : t.stringToken());
}


static surrogate::Settings::Value list(const UList<token>& tokens)
{
    if (tokens.size() && all(tokens, &token::isLabel))
    {
        std::vector<long> values;
        for (const token& t : tokens) values.push_back(t.labelToken());
        return values;
    }
    if (tokens.size() && all(tokens, &token::isNumber))
    {
        std::vector<double> values;
        for (const token& t : tokens) values.push_back(t.number());
        return values;
    }

    std::vector<std::string> values;
    for (const token& t : tokens)
    {
        values.push_back(t.isWord() ? t.wordToken() : t.stringToken());
    }
    return values;
}


static surrogate::Settings::Value value
(
    const std::string& where,
    const entry& e
)
{
    const ITstream& tokens = e.stream();

    if (tokens.size() == 1 && (tokens[0].isNumber() || isWordOrString(tokens[0])))
    {
        return single(tokens[0]);
    }

    // "(1 2 2)", or with its length before it: "3(1 2 2)"
    const label start = tokens.size() && tokens[0].isLabel() ? 1 : 0;
    const label n = tokens.size() - start - 2;
    if
    (
        n >= 0
     && tokens[start] == token::BEGIN_LIST
     && tokens.last() == token::END_LIST
    )
    {
        const SubList<token> items(tokens, n, start + 1);
        if (all(items, &token::isNumber) || all(items, isWordOrString))
        {
            return list(items);
        }
    }

    refuse(where, e, tokens.toString());
}


static void collect
(
    const dictionary& dict,
    const std::string& prefix,
    const wordHashSet& skip,
    surrogate::Settings& settings
)
{
    for (const entry& e : dict)
    {
        if (prefix.empty() && skip.found(e.keyword()))
        {
            continue;
        }
        if (e.isDict())
        {
            collect(e.dict(), prefix + e.keyword() + ".", skip, settings);
        }
        else
        {
            settings.set(prefix + e.keyword(), value(settings.where(), e));
        }
    }
}


static std::string whereIs(const dictionary& dict)
{
    return
        dict.name() + ", lines " + std::to_string(dict.startLineNumber())
      + " to " + std::to_string(dict.endLineNumber());
}

} // End namespace Foam


// * * * * * * * * * * * * * * * Global Functions  * * * * * * * * * * * * * //

surrogate::Settings Foam::optionsFromDict(const dictionary& dict)
{
    surrogate::Settings settings(whereIs(dict));
    collect(dict, "", wordHashSet(), settings);
    return settings;
}


surrogate::Settings Foam::optionsFromFunctionObjectDict
(
    const dictionary& dict,
    const std::vector<std::string>& valid
)
{
    surrogate::Settings settings(whereIs(dict));
    collect(dict, "", functionObjectKeywords, settings);
    settings.requireOnly(valid);
    return settings;
}


surrogate::Settings Foam::only
(
    const surrogate::Settings& settings,
    const std::vector<std::string>& valid
)
{
    surrogate::Settings part(settings.where());
    for (const auto& entry : settings.all())
    {
        surrogate::Settings one;
        one.set(entry.first, entry.second);
        try
        {
            one.requireOnly(valid);
        }
        catch (const surrogate::Error&)
        {
            continue;
        }
        part.set(entry.first, entry.second);
    }
    return part;
}


// ************************************************************************* //
