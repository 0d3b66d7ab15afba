"""A case repeated with a list of settings, and compared"""
import json
import os
import unittest

from boxCase import BoxCase

DICT = """
FoamFile { version 2.0; format ascii; class dictionary; object paretoDict; }
reference fine;
rounds 2;
compare "-noPictures -noVtk";
templates { short { endTime 0.2; writeControl runTime; writeInterval 0.1; } }
runs
{
    coarse  { system { controlDict { $:templates.short; deltaT 0.02; } } }
    fine    { system { controlDict { $:templates.short; deltaT 0.01; } } }
    viscous
    {
        prepare ("touch prepared");
        constant { transportProperties { nu 0.05; } }
        system   { controlDict { $:templates.short; functions { more { type none; enabled false; } } } }
    }
    broken  { system { controlDict { $:templates.short; application noSuchFoam; } } }
}
"""


class ParetoTest(unittest.TestCase):

    def make(self, name, text):
        case = BoxCase(name)
        with open(case.file("system/paretoDict"), "w", encoding="utf-8") as file:
            file.write(text)
        return case

    def read(self, case, name):
        with open(case.file(name), encoding="utf-8") as file:
            return file.read()

    def test_runs_and_compares(self):
        case = self.make("pareto", DICT)
        case.add_control('\nfunctions\n{\n    #includeIfPresent "functions"\n}\n')
        done = case.run("surrogatePareto")
        self.assertEqual(done.code, 0, done.log[-3000:])
        self.assertIn("Failed, and left out: 1(broken)", done.log)
        self.assertIn("failed: noSuchFoam", done.log)

        # each entry is where it belongs, what stood there stays
        control = self.read(case, "pareto/viscous/system/controlDict")
        self.assertIn("#includeIfPresent", control)
        self.assertIn("type            none;", control)
        self.assertRegex(self.read(case, "pareto/viscous/constant/transportProperties"), r"nu +0.05;")
        self.assertTrue(os.path.exists(case.file("pareto/viscous/prepared")))
        self.assertFalse(os.path.exists(case.file("pareto/coarse/prepared")))
        self.assertFalse(os.path.exists(case.file("pareto/.prepared")))

        summary = json.loads(self.read(case, "pareto/results/summary.json"))
        runs = {run["name"]: run for run in summary["runs"]}
        self.assertEqual(list(runs), ["fine", "coarse", "viscous"])
        self.assertEqual(runs["fine"]["cost"]["rounds"], 2)

        # a longer list: what is complete stays
        stamp = os.stat(case.file("pareto/fine/log.icoFoam")).st_mtime_ns
        case.replace("system/paretoDict", "runs\n{", "runs\n{ finest { system { controlDict { $:templates.short; deltaT 0.005; } } }")
        done = case.run("surrogatePareto")
        self.assertEqual(done.code, 0, done.log[-3000:])
        self.assertIn("fine: is there", done.log)
        self.assertEqual(os.stat(case.file("pareto/fine/log.icoFoam")).st_mtime_ns, stamp)
        self.assertEqual(len(json.loads(self.read(case, "pareto/results/summary.json"))["runs"]), 4)

        # other settings: that run alone is done again
        case.replace("system/paretoDict", "deltaT 0.02", "deltaT 0.0125")
        done = case.run("surrogatePareto")
        self.assertEqual(done.code, 0, done.log[-3000:])
        self.assertIn("fine: is there", done.log)
        self.assertNotIn("coarse: is there", done.log)
        self.assertRegex(self.read(case, "pareto/coarse/system/controlDict"), r"deltaT +0.0125;")
        self.assertEqual(os.stat(case.file("pareto/fine/log.icoFoam")).st_mtime_ns, stamp)

    def refuse(self, name, text, *told):
        case = self.make("pareto" + name, text)
        done = case.run("surrogatePareto")
        self.assertNotEqual(done.code, 0)
        for words in told:
            self.assertIn(words, done.log)
        self.assertFalse(os.path.exists(case.file("pareto/results")))

    def test_wrong_dictionaries(self):
        self.refuse("Keyword", DICT.replace("rounds", "round"), "Unknown keyword", "found:    round", "paretoDict")
        self.refuse("Reference", DICT.replace("reference fine", "reference finer"), "Unknown reference", "found:    finer", "coarse")
        self.refuse("File", DICT.replace("transportProperties", "transport"), "Nothing to change", "found:    transport")
        self.refuse("Rounds", DICT.replace("rounds 2", "rounds 0"), "1 or more", "found:    0")
        self.refuse("Broken", DICT.replace("deltaT 0.01", "application noSuchFoam"), "The reference failed")
