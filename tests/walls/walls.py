#!/usr/bin/env python3
"""The walls between the rooms of src, kept by three checks; each prints its findings and exits 1 where there are any.

    walls.py sources REPOSITORY                 what each file includes, as written
    walls.py dependencies REPOSITORY BUILD      what each translation unit saw, as the compiler recorded it (Ninja)
    walls.py symbols LIBRARY...                 what each of our non-OpenFOAM libraries exports
"""
import os
import re
import subprocess
import sys

# Foreign headers: how an include begins, how an absolute path is recognised, and the folders that own them.
# A folder owns for the tests and benchmarks that mirror it too.
FOREIGN = {
    "torch": (r"(torch|ATen|c10|caffe2)/", r"/(torch|ATen|c10|caffe2)/", {"model"}),
    "CUDA": (r"(cuda\w*|cublas|cudnn|nvToolsExt)[\w/]*\.h|cuda/", r"/(cuda(-[\d.]+)?/|cuda_runtime\w*\.h)", {"model"}),
    "VTK": (r"vtk\w+\.h", r"/vtk-[\d.]+/|/vtk[A-Z]\w+\.h$", {"vtk"}),
    "HDF5": (r"(hdf5|H5\w+)\.h", r"/(hdf5|H5\w+)\.h$", {"dataset"}),
    "nlohmann-json": (r"nlohmann/", r"/nlohmann/", {"core", "modelInfo", "surrogateAccuracy", "surrogateCompare", "surrogateRollout"}),
}
OPENFOAM_PATH = re.compile(r"/lnInclude/")
# What each room of src may see beside itself (training reads data sets); rooms not named here (the joins) see all
BELOW = {"core": set(), "model": {"core", "dataset"}, "dataset": {"core"}, "vtk": {"core"}, "foam": {"core"}}
SUFFIXES = (".H", ".C", ".h", ".cpp", ".cu", ".cuh")
OUR_FOLDERS = ("src", "applications", "tests", "benchmarks")
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]')


def room(path):
    """core for src/core/grid.h, None outside src"""
    parts = path.split("/")
    return parts[1] if len(parts) > 2 and parts[0] == "src" else None


def owns(path, owners):
    return bool(owners.intersection(path.split("/")[1:-1]))


def is_openfoam_style(path):
    return path.endswith((".H", ".C"))


def arrows(path, seen):
    """Findings where a file of one room of src sees a file of a room that it may not"""
    here = room(path)
    there = room(seen)
    if here in BELOW and there and there != here and there not in BELOW[here]:
        yield f"{path}: sees {seen}, but src/{here} may see only {', '.join(sorted(BELOW[here])) or 'itself'}"


def foreigners(path, seen, pattern):
    """Findings where a file sees a foreign header that its folder does not own; pattern 0: as written, 1: absolute path"""
    for name, entry in FOREIGN.items():
        if not (re.match if pattern == 0 else re.search)(entry[pattern], seen):
            continue
        if is_openfoam_style(path):
            yield f"{path}: OpenFOAM-style code sees {name} ({seen})"
        elif not owns(path, entry[2]):
            yield f"{path}: sees {name} ({seen}), which belongs to {', '.join(sorted(entry[2]))}"


def check_sources(repository):
    findings = []
    count = 0
    for top in OUR_FOLDERS:
        for folder, _, names in os.walk(os.path.join(repository, top)):
            for name in sorted(names):
                if not name.endswith(SUFFIXES):
                    continue
                path = os.path.relpath(os.path.join(folder, name), repository)
                count += 1
                with open(os.path.join(folder, name), encoding="utf-8") as file:
                    includes = [match[1] for match in map(INCLUDE.match, file) if match]
                for include in includes:
                    findings += foreigners(path, include, 0)
                    if os.path.isfile(os.path.join(repository, "src", include)):
                        findings += arrows(path, "src/" + include)
                    if not is_openfoam_style(path) and include.endswith((".H", ".C")):
                        findings.append(f"{path}: code without OpenFOAM includes {include}")
    return findings, f"{count} files"


def recorded_dependencies(build):
    """(object file, [its files]) for each object file in Ninja's log"""
    text = subprocess.run(["ninja", "-C", build, "-t", "deps"], check=True, capture_output=True, text=True).stdout
    for block in text.split("\n\n"):
        lines = block.strip().splitlines()
        if lines and "(VALID)" in lines[0]:
            yield lines[0].split(":")[0], [os.path.normpath(os.path.join(build, line.strip())) for line in lines[1:]]


def translation_unit(target, ours, foam):
    """The source file behind an object file. A precompiled header, which its users' records leave out, counts as a file of its
    folder: of OpenFOAM's style if it holds OpenFOAM."""
    if target.endswith(".gch"):
        return target.split("/CMakeFiles/")[0] + ("/precompiled.H" if foam else "/precompiled.h")
    return next((file for file in ours if file.endswith((".C", ".cpp", ".cu"))), None)


def check_dependencies(repository, build):
    repository = os.path.realpath(repository)
    findings = set()
    count = 0
    for target, files in recorded_dependencies(os.path.realpath(build)):
        ours = [os.path.relpath(file, repository) for file in files if file.startswith(repository + os.sep)]
        foam = [file for file in files if OPENFOAM_PATH.search(file)]
        unit = translation_unit(target, ours, foam)
        if not unit:
            continue
        count += 1
        if foam and not is_openfoam_style(unit):
            findings.add(f"{unit}: code without OpenFOAM sees {foam[0]}")
        for file in files:
            findings.update(foreigners(unit, file, 1))
        for file in ours:
            findings.update(arrows(unit, file))
    if not count:
        findings.add(f"{build}: no translation unit of ours is recorded here; build with Ninja first")
    return sorted(findings), f"{count} translation units"


OUR_SYMBOL = re.compile(r"((typeinfo|typeinfo name|vtable|VTT|guard variable) for |(non-)?virtual thunk to )?surrogate::")


def check_symbols(libraries):
    findings = []
    count = 0
    for library in libraries:
        text = subprocess.run(["nm", "-DC", "--defined-only", library], check=True, capture_output=True, text=True).stdout
        symbols = [line.split(maxsplit=2)[2] for line in text.splitlines()]
        count += len(symbols)
        if not symbols:
            findings.append(f"{library}: exports nothing")
        findings += [f"{library}: exports {symbol}" for symbol in symbols if not OUR_SYMBOL.match(symbol)]
    return findings, f"{len(libraries)} libraries, {count} symbols"


def main(arguments):
    checks = {"sources": check_sources, "dependencies": check_dependencies, "symbols": lambda *names: check_symbols(names)}
    if len(arguments) < 2 or arguments[0] not in checks:
        sys.exit(__doc__)
    findings, looked = checks[arguments[0]](*arguments[1:])
    for finding in findings[:50]:
        print(finding)
    print(f"{arguments[0]}: {looked}, {len(findings)} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
