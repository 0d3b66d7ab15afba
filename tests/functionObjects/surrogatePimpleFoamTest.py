"""surrogatePimpleFoam: each step of the time loop by the solver or by the model."""
import unittest

from boxCase import BoxCase

HEADER = "FoamFile { version 2.0; format ascii; class dictionary; object surrogateDict; }\n"


def make(name, entries, ranks=1, ddt="backward", kind="random"):
    case = BoxCase(name, ranks, ddt)
    case.model(kind=kind)
    with open(case.file("system/surrogateDict"), "w", encoding="utf-8") as file:
        file.write(HEADER + f'model "<constant>/model.safetensors";\ndevice cpu;\nprecision float32;\n{entries}\n')
    case.control(endTime="0.56", writeControl="timeStep", writeInterval="4")
    return case


def rows(case, time="0"):
    return [(round(float(r[0]), 6), r[1], *r[-2:]) for r in case.rows(f"surrogatePimpleFoam/{time}/steps.dat")]


class SurrogatePimpleFoamTest(unittest.TestCase):

    def equal(self, name, entries, **options):
        case = make(name, entries, **options)
        alone = case.copy(name + "Alone")
        done = case.run("surrogatePimpleFoam")
        self.assertEqual(done.code, 0, done.log[-2000:])
        self.assertEqual(alone.run("pimpleFoam").code, 0)
        self.assertEqual(case.times(), alone.times())
        for field in ("U", "p", "phi"):
            for rank in range(case.ranks):
                self.assertEqual(case.field("0.56", field, rank), alone.field("0.56", field, rank), field)
        return case

    def test_its_own_steps_are_those_of_pimpleFoam(self):
        for ddt in ("Euler", "backward", "CrankNicolson 0.9"):
            self.equal("pimpleNever" + ddt[:5], "policy never;", ddt=ddt)

    def test_the_same_in_parallel(self):
        self.equal("pimpleNever2", "policy never;", ranks=2)

    def test_rejected_steps_leave_no_trace(self):
        entries = "policy residual; solverSteps 3; surrogateSteps 2; residualCoeffs { tolerance 1e-30; }"
        case = self.equal("pimpleReject", entries)
        self.assertIn(("model", "rejected", "residual"), {row[1:] for row in rows(case)})

    def test_the_same_as_surrogateStep_in_pimpleFoam(self):
        case = make("pimpleTurns", "solverSteps 3; surrogateSteps 2;")
        other = case.copy("pimpleTurnsStep")
        done = case.run("surrogatePimpleFoam")
        self.assertEqual(done.code, 0, done.log[-2000:])
        other.function()
        self.assertEqual(other.run("pimpleFoam").code, 0)
        self.assertEqual([row[:2] for row in rows(case)], [(round(row[0], 6), row[1]) for row in other.steps()])
        self.assertEqual(case.times(), other.times())
        for field in ("U", "p", "phi"):
            self.assertEqual(case.field(case.times()[-1], field), other.field(case.times()[-1], field), field)

    def test_function_objects_see_each_step(self):
        case = make("pimpleSeen", "solverSteps 3; surrogateSteps 2;")
        case.add_function("range { type fieldMinMax; libs (fieldFunctionObjects); fields (U); }")
        self.assertEqual(case.run("surrogatePimpleFoam").code, 0)
        seen = [round(float(row[0]), 6) for row in case.rows("range/0/fieldMinMax.dat")]
        self.assertEqual(seen, [row[0] for row in rows(case)])

    def test_restart(self):
        for stop, index in (("0.16", 4), ("0.26", 5)):
            case = make("pimpleRestart", "solverSteps 3; surrogateSteps 2;", ddt="Euler")
            case.control(writeInterval=str(index))
            whole = case.copy("pimpleRestartWhole")
            self.assertEqual(whole.run("surrogatePimpleFoam").code, 0)
            case.control(endTime=stop)
            self.assertEqual(case.run("surrogatePimpleFoam").code, 0)
            case.control(endTime="0.56")
            done = case.run("surrogatePimpleFoam")
            self.assertEqual(done.code, 0, done.log[-2000:])
            self.assertEqual(rows(case) + rows(case, stop), rows(whole))
            last = whole.times()[-1]
            for field in ("U", "p", "phi"):
                self.assertEqual(case.field(last, field), whole.field(last, field), field)

    def test_dynamic_mesh_is_refused(self):
        case = make("pimpleDynamic", "policy never;")
        with open(case.file("constant/dynamicMeshDict"), "w", encoding="utf-8") as file:
            file.write(HEADER.replace("surrogateDict", "dynamicMeshDict") + "dynamicFvMesh dynamicMotionSolverFvMesh;\n")
        done = case.run("surrogatePimpleFoam")
        self.assertNotEqual(done.code, 0)
        self.assertIn("must be static", done.log)

    def test_initial_guess(self):
        for guess in ("model", "extrapolation"):
            case = make("pimpleGuess" + guess, f"mode initialGuess; initialGuessCoeffs {{ guess {guess}; shadow 4; }}", kind="identity")
            alone = case.copy("pimpleGuessAlone" + guess)
            done = case.run("surrogatePimpleFoam")
            self.assertEqual(done.code, 0, done.log[-2000:])
            self.assertEqual(alone.run("pimpleFoam").code, 0)
            off = max(abs(a - b) for u, v in zip(case.vectors("0.56"), alone.vectors("0.56")) for a, b in zip(u, v))
            self.assertLess(off, 1e-3)
            self.assertGreater(off, 0)
            self.assertEqual({row[1] for row in rows(case)}, {"solver"})
            self.assertIn("comparedSteps 7\n", done.log)

    def test_initial_guess_leaves_all_steps_to_the_solver(self):
        done = make("pimpleGuessPolicy", "mode initialGuess; policy always;").run("surrogatePimpleFoam")
        self.assertNotEqual(done.code, 0)
        self.assertIn("makes no sense in mode initialGuess", done.log)

    def test_unknown_keyword(self):
        done = make("pimpleKeyword", "polici never;").run("surrogatePimpleFoam")
        self.assertNotEqual(done.code, 0)
        self.assertIn("found:    polici", done.log)


if __name__ == "__main__":
    unittest.main()
