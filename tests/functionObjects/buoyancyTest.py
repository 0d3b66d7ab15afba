"""A hybrid of buoyantBoussinesqPimpleFoam: p_rgh with fixedFluxPressure at walls, a temperature that drives the flow."""
import math
import re
import subprocess
import unittest

from boxCase import BoxCase, CELLS

SOLVER = "buoyantBoussinesqPimpleFoam"
NAMES = "p p_rgh;"
WALLS = 'bottom {{ {0} }} top {{ {1} }} #includeEtc "caseDicts/setConstraintTypes"'


def header(kind, name):
    return f"FoamFile {{ version 2.0; format ascii; class {kind}; object {name}; }}\n"


class HeatedBox(BoxCase):
    """Periodic in x, heated from below"""

    def __init__(self, name, ranks=1, ddt="backward"):
        super().__init__(name, ranks, ddt, walls=True)

    def write(self, name, text):
        with open(self.file(name), "w", encoding="utf-8") as file:
            file.write(text)

    def write_field(self, name, dimensions, internal, bottom, top):
        walls = WALLS.format(bottom, top)
        self.write("0/" + name, header("volScalarField", name)
            + f"dimensions {dimensions};\ninternalField {internal};\nboundaryField {{ {walls} }}\n")

    def write_more(self):
        warm = "\n".join(f"{0.2*math.sin(2*math.pi*i/CELLS) + 0.5 - j/CELLS:.6f}" for j in range(CELLS) for i in range(CELLS))
        self.write_field("T", "[0 0 0 1 0 0 0]", f"nonuniform List<scalar> {CELLS*CELLS} (\n{warm}\n)",
            "type fixedValue; value uniform 0.5;", "type fixedValue; value uniform -0.5;")
        self.write_field("p_rgh", "[0 2 -2 0 0 0 0]", "uniform 0", *["type fixedFluxPressure; value uniform 0;"]*2)
        self.write_field("alphat", "[0 2 -1 0 0 0 0]", "uniform 0", *["type calculated; value uniform 0;"]*2)
        self.replace("0/U", r"    wall\b", "    \"(bottom|top)\"")
        self.write("constant/g", header("uniformDimensionedVectorField", "g") + "dimensions [0 1 -2 0 0 0 0]; value (0 -1 0);\n")
        with open(self.file("constant/transportProperties"), "a", encoding="utf-8") as file:
            file.write("Pr 0.71; Prt 1; beta 1; TRef 0;\n")
        self.replace("system/fvSchemes", r"div\(phi,s\)", "div(phi,T) Gauss linear; div(phi,s)")
        self.replace("system/fvSolution", r"\n    p\b", "\n    p_rgh")
        self.replace("system/fvSolution", r"\n    pFinal\s*{\s*\$p;", "\n    p_rghFinal { $p_rgh;")
        self.replace("system/fvSolution", r"\"\(s\|k", '"(T|s|k')

    def scalars(self, time, name):
        data = self.field(time, name)
        start = data.index(b"(", data.index(b"nonuniform")) + 1
        return list(memoryview(data[start:start + 8*CELLS**2]).cast("d"))


def recorded(name, fields, **options):
    """A case with the solver's own run in recorded.h5, and its last fields"""
    case = HeatedBox(name, **options)
    record = f'snapshots {{ type fieldSnapshots; libs (surrogateFunctionObjects); file "recorded.h5"; fields ({fields}); interval 0.1; }}'
    case.add_function(record)
    case.control(endTime="1.5", writeControl="timeStep", writeInterval="75")
    done = case.run(SOLVER)
    assert done.code == 0, done.log[-2000:]
    whole = {field: case.scalars("1.5", field) for field in ("T", "p_rgh", "p")}
    whole["U"] = case.vectors("1.5")
    subprocess.run(["rm", "-r", case.file("1.5")], check=True)
    case.replace("system/controlDict", re.escape(record), "")
    case.control(writeControl="runTime", writeInterval="0.1")
    return case, whole


class BuoyancyTest(unittest.TestCase):

    def assert_near(self, values, expected, part):
        spread = max(expected) - min(expected)
        off = max(abs(a - b) for a, b in zip(values, expected, strict=True))
        self.assertLess(off, part*spread)

    def check_oracle(self, name, fields, entries, kinds, limits):
        case, whole = recorded(name, fields)
        case.model(kind="identity", variables="fields", fields=("walls", *kinds))
        case.function(f'policy oracle; oracleCoeffs {{ file "recorded.h5"; }} {NAMES} {entries}', steps=(5, 4))
        done = case.run(SOLVER)
        self.assertEqual(done.code, 0, done.log[-2000:])
        rows = case.steps()
        self.assertGreater(len([row for row in rows if row[1] == "model"]), 8)
        for field, part in limits.items():
            self.assert_near(case.scalars("1.5", field), whole[field], part)
        for axis in range(2):
            self.assert_near([u[axis] for u in case.vectors("1.5")], [u[axis] for u in whole["U"]], 0.01)

        # Written in the model's turn: the other pressure is that of T and p_rgh (gh = -y)
        time = next(f"{row[0]:g}" for row in rows if row[1] == "model" and f"{row[0]:g}" in case.times())
        T, p_rgh, p = (case.scalars(time, field) for field in ("T", "p_rgh", "p"))
        height = [2*math.pi*(j + 0.5)/CELLS for j in range(CELLS) for _ in range(CELLS)]
        self.assert_near(p, [q - (1 - t)*y for q, t, y in zip(p_rgh, T, height)], 1e-6)

    def test_model_of_all(self):
        self.check_oracle("buoyancyAll", "U p_rgh T", "", ("p_rgh=2,-2", "T=0,0,1"), {"T": 0.005, "p_rgh": 0.02, "p": 0.02})

    def test_pressure_is_recovered(self):
        self.check_oracle("buoyancyRecovered", "U T", "", ("T=0,0,1",), {"T": 0.005, "p_rgh": 0.05, "p": 0.05})

    def test_temperature_is_transported(self):
        self.check_oracle("buoyancyTransported", "U p_rgh", "untouched { T transport; }", ("p_rgh=2,-2",),
            {"T": 0.06, "p_rgh": 0.05, "p": 0.05})

    def test_equation_in_place_of_the_prediction(self):
        """A model that predicts no change; T is advanced by its equation all the same, from what it was before"""
        case = HeatedBox("buoyancyInPlace")
        case.model(kind="identity", variables="fields", fields=("walls", "p_rgh=2,-2", "T=0,0,1"))
        case.function(NAMES + "untouched { T transport; }", steps=(5, 2))
        case.control(endTime="0.3", writeControl="timeStep", writeInterval="1")
        done = case.run(SOLVER)
        self.assertEqual(done.code, 0, done.log[-2000:])
        at = {time: case.scalars(time, "T") for time in ("0.08", "0.1", "0.2", "0.3")}

        def change(a, b):
            return [y - x for x, y in zip(at[a], at[b], strict=True)]

        solver, model = change("0.08", "0.1"), change("0.1", "0.2")
        for by_solver, by_model in zip(solver, model, strict=True):
            self.assertAlmostEqual(by_model, 5*by_solver, delta=0.3*max(abs(x) for x in model))
        self.assertGreater(max(abs(x) for x in model), 0.01)

    def test_rollback(self):
        """Bitwise, also what fixedFluxPressure keeps; and the residual of a step knows the buoyancy"""
        cases = []
        for name, entries in (
            ("buoyancyRejected", "policy residual; residualCoeffs { tolerance 1e-30; }"), ("buoyancyAlone", "enabled no;")
        ):
            case = HeatedBox(name)
            case.model(kind="random", variables="fields", fields=("walls", "p_rgh=2,-2", "T=0,0,1"))
            case.function(NAMES + entries)
            case.control(endTime="0.9", writeControl="timeStep", writeInterval="15")
            done = case.run(SOLVER)
            self.assertEqual(done.code, 0, done.log[-2000:])
            cases.append(case)
        rejected = [row for row in cases[0].verdicts() if row[-2] == "rejected"]
        self.assertGreater(len(rejected), 3)
        for time in cases[1].times()[1:]:
            for field in ("U", "T", "p_rgh", "p", "phi"):
                self.assertEqual(cases[0].field(time, field), cases[1].field(time, field), f"{field} at {time}")

    def test_residual_knows_buoyancy(self):
        """A model's step in which nothing moves, though the buoyancy pushes: without the buoyancy it would be a perfect one"""
        case = HeatedBox("buoyancyResidual")
        case.model(kind="identity", variables="fields", fields=("walls", "p_rgh=2,-2", "T=0,0,1"))
        case.write_velocity(lambda i, j: (0.0, 0.0, 0.0))
        case.function(NAMES + "policy residual; residualCoeffs { tolerance 3; }", steps=(8, 2))
        case.control(endTime="1.5", writeControl="timeStep", writeInterval="75")
        done = case.run(SOLVER)
        self.assertEqual(done.code, 0, done.log[-2000:])
        rejected = [row for row in case.verdicts() if row[-2] == "rejected"]
        self.assertGreater(len(rejected), 2)
        self.assertIn("residual", {row[-1] for row in rejected})

    def test_the_other_pressure_is_refused(self):
        case = HeatedBox("buoyancyRefused")
        case.model(kind="identity", variables="fields", fields=("walls", "T=0,0,1"))
        case.function()
        done = case.run(SOLVER)
        self.assertNotEqual(done.code, 0)
        self.assertIn("Not the pressure that the solver solves for", done.log)
        self.assertIn("p p_rgh;", done.log)


if __name__ == "__main__":
    unittest.main()
