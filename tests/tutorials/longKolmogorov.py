"""Whether the short study shows what it promises: the emulator leaves the attractor, with a corrector it stays.

usage: longKolmogorov.py RESULTS
"""

import json
import os
import sys


def main():
    folder = sys.argv[1]
    with open(os.path.join(folder, "summary.json")) as file:
        runs = {run["name"]: run for run in json.load(file)["runs"]}
    faults = []

    def require(holds, what):
        if not holds:
            faults.append(what)

    emulator = runs["emulator"]["members"]["fiveSigma"]
    require(emulator["stable"] < emulator["members"]/2, f"emulator alone: {emulator} of it stays, so there is nothing to correct")
    for name in ("sns", "thermalizer"):
        run = runs[name]
        sigma = run["members"]["fiveSigma"]
        # five sigma of a reference this short is a narrow band: one may touch it
        require(sigma["stable"] >= sigma["members"] - 1, f"{name}: five-sigma stability {sigma}")
        require(run["spectrumDistance"] < 0.2, f"{name}: spectrum distance {run['spectrumDistance']}")
        require(0.7 < run["members"]["rateOfChange"]["ratio"] < 1.2, f"{name}: rate of change {run['members']['rateOfChange']}")
        require(0.4 < run["members"]["evaluationsPerStep"] < 1, f"{name}: {run['members']['evaluationsPerStep']} evaluations")
    require(runs["acdm"]["members"]["evaluationsPerStep"] == 20, "acdm: 20 evaluations a step")
    for name in ("vorticity.png", "statistics.png"):
        require(os.path.exists(os.path.join(folder, name)), f"no {name}")

    print("\n".join(faults) if faults else "as promised")
    sys.exit(bool(faults))


main()
