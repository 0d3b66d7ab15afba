"""What tutorials/korteweg-deVries must reach, as any of the cases on a line: usage waves.py RESULTS"""
import csv
import json
import sys

results = sys.argv[1]
with open(results + "/accuracy/summary.json", encoding="utf-8") as file:
    curves = {curve["name"]: curve["points"] for curve in json.load(file)["curves"]}
with open(results + "/surrogate-errors.csv", encoding="utf-8") as file:
    vrmse = [float(row["u.VRMSE"]) for row in csv.DictReader(file)][-1]

failures = []


def require(what, found, bound):
    print(f"{what}: {found:.4g}, at most {bound:.4g}")
    if not found <= bound:
        failures.append(what)


def error(point):
    return point["trajectoryError"]["mean"]


fixed = {int(point["iterations"]): point for point in curves["recurrFno"]}
cold = {point["tolerance"]: point for point in curves["recurrFno-tolerance"]}
warm = {point["tolerance"]: point for point in curves["recurrFno-warm"]}

# falls from one iteration to the plateau, and stays there
for fewer, more in ((1, 2), (2, 4), (4, 8)):
    require(f"error of {more} iterations by that of {fewer}", error(fixed[more])/error(fixed[fewer]), 0.5)
for more in (16, 64):
    require(f"error of {more} iterations by that of 8", error(fixed[more])/error(fixed[8]), 1.05)
# a warm start saves iterations, and costs no accuracy
require("iterations of a warm start by those of a cold one", warm[0.003]["iterations"]/cold[0.003]["iterations"], 0.75)
require("error of a warm start by that of the plateau", error(warm[0.003])/error(fixed[8]), 1.05)
require("error on the plateau", error(fixed[8]), 0.0015)
# the run by surrogateFoam
require("VRMSE of the run at its end", vrmse, 0.05)
if failures:
    sys.exit("not reached: " + ", ".join(failures))
