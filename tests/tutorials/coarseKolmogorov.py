"""Whether a corrector brings a solver on a coarse mesh nearer to the fine one's statistics, as the tutorial promises.

usage: coarseKolmogorov.py CASE
"""

import glob
import json
import os
import sys

COLUMNS = ["Time", "conditionLevel", "level", "levelAfter", "evaluations", "changed", "wallTime[s]", "energyChange",
    "enstrophyChange", "continuityErrorOfU", "continuityErrorOfPhi"]


def refinements(path):
    """Titles and rows of a refinement.dat"""
    with open(path) as file:
        lines = [line.split() for line in file]
    titles = [line for line in lines if line[0].startswith("#")][-1][1:]
    return titles, [[float(word) for word in line] for line in lines if not line[0].startswith("#")]


def main():
    case = sys.argv[1]
    folder = os.path.join(case, "results")
    with open(os.path.join(folder, "summary.json")) as file:
        runs = {run["name"]: run for run in json.load(file)["runs"]}
    fine, coarse = runs["fine"], runs["coarse"]
    faults = []

    def require(holds, what):
        if not holds:
            faults.append(what)

    require(coarse["spectrumDistance"] > 0.1, f"nothing to correct: coarse has spectrum distance {coarse['spectrumDistance']}")
    for name in ("sns", "thermalizer"):
        run = runs[name]
        require(run["spectrumDistance"] < 0.75*coarse["spectrumDistance"],
            f"{name}: spectrum distance {run['spectrumDistance']}, {coarse['spectrumDistance']} without it")
        off, before = (abs(r["enstrophy"]["mean"] - fine["enstrophy"]["mean"]) for r in (run, coarse))
        require(off < before, f"{name}: enstrophy off by {off}, by {before} without it")
        require(run["stepsBySolver"] == coarse["stepsBySolver"], f"{name}: the solver must take all steps")
        require(run["continuityError"] < 4*coarse["continuityError"], f"{name}: continuity error {run['continuityError']}")

        paths = sorted(glob.glob(os.path.join(case, f"runs/{name}-[0-9]*/postProcessing/corrector/0/refinement.dat")))
        require(len(paths) == 2, f"{name}: refinement.dat of two runs expected, found {paths}")
        for path in paths:
            titles, rows = refinements(path)
            require(titles == COLUMNS, f"{path}: columns {titles}")
            require(len(rows) > 50 and all(row[5] == 1 for row in rows), f"{path}: {len(rows)} looks, all must correct")
            worst = max(row[10] for row in rows)
            require(worst < 1e-12, f"{path}: continuity error of the flux {worst}")

    for name in ("comparison.png", "vorticity.png", "statistics.png"):
        require(os.path.exists(os.path.join(folder, name)), f"no {name}")

    print("\n".join(faults) if faults else "as promised")
    sys.exit(bool(faults))


main()
