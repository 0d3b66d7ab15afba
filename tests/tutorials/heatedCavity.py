"""What tutorials/heatedCavity must reach: usage heatedCavity.py RESULTS"""
import json
import sys

with open(sys.argv[1] + "/summary.json") as file:
    runs = {run["name"]: run for run in json.load(file)["runs"]}
solver, hybrid = runs["solver"], runs["hybrid"]
failures = []


def within(name, tolerance):
    error = hybrid[name]/solver[name] - 1
    print(f"{name}: hybrid {hybrid[name]}, solver {solver[name]}, {100*error:+.1f} %, allowed {100*tolerance:g} %")
    if not abs(error) <= tolerance:
        failures.append(name)


def at_most(name, limit):
    print(f"{name}: off by {hybrid[name]} of the solver's, allowed {limit:g}")
    if not hybrid[name] <= limit:
        failures.append(name)


for name in ("nusselt", "nusseltCold", "nusseltWhole"):
    within(name, 0.02)
within("kineticEnergy", 0.05)
# The oscillation about the means is not kept: README
at_most("meanT", 0.1)
at_most("meanU", 0.08)
speedUp = solver["wallTimePerTime"]/hybrid["wallTimePerTime"]
print(f"speed-up {speedUp:.2f}")
if speedUp < 2.5:     # 3 and more on a machine that does nothing else
    failures.append("speed-up")
if solver["periods"] < 8:
    failures.append("periods")
if failures:
    sys.exit("not reached: " + ", ".join(failures))
