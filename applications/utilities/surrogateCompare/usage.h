#pragma once

namespace surrogate
{

//- What surrogateCompare -help prints
inline const char* const usage = R"(Usage: surrogateCompare [OPTIONS] <comparison.json>
options:
  -output <folder>   where results go (default: results beside the JSON file)
  -noPictures        no PNG and no .vti
  -help              this text

Compares runs of one flow with a reference run, all recorded as HDF5 data sets by the function object fieldSnapshots with the
velocity among its fields, on periodic 2-D boxes. The runs may have different grids: each is brought to the reference's grid by
Fourier interpolation between cell centres. Writes

    summary.json       the figures of the table, see below
    comparison.png     vorticity side by side, error, mean spectra, correlation over time
    NAME.pvd, NAME/    for each run but the reference: prediction, reference and error as .vti, of the picture's start

and prints one table. The input:

{
    "case": "kolmogorovFlow",
    "threads": 1,                          // that each run used; default 1
    "velocity": "U",                       // default U
    "startTime": 0,                        // of the short runs [s]: one for all, or a list with one a start; default 0
    "correlationTimes": [1, 2, 3, 4, 6],   // after the start [s]; default these
    "oneStep": 0.1,                        // time after the start of vrmseOneStep [s]: the model's time step
    "statisticsFrom": 0,                   // snapshots of the long runs before this time are left out [s]; default 0
    "picture":                             // default: the last correlation time of the first start, the first three runs
    {
        "start": 0,                        // position in each run's list
        "time": 3,                         // after the start [s]
        "runs": ["solver", "surrogate", "hybrid10-10"],
        "error": "surrogate"               // whose difference to the reference is shown; default: the second of them
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
        }
    ]
}

File names are relative to the JSON file's folder. "starts", "long" and each of the given numbers may be left out: what depends
on them is then null in summary.json and "-" in the table. So is the correlation at a time that a run never reached.

summary.json: {"case", "machine": {"processor", "threads", "amx"}, "runs": [{"name", "wallTimePerTime", "stepsBySolver",
"stepsByModel", "vrmseOneStep", "correlation": {"1", ...}, "kineticEnergy": {"mean", "stderr"}, "enstrophy": {"mean", "stderr"},
"spectrumDistance", "continuityError"}]}.

  correlation        Pearson's, of the vorticity with the reference's from the same start, mean over the starts
  vrmseOneStep       of the vorticity after oneStep, mean over the starts
  kineticEnergy      mean of 0.5 |U|^2 over the box and the long run's snapshots, with the standard error from ten batch means
  enstrophy          the same of 0.5 omega^2
  spectrumDistance   mean of |log10 ratio| to the reference's mean energy spectrum over the wave numbers 1 to 16, or to the
                     highest that the run's own grid holds (half its cells), where that is lower: the table says which
)";

} // namespace surrogate
