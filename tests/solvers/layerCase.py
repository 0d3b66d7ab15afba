"""A doubly periodic square for quasiGeostrophicFoam: made, run and read by the tests."""
import os
import re
import shutil
import subprocess

import numpy as np

from waveCase import BUILD

CYCLIC = "{name} {{ type cyclic; neighbourPatch {other}; faces (({face})); }}"


class LayerCase:
    """`cells` (x, y) on `size` (x, y) metres; fields are arrays [y, x]"""

    def __init__(self, name, cells, size, properties, convection="Arakawa"):
        self.path = os.path.join(BUILD, "tests", "cases", "solvers", name)
        self.cells, self.size = cells, size
        shutil.rmtree(self.path, ignore_errors=True)
        for folder in ("0", "constant", "system"):
            os.makedirs(os.path.join(self.path, folder))
        (nx, ny), (lx, ly) = cells, size
        sides = (("left", "right", "0 4 7 3"), ("right", "left", "1 2 6 5"), ("bottom", "top", "0 1 5 4"), ("top", "bottom", "3 7 6 2"))
        patches = " ".join(CYCLIC.format(name=a, other=b, face=f) for a, b, f in sides)
        self.write("system/blockMeshDict", f'''
vertices ((0 0 0) ({lx!r} 0 0) ({lx!r} {ly!r} 0) (0 {ly!r} 0) (0 0 {lx!r}) ({lx!r} 0 {lx!r}) ({lx!r} {ly!r} {lx!r}) (0 {ly!r} {lx!r}));
blocks (hex (0 1 2 3 4 5 6 7) ({nx} {ny} 1) simpleGrading (1 1 1));
boundary ({patches} frontAndBack {{ type empty; faces ((0 3 2 1) (4 5 6 7)); }});''')
        self.write("system/fvSchemes", f'''layerSchemes {{ convection {convection}; }} ddtSchemes {{ default Euler; }}
gradSchemes {{ default Gauss linear; }} divSchemes {{ default Gauss linear; }} laplacianSchemes {{ default Gauss linear orthogonal; }}
interpolationSchemes {{ default linear; }} snGradSchemes {{ default orthogonal; }}''')
        self.write("system/fvSolution", '''solvers { "psiMode.*" { solver GAMG; smoother DICGaussSeidel; tolerance 1e-11; relTol 0; } }''')
        self.write("system/decomposeParDict", "numberOfSubdomains 4; method simple; simpleCoeffs { n (2 2 1); delta 0.001; }")
        self.write("constant/quasiGeostrophicProperties", properties)
        self.controls(1.0, 1.0)
        self.command("blockMesh")

    def file(self, name):
        return os.path.join(self.path, name)

    def write(self, name, text, kind="dictionary"):
        with open(self.file(name), "w", encoding="utf-8") as file:
            file.write(f"FoamFile {{ version 2.0; format ascii; class {kind}; object {os.path.basename(name)}; }}\n{text}\n")

    def replace(self, name, old, new):
        with open(self.file(name), encoding="utf-8") as file:
            text = file.read()
        assert old in text, f"no {old} in {name}"
        with open(self.file(name), "w", encoding="utf-8") as file:
            file.write(text.replace(old, new))

    def controls(self, end, deltaT, more="", start="startTime", write=None):
        self.write("system/controlDict", f'''application quasiGeostrophicFoam; startFrom {start}; startTime 0; stopAt endTime;
endTime {end!r}; deltaT {deltaT!r}; writeControl runTime; writeInterval {write or end!r}; writeFormat ascii; writePrecision 17;
timePrecision 10; runTimeModifiable false; {more}''')

    def centres(self):
        """x, y, each [y, x]"""
        return np.meshgrid(*((np.arange(n) + 0.5)*length/n for n, length in zip(self.cells, self.size)))

    def start(self, *layers):
        """q of each layer"""
        for i, q in enumerate(layers, 1):
            values = "\n".join(repr(float(value)) for value in np.ravel(q))
            patches = " ".join(f"{name} {{ type cyclic; }}" for name in ("left", "right", "bottom", "top"))
            self.write(f"0/q{i}", f'''dimensions [0 0 -1 0 0 0 0]; internalField nonuniform List<scalar> {np.size(q)} (\n{values}\n);
boundaryField {{ {patches} frontAndBack {{ type empty; }} }}''', "volScalarField")

    def command(self, *words, check=True):
        done = subprocess.run(words, cwd=self.path, capture_output=True, text=True, check=False)
        if check and done.returncode:
            raise AssertionError(done.stdout[-2000:] + done.stderr[-2000:])
        return done

    def run(self, end, deltaT, ranks=1, check=True, more="", start="startTime", write=None):
        """The log; fields are read by read()"""
        self.controls(end, deltaT, more, start, write)
        words = ["quasiGeostrophicFoam"]
        if ranks > 1:
            self.command("decomposePar", "-force")
            words = ["mpirun", "--allow-run-as-root", "--oversubscribe", "-np", str(ranks)] + words + ["-parallel"]
        done = self.command(*words, check=check)
        if ranks > 1:
            self.command("reconstructPar")
        self.end = f"{end:.10g}"
        return done.stdout + done.stderr

    def read(self, name):
        """At the end of the run: [y, x], of a vector [y, x, 3]"""
        with open(self.file(f"{self.end}/{name}"), encoding="utf-8") as file:
            text = file.read()
        values = re.search(r"internalField\s+nonuniform List<\w+>\s*\d+\s*\((.*?)\)\s*;", text, re.DOTALL)[1]
        flat = np.array(values.replace("(", " ").replace(")", " ").split(), dtype=float)
        return flat.reshape(self.cells[1], self.cells[0], *([3] if flat.size > np.prod(self.cells) else []))


def budget(log):
    """Energy and enstrophy of each time, [time, 2]"""
    return np.array(re.findall(r"Energy: (\S+) Enstrophy: (\S+)", log), dtype=float)
