#pragma once

namespace surrogate
{

//- What surrogateCompare -help prints
inline const char* const usage = R"(Usage: surrogateCompare [OPTIONS] <referenceCase> <run> [<run> ...]
       surrogateCompare [OPTIONS] <comparison.json>

Compares runs with a reference. Each is an OpenFOAM case, reconstructed or decomposed, or a data set NAME.h5 of fieldSnapshots.
options:
  -name '(w ...)'      names of the runs, the reference's first (default: the last parts of the paths)
  -fields '(w ...)'    which fields (default: all scalars and vectors that all have, and the vorticity)
  -velocity <word>     the velocity, of energy, enstrophy, vorticity and spectra (default: U)
  -times <ranges>      as OpenFOAM's -time, such as 10:20,30: (default: all that all have, without 0)
  -grid '(nx ny nz)'   uniform grid of spectra and spectral errors, for a mesh that is none; as many numbers as dimensions
  -patches '(w ...)'   forces whose function object or column has one of these words in its name (default: all)
  -output <folder>     where results go (default: comparison)
  -pictureFields '(w ...)', -pictureTime <time>   of the pictures (default: three fields, the last time)
  -plane '(n x)'       of the pictures in 3-D: normal x, y or z, and where [m] (default: z, the middle)
  -zoom '(x0 x1 y0 y1)'  part of the plane [m]
  -vtkTimes <n>        at most so many times in the VTK series (default: 20)
  -noPictures, -noVtk  without the PNG files; without the VTK series
  -help                this text

Where meshes differ a run's fields are brought to the reference's mesh, weighted by the volumes that cells share. Writes

    report.html          all numbers, plots and pictures in one file, and how to repeat it
    summary.json         the numbers
    *.csv                over time, spectra, densities, ...; spectra.vtk: the same as a table for ParaView
    *.png                the pictures of the report
    NAME.pvd, NAME/      each field F with F_reference and F_error, on the reference's mesh, for ParaView
    NAME-paraview.py     opens these side by side

doc/comparison.md says what each figure is and how to read it. The rest of this text is about the form with comparison.json:
options -output (default: results beside the JSON file) and -noPictures (no PNG and no .vti).

Compares runs of one flow with a reference run, all recorded as HDF5 data sets by the function object fieldSnapshots with the
velocity or the vorticity among its fields, on periodic 2-D boxes. The runs may have different grids: each is brought to the
reference's grid by Fourier interpolation between cell centres. Writes

    summary.json       the figures of the table, see below
    report.html        the tables and pictures in one file
    comparison.png     vorticity side by side, error, mean spectra, correlation over time
    NAME.pvd, NAME/    for each run but the reference: prediction, reference and error as .vti, of the picture's start
    vorticity.png      of members at several times
    statistics.png     of members: spectra, energy and enstrophy over time, rate of change, autocorrelation, noise levels

the last two where runs have members, and prints one table, and one of the members. The input:

{
    "case": "kolmogorovFlow",
    "threads": 1,                          // that each run used; default 1
    "velocity": "U",                       // default U; or "vorticity": "q1", from which the velocity then follows
    "startTime": 0,                        // of the short runs [s]: one for all, or a list with one a start; default 0
    "correlationTimes": [1, 2, 3, 4, 6],   // after the start [s]; default these
    "oneStep": 0.1,                        // time after the start of vrmseOneStep [s]: the model's time step
    "statisticsFrom": 0,                   // snapshots of the long runs before this time are left out [s]; default 0
    "spectrumTo": 16,                      // highest wave number of spectrumDistance and spectrumBand; default 16
    "picture":                             // default: the last correlation time of the first start, the first three runs
    {
        "start": 0,                        // position in each run's list
        "time": 3,                         // after the start [s]
        "runs": ["solver", "surrogate", "hybrid10-10"],
        "error": "surrogate"               // whose difference to the reference is shown; default: the second of them
    },
    "longPicture":                         // of vorticity.png; default: member 0 of all runs at 0.01, 0.1, 0.4 and 1 of the
    {                                      //   longest one's length
        "member": 0,
        "times": [10, 100, 1000],          // after the member's first snapshot [s]
        "runs": ["solver", "emulator"]
    },
    "window":                              // of the running mean of spectra, see spectrumBand; default these
    {
        "snapshots": 10,
        "spacing": 5                       // least time between two of them [s]
    },
    "runs":                                // the first is the reference
    [
        {
            "name": "solver",
            "starts": ["runs/solver-1.h5", "runs/solver-2.h5"],   // data sets of the short runs, the same starts for all
            "long": "runs/solver-long.h5",                        // data set of the long run, for statistics
            "wallTimePerTime": 0.38,       // given, not computed: seconds per simulated time unit on one core,
            "stepsBySolver": 1000,         //   time steps of the long run by whom,
            "stepsByModel": 0,
            "continuityError": 1e-9        //   and its largest continuity error
        },
        {
            "name": "emulator",
            "members": ["long/member0.h5", "long/member1.h5"],    // instead of "long": data sets of several long runs, as
            "end": ["long/member0-end.h5"],                       //   surrogateRollout writes them; a part of some of them
            "statistics": "long/statistics.csv",                  //   with all steps; statistics of steps between
            "levels": "long/levels.csv",                          //   snapshots; estimated noise levels
            "statisticsFrom": 50,          // of the members, after the first snapshot of each [s]; default as above
            "timePerStep": 2.1,            // given: milliseconds per step of a member,
            "evaluationsPerStep": 3.4      //   and a corrector's network evaluations per step
        }
    ]
}

File names are relative to the JSON file's folder. "starts", "long" and each of the given numbers may be left out: what depends
on them is then null in summary.json and "-" in the table. So is the correlation at a time that a run never reached. Where a run
has members the reference must have some; data sets of the solver may be both its "members" and its "end", with snapshots at an
interval of which oneStep is a multiple. A member's lines in "statistics" are those with the N of its memberN.h5, or with its
position where a file is not named so.

summary.json: {"case", "machine": {"processor", "threads", "amx"}, "runs": [{"name", "wallTimePerTime", "stepsBySolver",
"stepsByModel", "vrmseOneStep", "correlation": {"1", ...}, "kineticEnergy": {"mean", "stderr"}, "enstrophy": {"mean", "stderr"},
"spectrumDistance", "continuityError"}]}.

  correlation        Pearson's, of the vorticity with the reference's from the same start, mean over the starts
  vrmseOneStep       of the vorticity after oneStep, mean over the starts
  kineticEnergy      mean of 0.5 |U|^2 over the box and the long run's snapshots, with the standard error from ten batch means
  enstrophy          the same of 0.5 omega^2
  spectrumDistance   mean of |log10 ratio| to the reference's mean energy spectrum over the wave numbers 1 to spectrumTo, or
                     to the highest that the run's own grid holds (half its cells), where that is lower: the table says which

A run with members has kineticEnergy, enstrophy and spectrumDistance from all snapshots of all members, standard errors over the
members, and further "members": {"spectrumDistanceError", "spectrumFloor", "fiveSigma": {"stable", "members", "firstExit",
"exitSteps"}, "spectrumBand": {the same}, "rateOfChange": {"mean", "stddev", "ratio", "distance"}, "autocorrelationError",
"autocorrelation", "meanLevel": {"condition", "state"}, "timePerStep", "evaluationsPerStep"}.

  spectrumDistanceError  standard error of spectrumDistance, by leaving out each member in turn (jackknife)
  spectrumFloor      of the reference: spectrumDistance between the halves of its members, what sampling alone gives
  fiveSigma          a member is stable while |E - mean| <= 5 stddev, the kinetic energy's over all snapshots of the reference,
                     at all steps in "statistics" (without it: at all snapshots) and to the end of the longest member.
                     "firstExit" [s] is the earliest of all members; "exitSteps" has one a member, null: stable
  spectrumBand       the same for the mean spectrum of each window of successive snapshots: its log10 stays within 5 standard
                     deviations of that of the reference's windows, for the same wave numbers. These are 2000 windows of
                     snapshots drawn at random, or the reference's windows of successive snapshots where those deviate more.
                     The exit is the window's last snapshot; a run shorter than a window cannot leave the band
  rateOfChange       root mean square of the vorticity's change over one step, from "statistics", else from "end"; "ratio" of
                     the means, "distance" of the distributions (Kolmogorov and Smirnov's, 0 to 1) to the reference's
  autocorrelation    C(tau) = <w(t) w(t + tau)>/<w^2>, w the vorticity, means over the box, the time and the ends; up to half of
                     the run's longest end. The error is the mean of |C - reference's C| up to the reference's first value
                     below 0.1, or as far as both go
)";

} // namespace surrogate
