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
    surrogateAccuracy

Group
    grpSurrogateUtilities

Description
    Accuracy of models against what a step of theirs costs, over the values of
    a control: forecasts from recorded snapshots, compared with what was
    recorded.

    A curve is one model, or several that were trained alike but for the seed
    and give its error bars, at each value of its knob: an entry of
    networkControls (iterations, tolerance, relTol, maxIter, timeBudget, patch)
    or of samplerCoeffs (evaluations, say). A model without a knob, the
    baseline, is a curve of one point. All models are of one grid, the same
    fields and the same time step.

    Writes into the output folder
    - summary.json, and as a table on the screen, for each setting:
      parameters, iterations or evaluations a step, milliseconds a step, VRMSE
      at the horizons, the trajectory error (mean over steps and fields of the
      mean-square error by the field's variance), for how long the forecasts
      are correlated with the truth, the peaks of the patches' lattice
    - errors.csv: of each step the VRMSE, and as error the mean-square error by
      the field's variance
    - accuracy.png, report.html: the same as plots and as a page

    Costs can be compared where nothing else keeps the machine busy. A forecast
    whose values stop being finite makes its setting's error infinite, with a
    note.

Usage
    \b surrogateAccuracy [OPTIONS]

      - \par -dict \<file\>
        Dictionary, by default system/surrogateAccuracyDict.

    Example of system/surrogateAccuracyDict:
    \verbatim
    reference   ("recorded/validation.h5");
    steps       20;
    horizons    (1 10 20);

    curves
    {
        recurrFno
        {
            models  ("models/recurrFno1.safetensors" "models/recurrFno2.safetensors");
            knob    iterations;
            values  (1 2 4 8 16 32);
        }
        fno
        {
            models  ("models/fno1.safetensors" "models/fno2.safetensors");
        }
    }
    \endverbatim

    Where:
    \table
        Keyword         | Description                           | Req'd | Default
        reference       | Data sets (HDF5) on the models' grid  | yes   |
        starts          | Of each trajectory, spread evenly over what leaves room for the steps | no | 1
        trajectories    | Of each data set; 0: all              | no    | 0
        steps           | Of the models                         | yes   |
        horizons        | Steps whose VRMSE is in the table     | no    | the first and the last
        correlation     | See Description: below which forecasts are no longer correlated | no | 0.8
        latticePatch    | Cells between the points of a lattice whose peaks are looked for in the last step's error; 0: none | no | 0
        conserve        | Fields whose mean over the grid each step keeps, as surrogateFoam's conserve | no | ()
        batch           | Forecasts at a time; 0: all           | no    | 0
        seed            | Of the random numbers                 | no    | 1
        title           | Of the report                         | no    |
        output          | Folder                                | no    | accuracy
        device          | auto, cpu, cuda, cuda:N or staged     | no    | auto
        precision       | auto, float32, bfloat16 or float64    | no    | auto
        threads         | 0: one                                | no    | 0
        tiles           | The network is evaluated in so many parts along x, y, z, see doc/parallel.md | no | ()
        curves          | Sub-dictionaries, each named as its curve | yes |
        models          | Of a curve: model files               | yes   |
        knob            | Of a curve: what is turned            | no    | nothing
        values          | Of a curve: of its knob               | with a knob |
        networkControls | Of a curve: what else is set, see doc/controls.md | no |
        samplerCoeffs   | Of a curve: how a diffusion model draws the next state | no |
    \endtable

See also
    surrogateRollout
    surrogateTrain

\*---------------------------------------------------------------------------*/

#include "accuracy.h"

#include "foam/modelCall.H"
#include "foam/optionsFromDict.H"

#include "IOdictionary.H"
#include "Time.H"
#include "argList.H"

// * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * //

using namespace Foam;

int main(int argc, char *argv[])
{
    argList::addNote("Accuracy of models against what a step costs");
    argList::noParallel();
    argList::addOption
    (
        "dict",
        "file",
        "Dictionary, by default system/surrogateAccuracyDict"
    );

    #include "setRootCase.H"
    #include "createTime.H"

    const fileName dictFile
    (
        args.lookupOrDefault<fileName>("dict", "system/surrogateAccuracyDict")
    );
    IOdictionary dict
    (
        IOobject(dictFile, runTime, IOobject::MUST_READ, IOobject::NO_WRITE)
    );

    // Paths in the dictionary are those of the case
    chDir(runTime.path());

    callOnMaster(dict, [&]()
    {
        const auto options =
            surrogate::AccuracyOptions::read(optionsFromDict(dict));
        surrogate::reportAccuracy
        (
            options,
            surrogate::measureAccuracy(options),
            "surrogateAccuracy -dict " + dictFile
        );
    });

    Info<< "End\n" << endl;

    return 0;
}


// ************************************************************************* //
