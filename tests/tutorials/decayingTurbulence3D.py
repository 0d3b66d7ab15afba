"""What tutorials/decayingTurbulence3D must reach: usage decayingTurbulence3D.py RESULTS"""
import json
import sys

with open(sys.argv[1] + "/summary.json") as file:
    runs = {run["name"]: run for run in json.load(file)["runs"]}

# time of the comparison: least correlation of U with the solver's, for each run
LEAST = {"surrogate": {0.4: 0.99, 2.0: 0.92}, "hybrid": {0.4: 0.999999, 2.0: 0.95}}
# most difference of the kinetic energy up to 4 s, least speed-up
ENERGY, SPEEDUP = 0.06, {"surrogate": 10, "hybrid": 1.5}

failures = []
for name, least in LEAST.items():
    compared = {round(row["time"], 3): row for row in runs[name]["against solver"]}
    for time, bound in least.items():
        found = compared[time]["correlation"]
        print(f"{name}: correlation at {time} s {found}, at least {bound}")
        if not found >= bound:
            failures.append(f"{name} at {time} s")
    energy = max(abs(row["energyDifference"]) for time, row in compared.items() if time < 4.1)
    print(f"{name}: energy differs by {energy} at most, allowed {ENERGY}")
    if not energy <= ENERGY:
        failures.append(f"{name}, energy")
    speedUp = runs["solver"]["wallTimePerTime"]/runs[name]["wallTimePerTime"]
    print(f"{name}: speed-up {speedUp:.1f}, at least {SPEEDUP[name]}")
    if not speedUp >= SPEEDUP[name]:
        failures.append(f"{name}, speed-up")
if failures:
    sys.exit("not reached: " + ", ".join(failures))
