"""What tutorials/decayingTurbulence3D must reach: usage decayingTurbulence3D.py RESULTS"""
import csv
import json
import sys

results = sys.argv[1]
with open(results + "/summary.json", encoding="utf-8") as file:
    runs = {run["name"]: run for run in json.load(file)["runs"]}


def table(name):
    """Rows of a CSV file by time"""
    with open(f"{results}/{name}.csv", encoding="utf-8") as file:
        return {round(float(row["time"]), 3): row for row in csv.DictReader(file)}


# time of the comparison: least correlation of U with the solver's, for each run
LEAST = {"surrogate": {0.4: 0.99, 2.0: 0.92}, "hybrid": {0.4: 0.999999, 2.0: 0.95}}
# most difference of the kinetic energy up to 4 s, least speed-up
ENERGY, SPEEDUP = 0.06, {"surrogate": 10, "hybrid": 1.5}

failures = []
for name, least in LEAST.items():
    errors = table(name + "-errors")
    for time, bound in least.items():
        found = float(errors[time]["U.correlation"])
        print(f"{name}: correlation at {time} s {found}, at least {bound}")
        if not found >= bound:
            failures.append(f"{name} at {time} s")
    energies, wanted = ({t: float(row["kineticEnergy"]) for t, row in table(run + "-statistics").items()} for run in (name, "solver"))
    energy = max(abs(energies[time]/wanted[time] - 1) for time in energies if time < 4.1)
    print(f"{name}: energy differs by {energy} at most, allowed {ENERGY}")
    if not energy <= ENERGY:
        failures.append(f"{name}, energy")
    speedUp = runs[name]["cost"]["timesCheaper"]
    print(f"{name}: speed-up {speedUp:.1f}, at least {SPEEDUP[name]}")
    if not speedUp >= SPEEDUP[name]:
        failures.append(f"{name}, speed-up")
if failures:
    sys.exit("not reached: " + ", ".join(failures))
