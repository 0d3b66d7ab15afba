"""A line of cells for dispersiveWaveFoam: made, changed, run and read by the tests."""
import os
import re
import shutil
import subprocess

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BUILD = os.environ.get("SURROGATE_BUILD", os.path.join(ROOT, "build", "release"))


class WaveCase:
    """The dictionaries of tutorials/burgers on `lines` lines of `cells` cells and `length` metres"""

    def __init__(self, name, cells=64, length=2*np.pi, lines=1, ranks=1, coefficients=None, **schemes):
        self.path = os.path.join(BUILD, "tests", "cases", "solvers", name)
        self.cells, self.length, self.lines, self.ranks = cells, length, lines, ranks
        source = os.path.join(ROOT, "tutorials", "burgers")
        shutil.rmtree(self.path, ignore_errors=True)
        shutil.copytree(os.path.join(source, "0.orig"), self.file("0"))
        for folder in ("system", "constant"):
            shutil.copytree(os.path.join(source, folder), self.file(folder), ignore=shutil.ignore_patterns("polyMesh"))
        self.entry("system/blockMeshDict", cells=cells, lines=lines, length=repr(length), sides="symmetryPlane" if lines > 1 else "empty")
        self.entry("system/controlDict", writeFormat="ascii", writePrecision=17)
        self.entry("system/fvSchemes", **schemes)
        self.write("constant/waveProperties", "waveProperties", "".join(f"{k} {v!r};\n" for k, v in (coefficients or {}).items()))
        self.command("blockMesh")

    def file(self, name):
        return os.path.join(self.path, name)

    def write(self, name, title, text, kind="dictionary"):
        with open(self.file(name), "w", encoding="utf-8") as file:
            file.write(f"FoamFile {{ version 2.0; format ascii; class {kind}; object {title}; }}\n{text}\n")

    def entry(self, name, **entries):
        with open(self.file(name), encoding="utf-8") as file:
            text = file.read()
        for keyword, value in entries.items():
            text, n = re.subn(rf"(?m)^( *){keyword}\b[^;\n]*;", rf"\g<1>{keyword} {value};", text, count=1)
            assert n == 1, f"no {keyword} in {name}"
        with open(self.file(name), "w", encoding="utf-8") as file:
            file.write(text)

    def centres(self):
        return (np.arange(self.cells) + 0.5)*self.length/self.cells

    def start(self, u):
        """u: [cell], or [line, cell]"""
        values = "\n".join(repr(float(value)) for value in np.ravel(u))
        self.entry("0/u", internalField=f"nonuniform List<scalar> {np.size(u)} (\n{values}\n)")

    def functions(self, text):
        with open(self.file("system/functions"), "w", encoding="utf-8") as file:
            file.write(text)

    def command(self, *words, check=True):
        done = subprocess.run(words, cwd=self.path, capture_output=True, text=True, check=False)
        if check and done.returncode:
            raise AssertionError(done.stdout[-2000:] + done.stderr[-2000:])
        return done

    def run(self, end, deltaT, check=True):
        """To the end with that time step: u at the end, [cell] or [line, cell]"""
        self.entry("system/controlDict", endTime=repr(end), deltaT=repr(deltaT), writeControl="runTime", writeInterval=repr(end))
        if self.ranks > 1:
            self.command("decomposePar", "-force")
            run = ["mpirun", "--allow-run-as-root", "--oversubscribe", "-np", str(self.ranks), "dispersiveWaveFoam", "-parallel"]
        else:
            run = ["dispersiveWaveFoam"]
        self.done = self.command(*run, check=check)
        if not check:
            return None
        if self.ranks > 1:
            self.command("reconstructPar")
        return self.read(f"{end:.10g}")

    def read(self, time):
        with open(self.file(f"{time}/u"), encoding="utf-8") as file:
            text = file.read()
        values = re.search(r"internalField\s+nonuniform List<scalar>\s*\d+\s*\(([^)]*)\)", text)[1]
        u = np.array(values.split(), dtype=float)
        return u if self.lines == 1 else u.reshape(self.lines, self.cells)


def order(errors, cells=None):
    """Observed orders of convergence: of errors for these numbers of cells or steps, doubled each time where none are given"""
    cells = cells or [2**i for i in range(len(errors))]
    return [float(np.log(errors[i]/errors[i + 1])/np.log(cells[i + 1]/cells[i])) for i in range(len(errors) - 1)]
