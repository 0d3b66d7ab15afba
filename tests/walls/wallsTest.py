#!/usr/bin/env python3
"""Plants violations and expects walls.py to find each of them, and nothing in what is allowed."""
import os
import subprocess
import tempfile
import unittest

import walls


def write(folder, path, text=""):
    path = os.path.join(folder, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


class Planted(unittest.TestCase):

    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = os.path.realpath(self.temporary.name)

    def tearDown(self):
        self.temporary.cleanup()

    def expect(self, findings, *words):
        self.assertEqual(len(findings), 1, findings)
        for word in words:
            self.assertIn(word, findings[0])


class Sources(Planted):

    def setUp(self):
        super().setUp()
        for header in ("model/stepper.h", "dataset/a.h", "functionObjects/a.H", "core/grid.h"):
            write(self.folder, "src/" + header)

    def findings(self, path, include):
        write(self.folder, path, f"#pragma once\n#  include {include}\n")
        return walls.check_sources(self.folder)[0]

    def test_openfoamStyleCodeSeesTorch(self):
        self.expect(self.findings("src/foam/a.C", "<torch/torch.h>"), "src/foam/a.C", "torch")

    def test_openfoamStyleCodeSeesVtk(self):
        self.expect(self.findings("src/functionObjects/a.H", '"vtkImageData.h"'), "VTK")

    def test_openfoamStyleCodeSeesCuda(self):
        self.expect(self.findings("src/foam/a.C", "<cuda_runtime.h>"), "CUDA")

    def test_plainCodeSeesOpenfoam(self):
        self.expect(self.findings("src/model/a.cpp", '"fvMesh.H"'), "fvMesh.H")

    def test_coreSeesWing(self):
        self.expect(self.findings("src/core/a.h", '"model/stepper.h"'), "src/model/stepper.h", "only itself")

    def test_wingSeesWing(self):
        self.expect(self.findings("src/vtk/a.cpp", '"dataset/a.h"'), "src/vtk may see only core")

    def test_wingSeesJoin(self):
        self.expect(self.findings("src/foam/a.H", '"functionObjects/a.H"'), "src/foam may see only core")

    def test_foreignHeaderOutsideItsOwner(self):
        self.expect(self.findings("src/vtk/a.cpp", "<H5Cpp.h>"), "HDF5", "dataset")

    def test_allowed(self):
        for path, include in (("src/model/torch/a.h", "<torch/torch.h>"), ("tests/model/a.cpp", "<ATen/ATen.h>"),
                              ("src/vtk/a.cpp", "<vtkNew.h>"), ("src/dataset/a.cpp", "<hdf5.h>"), ("src/foam/a.C", '"fvMesh.H"'),
                              ("src/core/a.cpp", "<nlohmann/json.hpp>"), ("src/functionObjects/a.C", '"model/stepper.h"'),
                              ("src/model/b.h", '"core/grid.h"'), ("applications/utilities/x/x.cpp", '"dataset/a.h"')):
            self.assertEqual(self.findings(path, include), [])


class Dependencies(Planted):
    """Real compilations, of headers that only bear the names"""

    def setUp(self):
        super().setUp()
        for header in ("foam/lnInclude/fvMesh.H", "usr/torch/torch.h", "usr/vtkNew.h", "usr/H5public.h"):
            write(self.folder, "elsewhere/" + header)
        write(self.folder, "repository/src/core/grid.h")
        write(self.folder, "repository/src/model/stepper.h", "#include <torch/torch.h>\n")
        self.repository = os.path.join(self.folder, "repository")
        self.build = os.path.join(self.repository, "build", "one")

    def findings(self, unit, *includes, target="unit.o"):
        write(self.repository, unit, "".join(f"#include {include}\n" for include in includes))
        write(self.build, "build.ninja", f"""
rule compile
  command = c++ -x c++ -MD -MF $out.d -I../../src -I{self.folder}/elsewhere/foam/lnInclude -I{self.folder}/elsewhere/usr -c $in -o $out
  depfile = $out.d
  deps = gcc
build {target}: compile ../../{unit}
""")
        subprocess.run(["ninja", "-C", self.build], check=True, capture_output=True)
        return walls.check_dependencies(self.repository, self.build)[0]

    def test_openfoamMeetsTorchThroughAnotherHeader(self):
        self.expect(self.findings("src/functionObjects/a.C", '"fvMesh.H"', '"model/stepper.h"'), "a.C", "torch/torch.h")

    def test_plainCodeSeesOpenfoam(self):
        self.expect(self.findings("src/model/a.cpp", '"fvMesh.H"'), "src/model/a.cpp", "fvMesh.H")

    def test_torchOutsideItsOwner(self):
        self.expect(self.findings("applications/utilities/a/a.cpp", "<torch/torch.h>"), "torch", "belongs to model")

    def test_coreSeesWing(self):
        self.assertEqual(len(self.findings("src/core/a.cpp", '"model/stepper.h"')), 2)  # the arrow, and torch behind it

    def test_precompiledHeader(self):
        folder = "src/functionObjects/CMakeFiles/a.dir/cmake_pch.hxx.gch"
        self.expect(self.findings("build/one/a.hxx", "<torch/torch.h>", target=folder), "src/functionObjects", "belongs to model")
        self.expect(self.findings("build/one/a.hxx", '"fvMesh.H"', "<torch/torch.h>", target=folder), "OpenFOAM-style")

    def test_allowed(self):
        for unit, include in (("src/model/a.cpp", '"model/stepper.h"'), ("src/foam/a.C", '"fvMesh.H"'),
                              ("src/vtk/a.cpp", "<vtkNew.h>"), ("tests/dataset/a.cpp", "<H5public.h>")):
            self.assertEqual(self.findings(unit, include, '"core/grid.h"'), [])

    def test_emptyBuildIsNoSuccess(self):
        write(self.build, "build.ninja", "")
        self.expect(walls.check_dependencies(self.repository, self.build)[0], "no translation unit")


class Symbols(Planted):

    def findings(self, code):
        write(self.folder, "a.cpp", code)
        library = os.path.join(self.folder, "liba.so")
        subprocess.run(["c++", "-shared", "-fPIC", os.path.join(self.folder, "a.cpp"), "-o", library], check=True)
        return walls.check_symbols([library])[0]

    def test_foreignSymbol(self):
        self.expect(self.findings("namespace at { int add() { return 1; } } namespace surrogate { int f() { return 1; } }"), "at::add()")

    def test_foreignTypeinfo(self):
        findings = self.findings("namespace c10 { struct A { virtual void f(); }; void A::f() {} }")
        self.assertTrue(any("typeinfo for c10::A" in finding for finding in findings), findings)

    def test_nothingExportedIsNoSuccess(self):
        self.expect(self.findings("static int f() { return 1; } [[maybe_unused]] static int x = f();"), "exports nothing")

    def test_allowed(self):
        self.assertEqual(self.findings("namespace surrogate { struct A { virtual void f(); }; void A::f() {} }"), [])


if __name__ == "__main__":
    unittest.main()
