"""Whether the tutorial's results are what it promises: accuracy and statistics, not times, which depend on the machine's load.

usage: kolmogorovFlow.py RESULTS
"""

import json
import os
import sys


def main():
    folder = sys.argv[1]
    with open(os.path.join(folder, "summary.json")) as file:
        runs = {run["name"]: run for run in json.load(file)["runs"]}
    surrogate, solver = runs["surrogate"], runs["solver"]
    faults = []

    def require(holds, what):
        if not holds:
            faults.append(what)

    require(surrogate["stepsBySolver"] == 0 and surrogate["stepsByModel"] == 1000, "surrogate: 1000 steps, all by the model")
    require(0 < surrogate["vrmseOneStep"] <= 0.02, f"one-step VRMSE {surrogate['vrmseOneStep']} above 0.02")
    for time, least in (("3", 0.98), ("6", 0.9)):
        found = surrogate["correlation"][time]
        require(found >= least, f"correlation {found} at t = {time} below {least}")
        for name in ("solver32", "solver16"):
            require(found > runs[name]["correlation"][time], f"not above {name} at t = {time}")
    require(surrogate["continuityError"] < 1e-12, f"surrogate: continuity error {surrogate['continuityError']}")

    for name in ("hybrid10-10", "hybrid10-2"):
        run = runs[name]
        require(run["stepsByModel"] > 500 and run["stepsBySolver"] > 500, f"{name}: both must take steps")
        require(run["correlation"]["3"] >= 0.98, f"{name}: correlation {run['correlation']['3']} at t = 3")
        require(run["spectrumDistance"] <= 0.1, f"{name}: spectrum distance {run['spectrumDistance']}")
        require(run["continuityError"] < 4*solver["continuityError"], f"{name}: continuity error {run['continuityError']}")
        # a chaotic run's mean over 200 s: what lies beyond three standard errors of the difference is no chance
        energy, own = run["kineticEnergy"], solver["kineticEnergy"]
        error = 3*(energy["stderr"]**2 + own["stderr"]**2)**0.5
        require(abs(energy["mean"] - own["mean"]) < error, f"{name}: kinetic energy {energy}, the solver's {own}")

    for name in ["comparison.png"] + [f"{run}.pvd" for run in ("surrogate", "hybrid10-10")]:
        require(os.path.exists(os.path.join(folder, name)), f"no {name}")

    print("\n".join(faults) if faults else "as promised")
    sys.exit(bool(faults))


main()
