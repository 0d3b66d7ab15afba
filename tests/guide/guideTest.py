"""What doc/guide.md has the reader type, in an empty folder"""
import json
import os
import re
import shutil
import subprocess
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FOLDER = os.path.join(os.environ.get("SURROGATE_BUILD", os.path.join(ROOT, "build", "release")), "tests", "cases", "guide")


def blocks():
    with open(os.path.join(ROOT, "doc", "guide.md"), encoding="utf-8") as file:
        return re.findall(r"^```bash\n(.*?)^```$", file.read(), flags=re.M | re.S)


class GuideTest(unittest.TestCase):

    def test_first_run(self):
        cavity = os.path.join(os.environ["FOAM_TUTORIALS"], "incompressible/icoFoam/cavity/cavity")
        self.assertTrue(os.path.isdir(cavity), f"{cavity} is missing: etc/install-dependencies installs it")
        self.assertEqual(len(blocks()), 4)
        shutil.rmtree(FOLDER, ignore_errors=True)
        os.makedirs(FOLDER)
        done = subprocess.run(["bash", "-euo", "pipefail", "-c", "".join(blocks())], cwd=FOLDER, env=dict(os.environ, PWD=FOLDER),
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.assertEqual(done.returncode, 0, done.stdout[-3000:])

        # as the guide says: a step's error of 2 %, half of the steps by the model, a report
        vrmse = float(re.findall(r"validation vrmse (\S+)", done.stdout)[-1])
        self.assertLess(vrmse, 0.03)
        with open(os.path.join(FOLDER, "comparison", "summary.json"), encoding="utf-8") as file:
            summary = json.load(file)
        run = next(run for run in summary["runs"] if run["name"] == "hybrid")
        self.assertGreater(run["steps"]["byModel"], 15)
        self.assertGreater(run["steps"]["bySolver"], 15)
        self.assertLess(run["fields"]["U"]["VRMSE"]["mean"], 0.05)
        self.assertGreater(summary["times"]["count"], 20)
        for name in ("report.html", "hybrid-paraview.py", "hybrid.pvd"):
            self.assertTrue(os.path.exists(os.path.join(FOLDER, "comparison", name)), name)
