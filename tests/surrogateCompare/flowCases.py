"""Cases with fields that are known at each time, made for the tests of surrogateCompare."""
import os
import re
import shutil
import subprocess

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BUILD = os.environ.get("SURROGATE_BUILD", os.path.join(ROOT, "build", "release"))
FOLDER = os.path.join(BUILD, "tests", "cases", "surrogateCompare")
L = 2*np.pi


def command(*words, cwd=None):
    """Runs it; the test stops where it fails"""
    done = subprocess.run(words, cwd=cwd, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    assert done.returncode == 0, done.stdout
    return done.stdout


class Case:
    """A box made by tests/cases/makeBox. Arrays are [z][y][x] (without the axes that have one cell), vectors [component] first."""

    def __init__(self, name, cells, *options):
        self.path = os.path.join(FOLDER, name)
        self.cells = cells
        command(os.path.join(ROOT, "tests", "cases", "makeBox"), self.path, "-cells", " ".join(map(str, cells)), *options)
        for file in ("0/U", "0/p"):
            os.remove(os.path.join(self.path, file))

    def file(self, name):
        return os.path.join(self.path, name)

    def patches(self):
        with open(self.file("constant/polyMesh/boundary"), encoding="utf-8") as file:
            return re.findall(r"(\w+)\s*\{\s*type\s+(\w+);", file.read())

    def write(self, time, name, values, walls="type zeroGradient;"):
        """values: [cell...] of a scalar, [component][cell...] of a vector"""
        values = np.asarray(values, float)
        vector = values.ndim > 1 and values.shape[0] in (2, 3) and values[0].size == np.prod(self.cells)
        if vector:
            flat = np.zeros((values[0].size, 3))
            flat[:, :len(values)] = values.reshape(len(values), -1).T
            text = "\n".join("(%.17g %.17g %.17g)" % tuple(row) for row in flat)
        else:
            flat = values.ravel()
            text = "\n".join("%.17g" % value for value in flat)
        kind = "vector" if vector else "scalar"
        types = {"wall": walls, "patch": walls}
        entries = "".join(f"    {patch} {{ {types.get(type_, f'type {type_};')} }}\n" for patch, type_ in self.patches())
        os.makedirs(self.file(time), exist_ok=True)
        with open(self.file(f"{time}/{name}"), "w", encoding="utf-8") as file:
            file.write(f"FoamFile {{ version 2.0; format ascii; class vol{kind.capitalize()}Field; object {name}; }}\n"
                       f"dimensions [0 {'1 -1' if vector else '2 -2'} 0 0 0 0];\n"
                       f"internalField nonuniform List<{kind}> {len(flat)} (\n{text}\n);\n"
                       f"boundaryField\n{{\n{entries}}}\n")

    def decompose(self, ranks=3):
        """All times; those of the whole case go"""
        with open(self.file("system/decomposeParDict"), encoding="utf-8") as file:
            text = re.sub(r"numberOfSubdomains.*?;", f"numberOfSubdomains {ranks};", file.read())
        with open(self.file("system/decomposeParDict"), "w", encoding="utf-8") as file:
            file.write(text.replace("n (2 1 1)", f"n ({ranks} 1 1)"))
        command("decomposePar", "-time", "0:", cwd=self.path)
        for folder in os.listdir(self.path):
            if re.fullmatch(r"[0-9.]+", folder):
                shutil.rmtree(self.file(folder))

    def copy(self, name):
        other = object.__new__(type(self))
        other.path, other.cells = os.path.join(FOLDER, name), self.cells
        shutil.rmtree(other.path, ignore_errors=True)
        shutil.copytree(self.path, other.path)
        return other


def centres(*cells):
    """Of a uniform box: as many arrays [..y][x] as axes"""
    axes = [L*(np.arange(n) + 0.5)/n for n in cells]
    return np.meshgrid(*axes[::-1], indexing="ij")[::-1]


def compare(*words, output="results"):
    """(exit code, printed text, output folder)"""
    folder = os.path.join(FOLDER, output)
    shutil.rmtree(folder, ignore_errors=True)
    done = subprocess.run(["surrogateCompare", "-output", folder, *words], cwd=FOLDER, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False)
    return done.returncode, done.stdout, folder
