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

Application
    surrogatePareto

Group
    grpSurrogateUtilities

Description
    Repeats a case with a list of settings, one run after another, and compares
    all runs with one of them: error against cost.

    Each run gets a copy of the case (0, or 0.orig where there is no 0, constant
    and system) in pareto/NAME, with the changes that the dictionary lists
    for it. Its commands are executed there, each with a log.COMMAND; then
    surrogateCompare gets all folders, the reference first, and writes to
    pareto/results.

    A run that is complete is not done again, so that a list can be made longer,
    unless the dictionary now asks for something else of it; with \c -overwrite
    all are. What is changed in the case itself needs that, too. A run that fails is told and left out: it is an
    answer, too. Costs can be compared where nothing else keeps the machine
    busy; \c rounds above 1 times every run more than once, in turn, and
    surrogateCompare takes the median.

Usage
    \b surrogatePareto [OPTION]

      - \par -dict \<file\>
        Dictionary (default: system/paretoDict)

      - \par -overwrite
        Do complete runs again

    \verbatim
    reference   fine;
    prepare     ("blockMesh" "mapFields ../fine -consistent -sourceTime 0");
    rounds      3;
    compare     "-fields (U)";

    runs
    {
        fine
        {
            system { controlDict { deltaT 0.005; } }
        }
        coarse
        {
            system
            {
                blockMeshDict { cells 32; }
                controlDict   { deltaT 0.04; }
            }
        }
        hybrid
        {
            system
            {
                controlDict
                {
                    functions { neuralSteps { type surrogateStep; ... } }
                }
            }
        }
    }
    \endverbatim

    Where:
    \table
        Keyword      | Description                              | Req'd | Default
        reference    | Name of the run that the others are compared with | yes |
        prepare      | Commands before a run, in its folder     | no    | ()
        run          | Commands of a run; their time counts     | no    | application
        rounds       | How often each run is timed              | no    | 1
        compare      | Options for surrogateCompare             | no    | ""
        templates    | Anything, for \$macros in the rest       | no    |
        runs         | Of each run NAME: folders, in them files, in them what is added or changed; also its own prepare and run | yes |
    \endtable

    Entries with \#include and \$macros in the files that are changed stay as
    they are.

See also
    surrogateCompare

\*---------------------------------------------------------------------------*/

#include "argList.H"
#include "IFstream.H"
#include "HashSet.H"
#include "IOobject.H"
#include "OFstream.H"
#include "OStringStream.H"
#include "OSspecific.H"
#include "Time.H"
#include "clockTime.H"

#include <fstream>
#include <sstream>

using namespace Foam;

// * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * //

//- Where all runs are, in the case's folder
static const fileName folder("pareto");

//- In the folder of a run that is complete: what was asked for
static const fileName completeName(".complete");

//- Beside the runs: they, as they were before their commands
static const fileName preparedName(".prepared");

static const wordList keywords
({
    "FoamFile", "reference", "prepare", "run", "rounds", "compare", "templates",
    "runs"
});


//- FatalIOError where the dictionary has other entries, or lacks a reference
static void check(const dictionary& dict)
{
    for (const entry& e : dict)
    {
        if (!keywords.found(e.keyword()))
        {
            FatalIOErrorInFunction(dict)
                << "Unknown keyword" << nl
                << "    expected: one of " << flatOutput(keywords) << nl
                << "    found:    " << e.keyword() << nl
                << exit(FatalIOError);
        }
    }
    const dictionary& runs = dict.subDict("runs");
    for (const entry& e : runs)
    {
        if (!e.isDict())
        {
            FatalIOErrorInFunction(runs)
                << "A run is a dictionary" << nl
                << "    expected: " << e.keyword() << " { ... }" << nl
                << "    found:    " << e.keyword() << nl
                << exit(FatalIOError);
        }
    }
    const word reference(dict.get<word>("reference"));
    if (!runs.found(reference, keyType::LITERAL))
    {
        FatalIOErrorInFunction(dict)
            << "Unknown reference" << nl
            << "    expected: one of the runs " << flatOutput(runs.toc()) << nl
            << "    found:    " << reference << nl
            << exit(FatalIOError);
    }
    if (dict.getOrDefault<label>("rounds", 1) < 1)
    {
        FatalIOErrorInFunction(dict)
            << "No number of rounds" << nl
            << "    expected: 1 or more" << nl
            << "    found:    " << dict.get<label>("rounds") << nl
            << exit(FatalIOError);
    }
}


//- Reads with #include and $macros as they are
static dictionary verbatim(const fileName& file)
{
    const int before = entry::disableFunctionEntries;
    entry::disableFunctionEntries = 1;
    IFstream is(file);
    dictionary dict(is, true);
    entry::disableFunctionEntries = before;
    return dict;
}


//- Changes files below the folder as the dictionary, nested like them, says
static void change(const fileName& dir, const dictionary& changes)
{
    for (const entry& e : changes)
    {
        const fileName path(dir/e.keyword());
        if (!e.isDict() || !exists(path))
        {
            FatalIOErrorInFunction(changes)
                << "Nothing to change" << nl
                << "    expected: the name of a folder or of a file in "
                << dir << ", and {} with what to change there" << nl
                << "    found:    " << e.keyword() << nl
                << exit(FatalIOError);
        }
        if (isDir(path))
        {
            change(path, e.dict());
            continue;
        }
        dictionary dict(verbatim(path));
        dict.merge(e.dict());

        OFstream os(path);
        IOobject::writeBanner(os);
        dict.write(os, false);
        IOobject::writeEndDivider(os);
    }
}


static void copyCase(const fileName& dir, const dictionary& changes)
{
    rmDir(dir, true);
    mkDir(dir);
    for (const fileName& part : fileNameList({"constant", "system"}))
    {
        cp(part, dir/part);
    }
    cp(isDir("0") ? fileName("0") : fileName("0.orig"), dir/"0");

    dictionary files(changes);
    files.remove("prepare");
    files.remove("run");
    change(dir, files);
}


//- In the run's folder, with logs named after the commands and the suffix.
//  Returns false where one fails, and says so.
static bool execute
(
    const fileName& dir,
    const stringList& commands,
    const string& suffix = ""
)
{
    for (const string& command : commands)
    {
        const fileName log
        (
            "log." + fileName(command.substr(0, command.find(' '))).name()
          + suffix
        );
        const string line
        (
            "cd '" + dir + "' && PWD=\"$(pwd)\" " + command + " > '" + log
          + "' 2>&1"
        );
        if (Foam::system(line))
        {
            Info<< "    failed: " << command.c_str() << ", see "
                << (dir/log).c_str() << endl;
            return false;
        }
    }
    return true;
}


//- The entry of the run, else of the dictionary, else the application of the
//  run's controlDict where its folder is given
static stringList commandsOf
(
    const dictionary& dict,
    const dictionary& run,
    const word& keyword,
    const fileName& dir = ""
)
{
    stringList commands;
    if
    (
        !run.readIfPresent(keyword, commands)
     && !dict.readIfPresent(keyword, commands)
     && !dir.empty()
    )
    {
        commands.append
        (
            verbatim(dir/"system/controlDict").get<word>("application")
        );
    }
    return commands;
}


//- All that the dictionary says of a run, as text
static string askedFor
(
    const dictionary& dict,
    const dictionary& run,
    const label rounds
)
{
    OStringStream os;
    os  << commandsOf(dict, run, "prepare") << nl
        << commandsOf(dict, run, "run") << nl << rounds << nl;
    run.write(os, false);
    return os.str();
}


//- Whether the run in that folder is complete, and what is asked for now
static bool isThere(const fileName& dir, const string& asked)
{
    std::ifstream file(dir/completeName);
    std::ostringstream text;
    text << file.rdbuf();
    return file && text.str() == asked;
}


int main(int argc, char *argv[])
{
    argList::addNote
    (
        "Repeat a case with a list of settings and compare error and cost"
    );
    argList::noParallel();
    argList::addOption
    (
        "dict", "file", "Dictionary, by default system/paretoDict"
    );
    argList::addBoolOption("overwrite", "Do complete runs again");

    #include "setRootCase.H"
    #include "createTime.H"

    const fileName dictFile
    (
        args.lookupOrDefault<fileName>("dict", "system/paretoDict")
    );
    const bool overwrite = args.found("overwrite");

    // All files below are those of the case
    chDir(runTime.globalPath());

    if (!isFile(dictFile))
    {
        FatalErrorInFunction
            << "No dictionary" << nl
            << "    expected: a file " << dictFile << nl
            << "    found:    none in " << cwd() << nl
            << exit(FatalError);
    }
    IFstream is(dictFile);
    const dictionary dict(is);
    check(dict);

    const word reference(dict.get<word>("reference"));
    const label rounds = dict.getOrDefault<label>("rounds", 1);
    const dictionary& runs = dict.subDict("runs");

    // The reference first: the others may be prepared from it
    wordList names(1, reference);
    for (const word& name : runs.toc())
    {
        if (name != reference)
        {
            names.append(name);
        }
    }

    const clockTime clock;
    const auto tell = [&](const word& name, const label round)
    {
        Info<< name;
        if (rounds > 1)
        {
            Info<< ", round " << round << " of " << rounds;
        }
        Info<< " (" << label(clock.elapsedTime()) << " s so far)" << endl;
    };

    rmDir(folder/preparedName, true);
    wordHashSet failed;
    wordList toTime;
    for (const word& name : names)
    {
        const dictionary& run = runs.subDict(name);
        const fileName dir(folder/name);
        if (!overwrite && isThere(dir, askedFor(dict, run, rounds)))
        {
            Info<< name << ": is there" << endl;
            continue;
        }
        tell(name, 1);
        copyCase(dir, run);
        bool good = execute(dir, commandsOf(dict, run, "prepare"));
        if (good && rounds > 1)
        {
            mkDir(folder/preparedName/"runs");
            cp(dir, folder/preparedName/"runs"/name);
        }
        good = good && execute(dir, commandsOf(dict, run, "run", dir));
        if (good)
        {
            toTime.append(name);
        }
        else if (name == reference)
        {
            FatalErrorInFunction
                << "The reference failed" << nl
                << "    expected: a run to compare the others with" << nl
                << "    found:    a failure, see the logs in " << dir << nl
                << exit(FatalError);
        }
        else
        {
            failed.insert(name);
        }
    }

    for (label round = 2; round <= rounds; ++round)
    {
        for (const word& name : toTime)
        {
            tell(name, round);
            const fileName dir(folder/preparedName/"timed");
            const string suffix("." + Foam::name(round));
            rmDir(dir, true);
            cp(folder/preparedName/"runs"/name, dir);
            const stringList commands
            (
                commandsOf(dict, runs.subDict(name), "run", dir)
            );
            if (execute(dir, commands, suffix))
            {
                for (const fileName& log : readDir(dir, fileName::FILE))
                {
                    if (log.ext() == suffix.substr(1))
                    {
                        mv(dir/log, folder/name/log);
                    }
                }
            }
        }
    }
    rmDir(folder/preparedName, true);
    for (const word& name : toTime)
    {
        std::ofstream(folder/name/completeName)
            << askedFor(dict, runs.subDict(name), rounds);
    }

    string command
    (
        "surrogateCompare -output " + folder/"results" + ' '
      + dict.getOrDefault<string>("compare", "") + " -name '("
    );
    string folders;
    for (const word& name : names)
    {
        if (!failed.found(name))
        {
            command += ' ' + name;
            folders += ' ' + folder/name;
        }
    }
    command += ")'" + folders;
    Info<< nl << command.c_str() << nl << endl;
    if (Foam::system(command))
    {
        FatalErrorInFunction
            << "surrogateCompare failed" << nl
            << exit(FatalError);
    }
    if (failed.size())
    {
        Info<< nl << "Failed, and left out: " << flatOutput(failed.sortedToc())
            << endl;
    }
    Info<< nl << "End" << nl << endl;

    return 0;
}


// ************************************************************************* //
