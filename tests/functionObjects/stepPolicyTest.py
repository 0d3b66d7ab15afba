"""Policies of surrogateStep: who takes the next step, and what becomes of a model's step that is not good enough."""
import re
import subprocess
import unittest

from boxCase import BoxCase

REJECT = "policy residual; residualCoeffs { tolerance 1e-30; }"


def ready(name, entries, ranks=1, ddt="Euler", kind="random", end="0.9", steps=(3, 2), **model):
    case = BoxCase(name, ranks, ddt)
    case.model(kind=kind, **model)
    case.function(entries, steps=steps)
    case.control(endTime=end, writeControl="timeStep", writeInterval="15")
    return case


class RollbackTest(unittest.TestCase):
    """A run in which every step of the model is taken back is the run without a model, to the last bit"""

    def compare(self, name, solver="icoFoam", **options):
        case = ready(name, REJECT, **options)
        case.add_function("range { type fieldMinMax; libs (fieldFunctionObjects); fields (U); }")
        done = case.run(solver)
        self.assertEqual(done.code, 0, done.log[-2000:])
        rejected = [row for row in case.verdicts() if row[-2] == "rejected"]
        self.assertGreater(len(rejected), 3)
        self.assertEqual({row[-1] for row in rejected}, {"residual"})
        self.assertEqual({row[1] for row in case.steps()}, {"solver"})

        alone = ready(name + "Alone", "enabled no;", **options)
        alone.add_function("range { type fieldMinMax; libs (fieldFunctionObjects); fields (U); }")
        self.assertEqual(alone.run(solver).code, 0)
        self.assertEqual(case.times(), alone.times())
        folder = alone.file("processor0") if alone.ranks > 1 else alone.path
        for time in alone.times()[1:]:
            listed = subprocess.run(["ls", f"{folder}/{time}"], stdout=subprocess.PIPE, text=True, check=True).stdout.split()
            fields = [field for field in listed if field != "uniform"]
            self.assertIn("U", fields)
            for field in fields:
                for rank in range(case.ranks):
                    self.assertEqual(case.field(time, field, rank), alone.field(time, field, rank), f"{field} at {time}")
        self.assertEqual(case.rows("range/0/fieldMinMax.dat"), alone.rows("range/0/fieldMinMax.dat"))

    def test_euler(self):
        self.compare("rollbackEuler")

    def test_backward(self):
        self.compare("rollbackBackward", ddt="backward")

    def test_crank_nicolson(self):
        self.compare("rollbackCrankNicolson", ddt="CrankNicolson 0.9")

    def test_pimpleFoam(self):
        self.compare("rollbackPimple", solver="pimpleFoam", ddt="backward")

    def test_in_parallel(self):
        self.compare("rollbackEuler2", ranks=2)
        self.compare("rollbackCrankNicolson2", ranks=2, ddt="CrankNicolson 0.9")


class ResidualTest(unittest.TestCase):

    def test_solver_takes_over_for_its_steps(self):
        case = ready("residualTurns", REJECT)
        self.assertEqual(case.run().code, 0)
        rows = case.verdicts()
        at = [i for i, row in enumerate(rows) if row[-2] == "rejected"]
        for a, b in zip(at, at[1:]):
            self.assertEqual(b - a, 4)   # three steps of the solver between two attempts

    def test_solver_goes_on_until_its_level_is_known(self):
        case = ready("residualWarm", REJECT)
        self.assertEqual(case.run().code, 0)
        first = next(row for row in case.verdicts() if row[1] == "model")
        self.assertGreater(first[0], 0.1 + 0.1)   # a time step of the model by the solver, then the attempt

    def test_steps_within_the_tolerance_stay(self):
        case = ready("residualGood", "policy residual; residualCoeffs { tolerance 1e6; energyTolerance 1e6; energyJump 1e3; }")
        self.assertEqual(case.run().code, 0)
        rows = [row for row in case.verdicts() if row[1] == "model"]
        self.assertGreater(len(rows), 3)
        self.assertEqual({row[-2] for row in rows}, {"accepted"})

    def test_failing_model(self):
        case = ready("residualFails", "policy residual;", kind="overflow")
        done = case.run()
        self.assertEqual(done.code, 0, done.log[-2000:])
        self.assertEqual({row[-1] for row in case.verdicts() if row[1] == "model"}, {"failed"})

    def test_summary(self):
        case = ready("residualSummary", REJECT)
        done = case.run()
        self.assertIn("summary", done.log)
        summary = dict(case.rows("neuralSteps/0/summary.dat"))
        self.assertEqual(int(summary["stepsBySolver"]), 45)
        self.assertEqual(int(summary["stepsByModel"]), 0)
        self.assertEqual(int(summary["stepsRejected"]), len([r for r in case.verdicts() if r[-2] == "rejected"]))

    def test_threshold_must_be_positive(self):
        done = ready("residualZero", "policy residual; residualCoeffs { tolerance 0; }").run()
        self.assertNotEqual(done.code, 0)
        self.assertIn("entry residualCoeffs.tolerance", done.log)

    def test_level_survives_a_restart(self):
        case = ready("residualRestart", REJECT, end="0.3")
        self.assertEqual(case.run().code, 0)
        case.control(endTime="0.6")
        self.assertEqual(case.run().code, 0)
        first = next(i for i, row in enumerate(case.verdicts("0.3")) if row[1] == "model")
        self.assertLessEqual(first, 3)   # no second warm-up


class DriftTest(unittest.TestCase):

    CORRECTOR = 'corrector "<constant>/corrector.safetensors"; '

    def run_level(self, name, level):
        case = ready(name, self.CORRECTOR + f"policy drift; driftCoeffs {{ level {level}; }}")
        case.model(kind="random", method="sns", file="corrector")
        done = case.run()
        self.assertEqual(done.code, 0, done.log[-2000:])
        return [row for row in case.verdicts() if row[1] == "model"]

    def test_level(self):
        self.assertEqual({row[-2:] for row in self.run_level("driftHigh", 1000)}, {("accepted", "-")})
        level = min(row[7] for row in self.run_level("driftMeasure", 1000))
        if level > 0:
            self.assertIn(("rejected", "level"), {row[-2:] for row in self.run_level("driftLow", level - 1)})

    def test_spread(self):
        for limit, verdict in ((1e-3, "rejected"), (0.5, "accepted")):
            case = ready(f"driftSpread{verdict}", f"policy drift; members 4; perturbation 0.01; driftCoeffs {{ spread {limit}; }}")
            done = case.run()
            self.assertEqual(done.code, 0, done.log[-2000:])
            self.assertEqual({row[-2] for row in case.verdicts() if row[1] == "model"}, {verdict})

    def test_needs_something_to_tell_by(self):
        for name, coeffs in (("None", ""), ("Level", "driftCoeffs { level 3; }"), ("Spread", "driftCoeffs { spread 1; }")):
            done = ready("drift" + name, "policy drift; " + coeffs).run()
            self.assertNotEqual(done.code, 0)
            self.assertIn("Nothing to tell the drift by", done.log)


class SimplePoliciesTest(unittest.TestCase):

    def test_always(self):
        case = ready("always", "policy always;", end="1")
        self.assertEqual(case.run().code, 0)
        self.assertEqual({row[1] for row in case.steps()}, {"model"})
        self.assertEqual(len(case.steps()), 10)

    def test_never(self):
        case = ready("never", "policy never;")
        self.assertEqual(case.run().code, 0)
        self.assertEqual({row[1] for row in case.steps()}, {"solver"})

    def test_unknown(self):
        done = ready("unknownPolicy", "policy sometimes;").run()
        self.assertNotEqual(done.code, 0)
        self.assertIn("always, never, oracle, schedule, drift, residual", done.log)


class OracleTest(unittest.TestCase):
    """The solver's own recording takes the model's place"""

    RECORD = 'snapshots { type fieldSnapshots; libs (surrogateFunctionObjects); file "recorded.h5"; fields (U); interval 0.1; }'

    def make(self, name, end):
        case = BoxCase(name)
        case.add_function(self.RECORD)
        case.control(endTime="1", writeControl="timeStep", writeInterval="50")
        self.assertEqual(case.run().code, 0)
        whole = case.vectors("1")
        subprocess.run(["rm", "-r", case.file("1")], check=True)
        case.replace("system/controlDict", re.escape(self.RECORD), "")
        case.model()
        case.function('policy oracle; oracleCoeffs { file "recorded.h5"; }', steps=(5, 2))
        case.control(endTime=end, writeControl="runTime", writeInterval="0.1")
        return case, whole

    def test_stays_with_the_recording(self):
        case, whole = self.make("oracle", "1")
        done = case.run()
        self.assertEqual(done.code, 0, done.log[-2000:])
        self.assertIn("model", {row[1] for row in case.steps()})
        off = max(abs(a - b) for u, v in zip(whole, case.vectors("1")) for a, b in zip(u, v))
        self.assertLess(off, 0.05)

    def test_time_that_was_not_recorded(self):
        case, _ = self.make("oracleEnd", "2")
        done = case.run()
        self.assertNotEqual(done.code, 0)
        self.assertIn("A time that was not recorded", done.log)


if __name__ == "__main__":
    unittest.main()
