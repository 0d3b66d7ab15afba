"""surrogateMonitor: a model, or a recorded run, beside the running case."""
import math
import unittest

from boxCase import BoxCase
from conservationTest import columns


def monitor(case, entries='model "<constant>/model.safetensors"; device cpu; precision float32;'):
    case.add_function(f"    shadow {{ type surrogateMonitor; libs (surrogateFunctionObjects); {entries} }}")


MODEL = 'model "<constant>/model.safetensors"; device cpu; precision float32; '
EACH = {"writeControl": "timeStep", "writeInterval": "1"}


def vrmse(truth, prediction):
    """Of the vector"""
    n, error, variance = len(truth), 0, 0
    for c in (0, 1):
        u, v = [t[c] for t in truth], [p[c] for p in prediction]
        mean = sum(u) / n
        variance += sum((x - mean)**2 for x in u) / (n - 1)
        error += sum((x - y)**2 for x, y in zip(u, v)) / n
    return math.sqrt(error / (variance + 1e-7))


def largest(truth, prediction):
    return max(math.hypot(*(x - y for x, y in zip(u, v))) for u, v in zip(truth, prediction))


class ModelTest(unittest.TestCase):

    def test_changes_nothing_and_measures_the_error(self):
        alone = BoxCase("monitorAlone")
        alone.control(endTime="0.6", **EACH)
        self.assertEqual(alone.run().code, 0)

        case = BoxCase("monitor")
        case.model(variables="fields")
        monitor(case, MODEL + "steps 2; interval 1;")
        case.control(endTime="0.6", **EACH)
        done = case.run()
        self.assertEqual(done.code, 0, done.log[-2000:])
        for time in ("0.1", "0.6"):
            for field in ("U", "p", "phi"):
                self.assertEqual(case.field(time, field), alone.field(time, field), field)

        # A model that predicts no change: the forecast is the state that it began with
        rows = columns(case, "shadow/0/monitor.dat")
        self.assertEqual([round(row["start"], 6) for row in rows], [0.02, 0.12, 0.22, 0.32])
        for row in rows:
            start, time = f"{row['start']:g}", f"{row['Time']:g}"
            self.assertAlmostEqual(row["Time"], row["start"] + 0.2, places=6)
            truth, forecast = case.vectors(time), case.vectors(start)
            self.assertAlmostEqual(row["U.vrmse"], vrmse(truth, forecast), places=4)
            self.assertAlmostEqual(row["U.maxError"], largest(truth, forecast), places=4)
            self.assertTrue(math.isnan(row["U.boundaryRmse"]))
            self.assertEqual(row["interpolatedOver[s]"], 0)
            energies = [sum(c * c for v in field for c in v) for field in (truth, forecast)]
            self.assertAlmostEqual(row["U.energyDifference"], energies[1] / energies[0] - 1, places=4)
            self.assertGreater(row["U.correlation"], 0.9)
            self.assertTrue(math.isnan(row["level"]))
        self.assertIn("forecast from time 0.02", done.log)

    def test_interpolates_where_steps_miss_the_time(self):
        case = BoxCase("monitorMissed")
        case.model(variables="fields")
        monitor(case)
        case.control(deltaT="0.03", endTime="0.6")
        self.assertEqual(case.run().code, 0)
        rows = columns(case, "shadow/0/monitor.dat")
        self.assertGreater(len(rows), 3)
        for row in rows:
            self.assertAlmostEqual(row["Time"], row["start"] + 0.1, places=6)
            self.assertAlmostEqual(row["interpolatedOver[s]"], 0.03, places=6)

    def test_restart_goes_on_with_the_forecasts(self):
        whole = BoxCase("monitorWhole")
        whole.model(kind="random")
        monitor(whole, MODEL + "steps 2;")
        whole.control(endTime="0.5", writeControl="timeStep", writeInterval="5")
        case = whole.copy("monitorRestart")
        self.assertEqual(whole.run().code, 0)
        case.control(endTime="0.2")
        self.assertEqual(case.run().code, 0)
        case.control(endTime="0.5")
        self.assertEqual(case.run().code, 0)
        rows = columns(case, "shadow/0/monitor.dat") + columns(case, "shadow/0.2/monitor.dat")
        self.assertEqual([str(row) for row in rows], [str(row) for row in columns(whole, "shadow/0/monitor.dat")])

    def test_parallel(self):
        rows = []
        for ranks in (1, 2):
            case = BoxCase(f"monitor{ranks}", ranks)
            case.model(kind="random")
            monitor(case)
            done = case.run()
            self.assertEqual(done.code, 0, done.log[-2000:])
            rows.append([row["U.vrmse"] for row in columns(case, "shadow/0/monitor.dat")])
        self.assertEqual(len(rows[0]), 5)
        for a, b in zip(*rows, strict=True):
            self.assertAlmostEqual(a, b, places=4)

    def test_a_failing_model_does_not_stop_the_run(self):
        case = BoxCase("monitorFails")
        case.model(kind="overflow")
        monitor(case)
        done = case.run()
        self.assertEqual(done.code, 0, done.log[-2000:])
        self.assertIn("The forecast from time 0.02 failed", done.log)

    def test_level_of_a_corrector(self):
        case = BoxCase("monitorLevel")
        case.model(kind="random")
        case.model(kind="random", method="sns", file="corrector")
        monitor(case, MODEL + 'corrector "<constant>/corrector.safetensors"; correctorCoeffs { activation 100; }')
        done = case.run()
        self.assertEqual(done.code, 0, done.log[-2000:])
        for row in columns(case, "shadow/0/monitor.dat"):
            self.assertGreaterEqual(row["level"], 0)

    def test_refuses(self):
        for name, entries, told in (
            ("Neither", "", "found:    neither"),
            ("Steps", MODEL + "steps 0;", "entry steps"),
            ("Keyword", MODEL + "intervall 2;", "found:    intervall"),
            ("Conserve", MODEL + "conserve (mass);", "found:    conserve"),
        ):
            case = BoxCase("monitorRefuses" + name)
            case.model()
            monitor(case, entries)
            done = case.run()
            self.assertNotEqual(done.code, 0)
            self.assertIn(told, done.log)


class ReferenceTest(unittest.TestCase):

    def test_case_against_a_recording(self):
        reference = BoxCase("monitorReference")
        reference.add_function(
            '    snapshots { type fieldSnapshots; libs (surrogateFunctionObjects); file "ref.h5"; fields (U); interval 0.1; }'
        )
        self.assertEqual(reference.run().code, 0)

        # The same flow, and one with another viscosity
        for name, nu in (("monitorSame", "0.01"), ("monitorOther", "0.05")):
            case = BoxCase(name)
            case.replace("constant/transportProperties", r"nu [^;]*;", f"nu {nu};")
            monitor(case, f'reference "{reference.file("ref.h5")}";')
            done = case.run()
            self.assertEqual(done.code, 0, done.log[-2000:])
            rows = columns(case, "shadow/0/monitor.dat")
            self.assertEqual([round(row["Time"], 6) for row in rows], [0.1, 0.2, 0.3, 0.4, 0.5, 0.6])
            if nu == "0.01":
                self.assertLess(max(row["U.vrmse"] for row in rows), 1e-5)
            else:
                self.assertGreater(rows[-1]["U.vrmse"], 0.02)
                self.assertLess(rows[-1]["U.energyDifference"], -0.05)

        case = BoxCase("monitorOtherField")
        monitor(case, f'reference "{reference.file("ref.h5")}"; fields (T);')
        done = case.run()
        self.assertNotEqual(done.code, 0)
        self.assertIn("FOAM FATAL IO ERROR", done.log)


if __name__ == "__main__":
    unittest.main()
