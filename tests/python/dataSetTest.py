"""Data sets that Python writes and C++ reads, and the reverse"""
import os
import subprocess
import sys
import unittest

import numpy as np

import surrogate_foam as sf
from surrogate_foam.data_sets import spatial_shape

import ours

CHECK = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "dataset", "checkWellLayout.py")


def fields(d):
    result = [{"name": "p", "components": 1, "dimensions": [0, 2, -2, 0, 0, 0, 0]}]
    if d > 1:
        result += [ours.velocity_field(d), {"name": "R", "components": d*d, "dimensions": [0, 2, -2, 0, 0, 0, 0]}]
    return result


class DataSetTest(unittest.TestCase):
    def test_there_and_through_cpp(self):
        random = np.random.default_rng(1)
        for grid, bounded in ((ours.grid(7), False), (ours.grid(4, 3, periodic=[True, False], walls=["none", "lower"]), True),
                              (ours.grid(3, 4, 5, periodic=False, walls=["both", "none", "upper"]), True)):
            d = len(grid["cells"])
            shape = spatial_shape(grid)
            values = random.normal(size=(3, sum(f["components"] for f in fields(d))) + shape).astype("<f4")
            geometry = None
            if bounded:
                geometry = {"fluid": random.random(shape).astype("<f4"), "distance": random.normal(size=shape).astype("<f4")}
            with self.subTest(d=d), ours.scratch() as path:
                with sf.DataSetWriter(path("a.h5"), grid, fields(d), 0.1, start=25, parameters={"nu": 0.01}, geometry=geometry) as data:
                    for snapshot in values:
                        data.append(snapshot)
                subprocess.run([sys.executable, CHECK, path("a.h5"), "p", "1", *["2"]*d, *["0"]*(3 - d), "0",
                                str(values[(1, 0) + (0,)*(len(shape) - d) + (2,)*d])], check=True)
                ours.cpp("copy", path("a.h5"), path("b.h5"))
                for name in ("a.h5", "b.h5"):
                    with sf.DataSet(path(name)) as data:
                        self.assertEqual(data.grid, grid)
                        self.assertEqual(data.fields, fields(d))
                        self.assertTrue(np.allclose(data.times, [25, 25.1, 25.2], rtol=0, atol=1e-12))
                        self.assertEqual((data.interval, data.parameters, len(data)), (0.1, {"nu": 0.01}, 3))
                        self.assertTrue(np.array_equal(data.read(), values))
                        self.assertTrue(np.array_equal(data.read(1, 2, fields=["p"]), values[1:, :1]))
                        for key, expected in (geometry or {}).items():
                            self.assertTrue(np.array_equal(data.geometry[key], expected), key)
                        self.assertEqual(data.geometry is None, not bounded)

    def test_no_walls_at_all(self):
        grid = ours.grid(4, 4)
        far = {"fluid": np.ones((4, 4)), "distance": np.full((4, 4), 1e30)}
        with ours.scratch() as path:
            with sf.DataSetWriter(path("a.h5"), grid, fields(2), 0.1, geometry=far) as data:
                data.append(np.zeros((7, 4, 4)))
            with sf.DataSet(path("a.h5")) as data:
                self.assertTrue(np.array_equal(data.geometry["fluid"], far["fluid"]))
                self.assertTrue((data.geometry["distance"] >= 0.99e30).all())

    def test_refusals(self):
        with ours.scratch() as path:
            with self.assertRaisesRegex(ValueError, "no such data set"):
                sf.DataSet(path("none.h5"))
            with self.assertRaisesRegex(ValueError, "interval above 0"):
                sf.DataSetWriter(path("a.h5"), ours.grid(4), fields(1), 0)
            with self.assertRaisesRegex(ValueError, "1, 2 or 4 components expected, found 3"):
                sf.DataSetWriter(path("a.h5"), ours.grid(4, 4), [ours.velocity_field(3)], 1)
            with sf.DataSetWriter(path("a.h5"), ours.grid(4), fields(1), 1) as data:
                with self.assertRaisesRegex(ValueError, r"shape \(1, 1, 4\) expected, found \(1, 4\)"):
                    data.append(np.zeros((1, 4)))
                with self.assertRaisesRegex(ValueError, "finite numbers"):
                    data.append(np.full((1, 1, 4), np.nan))
                data.append(np.zeros((1, 1, 4)))
            with self.assertRaises(FileExistsError):
                sf.DataSetWriter(path("a.h5"), ours.grid(4), fields(1), 1)
            with sf.DataSet(path("a.h5")) as data:
                with self.assertRaisesRegex(ValueError, "1 snapshots of 1 trajectories, found 2 from 0"):
                    data.read(0, 2)
                with self.assertRaisesRegex(ValueError, "no field U; there are p"):
                    data.read(fields=["U"])


if __name__ == "__main__":
    unittest.main()
