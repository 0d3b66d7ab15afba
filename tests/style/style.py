#!/usr/bin/env python3
"""What a formatter cannot keep: licence headers, guards, UK spelling, run bits, line lengths. Prints findings, exits 1 on any.

    style.py REPOSITORY
"""
import os
import re
import sys

OPENFOAM_CODE = (".H", ".C")
CODE = OPENFOAM_CODE + (".h", ".cpp", ".cu", ".cuh")
TEXT = CODE + (".py", ".cmake", ".md", ".yaml", ".txt", ".json")
SKIPPED = re.compile(r"^(build.*|platforms|results|runs|processor\d+|postProcessing|polyMesh|__pycache__|\..*)$")
LONGEST = 140  # the rule is 128; a line that reads better unbroken may have a little more
LICENCE = ("This file is part of surrogateFoam", "GNU General Public License", "either version 3 of the License")
# American beginnings of words; identifiers in code may bear them (torch's and VTK's do), comments and documents may not
AMERICAN = re.compile(
    r"\b(behavior|color(?!ama)|center|neighbor|favor|honor|gray|modeling|modeled|labeled|analyze|catalog\b|meter\b"
    r"|(normal|initial|optim|discret|organ|parallel|general|minim|maxim|real|regular|serial|special|synchron|util|visual)iz)",
    re.IGNORECASE)
CODE_COMMENT = re.compile(r"//([^\n]*)|/\*(.*?)\*/", re.DOTALL)
SCRIPT_COMMENT = re.compile(r"^\s*#\s(.*)", re.MULTILINE)
QUOTED = re.compile(r"```.*?```|`[^`]*`|https?://\S+", re.DOTALL)


def files(repository):
    for folder, folders, names in os.walk(repository):
        folders[:] = sorted(name for name in folders if not SKIPPED.match(name))
        for name in sorted(names):
            path = os.path.join(folder, name)
            if name.endswith(TEXT) or is_script(path):
                yield os.path.relpath(path, repository)


def is_script(path):
    if os.path.splitext(path)[1] not in ("", ".sh", ".py") or not os.path.isfile(path):
        return False
    with open(path, "rb") as file:
        return file.read(2) == b"#!"


def prose(path, text):
    """What people read in a file: a document without its quotations, a code's comments"""
    if path.endswith(".md"):
        return QUOTED.sub("", text)
    comments = (CODE_COMMENT if path.endswith(CODE) else SCRIPT_COMMENT).finditer(text)
    return QUOTED.sub("", "\n".join(" ".join(filter(None, comment.groups())) for comment in comments))


def findings_in_lines(path, text):
    for number, line in enumerate(text.split("\n"), 1):
        if line != line.rstrip():
            yield f"{path}:{number}: space at the end of the line"
        if "\t" in line:
            yield f"{path}:{number}: tab"
        if path.endswith(CODE + (".py", ".cmake")) and len(line) > LONGEST:
            yield f"{path}:{number}: {len(line)} columns, at most {LONGEST}"
    if text and not text.endswith("\n"):
        yield f"{path}: no newline at the end"


def findings_in(repository, path):
    with open(os.path.join(repository, path), encoding="utf-8") as file:
        text = file.read()
    yield from findings_in_lines(path, text)
    if path.endswith(OPENFOAM_CODE):
        head = " ".join(text[:3000].split())
        for sentence in LICENCE:
            if sentence not in head:
                yield f"{path}: header without '{sentence}'"
    if path.endswith((".h", ".cuh")) and "#pragma once" not in text:
        yield f"{path}: no #pragma once"
    for match in AMERICAN.finditer(prose(path, text)):
        yield f"{path}: '{match[0]}...' in prose; UK spelling"
    if text.startswith("#!") and not os.access(os.path.join(repository, path), os.X_OK):
        yield f"{path}: a script without its run bit"


def check(repository):
    findings = []
    count = 0
    for path in files(repository):
        count += 1
        findings += findings_in(repository, path)
    if not os.path.isfile(os.path.join(repository, "LICENSE")):
        findings.append("LICENSE: missing")
    return findings, count


def main(arguments):
    if len(arguments) != 1:
        sys.exit(__doc__)
    findings, count = check(arguments[0])
    for finding in findings[:100]:
        print(finding)
    print(f"style: {count} files, {len(findings)} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
