#!/usr/bin/env python3
"""Plants faults and expects style.py to find each, and nothing in what is right."""
import os
import tempfile
import unittest

import style

LICENCE = """/*
    This file is part of surrogateFoam.
    GNU General Public License
    either version 3 of the License
*/
"""


class Style(unittest.TestCase):

    def findings(self, path, text, mode=0o644):
        with tempfile.TemporaryDirectory() as folder:
            for name, content in (("LICENSE", "text\n"), (path, text)):
                os.makedirs(os.path.dirname(os.path.join(folder, name)), exist_ok=True)
                with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                    file.write(content)
                os.chmod(os.path.join(folder, name), mode)
            return style.check(folder)[0]

    def expect(self, findings, word):
        self.assertEqual(len(findings), 1, findings)
        self.assertIn(word, findings[0])

    def test_licence(self):
        self.expect(self.findings("src/foam/a.C", LICENCE.replace("GNU General", "Some") + "int a;\n"), "GNU General")

    def test_pragmaOnce(self):
        self.expect(self.findings("src/core/a.h", "int a;\n"), "pragma once")

    def test_lines(self):
        self.expect(self.findings("src/core/a.cpp", "int a; \n"), "a.cpp:1: space")
        self.expect(self.findings("src/core/a.cpp", "\tint a;\n"), "tab")
        self.expect(self.findings("src/core/a.cpp", "int a;"), "newline")
        self.expect(self.findings("src/core/a.cpp", "//" + 139*"x" + "\n"), "141 columns")

    def test_spelling(self):
        self.expect(self.findings("src/core/a.cpp", "// the " + "behav" + "ior of a\n"), "UK")
        self.expect(self.findings("src/foam/a.H", LICENCE.replace("*/", "\nthe col" + "or\n*/")), "UK")
        self.expect(self.findings("doc/a.md", "A normal" + "ized field\n"), "UK")

    def test_runBit(self):
        self.expect(self.findings("Allrun", "#!/bin/sh\n"), "run bit")

    def test_right(self):
        self.assertEqual(self.findings("src/foam/a.C", LICENCE + "int a;\n"), [])
        self.assertEqual(self.findings("src/core/a.h", "#pragma once\n// the behaviour\nint initializer;\n"), [])
        self.assertEqual(self.findings("doc/a.md", "call `normal" + "ize()`\n"), [])
        self.assertEqual(self.findings("Allrun", "#!/bin/sh\n", 0o755), [])


if __name__ == "__main__":
    unittest.main()
