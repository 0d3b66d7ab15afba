"""What the tests of this folder share: the C++ side, and small grids and manifests"""
import contextlib
import json
import os
import subprocess
import tempfile
import unittest

import numpy as np

import surrogate_foam as sf

BUILD = os.environ.get("SURROGATE_BUILD", "")
VELOCITY = [0, 1, -1, 0, 0, 0, 0]


def need_torch():
    """Of tests of PyTorch's part; etc/install-dependencies installs it"""
    try:
        import torch  # noqa: F401
        return lambda test: test
    except ImportError:
        return unittest.skip("needs PyTorch for /usr/bin/python3: Debian's python3-torch")


def cpp(what, *words):
    result = subprocess.run([os.path.join(BUILD, "tests", "evaluateNetwork"), what, *map(str, words)], capture_output=True, text=True)
    if result.returncode:
        raise RuntimeError(f"evaluateNetwork {what}: {result.stderr}")


def model_info(path):
    program = os.environ.get("MODEL_INFO", "modelInfo")
    text = subprocess.run([program, "-json", path], capture_output=True, text=True, check=True).stdout
    return json.loads(text)[0]


@contextlib.contextmanager
def scratch():
    with tempfile.TemporaryDirectory() as folder:
        yield lambda name: os.path.join(folder, name)


def grid(*cells, periodic=True, walls=None):
    d = len(cells)
    return {"cells": list(cells), "lower": [0.0]*d, "upper": [2*np.pi, 2.0, 1.0][:d],
            "periodic": [periodic]*d if isinstance(periodic, bool) else list(periodic), "walls": list(walls or ["none"]*d)}


def velocity_field(d):
    return {"name": "U", "components": d, "dimensions": VELOCITY}


def manifest(grid_, settings, method="emulator", fields=None, **more):
    fields = fields or [velocity_field(len(grid_["cells"]))]
    n = sum(field["components"] for field in fields)
    return sf.make_manifest(fields, grid_, 0.1, [0.1]*n, [2.0]*n, [0.5]*n, settings=settings, method=method, **more)
