"""conserve, bounds and untouched in runs of unmodified solvers."""
import math
import re
import unittest

from boxCase import BoxCase, CELLS

TURBULENCE = {"k": ("[0 2 -2 0 0 0 0]", "0.01"), "epsilon": ("[0 2 -3 0 0 0 0]", "0.01"), "nut": ("[0 2 -1 0 0 0 0]", "0.0009"),
    "nuTilda": ("[0 2 -1 0 0 0 0]", "0.01"), "s": ("[0 0 0 0 0 0 0]", "0"), "T": ("[0 0 0 1 0 0 0]", "300")}
SCHEMES = "div(phi,k) Gauss upwind; div(phi,epsilon) Gauss upwind; div(phi,nuTilda) Gauss upwind; div(phi,U) Gauss linear;"


def add_field(case, name, value=None):
    dimensions, uniform = TURBULENCE[name]
    with open(case.file("0/" + name), "w", encoding="utf-8") as file:
        file.write(
            f"FoamFile {{ version 2.0; format ascii; class volScalarField; object {name}; }}\n"
            f"dimensions {dimensions};\ninternalField {value or 'uniform ' + uniform};\n"
            'boundaryField { #includeEtc "caseDicts/setConstraintTypes" }\n'
        )


def scalar(time, name, case):
    data = case.field(time, name)
    uniform = re.search(rb"internalField\s+uniform ([^;]*);", data)
    if uniform:
        return [float(uniform[1])] * CELLS**2
    start = data.index(b"(", data.index(b"nonuniform")) + 1
    return list(memoryview(data[start:start + 8 * CELLS**2]).cast("d"))


def columns(case, name):
    """A table of postProcessing by the names in its header"""
    with open(case.file("postProcessing/" + name), encoding="utf-8") as file:
        lines = file.read().splitlines()
    header = [line for line in lines if line.startswith("#")][-1].lstrip("# ").split()
    return [dict(zip(header, map(float, line.split()), strict=True)) for line in lines if not line.startswith("#")]


class ConserveTest(unittest.TestCase):

    def test_energy_and_momentum_of_each_step(self):
        for ranks in (1, 2):
            case = BoxCase(f"conserve{ranks}", ranks)
            case.model(kind="random", variables="fields")
            case.function("conserve (mass momentum energy);")
            done = case.run()
            self.assertEqual(done.code, 0, done.log[-2000:])
            rows = case.steps()
            for before, row in zip(rows, rows[1:]):
                if row[1] == "model":
                    self.assertAlmostEqual(row[5] / before[5], 1, places=5)
                    self.assertLess(row[4], 1e-7)

            told = columns(case, "neuralSteps/0/conservation.dat")
            self.assertEqual([round(row["Time"], 6) for row in told], [0.16, 0.26, 0.42, 0.52])
            self.assertGreater(max(abs(row["energyRepair"]) for row in told), 1e-4)
            self.assertGreater(max(row["meanVelocityAdded"] for row in told), 1e-5)
            self.assertIn("restored: meanVelocityAdded", done.log)

    def test_surrogateFoam(self):
        case = BoxCase("conserveFoam")
        case.model(kind="random", variables="fields")
        case.control(deltaT="0.1", endTime="1", writeControl="timeStep", writeInterval="1")
        case.surrogate("conserve (energy);")
        done = case.run("surrogateFoam")
        self.assertEqual(done.code, 0, done.log[-2000:])
        energies = [sum(c * c for v in case.vectors(time) for c in v) for time in ("0.1", "1")]
        self.assertAlmostEqual(energies[1] / energies[0], 1, places=10)
        self.assertEqual(len(columns(case, "surrogateProperties/0/conservation.dat")), 10)

    def test_corrector(self):
        case = BoxCase("conserveCorrector")
        case.model(kind="random", method="sns", file="corrector")
        case.corrector("interval 0.2; conserve (energy);")
        done = case.run()
        self.assertEqual(done.code, 0, done.log[-2000:])
        for row in case.refinements():
            self.assertEqual(row["changed"], 1)
            self.assertLess(abs(row["energyChange"]), 1e-10)
        self.assertEqual(len(columns(case, "corrector/0/conservation.dat")), len(case.refinements()))

    def refuse(self, name, entries, *told):
        case = BoxCase("conserveRefuse" + name)
        case.model()
        case.function(entries)
        done = case.run()
        self.assertNotEqual(done.code, 0)
        self.assertEqual(case.times(), ["0"])
        for text in ("FOAM FATAL IO ERROR", "neuralSteps", *told):
            self.assertIn(text, done.log)

    def test_unknown_quantity(self):
        self.refuse("Unknown", "conserve (mass spin);", "found:    spin")

    def test_unknown_field(self):
        self.refuse("Field", "bounds { T (0 1); }", "entry bounds", "found:    T")

    def test_inverted_bounds(self):
        self.refuse("Bounds", "bounds { T (1 0); }", "The bounds are inverted")


class UntouchedTest(unittest.TestCase):

    def turbulent(self, name, model, *fields, function=True):
        case = BoxCase(name)
        case.model(variables="fields")
        for field in (*fields, "nut"):
            add_field(case, field)
        with open(case.file("constant/turbulenceProperties"), "a", encoding="utf-8") as file:
            file.write(f"simulationType RAS; RAS {{ RASModel {model}; turbulence on; printCoeffs off; }}\n")
        case.replace("system/fvSchemes", r"div\(phi,U\) Gauss linear;", SCHEMES)
        with open(case.file("system/fvSchemes"), "a", encoding="utf-8") as file:
            file.write("wallDist { method meshWave; }\n")
        if function:
            case.function()
        case.control(endTime="0.26", writeControl="timeStep", writeInterval="1")
        return case

    def test_turbulence_advances_with_the_model(self):
        case = self.turbulent("untouchedKEpsilon", "kEpsilon", "k", "epsilon")
        alone = self.turbulent("untouchedAlone", "kEpsilon", "k", "epsilon", function=False)
        done = case.run("pimpleFoam")
        self.assertEqual(done.code, 0, done.log[-2000:])
        self.assertIn("Field k is not the model's. Over its steps: by the turbulence model", done.log)
        self.assertEqual(alone.run("pimpleFoam").code, 0)
        self.assertIn("0.26", case.times())

        mean = {}
        for time in ("0.06", "0.16", "0.26"):
            k, epsilon, nut = (scalar(time, name, case) for name in ("k", "epsilon", "nut"))
            for a, b, c in zip(k, epsilon, nut):
                self.assertAlmostEqual(c / (0.09 * a * a / b), 1, places=8)   # nut belongs to them
            mean[time] = sum(k) / len(k), sum(scalar(time, "k", alone)) / len(k)
        self.assertAlmostEqual(mean["0.06"][0], mean["0.06"][1], places=12)

        # The model keeps U; k goes as that of the solver, whose U hardly changes
        ours, theirs = (mean["0.26"][i] - mean["0.06"][i] for i in (0, 1))
        self.assertGreater(abs(theirs), 0.05 * mean["0.06"][0])
        self.assertLess(abs(ours - theirs), 0.1 * abs(theirs))

    def test_spalart_allmaras(self):
        case = self.turbulent("untouchedSA", "SpalartAllmaras", "nuTilda")
        done = case.run("pimpleFoam")
        self.assertEqual(done.code, 0, done.log[-2000:])
        self.assertIn("Field nuTilda is not the model's", done.log)
        self.assertNotEqual(scalar("0.16", "nuTilda", case), scalar("0.06", "nuTilda", case))

    def test_restart_amid_a_jump(self):
        whole = self.turbulent("untouchedWhole", "kEpsilon", "k", "epsilon")
        whole.control(endTime="0.32")
        case = whole.copy("untouchedRestart")
        self.assertEqual(whole.run("pimpleFoam").code, 0)
        case.control(endTime="0.16")
        self.assertEqual(case.run("pimpleFoam").code, 0)
        case.control(endTime="0.32")
        done = case.run("pimpleFoam")
        self.assertEqual(done.code, 0, done.log[-2000:])
        for field in ("U", "k", "epsilon", "nut"):
            self.assertEqual(case.field("0.32", field), whole.field("0.32", field), field)

    def test_scalar_of_a_function_object(self):
        case = BoxCase("untouchedScalar")
        case.model(variables="fields")
        add_field(case, "s", f"nonuniform List<scalar> {CELLS**2} ({' '.join(str(math.sin(i)) for i in range(CELLS**2))})")
        case.add_function("scalarTransport { type scalarTransport; libs (solverFunctionObjects); field s; D 0.1; nCorr 0; }")
        case.function("conserve (mass);")
        case.replace("system/fvSchemes", "div\\(phi,U\\)", "div(phi,s) Gauss upwind; div(phi,U)")
        case.control(endTime="0.26", writeControl="timeStep", writeInterval="1")
        done = case.run()
        self.assertEqual(done.code, 0, done.log[-2000:])
        for a, b in (("0.06", "0.16"), ("0.16", "0.26")):
            before, after = scalar(a, "s", case), scalar(b, "s", case)
            self.assertGreater(max(abs(x - y) for x, y in zip(before, after)), 1e-2)
            self.assertAlmostEqual(sum(before), sum(after), places=6)

    def boussinesq(self, name, entries):
        case = BoxCase(name)
        case.model(variables="fields")
        add_field(case, "T", f"nonuniform List<scalar> {CELLS**2} ({' '.join(str(300 + math.sin(i)) for i in range(CELLS**2))})")
        add_field(case, "nut", "uniform 0")
        case.replace("0/nut", "object nut", "object alphat")
        with open(case.file("0/nut"), encoding="utf-8") as file:
            text = file.read()
        with open(case.file("0/alphat"), "w", encoding="utf-8") as file:
            file.write(text)
        with open(case.file("0/p"), encoding="utf-8") as file:
            text = file.read()
        with open(case.file("0/p_rgh"), "w", encoding="utf-8") as file:
            file.write(text.replace("object      p;", "object      p_rgh;"))
        with open(case.file("constant/g"), "w", encoding="utf-8") as file:
            file.write(
                "FoamFile { version 2.0; format ascii; class uniformDimensionedVectorField; object g; }\n"
                "dimensions [0 1 -2 0 0 0 0];\nvalue (0 0 0);\n"
            )
        with open(case.file("constant/transportProperties"), "a", encoding="utf-8") as file:
            file.write("beta 1e-3; TRef 300; Pr 0.7; Prt 0.85;\n")
        case.replace("system/fvSchemes", "div\\(phi,U\\)", "div(phi,T) Gauss upwind; div(phi,U)")
        case.replace("system/fvSolution", r"\n    p\n", "\n    p_rgh\n")
        case.replace("system/fvSolution", r"\n    pFinal\n", "\n    p_rghFinal\n")
        case.replace("system/fvSolution", r"\$p;", "$p_rgh;")
        case.replace("system/fvSolution", r"\"\(s\|k", '"(T|s|k')
        case.function("p p_rgh; " + entries)
        case.control(endTime="0.26", writeControl="timeStep", writeInterval="1")
        return case, case.run("buoyantBoussinesqPimpleFoam")

    def test_temperature_without_a_word_is_refused(self):
        case, done = self.boussinesq("untouchedT", "")
        self.assertNotEqual(done.code, 0)
        self.assertEqual(case.times(), ["0"])
        for text in ("FOAM FATAL IO ERROR", "field T", "hold, transport, turbulence", "neuralSteps"):
            self.assertIn(text, done.log)

    def test_temperature_is_held(self):
        case, done = self.boussinesq("untouchedTHold", "untouched { T hold; }")
        self.assertEqual(done.code, 0, done.log[-2000:])
        self.assertIn("Field T is not the model's. Over its steps: kept as it is", done.log)
        self.assertEqual(scalar("0.06", "T", case), scalar("0.16", "T", case))

    def test_temperature_is_transported(self):
        case, done = self.boussinesq("untouchedTTransport", "untouched { T transport; }")
        self.assertEqual(done.code, 0, done.log[-2000:])
        before, after = scalar("0.06", "T", case), scalar("0.16", "T", case)
        spread = [max(values) - min(values) for values in (before, after)]
        self.assertLess(spread[1], 0.9 * spread[0])
        self.assertAlmostEqual(sum(before), sum(after), places=4)


if __name__ == "__main__":
    unittest.main()
