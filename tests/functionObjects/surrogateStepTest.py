"""surrogateStep in unmodified solvers of OpenFOAM."""
import math
import os
import unittest

from boxCase import BoxCase

# Three steps of the solver (0.02), two of the model (0.1), and so on; the last jump would pass 0.6
STEPS = [(0.02, "solver"), (0.04, "solver"), (0.06, "solver"), (0.16, "model"), (0.26, "model")]
STEPS += [(round(0.26 + t, 2), who) for t, who in STEPS]
STEPS += [(0.54, "solver"), (0.56, "solver"), (0.58, "solver"), (0.6, "solver")]


def taken(case, time="0"):
    return [(round(row[0], 6), row[1]) for row in case.steps(time)]


class CycleTest(unittest.TestCase):
    """One run of icoFoam, looked at from all sides"""

    @classmethod
    def setUpClass(cls):
        cls.case = BoxCase("cycle")
        cls.case.model(kind="random")
        cls.case.function()
        cls.case.replace(
            "system/controlDict", r"functions\s*\{", "functions { range { type fieldMinMax; libs (fieldFunctionObjects); fields (U); }"
        )
        cls.case.control(writeControl="timeStep", writeInterval="4")
        cls.done = cls.case.run()

    def test_solver_and_model_take_turns(self):
        self.assertEqual(self.done.code, 0, self.done.log[-2000:])
        self.assertEqual(taken(self.case), STEPS)

    def test_each_step_is_told(self):
        self.assertEqual(self.done.log.count("by the model"), 4)
        self.assertEqual(self.done.log.count("by the solver"), 10)
        self.assertIn("time 0.16 by the model", self.done.log)

    def test_writes_inside_a_jump(self):
        self.assertEqual(self.case.times(), ["0", "0.16", "0.32", "0.56"])
        for name in ("U", "p", "phi", "uniform/functionObjects/functionObjectProperties"):
            self.assertGreater(len(self.case.field("0.16", name)), 100)

    def test_other_function_objects_see_each_step_once(self):
        with open(self.case.file("postProcessing/range/0/fieldMinMax.dat"), encoding="utf-8") as file:
            times = [float(line.split()[0]) for line in file if not line.startswith("#")]
        self.assertEqual([round(t, 6) for t in times], [t for t, _ in STEPS])

    def test_first_step_after_a_jump_is_clean(self):
        rows = self.case.steps()
        usual = max(row[4] for row in rows[1:3])
        for i, row in enumerate(rows):
            if row[1] == "solver" and i and rows[i - 1][1] == "model":
                self.assertLessEqual(row[4], 10 * usual + 1e-10)
            if row[1] == "model":
                self.assertLessEqual(row[4], 1e-8)


class HandOverTest(unittest.TestCase):
    """A model that changes nothing, in a flow whose forces do not depend on time: the solver goes on as if nothing had been"""

    def energies(self, name, solver, steps):
        case = BoxCase(name)
        case.model(variables="fields")
        case.function(steps=steps)
        case.control(endTime="1.2")
        with open(case.file("constant/fvOptions"), "w", encoding="utf-8") as file:
            file.write(
                "FoamFile { version 2.0; format ascii; class dictionary; object fvOptions; }\n"
                "forcing { type sinusoidalForcing; libs (surrogateFvOptions); selectionMode all; "
                "amplitude (2 1 0); waveVector (0 2 0); phase 0.5; }\n"
                "drag { type linearDrag; libs (surrogateFvOptions); selectionMode all; coefficient 0.3; }\n"
            )
        done = case.run(solver)
        self.assertEqual(done.code, 0, done.log[-2000:])
        return [row for row in case.steps() if row[1] == "solver"]

    def compare(self, solver):
        jumps = self.energies("jumps" + solver, solver, (10, 2))
        alone = self.energies("alone" + solver, solver, (10, 0))
        self.assertGreater(len(jumps), 20)
        for i in range(1, len(jumps)):
            change = [rows[i][5] - rows[i - 1][5] for rows in (jumps, alone)]
            self.assertLess(abs(change[0] - change[1]), 0.02 * abs(change[1]), f"solver step {i}")
            self.assertLess(jumps[i][4], 10 * alone[i][4] + 1e-9)

    def test_pimpleFoam_with_forcing(self):
        self.compare("pimpleFoam")

    def test_icoFoam(self):
        self.compare("icoFoam")


class RestartTest(unittest.TestCase):
    """A run that is stopped and restarted gives the same fields, to the last bit"""

    def restarted(self, name, stop, index, history=1, steps=(3, 2), **options):
        case = BoxCase(name, **options)
        case.model(kind="random", history=history)
        case.function(steps=steps)
        case.control(endTime="0.56", writeControl="timeStep", writeInterval=str(index))
        whole = case.copy(name + "Whole")
        self.assertEqual(whole.run().code, 0)

        case.control(endTime=stop)
        self.assertEqual(case.run().code, 0)
        self.assertEqual(case.times()[-1], stop)
        case.control(endTime="0.56")
        forgetful = case.copy(name + "Forgets")
        done = case.run()
        self.assertEqual(done.code, 0, done.log[-2000:])

        self.assertEqual(taken(case) + taken(case, stop), taken(whole))
        last = whole.times()[-1]
        self.assertGreater(float(last), float(stop))
        for field in ("U", "p", "phi"):
            for rank in range(case.ranks):
                self.assertEqual(case.field(last, field, rank), whole.field(last, field, rank), field)
        if history > 1:
            os.remove(forgetful.file(f"{stop}/uniform/neuralSteps.safetensors"))
            done = forgetful.run()
            self.assertEqual(done.code, 0, done.log[-2000:])
            self.assertIn(f"no memory of the model at time {stop}, it begins anew", done.log)
            self.assertNotEqual(forgetful.field(last, "U"), whole.field(last, "U"))

    def test_before_a_jump(self):
        self.restarted("restartBefore", "0.06", 3)

    def test_amid_a_jump(self):
        self.restarted("restartAmid", "0.16", 4)

    def test_after_a_jump(self):
        self.restarted("restartAfter", "0.26", 5)

    def test_amid_a_jump_in_parallel(self):
        self.restarted("restartAmid2", "0.16", 4, ranks=2)

    def test_amid_a_jump_of_a_model_with_a_history(self):
        self.restarted("restartHistory", "0.16", 4, history=2)

    def test_amid_a_jump_with_backward(self):
        self.restarted("restartBackward", "0.16", 4, ddt="backward")


class FailureTest(unittest.TestCase):

    def broken(self, name, entries="", ranks=1):
        case = BoxCase(name, ranks)
        case.model(kind="overflow")
        case.function(entries)
        case.control(endTime="0.2", writeControl="timeStep", writeInterval="1")
        return case, case.run()

    def test_run_stops(self):
        case, done = self.broken("nanStop")
        self.assertNotEqual(done.code, 0)
        self.assertIn("The model failed at time 0.06", done.log)
        self.assertIn("not finite", done.log)
        self.assertEqual(case.times()[-1], "0.06")
        self.assertTrue(all(math.isfinite(c) for v in case.vectors("0.06") for c in v))

    def test_run_stops_on_all_processors(self):
        _, done = self.broken("nanStop2", ranks=2)
        self.assertNotEqual(done.code, 0)
        self.assertIn("The model failed at time 0.06", done.log)

    def test_solver_goes_on_as_if_there_were_no_model(self):
        case, done = self.broken("nanSolver", "onFailure solver;")
        self.assertEqual(done.code, 0, done.log[-2000:])
        self.assertIn("the solver goes on", done.log)
        self.assertEqual({row[1] for row in case.steps()}, {"solver"})

        case2, done = self.broken("nanSolver2", "onFailure solver;", ranks=2)
        self.assertEqual(done.code, 0, done.log[-2000:])
        self.assertIn("the solver goes on", done.log)
        self.assertEqual(case2.times(), case.times())

        alone = BoxCase("nanAlone")
        alone.control(endTime="0.2", writeControl="timeStep", writeInterval="1")
        self.assertEqual(alone.run().code, 0)
        self.assertEqual(case.field("0.2", "U"), alone.field("0.2", "U"))


class RefusalTest(unittest.TestCase):
    """What is wrong with the set-up ends the run at its start, and is told"""

    def refuse(self, name, *told, entries="", model=None, file="model.safetensors", ranks=1):
        case = BoxCase("refuse" + name, ranks)
        case.model(**(model or {}))
        case.function(entries, file)
        done = case.run()
        self.assertNotEqual(done.code, 0)
        self.assertEqual(case.times(), ["0"])
        for text in ("FOAM FATAL IO ERROR", "neuralSteps", *told):
            self.assertIn(text, done.log)

    def test_missing_file(self):
        self.refuse("Missing", "constant/none.safetensors", file="none.safetensors")

    def test_missing_file_on_all_processors(self):
        self.refuse("Missing2", "constant/none.safetensors", file="none.safetensors", ranks=2)

    def test_wrong_units(self):
        model = {"variables": "fields", "fields": ["p=1,-1"]}
        self.refuse("Units", "field p", "expected: [0 1 -1", "found:    [0 2 -2", model=model)

    def test_missing_field(self):
        self.refuse("Field", "volScalarField T", "valid:    p", model={"variables": "fields", "fields": ["T=0,0"]})

    def test_wrong_grid(self):
        self.refuse("Grid", "expected: 32 x 32 cells", "found:    16 x 16 cells", model={"cells": 32})

    def test_tiles_that_bring_nothing(self):
        self.refuse("Tiles", "Tiles bring nothing", "along x", "a grid of more than", entries="tiles (2 1);")

    def test_tolerance_that_is_none(self):
        self.refuse("Tolerance", "entry velocityTolerance", "a positive number", "found:    -0.1", entries="velocityTolerance -0.1;")

    def test_nothing_to_share(self):
        self.refuse("Share", "entry ranksPerDevice", "members above 1", "found:    1", entries="ranksPerDevice 1;", ranks=2)
        self.refuse("Ranks", "entry ranksPerDevice", "0 or more", "found:    -1", entries="ranksPerDevice -1;", ranks=2)

    def test_unknown_keyword(self):
        self.refuse("Keyword", "found:    surogateSteps", "surrogateSteps, startAfter", entries="surogateSteps 5;")

    def test_unknown_choice(self):
        self.refuse("Choice", "onFailure", "stop, solver", entries="onFailure ignore;")

    def test_unknown_grid_map(self):
        self.refuse("Map", "valid:    cells, identity", entries="gridMap other;")


class CorrectorTest(unittest.TestCase):
    """Each step of the model corrected by a second model"""

    COEFFS = 'corrector "<constant>/corrector.safetensors"; correctorCoeffs { activation -1; }'

    def make(self, name, entries=COEFFS, **options):
        case = BoxCase(name, **options)
        case.model(kind="random")
        case.model(kind="random", method="sns", file="corrector")
        case.function(entries)
        case.control(endTime="0.56", writeControl="timeStep", writeInterval="4")
        return case

    def test_levels_and_evaluations_are_told(self):
        case = self.make("stepCorrector")
        done = case.run()
        self.assertEqual(done.code, 0, done.log[-2000:])
        self.assertEqual(done.log.count(", level "), 4)
        for row in case.steps():
            condition, level, after, evaluations = row[6:]
            if row[1] == "model":
                self.assertGreaterEqual(min(condition, level), 0)
                self.assertGreaterEqual(evaluations, 1)
            else:
                self.assertTrue(math.isnan(condition) and math.isnan(level) and evaluations == 0)
            self.assertTrue(math.isnan(after))

    def test_rests_between_corrections(self):
        case = self.make("stepCorrectorEvery", self.COEFFS.replace("-1;", "-1; every 2;"))
        self.assertEqual(case.run().code, 0)
        told = [row[9] > 0 for row in case.steps() if row[1] == "model"]
        self.assertEqual(len(told), 4)
        self.assertEqual(told.count(True), 2)

    def test_restart_amid_a_jump(self):
        for ranks in (1, 2):
            case = self.make(f"stepCorrectorRestart{ranks}", ranks=ranks)
            whole = case.copy(f"stepCorrectorWhole{ranks}")
            self.assertEqual(whole.run().code, 0)
            case.control(endTime="0.16")
            self.assertEqual(case.run().code, 0)
            case.control(endTime="0.56")
            done = case.run()
            self.assertEqual(done.code, 0, done.log[-2000:])
            last = whole.times()[-1]
            self.assertEqual(case.times()[-1], last)
            for rank in range(ranks):
                for field in ("U", "p", "phi"):
                    self.assertEqual(case.field(last, field, rank), whole.field(last, field, rank), field)

    def test_coefficients_change_while_running(self):
        case = self.make("stepCorrectorReread", self.COEFFS.replace("-1", "100"))
        case.control(endTime="20", writeInterval="1000")
        case.add_control("OptimisationSwitches { fileModificationSkew 0; fileModificationChecking timeStamp; }")
        changed = []

        def change(line):
            if "by the model" in line and not changed:
                changed.append(line)
                case.replace("system/controlDict", "activation 100;", "activation -1; measureAfter yes;")
            elif ", after " in line and len(changed) == 1:
                changed.append(line)
                case.control(stopAt="writeNow")

        done = case.run(watch=change)
        self.assertEqual(done.code, 0, done.log[-2000:])
        rows = [row for row in case.steps() if row[1] == "model"]
        self.assertTrue(math.isnan(rows[0][8]))
        self.assertGreaterEqual(rows[-1][8], 0)
        self.assertEqual(done.log.count("\nModel "), 2)   # the model and the corrector, once each

    def refuse(self, name, entries, *told):
        case = self.make("stepCorrector" + name, entries)
        done = case.run()
        self.assertNotEqual(done.code, 0)
        self.assertEqual(case.times(), ["0"])
        for text in ("FOAM FATAL IO ERROR", "neuralSteps", *told):
            self.assertIn(text, done.log)

    def test_coefficients_without_a_corrector_are_refused(self):
        self.refuse("None", "correctorCoeffs { activation 2; }", "entry correctorCoeffs", "an entry corrector beside it")

    def test_unknown_coefficient(self):
        self.refuse("Unknown", self.COEFFS.replace("activation", "aktivation"), "correctorCoeffs.aktivation", "correctorCoeffs.path")

    def test_other_time_step(self):
        case = self.make("stepCorrectorStep")
        case.model(kind="random", method="sns", step=0.2, file="corrector")
        done = case.run()
        self.assertNotEqual(done.code, 0)
        self.assertIn("FOAM FATAL IO ERROR", done.log)
        self.assertIn("0.2", done.log)


class SolversTest(unittest.TestCase):

    def test_pisoFoam_in_parallel(self):
        case = BoxCase("pisoFoam", ranks=3)
        case.model(variables="fields")
        case.function()
        done = case.run("pisoFoam")
        self.assertEqual(done.code, 0, done.log[-2000:])
        self.assertEqual(taken(case), STEPS)

    def test_adjustable_time_step(self):
        case = BoxCase("pimpleFoam")
        case.model()
        case.function()
        case.control(endTime="2", writeControl="adjustable", writeInterval="0.5")
        case.add_control("adjustTimeStep yes; maxCo 0.2;")
        done = case.run("pimpleFoam")
        self.assertEqual(done.code, 0, done.log[-2000:])
        self.assertEqual(len(case.times()), 5)

        # The solver goes on with its own time step, not with the model's
        rows = case.steps()
        solver = [b[0] - a[0] for a, b in zip(rows, rows[1:]) if b[1] == "solver"]
        self.assertLess(max(solver), 0.08)
        self.assertEqual(round(rows[-1][0], 6), 2)

    def test_end_time_at_the_end_of_a_jump(self):
        case = BoxCase("endTime")
        case.model()
        case.function()
        case.control(endTime="0.26", writeControl="runTime", writeInterval="0.26")
        done = case.run()
        self.assertEqual(done.code, 0, done.log[-2000:])
        self.assertEqual(taken(case), STEPS[:5])
        self.assertEqual(case.times(), ["0", "0.26"])

    def test_start_after(self):
        case = BoxCase("startAfter")
        case.model()
        case.function("startAfter 0.1;")
        case.control(endTime="0.3")
        self.assertEqual(case.run().code, 0)
        self.assertEqual([who for _, who in taken(case)], 8 * ["solver"] + ["model"] + 2 * ["solver"])

    def test_not_enabled(self):
        case = BoxCase("enabled")
        case.model()
        case.function("enabled no;")
        done = case.run()
        self.assertEqual(done.code, 0)
        self.assertNotIn("surrogateStep", done.log)

    def test_dictionary_changes_while_running(self):
        case = BoxCase("reread")
        case.model()
        case.function()
        case.control(endTime="20")
        case.add_control("OptimisationSwitches { fileModificationSkew 0; fileModificationChecking timeStamp; }")
        changed = []

        def change(line):
            if "by the model" in line and not changed:
                changed.append(line)
                case.replace("system/controlDict", r"surrogateSteps\s*2", "surrogateSteps 1")

        done = case.run(watch=change)
        self.assertEqual(done.code, 0, done.log[-2000:])
        who = [who for _, who in taken(case)]
        self.assertEqual(who[:5], 3 * ["solver"] + 2 * ["model"])
        self.assertIn(3 * ["solver"] + ["model"] + 3 * ["solver"] + ["model"], [who[i:i + 8] for i in range(len(who))])

    def test_controls_of_the_network_change_while_running(self):
        case = BoxCase("controlsReread")
        case.model(network="recurrFno")
        case.function("networkControls { iterations 2; }")
        case.control(endTime="20", writeInterval="1000")
        case.add_control("OptimisationSwitches { fileModificationSkew 0; fileModificationChecking timeStamp; }")
        changed = []

        def change(line):
            if "No Iterations 2" in line and not changed:
                changed.append(line)
                case.replace("system/controlDict", "iterations 2;", "iterations 5;")
            elif "No Iterations 5" in line and len(changed) == 1:
                changed.append(line)
                case.control(stopAt="writeNow")

        done = case.run(watch=change)
        self.assertEqual(done.code, 0, done.log[-2000:])
        self.assertEqual(len(changed), 2)
        self.assertEqual(done.log.count("\nModel "), 1)   # not loaded again


if __name__ == "__main__":
    unittest.main()
