"""surrogateCorrector in unmodified solvers, in hybrids and in surrogateFoam."""
import math
import os
import re
import unittest

from boxCase import BoxCase


def make(name, entries="interval 0.2;", ranks=1, ddt="Euler", kind="random", method="sns", end="0.6", every="5"):
    """icoFoam, steps of 0.02, a corrector of the lag 0.1, fields written each 0.1"""
    case = BoxCase(name, ranks, ddt)
    case.model(kind=kind, method=method, file="corrector")
    case.corrector(entries)
    case.control(endTime=end, writeControl="timeStep", writeInterval=every)
    return case


def times(rows):
    return [round(row["time"], 6) for row in rows]


def largest(vectors):
    return max(math.hypot(*v) for v in vectors)


def continuity(log):
    """Time and the last continuity error of each step of the solver"""
    errors = {}
    time = None
    for line in log.split("\n"):
        if line.startswith("Time = "):
            time = float(line.split()[2])
        match = re.match(r"time step continuity errors : sum local = ([^,]*),", line)
        if match:
            errors[time] = float(match[1])
    return errors


class IntervalTest(unittest.TestCase):
    """One run of icoFoam, and the same without the corrector"""

    @classmethod
    def setUpClass(cls):
        cls.case = make("corrector")
        cls.case.add_function("range { type fieldMinMax; libs (fieldFunctionObjects); fields (U); }")
        cls.done = cls.case.run()
        cls.alone = BoxCase("correctorAlone")
        cls.alone.control(writeControl="timeStep", writeInterval="5")
        cls.done_alone = cls.alone.run()

    def test_corrects_at_the_interval_alone(self):
        self.assertEqual(self.done.code, 0, self.done.log[-2000:])
        self.assertEqual(times(self.case.refinements()), [0.2, 0.4, 0.6])
        self.assertEqual(self.case.field("0.1", "U"), self.alone.field("0.1", "U"))
        self.assertNotEqual(self.case.field("0.2", "U"), self.alone.field("0.2", "U"))

    def test_each_look_is_told(self):
        self.assertEqual(len(re.findall(r"surrogateCorrector corrector: time .* evaluations, corrected, ", self.done.log)), 3)

    def test_columns(self):
        with open(self.case.file("postProcessing/corrector/0/refinement.dat"), encoding="utf-8") as file:
            titles = [line.split() for line in file if line.startswith("#")][-1]
        self.assertEqual(titles[1], "Time")
        self.assertEqual([title.replace("[s]", "") for title in titles[2:]], list(BoxCase.REFINEMENT[1:]))
        for row in self.case.refinements():
            self.assertEqual(row["changed"], 1)
            self.assertGreaterEqual(row["evaluations"], 1)
            self.assertGreaterEqual(row["level"], 0)
            self.assertGreaterEqual(row["conditionLevel"], 0)
            self.assertTrue(math.isnan(row["levelAfter"]))
            self.assertTrue(math.isfinite(row["energyChange"]) and math.isfinite(row["enstrophyChange"]))
            self.assertGreater(row["wallTime"], 0)

    def test_fields_on_disk_and_for_other_function_objects_are_the_corrected_ones(self):
        seen = {float(row[0]): float(row[-3 if row[-1].isdigit() else -1]) for row in self.maxima()}
        for time in ("0.1", "0.2", "0.3", "0.4", "0.6"):
            self.assertAlmostEqual(largest(self.case.vectors(time)) / seen[float(time)], 1, places=4)
        self.assertGreater(abs(largest(self.alone.vectors("0.2")) / seen[0.2] - 1), 1e-4)

    def maxima(self):
        """Time and max(|U|), without the positions"""
        for row in self.case.rows("range/0/fieldMinMax.dat"):
            text = re.sub(r"\(.*?\)", "", " ".join(row))
            yield text.split()

    def test_flux_is_conservative_and_the_next_step_as_usual(self):
        errors, usual = continuity(self.done.log), continuity(self.done_alone.log)
        for row in self.case.refinements():
            self.assertLessEqual(row["continuityErrorOfPhi"], 1e-8)
        for time in (0.22, 0.24, 0.42, 0.44):
            self.assertLess(errors[time], 10 * usual[time] + 1e-9)


class ScheduleTest(unittest.TestCase):

    def looks(self, name, entries, solver="icoFoam", adjust=False, **options):
        case = make(name, entries, **options)
        if adjust:
            case.add_control("adjustTimeStep yes; maxCo 0.2;")
        done = case.run(solver)
        self.assertEqual(done.code, 0, done.log[-2000:])
        return case, done

    def test_once_every_model_time_step(self):
        case, _ = self.looks("correctorAlways", "", end="0.4")
        self.assertEqual(times(case.refinements()), [0.1, 0.2, 0.3, 0.4])

    def test_every_so_many_steps(self):
        case, done = self.looks("correctorSteps", "intervalSteps 4;", solver="pisoFoam", end="0.4")
        self.assertEqual(times(case.refinements()), [0.16, 0.24, 0.32, 0.4])
        self.assertIn("time 0.08, not looked at: no state at time -0.02 yet", done.log)

    def test_a_model_that_reads_no_earlier_state(self):
        case, _ = self.looks("correctorThermalizer", "intervalSteps 3;", method="thermalizer", end="0.2")
        self.assertEqual(times(case.refinements()), [0.06, 0.12, 0.18])
        self.assertTrue(math.isnan(case.refinements()[0]["conditionLevel"]))

    def test_adjustable_time_step_hits_the_times(self):
        case, _ = self.looks("correctorAdjust", "interval 0.25;", "pimpleFoam", adjust=True, end="1")
        self.assertEqual(times(case.refinements()), [0.25, 0.5, 0.75, 1])

    def test_adjustable_time_step_once_every_model_time_step(self):
        case, _ = self.looks("correctorAdjustAlways", "", "pimpleFoam", adjust=True, end="0.4")
        self.assertEqual(times(case.refinements()), [0.1, 0.2, 0.3, 0.4])

    def test_levels_below_activation(self):
        case, done = self.looks("correctorMeter", "interval 0.2; activation 100;")
        alone = BoxCase("correctorMeterAlone").run()
        self.assertEqual(alone.code, 0)
        self.assertEqual(done.log.count("left as it was"), 3)
        rows = case.refinements()
        self.assertEqual([row["changed"] for row in rows], [0, 0, 0])
        self.assertEqual([row["energyChange"] for row in rows], [0, 0, 0])
        self.assertEqual(continuity(done.log), continuity(alone.log))


class RestartTest(unittest.TestCase):
    """A run that is stopped and restarted gives the same fields, to the last bit"""

    def restarted(self, name, stop, entries="interval 0.2;", solver="icoFoam", **options):
        case = make(name, entries, **options)
        whole = case.copy(name + "Whole")
        done = whole.run(solver)
        self.assertEqual(done.code, 0, done.log[-2000:])

        case.control(endTime=stop)
        self.assertEqual(case.run(solver).code, 0)
        self.assertEqual(case.times()[-1], stop)
        case.control(endTime="0.6")
        done = case.run(solver)
        self.assertEqual(done.code, 0, done.log[-2000:])
        self.assertNotIn("begins anew", done.log)

        self.assertEqual(times(case.refinements()) + times(case.refinements(stop)), times(whole.refinements()))
        for field in ("U", "p", "phi"):
            for rank in range(case.ranks):
                self.assertEqual(case.field("0.6", field, rank), whole.field("0.6", field, rank), field)
        return case

    def test_before_a_correction(self):
        self.restarted("correctorRestartBefore", "0.3")

    def test_after_a_correction(self):
        self.restarted("correctorRestartAfter", "0.4")

    def test_in_parallel(self):
        self.restarted("correctorRestart2", "0.3", ranks=2)

    def test_after_a_correction_with_backward(self):
        self.restarted("correctorRestartBackward", "0.4", ddt="backward")

    def test_after_a_correction_with_CrankNicolson(self):
        self.restarted("correctorRestartCN", "0.4", ddt="CrankNicolson 0.9")

    def test_once_every_model_time_step(self):
        self.restarted("correctorRestartAlways", "0.3", "")

    def test_every_so_many_steps(self):
        self.restarted("correctorRestartSteps", "0.3", "intervalSteps 4;")

    def test_thermalizer(self):
        self.restarted("correctorRestartTherm", "0.3", method="thermalizer")

    def test_without_the_file(self):
        case = make("correctorNoFile", end="0.3")
        self.assertEqual(case.run().code, 0)
        os.remove(case.file("0.3/uniform/corrector.safetensors"))
        case.control(endTime="0.4")
        done = case.run()
        self.assertEqual(done.code, 0, done.log[-2000:])
        self.assertIn("no earlier states at time 0.3, it begins anew", done.log)
        self.assertEqual(times(case.refinements("0.3")), [0.4])


class ParallelTest(unittest.TestCase):

    def test_solver(self):
        runs = []
        for ranks in (1, 2):
            case = make(f"correctorRanks{ranks}", ranks=ranks, end="0.2")
            done = case.run()
            self.assertEqual(done.code, 0, done.log[-2000:])
            runs.append(case)
        (serial,), (parallel,) = (case.refinements() for case in runs)
        for column in ("conditionLevel", "level", "evaluations", "changed"):
            self.assertEqual(serial[column], parallel[column])
        self.assertAlmostEqual(serial["energyChange"], parallel["energyChange"], places=4)

    def test_surrogateFoam_to_the_last_bit(self):
        states = []
        for ranks in (1, 2):
            case = make(f"correctorFoam{ranks}", ranks=ranks, entries="interval 0.3;", every="3")
            case.model()
            case.surrogate()
            case.control(deltaT="0.1")
            done = case.run("surrogateFoam")
            self.assertEqual(done.code, 0, done.log[-2000:])
            self.assertEqual(times(case.refinements()), [0.3, 0.6])
            self.assertNotEqual(case.rank_vectors("0.3"), case.rank_vectors("0"))
            states.append(sorted(case.rank_vectors("0.6")))
        self.assertEqual(*states)


class HybridTest(unittest.TestCase):

    def test_looks_wherever_there_is_a_pair(self):
        case = BoxCase("correctorHybrid")
        case.model(kind="random")
        case.model(kind="random", method="sns", file="corrector")
        case.corrector("")
        case.function(steps=(5, 3))
        case.control(endTime="0.8", writeControl="timeStep", writeInterval="1")
        done = case.run()
        self.assertEqual(done.code, 0, done.log[-2000:])
        self.assertEqual(times(case.refinements()), [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8])

        # The fields on disk are those that the next step of either began from
        rows = {round(row[0], 6): row for row in case.steps()}
        vectors = case.vectors("0.3")
        self.assertEqual(rows[0.3][1], "model")
        self.assertGreater(abs(sum(u * u + v * v for u, v, _ in vectors) / (2 * len(vectors)) / rows[0.3][5] - 1), 1e-6)


class MeshTest(unittest.TestCase):

    def test_through_the_grid_of_any_mesh(self):
        """Where mesh and grid are one, the map for any mesh corrects as the map for them does; on several processors, too"""
        for ranks in (1, 2):
            same = make(f"correctorIdentity{ranks}", ranks=ranks)
            self.assertEqual(same.run().code, 0)
            case = make(f"correctorMesh{ranks}", "interval 0.2; gridMap meshToMesh;", ranks=ranks)
            done = case.run()
            self.assertEqual(done.code, 0, done.log[-2000:])
            self.assertEqual(times(case.refinements()), [0.2, 0.4, 0.6])
            for a, b in zip(case.rank_vectors("0.6"), same.rank_vectors("0.6"), strict=True):
                for x, y in zip(a, b):
                    self.assertAlmostEqual(x, y, places=11)


class ChangesTest(unittest.TestCase):

    def test_options_change_while_running(self):
        case = make("correctorReread", "interval 0.1; activation 100;", end="20")
        case.add_control("OptimisationSwitches { fileModificationSkew 0; fileModificationChecking timeStamp; }")
        changed = []

        def change(line):
            if "left as it was" in line and not changed:
                changed.append(line)
                case.replace("system/controlDict", r"activation 100;", "activation -1; measureAfter yes;")
            elif ", after " in line and len(changed) == 1:
                changed.append(line)
                case.control(stopAt="writeNow")

        done = case.run(watch=change)
        self.assertEqual(done.code, 0, done.log[-2000:])
        rows = case.refinements()
        self.assertEqual(rows[0]["changed"], 0)
        self.assertEqual(rows[-1]["changed"], 1)
        self.assertGreaterEqual(rows[-1]["levelAfter"], 0)
        self.assertEqual(done.log.count("\nModel "), 1)


class FailureTest(unittest.TestCase):

    def broken(self, name, entries="", ranks=1):
        case = make(name, "interval 0.2;" + entries, kind="overflow", ranks=ranks)
        return case, case.run()

    def test_run_stops(self):
        for ranks in (1, 2):
            case, done = self.broken(f"correctorStop{ranks}", ranks=ranks)
            self.assertNotEqual(done.code, 0)
            self.assertIn("The corrector failed at time 0.2", done.log)
            self.assertIn("not finite", done.log)
            self.assertEqual(case.times()[-1], "0.2")
            self.assertTrue(all(math.isfinite(c) for v in case.vectors("0.2") for c in v))

    def test_run_goes_on_as_if_there_were_no_corrector(self):
        case, done = self.broken("correctorGoOn", "onFailure solver;")
        self.assertEqual(done.code, 0, done.log[-2000:])
        self.assertEqual(done.log.count("the run goes on with the uncorrected fields"), 3)
        alone = BoxCase("correctorGoOnAlone")
        alone.control(writeControl="timeStep", writeInterval="5")
        self.assertEqual(alone.run().code, 0)
        self.assertEqual(case.field("0.6", "U"), alone.field("0.6", "U"))


class RefusalTest(unittest.TestCase):
    """What is wrong with the set-up ends the run at its start, and is told"""

    def refuse(self, name, *told, entries="interval 0.2;", delta_t="0.02", method="sns"):
        case = make("correctorRefuse" + name, entries, method=method)
        case.control(deltaT=delta_t)
        done = case.run()
        self.assertNotEqual(done.code, 0)
        self.assertEqual(case.times(), ["0"])
        for text in ("FOAM FATAL IO ERROR", "corrector", *told):
            self.assertIn(text, done.log)

    def test_unknown_keyword(self):
        self.refuse("Keyword", "found:    intervall", "interval, intervalSteps, onFailure, model", entries="intervall 0.2;")

    def test_rest_between_steps_is_not_an_option(self):
        self.refuse("Every", "found:    every", "intervalSteps", entries="interval 0.2; every 2;")

    def test_unknown_path(self):
        self.refuse("Path", "entry path", "A, B, C, currentOnly", entries="interval 0.2; path D;")

    def test_an_emulator(self):
        self.refuse("Emulator", "corrector.safetensors", "emulator", "thermalizer", method="emulator")

    def test_two_schedules(self):
        self.refuse("Two", "interval or intervalSteps", entries="interval 0.2; intervalSteps 5;")

    def test_interval_that_is_no_time(self):
        self.refuse("Interval", "entry interval", "found:    -1", entries="interval -1;")

    def test_steps_that_miss_the_lag(self):
        self.refuse("Lag", "whole time steps in the model's time step, 0.1 s", "deltaT 0.04, interval 0.2", delta_t="0.04")

    def test_steps_that_miss_the_interval(self):
        self.refuse("Miss", "deltaT 0.02, interval 0.25", entries="interval 0.25;")

    def test_steps_that_miss_the_lag_without_a_schedule(self):
        self.refuse("LagAlways", "deltaT 0.03", delta_t="0.03", entries="")


if __name__ == "__main__":
    unittest.main()
