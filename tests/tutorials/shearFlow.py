"""Whether a vision transformer's patch does what its tutorial promises: smaller ones are more accurate and dearer, and all in turn
leave less of a lattice in the error than the largest alone.

usage: shearFlow.py RESULTS
"""

import json
import os
import sys


def main():
    folder = sys.argv[1]
    with open(os.path.join(folder, "summary.json")) as file:
        curves = {curve["name"]: curve["points"] for curve in json.load(file)["curves"]}
    faults = []

    def require(holds, what):
        if not holds:
            faults.append(what)

    def vrmse(point, step):
        return point["vrmse"][str(step)]["mean"]

    points = curves["flexible"]
    require([point["patch"] for point in points] == [4, 8, 16], f"patches {[point['patch'] for point in points]}")
    for finer, coarser in zip(points, points[1:]):
        require(vrmse(finer, 1) < vrmse(coarser, 1), f"patch {finer['patch']} is not more accurate than {coarser['patch']}")
    largest, (cycled,) = points[-1], curves["cycled"]
    require(largest["millisecondsPerStep"] < cycled["millisecondsPerStep"] < points[0]["millisecondsPerStep"], "cost of a cycle")
    require(vrmse(cycled, 10) < 0.9*vrmse(largest, 10), f"10 steps in turn: {vrmse(cycled, 10)}, largest: {vrmse(largest, 10)}")
    require(cycled["latticePeaks"] < 0.7*largest["latticePeaks"],
        f"lattice in turn: {cycled['latticePeaks']}, largest: {largest['latticePeaks']}")
    require(os.path.exists(os.path.join(folder, "accuracy.png")), "no accuracy.png")

    print("\n".join(faults) if faults else "as promised")
    sys.exit(bool(faults))


main()
