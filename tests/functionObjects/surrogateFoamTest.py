"""surrogateFoam: every time step is the model's."""
import subprocess
import unittest

from boxCase import BoxCase, velocity


def make(name, ranks=1, kind="random", delta_t="0.1", **model):
    case = BoxCase(name, ranks)
    case.model(kind=kind, **model)
    case.control(deltaT=delta_t, endTime="1", writeControl="timeStep", writeInterval="5")
    with open(case.file("constant/surrogateProperties"), "w", encoding="utf-8") as file:
        file.write(
            "FoamFile { version 2.0; format ascii; class dictionary; object surrogateProperties; }\n"
            'model "<constant>/model.safetensors";\ndevice cpu;\nprecision float32;\n'
        )
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
        for ranks in (1, 2, 3):
            case = make(f"foam{ranks}", ranks)
            done = case.run("surrogateFoam")
            self.assertEqual(done.code, 0, done.log[-2000:])
            if ranks > 1:
                subprocess.run(["reconstructPar"], cwd=case.path, check=True, stdout=subprocess.DEVNULL)
                case.ranks = 1
            fields.append(case.vectors("1"))
        self.assertEqual(fields[0], fields[1])
        self.assertEqual(fields[0], fields[2])

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


if __name__ == "__main__":
    unittest.main()
