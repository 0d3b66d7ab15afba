"""A case in a folder of its own: made, changed, run and read by the tests of function objects and solvers."""
import math
import os
import random
import re
import shutil
import struct
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BUILD = os.environ.get("SURROGATE_BUILD", os.path.join(ROOT, "build", "release"))
CELLS = 16


def velocity(i, j, n=CELLS):
    """Discretely divergence-free"""
    x, y = 2 * math.pi * (i + 0.5) / n, 2 * math.pi * (j + 0.5) / n
    return math.sin(2 * y) + 0.4 * math.cos(x + y), 0.7 * math.sin(x) - 0.4 * math.cos(x + y), 0.0


class Run:
    """What a command left behind"""

    def __init__(self, code, log):
        self.code, self.log = code, log


class BoxCase:
    """A periodic box of CELLS x CELLS cells with a flow in it"""

    def __init__(self, name, ranks=1, ddt="Euler", scattered=False, walls=False):
        self.path = os.path.join(BUILD, "tests", "cases", "functionObjects", name)
        self.ranks = ranks
        make = os.path.join(ROOT, "tests", "cases", "makeBox")
        options = ["-walls"] if walls else []
        subprocess.run([make, self.path, "-cells", f"{CELLS} {CELLS} 1", "-ddt", ddt, *options], check=True)
        self.write_velocity()
        self.write_more()
        if ranks > 1:
            self.replace("system/decomposeParDict", r"numberOfSubdomains[^;]*;", f"numberOfSubdomains {ranks};")
            self.replace("system/decomposeParDict", r"n \(.*?\)", f"n ({ranks} 1 1)")
            if scattered:
                self.scatter()
            subprocess.run(["decomposePar"], cwd=self.path, check=True, stdout=subprocess.DEVNULL)

    def scatter(self):
        """Neighbouring cells belong to any rank, without an order"""
        numbers = random.Random(1)
        owners = "\n".join(str(numbers.randrange(self.ranks)) for _ in range(CELLS * CELLS))
        with open(self.file("constant/cellDecomposition"), "w", encoding="utf-8") as file:
            file.write("FoamFile { version 2.0; format ascii; class labelList; object cellDecomposition; }\n")
            file.write(f"{CELLS * CELLS} (\n{owners}\n)\n")
        self.replace("system/decomposeParDict", r"\nmethod[^;]*;", '\nmethod manual; manualCoeffs { dataFile "cellDecomposition"; }')

    def write_more(self):
        """Files of other cases, before the case is decomposed"""

    def write_velocity(self, value=velocity):
        vectors = (value(i, j) for j in range(CELLS) for i in range(CELLS))
        text = "\n".join("(%.17g %.17g %.17g)" % v for v in vectors)
        self.replace("0/U", r"internalField.*?;", f"internalField nonuniform List<vector> {CELLS * CELLS} (\n{text}\n);")

    def file(self, name):
        return os.path.join(self.path, name)

    def replace(self, name, pattern, new):
        """At one go: a run that reads the file again finds it whole"""
        with open(self.file(name), encoding="utf-8") as file:
            text = file.read()
        text, n = re.subn(pattern, lambda _: new, text, count=1, flags=re.S)
        assert n == 1, f"no {pattern} in {name}"
        with open(self.file(name) + ".new", "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(self.file(name) + ".new", self.file(name))

    def control(self, **entries):
        for keyword, value in entries.items():
            self.replace("system/controlDict", rf"\n{keyword}\b[^;]*;", f"\n{keyword} {value};")

    def add_control(self, text):
        with open(self.file("system/controlDict"), "a", encoding="utf-8") as file:
            file.write(text)

    MADE = {}   # model files of this process, by their options

    def model(self, cells=CELLS, variables="vorticity", step=0.1, kind="identity", fields=(), method="emulator", network="uNet",
              history=1, file="model"):
        options = (str(cells), variables, str(step), kind, "method=" + method, "network=" + network, f"history={history}", *fields)
        path = self.file(f"constant/{file}.safetensors")
        if options not in self.MADE:
            subprocess.run([os.path.join(BUILD, "tests", "writeTestModel"), path, *options], check=True)
            with open(path, "rb") as file:
                self.MADE[options] = file.read()
        with open(path, "wb") as file:
            file.write(self.MADE[options])

    def add_function(self, text):
        """At the end of the list of function objects"""
        with open(self.file("system/controlDict"), encoding="utf-8") as file:
            if "\nfunctions" not in file.read():
                self.add_control("\nfunctions\n{\n// more\n}\n")
        self.replace("system/controlDict", "// more\n", text + "\n// more\n")

    def function(self, entries="", model="model.safetensors", steps=(3, 2)):
        self.add_function(
            f"""
    neuralSteps
    {{
        type            surrogateStep;
        libs            (surrogateFunctionObjects);
        model           "<constant>/{model}";
        solverSteps     {steps[0]};
        surrogateSteps  {steps[1]};
        device          cpu;
        precision       float32;
        {entries}
    }}"""
        )

    def corrector(self, entries="interval 0.2;", model="corrector.safetensors"):
        self.add_function(
            f"""
    corrector
    {{
        type            surrogateCorrector;
        libs            (surrogateFunctionObjects);
        model           "<constant>/{model}";
        activation      -1;     // always
        device          cpu;
        precision       float32;
        {entries}
    }}"""
        )

    def surrogate(self, entries=""):
        """The dictionary of surrogateFoam"""
        with open(self.file("constant/surrogateProperties"), "w", encoding="utf-8") as file:
            file.write(
                "FoamFile { version 2.0; format ascii; class dictionary; object surrogateProperties; }\n"
                f'model "<constant>/model.safetensors";\ndevice cpu;\nprecision float32;\n{entries}\n'
            )

    def run(self, solver="icoFoam", watch=lambda line: None):
        """`watch` sees each line of output as it comes"""
        command = ["mpirun", "-np", str(self.ranks), solver, "-parallel"] if self.ranks > 1 else [solver]
        environment = dict(os.environ, PWD=self.path)
        log = []
        with subprocess.Popen(
            ["timeout", "100", *command], cwd=self.path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as process:
            for line in process.stdout:
                log.append(line)
                watch(line)
        text = "".join(log)
        with open(self.file("log." + solver), "w", encoding="utf-8") as file:
            file.write(text)
        return Run(process.returncode, text)

    def copy(self, name):
        other = object.__new__(BoxCase)
        other.path, other.ranks = os.path.join(os.path.dirname(self.path), name), self.ranks
        shutil.rmtree(other.path, ignore_errors=True)
        shutil.copytree(self.path, other.path)
        return other

    def times(self):
        folder = self.file("processor0") if self.ranks > 1 else self.path
        return sorted((d for d in os.listdir(folder) if re.fullmatch(r"[0-9.e-]+", d)), key=float)

    def field(self, time, name, rank=0):
        """Bytes of a field's file in binary format"""
        folder = f"processor{rank}" if self.ranks > 1 else ""
        with open(self.file(os.path.join(folder, time, name)), "rb") as file:
            return file.read()

    def rank_vectors(self, time, name="U"):
        """Of all ranks, one after the other"""
        return [v for rank in range(self.ranks) for v in self.vectors(time, name, rank)]

    def vectors(self, time, name="U", rank=0):
        data = self.field(time, name, rank)
        uniform = re.search(rb"internalField\s+uniform \((.*?)\)", data)
        if uniform:
            return [tuple(map(float, uniform[1].split()))] * (CELLS * CELLS // self.ranks)
        start = data.index(b"(", data.index(b"nonuniform")) + 1
        n = CELLS * CELLS // self.ranks
        numbers = struct.unpack(f"<{3 * n}d", data[start:start + 24 * n])
        return [numbers[3 * i:3 * i + 3] for i in range(n)]

    def rows(self, name):
        """Of a table in postProcessing"""
        with open(self.file("postProcessing/" + name), encoding="utf-8") as file:
            return [line.split() for line in file if not line.startswith("#")]

    def steps(self, time="0"):
        """Rows of steps.dat, of steps that stayed, up to the refinement"""
        return [row[:10] for row in self.verdicts(time) if row[-2] == "accepted"]

    def verdicts(self, time="0"):
        """Rows of steps.dat, with verdict and reason"""
        rows = self.rows(f"neuralSteps/{time}/steps.dat")
        return [(float(r[0]), r[1], *map(float, r[2:-2]), *r[-2:]) for r in rows]

    REFINEMENT = (
        "time", "conditionLevel", "level", "levelAfter", "evaluations", "changed", "wallTime", "energyChange", "enstrophyChange",
        "continuityErrorOfU", "continuityErrorOfPhi"
    )

    def refinements(self, time="0"):
        """Rows of refinement.dat, by the names of the columns"""
        return [dict(zip(self.REFINEMENT, map(float, r), strict=True)) for r in self.rows(f"corrector/{time}/refinement.dat")]
