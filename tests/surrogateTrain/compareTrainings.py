"""Compares two trainings: losses to 1e-5 relative, weights to 1e-3 of the largest. usage: compareTrainings.py A B LOGGED"""
import array
import csv
import json
import struct
import sys


def weights(path):
    with open(path, "rb") as file:
        size = struct.unpack("<Q", file.read(8))[0]
        header = json.loads(file.read(size))
        data = file.read()
    header.pop("__metadata__")
    return {
        name: array.array("f", data[slice(*entry["data_offsets"])])
        for name, entry in header.items()
        if entry["dtype"] == "F32"
    }


def losses(path):
    with open(path + ".losses.csv", encoding="utf-8") as file:
        return [(int(row["iteration"]), float(row["trainingLoss"])) for row in csv.DictReader(file)]


a, b, n = sys.argv[1], sys.argv[2], int(sys.argv[3])
curves = losses(a), losses(b)
assert [i for i, _ in curves[0]] == [i for i, _ in curves[1]] == list(range(1, n + 1)), "other iterations are logged"
worst = max(abs(x - y) / abs(x) for (_, x), (_, y) in zip(*curves, strict=True))
assert curves[0][-1][1] < curves[0][0][1], "nothing was learned"
first, second = weights(a), weights(b)
assert first and first.keys() == second.keys()
far = 0.0
for name, values in first.items():
    largest = max(map(abs, values))
    differs = max(abs(x - y) for x, y in zip(values, second[name], strict=True))
    far = max(far, differs / largest if largest > 0 else differs)
print(f"losses differ by up to {worst:.1e}, weights by {far:.1e} of their largest")
sys.exit(worst > 1e-5 or far > 1e-3)
