"""surrogateFoam: every time step is the model's."""
import math
import os
import re
import subprocess
import unittest

from boxCase import BoxCase, velocity


def make(name, ranks=1, kind="random", delta_t="0.1", entries="", scattered=False, **model):
    case = BoxCase(name, ranks, scattered=scattered)
    case.model(kind=kind, **model)
    case.control(deltaT=delta_t, endTime="1", writeControl="timeStep", writeInterval="5")
    case.surrogate(entries)
    return case


class SurrogateFoamTest(unittest.TestCase):

    def test_runs_to_the_end(self):
        case = make("foam")
        done = case.run("surrogateFoam")
        self.assertEqual(done.code, 0, done.log[-2000:])
        self.assertEqual(case.times(), ["0", "0.5", "1"])
        self.assertIn("ExecutionTime", done.log)
        self.assertNotEqual(case.vectors("0.5"), case.vectors("1"))

    def test_identity_keeps_the_state(self):
        case = make("foamIdentity", kind="identity", variables="fields")
        self.assertEqual(case.run("surrogateFoam").code, 0)
        for k, v in enumerate(case.vectors("1")):
            for a, b in zip(v, velocity(k % 16, k // 16)):
                self.assertAlmostEqual(a, b, places=5)

    def test_same_on_any_decomposition(self):
        fields = []
        for ranks, scattered in ((1, False), (2, False), (3, False), (4, False), (2, True), (3, True), (4, True)):
            case = make(f"foam{ranks}{scattered}", ranks, scattered=scattered)
            done = case.run("surrogateFoam")
            self.assertEqual(done.code, 0, done.log[-2000:])
            if ranks > 1:
                subprocess.run(["reconstructPar"], cwd=case.path, check=True, stdout=subprocess.DEVNULL)
                case.ranks = 1
            fields.append(case.vectors("1"))
        for other in fields[1:]:
            self.assertEqual(fields[0], other)

    def test_restart(self):
        case = make("foamRestart")
        whole = case.copy("foamRestartWhole")
        self.assertEqual(whole.run("surrogateFoam").code, 0)
        case.control(endTime="0.5")
        self.assertEqual(case.run("surrogateFoam").code, 0)
        case.control(endTime="1")
        self.assertEqual(case.run("surrogateFoam").code, 0)
        self.assertEqual(case.field("1", "U"), whole.field("1", "U"))

    def test_other_time_step_is_refused(self):
        done = make("foamTimeStep", delta_t="0.02").run("surrogateFoam")
        self.assertNotEqual(done.code, 0)
        self.assertIn("deltaT 0.02 is not the model's time step, 0.1", done.log)

    def test_not_a_number_in_the_input(self):
        case = make("foamNaN")
        case.write_velocity(lambda i, j: (float("nan"), 0.0, 0.0) if (i, j) == (3, 5) else velocity(i, j))
        done = case.run("surrogateFoam")
        self.assertNotEqual(done.code, 0)
        self.assertIn("FOAM FATAL IO ERROR", done.log)
        self.assertIn("field U", done.log)
        self.assertEqual(case.times(), ["0"])

    def test_policies_that_need_a_solver_are_refused(self):
        for policy in ("schedule", "residual", "never"):
            done = make("foamPolicy", entries=f"policy {policy};").run("surrogateFoam")
            self.assertNotEqual(done.code, 0)
            self.assertIn("A policy that makes no sense in surrogateFoam", done.log)
            self.assertIn("valid:    always, drift, oracle", done.log)

    def test_drift_without_a_solver_ends_the_run(self):
        entries = "members 3; perturbation 1e-2; policy drift; driftCoeffs { spread 1e-6; }"
        done = make("foamDrift", entries=entries).run("surrogateFoam")
        self.assertNotEqual(done.code, 0)
        self.assertIn("no solver to take over", done.log)

    def test_drift_within_its_limits(self):
        entries = "members 3; perturbation 1e-2; policy drift; driftCoeffs { spread 10; }"
        done = make("foamDriftGood", entries=entries).run("surrogateFoam")
        self.assertEqual(done.code, 0, done.log[-2000:])

    def test_unknown_keyword(self):
        case = make("foamKeyword")
        with open(case.file("constant/surrogateProperties"), "a", encoding="utf-8") as file:
            file.write("solverSteps 3;\n")
        done = case.run("surrogateFoam")
        self.assertNotEqual(done.code, 0)
        self.assertIn("found:    solverSteps", done.log)

    def test_help(self):
        done = subprocess.run(["surrogateFoam", "-help"], stdout=subprocess.PIPE, text=True)
        self.assertEqual(done.returncode, 0)
        self.assertIn("every time step is a model's", done.stdout)


class DiffusionTest(unittest.TestCase):
    """Steps drawn by a diffusion model"""

    def test_runs_and_restarts(self):
        case = make("diffusion", method="sns", entries="samplerCoeffs { evaluations 3; }")
        whole = case.copy("diffusionWhole")
        done = whole.run("surrogateFoam")
        self.assertEqual(done.code, 0, done.log[-2000:])
        self.assertEqual(len(re.findall(r"\nModel: .*evaluations", done.log)), 10)
        case.control(endTime="0.5")
        self.assertEqual(case.run("surrogateFoam").code, 0)
        case.control(endTime="1")
        self.assertEqual(case.run("surrogateFoam").code, 0)
        self.assertEqual(case.field("1", "U"), whole.field("1", "U"))

    def test_unknown_sampler(self):
        done = make("diffusionSampler", method="sns", entries="samplerCoeffs { sampler euler; }").run("surrogateFoam")
        self.assertNotEqual(done.code, 0)
        self.assertIn("FOAM FATAL IO ERROR", done.log)
        self.assertIn("euler", done.log)
        self.assertIn("dpmSolverPP", done.log)


class CellsTest(unittest.TestCase):
    """A model of the mesh's own cells, without a grid"""

    def test_is_the_same_on_any_decomposition(self):
        fields = []
        for ranks, scattered in ((1, False), (2, True), (3, False)):
            case = make(f"cells{ranks}", ranks, scattered=scattered, network="upt", variables="fields", kind="random")
            done = case.run("surrogateFoam")
            self.assertEqual(done.code, 0, done.log[-2000:])
            self.assertIn("256 points in [0, 6.28319] x [0, 6.28319], periodic in x y", done.log)
            if ranks > 1:
                subprocess.run(["reconstructPar"], cwd=case.path, check=True, stdout=subprocess.DEVNULL)
                case.ranks = 1
            fields.append(case.vectors("1"))
        self.assertNotEqual(fields[0], [velocity(k % 16, k // 16) for k in range(256)])
        for other in fields[1:]:
            largest = max(abs(a - b) for u, v in zip(fields[0], other) for a, b in zip(u, v))
            self.assertLess(largest, 1e-5)

    def test_restarts_and_turns(self):
        case = make("cellsRestart", network="upt", variables="fields", kind="random")
        whole, turns = case.copy("cellsWhole"), case.copy("cellsTurns")
        self.assertEqual(whole.run("surrogateFoam").code, 0)
        for end in ("0.5", "1"):
            case.control(endTime=end)
            self.assertEqual(case.run("surrogateFoam").code, 0)
        self.assertEqual(case.field("1", "U"), whole.field("1", "U"))

        turns.control(deltaT="0.02", endTime="0.5")
        turns.function(steps=(3, 2))
        done = turns.run("icoFoam")
        self.assertEqual(done.code, 0, done.log[-2000:])
        self.assertIn("model", [row[1] for row in turns.steps()])

    def test_refuses_grids(self):
        case = make("cellsGrid", network="upt", variables="fields", entries="gridMap identity;")
        done = case.run("surrogateFoam")
        self.assertNotEqual(done.code, 0)
        self.assertIn("expected: cells", done.log)
        case = make("gridOnCells", entries="gridMap cells;")
        done = case.run("surrogateFoam")
        self.assertNotEqual(done.code, 0)
        self.assertIn("has no uniform grid", done.log)


class HierarchyTest(unittest.TestCase):
    """A hierarchical emulator, whose hints are written with the fields"""

    def test_restart_goes_on_with_the_hints(self):
        whole = make("hierarchy", method="hierarchicalEmulator")
        half, forgetful = whole.copy("hierarchyRestart"), whole.copy("hierarchyForgets")
        done = whole.run("surrogateFoam")
        self.assertEqual(done.code, 0, done.log[-2000:])
        for case in (half, forgetful):
            case.control(endTime="0.5")
            self.assertEqual(case.run("surrogateFoam").code, 0)
            case.control(endTime="1")
        self.assertEqual(half.run("surrogateFoam").code, 0)
        self.assertEqual(half.field("1", "U"), whole.field("1", "U"))

        os.remove(forgetful.file("0.5/uniform/surrogateFoam.safetensors"))
        done = forgetful.run("surrogateFoam")
        self.assertEqual(done.code, 0, done.log[-2000:])
        self.assertIn("No members or memory at time 0.5: ensemble, past, hints and corrector begin anew", done.log)
        self.assertNotEqual(forgetful.field("1", "U"), whole.field("1", "U"))


class HistoryTest(unittest.TestCase):
    """An emulator that sees states of earlier time steps, which are written with the fields"""

    def test_restart_goes_on_with_the_past(self):
        for history, members in ((3, 1), (2, 2)):
            whole = make(f"history{history}{members}", history=history, entries=f"members {members}; perturbation 1e-2;")
            half, forgetful = (whole.copy(f"history{what}{history}{members}") for what in ("Restart", "Forgets"))
            done = whole.run("surrogateFoam")
            self.assertEqual(done.code, 0, done.log[-2000:])
            for case in (half, forgetful):
                case.control(endTime="0.5")
                self.assertEqual(case.run("surrogateFoam").code, 0)
                case.control(endTime="1")
            self.assertEqual(half.run("surrogateFoam").code, 0)
            for field in ("U", "UEnsembleMean")[:members]:
                self.assertEqual(half.field("1", field), whole.field("1", field))
            if members > 1:
                continue
            os.remove(forgetful.file("0.5/uniform/surrogateFoam.safetensors"))
            done = forgetful.run("surrogateFoam")
            self.assertEqual(done.code, 0, done.log[-2000:])
            self.assertIn("No members or memory at time 0.5: ensemble, past, hints and corrector begin anew", done.log)
            self.assertNotEqual(forgetful.field("1", "U"), whole.field("1", "U"))


class ControlsTest(unittest.TestCase):
    """A network that iterates, and what the dictionary asks of it"""

    LINE = re.compile(r"^RecurrFNO:  Solving for U(?: of member (\d))?, Initial residual = (\S+), Final residual = (\S+), "
                      r"No Iterations (\d+)$", re.M)

    def lines(self, name, controls, entries=""):
        case = make(name, network="recurrFno", entries=f"networkControls {{ {controls} }} {entries}")
        done = case.run("surrogateFoam")
        self.assertEqual(done.code, 0, done.log[-2000:])
        return case, self.LINE.findall(done.log)

    def test_number_of_iterations(self):
        few, lines = self.lines("controls3", "iterations 3;")
        self.assertEqual([line[3] for line in lines], ["3"]*10)
        usual, lines = self.lines("controlsUsual", "")
        self.assertEqual([line[3] for line in lines], ["8"]*10)
        self.assertNotEqual(few.field("1", "U"), usual.field("1", "U"))

    def test_tolerance_of_each_member(self):
        _, lines = self.lines("controlsTolerance", "tolerance 1e-4; maxIter 90;", "members 2; perturbation 1;")
        self.assertEqual([line[0] for line in lines], ["0", "1"]*10)
        for _, initial, final, iterations in lines:
            self.assertLess(float(final), 1e-4)
            self.assertLess(float(final), float(initial))
            self.assertLess(int(iterations), 90)

    def test_what_a_network_does_not_have_is_refused(self):
        for controls, expected in (("patch 4;", "networkControls.patchCycle"), ("sweeps 4;", "networkControls.sweeps"),
                                   ("iterations 4; tolerance 1e-3;", "iterations"), ("iterations 0;", "1 or more")):
            done = make("controlsRefused", network="recurrFno", entries=f"networkControls {{ {controls} }}").run("surrogateFoam")
            self.assertNotEqual(done.code, 0)
            self.assertIn(expected, done.log)
        done = make("controlsUNet", entries="networkControls { iterations 4; }").run("surrogateFoam")
        self.assertNotEqual(done.code, 0)
        self.assertIn("networkControls.iterations", done.log)


class EnsembleTest(unittest.TestCase):

    CORRECTOR = 'corrector "<constant>/corrector.safetensors"; correctorCoeffs { activation -1; }\n'

    def run_case(self, name, entries, corrector=False, **options):
        case = make(name, entries=(self.CORRECTOR if corrector else "") + entries, **options)
        case.model(kind="random", method="sns", file="corrector")
        done = case.run("surrogateFoam")
        self.assertEqual(done.code, 0, done.log[-2000:])
        return case, done

    def test_first_member_is_the_run_without_the_others(self):
        for corrector in (False, True):
            alone, _ = self.run_case(f"ensembleAlone{corrector}", "", corrector)
            case, _ = self.run_case(f"ensemble{corrector}", "members 3; perturbation 1e-2;", corrector)
            for a, b in zip(alone.vectors("1"), case.vectors("1")):
                for x, y in zip(a, b):
                    self.assertAlmostEqual(x, y, places=4)

    def test_mean_and_deviation(self):
        perturbation = 1e-2
        case, _ = self.run_case("ensembleMean", f"members 20; perturbation {perturbation};", kind="identity", variables="fields")
        first, mean, deviation = (case.vectors("1", "U" + name) for name in ("", "EnsembleMean", "EnsembleStddev"))
        rms = math.sqrt(sum(u * u + v * v for u, v, _ in first) / len(first))
        spread = math.sqrt(sum(u * u + v * v for u, v, _ in deviation) / (2 * len(deviation)))
        self.assertAlmostEqual(spread / (perturbation * rms), math.sqrt(19 / 20), delta=0.05)
        off = math.sqrt(sum((a[c] - b[c]) ** 2 for a, b in zip(first, mean) for c in (0, 1)) / (2 * len(first)))
        self.assertLess(off, perturbation * rms)

    def test_members_of_a_model_without_chance_are_alike(self):
        case, _ = self.run_case("ensembleAlike", "members 2;")
        self.assertLess(max(abs(c) for v in case.vectors("1", "UEnsembleStddev") for c in v), 1e-6)

    def test_members_differ_by_their_random_numbers(self):
        case, done = self.run_case("ensembleRandom", "members 3;", corrector=True)
        self.assertGreater(max(abs(c) for v in case.vectors("1", "UEnsembleStddev") for c in v), 1e-6)
        self.assertEqual(done.log.count("\nModel: level"), 10)

    def test_restart(self):
        for ranks in (1, 2):
            entries = self.CORRECTOR + "members 3; perturbation 1e-2;"
            case = make(f"ensembleRestart{ranks}", ranks, entries=entries)
            case.model(kind="random", method="sns", file="corrector")
            whole = case.copy(f"ensembleWhole{ranks}")
            self.assertEqual(whole.run("surrogateFoam").code, 0)
            case.control(endTime="0.5")
            self.assertEqual(case.run("surrogateFoam").code, 0)
            case.control(endTime="1")
            done = case.run("surrogateFoam")
            self.assertEqual(done.code, 0, done.log[-2000:])
            for rank in range(ranks):
                for field in ("U", "UEnsembleMean", "UEnsembleStddev"):
                    self.assertEqual(case.field("1", field, rank), whole.field("1", field, rank), field)

    def test_restart_with_another_number_of_members(self):
        case, _ = self.run_case("ensembleOther", "members 3;")
        case.surrogate("members 4;")
        case.control(endTime="1.5")
        done = case.run("surrogateFoam")
        self.assertNotEqual(done.code, 0)
        self.assertIn("expected: 4 members", done.log)
        self.assertIn("found:    3", done.log)

    def test_same_on_any_decomposition(self):
        means = []
        for ranks in (1, 2):
            case, _ = self.run_case(f"ensembleRanks{ranks}", "members 3; perturbation 1e-2;", corrector=True, ranks=ranks)
            means.append(sorted(case.rank_vectors("1", "UEnsembleMean")))
        self.assertEqual(*means)

    def test_shared_among_processors(self):
        """Processors with a device each do their share of the members: the same but for float32's rounding"""
        entries = "members 5; perturbation 1e-2;"
        alone, _ = self.run_case("ensembleUnshared", entries, corrector=True, ranks=4)
        expected = alone.rank_vectors("1", "UEnsembleMean")
        for ranks_per_device, processes in ((1, 4), (2, 2)):
            shared = f"{entries} ranksPerDevice {ranks_per_device};"
            case, done = self.run_case(f"ensembleShared{processes}", shared, corrector=True, ranks=4)
            self.assertEqual(done.log.count(f"shared by {processes} processes"), 2, "model and corrector")
            for a, b in zip(case.rank_vectors("1", "UEnsembleMean"), expected, strict=True):
                for x, y in zip(a, b):
                    self.assertAlmostEqual(x, y, places=4)

    def test_failure_while_shared_ends_all(self):
        case = make("ensembleSharedBroken", 2, entries="members 3; ranksPerDevice 1;", kind="overflow")
        done = case.run("surrogateFoam")
        self.assertNotIn(done.code, (0, 124), done.log[-2000:])
        self.assertIn("not finite", done.log)

    def test_no_members_are_refused(self):
        case = make("ensembleNone", entries="members 0;")
        done = case.run("surrogateFoam")
        self.assertNotEqual(done.code, 0)
        self.assertIn("entry members", done.log)


if __name__ == "__main__":
    unittest.main()
