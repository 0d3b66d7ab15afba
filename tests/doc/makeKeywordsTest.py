"""What doc/makeKeywords makes of a small repository, and what it finds wrong"""
import os
import subprocess
import sys
import tempfile
import textwrap
import unittest

SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "doc", "makeKeywords")
HEADER = textwrap.dedent(r"""
    /*---*\
    License
        Free.

    Class
        Foam::thing

    Description
        Does \c things, see Foam::other. And
        doc/more.md.

        At length.

    Usage
        \verbatim
        thing { size 3; }
        \endverbatim

        \table
            Property     | Description                  | Required | Default
            type         | type name: thing             | yes      |
            size         | how large, a
                           number of cells              | no       | <all>
            part.NAME, x | of it                        | no       | 1
        \endtable

        Where size*2 is even.

    SourceFiles
        thing.C

    \*----*/
    """).lstrip()
CODE = 'void read() { size_ = dict.getOrDefault<scalar>("size", 1); s = settings.get("x", 2); }\n'
TOOL = 'const char* const usage =\n    "Usage: tool \\"FILE\\"\\n"\n    "options:\\n";\n'


class MakeKeywordsTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.write("doc/.keep", "")
        self.write("src/functionObjects/thing.H", HEADER)
        self.write("src/functionObjects/thing.C", CODE)
        self.write("applications/utilities/tool/tool.cpp", TOOL)

    def tearDown(self):
        self.folder.cleanup()

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def write(self, name, text):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)

    def run_script(self, *options):
        return subprocess.run([sys.executable, SCRIPT, *options, self.folder.name], capture_output=True, text=True)

    def test_the_reference(self):
        self.assertEqual(self.run_script().returncode, 0)
        with open(self.path("doc/keywords.md"), encoding="utf-8") as file:
            text = file.read()
        for part in ("### thing\n\nDoes `things`, see other. And [doc/more.md](more.md).\n\n```\nthing { size 3; }\n```\n",
                     "| keyword | description | required | default |\n|---|---|---|---|\n| `type` | type name: thing | yes |  |\n",
                     "| `size` | how large, a number of cells | no | &lt;all> |\n", "| `part.NAME`, `x` | of it | no | 1 |\n",
                     "Where size\\*2 is even.\n", "```\nUsage: tool \"FILE\"\noptions:\n```\n", "| `x` | [thing](#thing) |\n"):
            self.assertIn(part, text)
        self.assertNotIn("At length", text)
        check = self.run_script("--check")
        self.assertEqual((check.returncode, check.stdout), (0, "makeKeywords: 2 manuals, 4 keywords, 0 findings\n"))

    def test_a_reference_that_is_not_up_to_date(self):
        self.assertIn("run doc/makeKeywords", self.run_script("--check").stdout)
        self.run_script()
        self.write("src/functionObjects/thing.H", HEADER.replace("of it", "of them"))
        check = self.run_script("--check")
        self.assertEqual(check.returncode, 1)
        self.assertIn("doc/keywords.md is not what the sources say", check.stdout)

    def test_keywords_that_no_table_has(self):
        for code, word in ((CODE + 'dict.readEntry("colour", c);', "colour"), ('x = settings.get("wide", 1.0);', "wide"),
                           ('std::vector<std::string> thing::keywords()\n{\n    return {coeffs + "deep"};\n}\n', "deep"),
                           ('std::vector<std::string> keywords{"size", "odd"};', "odd"),
                           ('settings.requireOnly({"size", "even"});', "even"), ('coeffs_.readIfPresent("maybe", m)', "maybe")):
            self.write("src/functionObjects/thing.C", code)
            self.run_script()
            check = self.run_script("--check")
            self.assertEqual(check.returncode, 1, code)
            self.assertIn(f"thing.C: reads {word}, which the table of thing does not have", check.stdout)
        self.write("src/functionObjects/thing.C", 'settings.get("part.any", 1); settings.get("part", 1);')
        self.assertEqual(self.run_script("--check").returncode, 0)
        self.write("src/functionObjects/bare.C", CODE)
        self.assertIn("bare.C: reads size, x, but no manual has a table", self.run_script("--check").stdout)


if __name__ == "__main__":
    unittest.main()
