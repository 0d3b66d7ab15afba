"""An emulator trained in PyTorch takes the same steps in C++; doc/python.md's example works as written"""
import os
import re
import unittest

import numpy as np

import surrogate_foam as sf
from surrogate_foam.data_sets import spatial_shape

import ours

GUIDE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "doc", "python.md")
SMALL = {"width": 8, "multipliers": [1, 2], "blocks": 1}


def record(path, grid, geometry=None, snapshots=12):
    """Travelling waves, of U and p"""
    d = len(grid["cells"])
    axes = np.meshgrid(*[np.arange(n)/n*2*np.pi for n in reversed(grid["cells"])], indexing="ij")
    fields = [{"name": "p", "components": 1, "dimensions": [0, 2, -2, 0, 0, 0, 0]}, ours.velocity_field(d)]
    with sf.DataSetWriter(path, grid, fields, interval=0.1, geometry=geometry) as data:
        for t in range(snapshots):
            phase = sum((i + 1)*axis for i, axis in enumerate(axes)) - 0.3*t
            values = [2 + np.sin(phase)] + [np.cos(phase + c) + 0.3*np.sin(2*axes[-1] + 0.1*c*t) for c in range(d)]
            values = np.array(values).reshape((1 + d,) + spatial_shape(grid))
            data.append(values if geometry is None else values*(geometry["fluid"] > 0))
    return path


@ours.need_torch()
class EmulatorTest(unittest.TestCase):
    def same_step(self, path, data, emulator, geometry=None, at=3, n_past=0):
        import torch
        from surrogate_foam.emulator import Emulator
        emulator.save(path("model"), origin={"by": "a test"})
        loaded = Emulator.load(path("model")).double()
        self.assertEqual(loaded.manifest["origin"], {"by": "a test"})
        self.assertEqual(loaded.manifest["network"]["settings"]["conditioning"], "separate")   # defaults included
        names = [field["name"] for field in emulator.manifest["fields"]]
        start, *past = [data.read(at - k, 1, fields=names) for k in range(n_past + 1)]
        with torch.no_grad():
            earlier = [torch.from_numpy(each).double() for each in reversed(past)]
            expected = loaded(torch.from_numpy(start).double(), geometry, earlier).numpy()
        ours.cpp("step", path("model"), data.path, at, path("output"))
        found = np.fromfile(path("output")).reshape(expected.shape)
        change = np.abs(expected - start).max()
        self.assertGreater(change, 1e-3)
        self.assertLess(np.abs(found - expected).max(), 1e-6*change)

    def test_steps_of_every_kind(self):
        from surrogate_foam.emulator import Emulator
        channel = ours.grid(8, 8, periodic=[True, False], walls=["none", "both"])
        cases = {"fields 2-D": (ours.grid(16, 8), {}), "fields 3-D": (ours.grid(8, 4, 4), {"stride": 2}), "walls": (channel, {}),
                 "vorticity": (ours.grid(16, 12), {"variables": "vorticity", "fields": ["U"]})}
        for name, (grid, options) in cases.items():
            with self.subTest(name), ours.scratch() as path, sf.DataSet(record(path("a.h5"), grid)) as data:
                emulator = Emulator.for_data(data, SMALL, **options)
                self.assertAlmostEqual(emulator.manifest["time"]["step"], 0.1*options.get("stride", 1))
                self.same_step(path, data, emulator)

    def test_history(self):
        import torch
        from surrogate_foam.emulator import Emulator
        for options in ({}, {"variables": "vorticity", "fields": ["U"]}):
            with ours.scratch() as path, sf.DataSet(record(path("a.h5"), ours.grid(16, 8))) as data:
                emulator = Emulator.for_data(data, SMALL, history=3, **options)
                for at, n_past in ((3, 2), (0, 0)):   # where the states before are known, and where a run begins
                    with self.subTest(at=at, options=options):
                        self.same_step(path, data, emulator, at=at, n_past=n_past)
                names = options.get("fields", ["p", "U"])
                states = [torch.from_numpy(data.read(i, 1, fields=names)) for i in range(4)]
                with torch.no_grad():
                    known = emulator(states[2], past=states[1:2])
                    self.assertTrue(torch.equal(known, emulator(states[2], past=[states[1], states[1]])))
                    self.assertFalse(torch.allclose(known, emulator(states[2])))
                with self.assertRaisesRegex(ValueError, "at most 2 states expected, found 3"):
                    emulator(states[3], past=states[:3])

    def test_bodies(self):
        from surrogate_foam.emulator import Emulator
        grid = ours.grid(8, 8, periodic=False, walls=["none", "both"])
        fluid = np.ones((8, 8))
        fluid[2:4, 3:5] = 0
        fluid[4, 3] = 0.5
        geometry = {"fluid": fluid, "distance": np.linspace(-0.1, 1, 64).reshape(8, 8)}
        with ours.scratch() as path, sf.DataSet(record(path("a.h5"), grid, geometry)) as data:
            emulator = Emulator.for_data(data, SMALL, geometry={"channels": ["fluid", "distance"], "distanceLength": 0.2})
            self.same_step(path, data, emulator, data.geometry)
            with self.assertRaisesRegex(ValueError, "needs the geometry"):
                import torch
                emulator(torch.from_numpy(data.read(0, 1)))

    def test_statistics(self):
        from surrogate_foam.emulator import Emulator
        with ours.scratch() as path, sf.DataSet(record(path("a.h5"), ours.grid(8, 8))) as data:
            values = data.read().astype(np.float64)
            variables = Emulator.for_data(data, SMALL, stride=2).manifest["variables"]
            with self.assertRaisesRegex(ValueError, "No two snapshots"):
                Emulator.for_data(data, SMALL, stride=12)
        self.assertTrue(np.allclose(variables["mean"], values.mean((0, 2, 3)), atol=1e-6))
        self.assertTrue(np.allclose(variables["stddev"], values.std((0, 2, 3)), rtol=1e-5))
        self.assertTrue(np.allclose(variables["incrementStddev"], np.sqrt(((values[2:] - values[:-2])**2).mean((0, 2, 3))), rtol=1e-5))
        self.assertEqual(variables["names"], ["p", "U_x", "U_y"])

    def test_the_guide_as_written(self):
        with open(GUIDE, encoding="utf-8") as file:
            blocks = re.findall(r"```python\n(.*?)```", file.read(), re.S)
        self.assertGreaterEqual(len(blocks), 2)
        folder = os.getcwd()
        with ours.scratch() as path:
            record(path("recorded.h5"), ours.grid(16, 16), snapshots=20)
            os.mkdir(path("constant"))
            os.chdir(path(""))
            try:
                names = {}
                for block in blocks:
                    exec(compile(block, GUIDE, "exec"), names)
                self.assertLess(names["losses"][-1], 0.5*names["losses"][0])
                with sf.DataSet(path("recorded.h5")) as data:
                    self.same_step(path, data, names["emulator"])
                self.assertTrue(ours.model_info(path("constant/flow.safetensors"))["parameters"] > 0)
            finally:
                os.chdir(folder)


if __name__ == "__main__":
    unittest.main()
