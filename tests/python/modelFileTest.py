"""Model files that Python writes and C++ reads, and the reverse"""
import copy
import unittest

import numpy as np

import surrogate_foam as sf
from surrogate_foam import safetensors

import ours

SMALL = {"width": 4, "multipliers": [1, 2], "blocks": 1}


class ModelFileTest(unittest.TestCase):
    def test_there_and_back(self):
        given = ours.manifest(ours.grid(8, 8), {**SMALL, "headsCondition": True}, origin={"data": "a \"b\" \u00e4"})
        random = np.random.default_rng(1)
        arrays = {"odd": random.normal(size=(3,)).astype("<f4"), "scalar": np.float32(2), "empty": np.zeros((0, 3), "<f4"),
                  "statistics.l": random.normal(size=(4, 2))}
        with ours.scratch() as path:
            sf.write_model(path("a.safetensors"), given, arrays)
            found = sf.read_model(path("a.safetensors"))
            self.assertEqual(found.manifest, given)
            self.assertEqual(found.arrays.keys(), arrays.keys())
            for name, values in arrays.items():
                self.assertTrue(np.array_equal(found.arrays[name], values), name)
                self.assertEqual(found.arrays[name].dtype, np.float64 if "statistics" in name else np.float32)
            found.write(path("b.safetensors"), "F64")
            self.assertEqual(sf.read_model(path("b.safetensors")).arrays["odd"].dtype, np.float64)
            info = ours.model_info(path("a.safetensors"))
        for entry, value in given.items():
            self.assertEqual(info["manifest"][entry], value, entry)
        self.assertEqual({t["name"]: (t["type"], t["shape"]) for t in info["tensors"]},
                         {"odd": ("F32", [3]), "scalar": ("F32", []), "empty": ("F32", [0, 3]), "statistics.l": ("F64", [4, 2])})

    def test_what_cpp_writes(self):
        with ours.scratch() as path:
            sf.write_model(path("a.safetensors"), ours.manifest(ours.grid(8, 8), SMALL), {})
            ours.cpp("untrained", path("a.safetensors"), path("b.safetensors"))
            model = sf.read_model(path("b.safetensors"))
            info = ours.model_info(path("b.safetensors"))
            model.write(path("c.safetensors"))
            with open(path("b.safetensors"), "rb") as first, open(path("c.safetensors"), "rb") as second:
                a, b = first.read(), second.read()
        self.assertEqual(model.manifest, info["manifest"])
        self.assertEqual({name: list(a.shape) for name, a in model.arrays.items()}, {t["name"]: t["shape"] for t in info["tensors"]})
        size = 4*sum(values.size for values in model.arrays.values())
        self.assertEqual(a[-size:], b[-size:])   # the arrays' bytes in the same order

    def test_bfloat16(self):
        values = np.array([1, -2.5, 1 + 2**-8, 1 + 3*2**-8, 3e38, 2e-38, 0.1], np.float32)
        expected = np.array([1, -2.5, 1, 1 + 2**-6, 3e38, 2e-38, 0.1], np.float32)   # ties to even
        found = safetensors.from_bfloat16(safetensors.to_bfloat16(values))
        self.assertTrue((np.abs(found - expected) <= 2**-8*np.abs(expected)).all(), found)
        self.assertTrue(np.array_equal(found[:4], expected[:4]))
        self.assertTrue(np.isnan(safetensors.from_bfloat16(safetensors.to_bfloat16(np.array([np.nan], np.float32)))).all())
        with ours.scratch() as path:
            sf.write_model(path("a.safetensors"), ours.manifest(ours.grid(8), SMALL), {"a": values}, "BF16")
            self.assertTrue(np.array_equal(sf.read_model(path("a.safetensors")).arrays["a"], found))
            self.assertEqual(ours.model_info(path("a.safetensors"))["tensors"][0]["type"], "BF16")

    def test_refusals(self):
        good = ours.manifest(ours.grid(8, 8), SMALL)
        for words, change in {
                "entry format: 1 expected, found 2": {"format": 2},
                "entry grid.cells: 1 to 3 numbers": {"grid": ours.grid()},
                "entry grid.walls: none, lower": {"grid": ours.grid(8, 8, periodic=False, walls=["none", "top"])},
                "entry grid.walls: none along": {"grid": ours.grid(8, 8, walls=["none", "both"])},
                "entry fields.U.components: 1, 2 or 4 expected, found 3": {"fields": [{**good["fields"][0], "components": 3}]},
                "entry variables.stddev: positive numbers expected, found 0": {"variables": {**good["variables"], "stddev": [0, 1]}},
                "entry variables.mean: 2 values": {"variables": {**good["variables"], "mean": [0]}},
                "entry time.step: a positive number": {"time": {"step": 0, "history": 1}},
                "entry time.history: 1 with method sns expected, found 2": {"method": "sns", "time": {"step": 0.1, "history": 2}},
                "entry geometry.channels: each of fluid, distance": {"geometry": {"channels": ["wall"], "distanceLength": 1}}}.items():
            with self.subTest(words=words), self.assertRaises(ValueError) as caught, ours.scratch() as path:
                sf.write_model(path("a.safetensors"), {**copy.deepcopy(good), **change}, {})
            self.assertIn(words, str(caught.exception))
        with ours.scratch() as path, self.assertRaises(ValueError) as caught:
            sf.write_model(path("a.safetensors"), good, {"weight": np.array([1, np.nan])})
        self.assertIn("array weight: finite numbers expected", str(caught.exception))

    def test_damaged_files(self):
        with ours.scratch() as path:
            sf.write_model(path("a"), ours.manifest(ours.grid(8), SMALL), {"a": np.ones(5)})
            with open(path("a"), "rb") as file:
                content = file.read()
            for name, damaged in {"4 bytes": content[:4], "header": content[:100], "array a": content[:-4],
                                  "JSON": content[:8] + b"x" + content[9:]}.items():
                with open(path("b"), "wb") as file:
                    file.write(damaged)
                with self.subTest(name=name), self.assertRaises(ValueError) as caught:
                    sf.read_model(path("b"))
                self.assertIn(name, str(caught.exception))
            safetensors.write(path("b"), {}, {"format": "pt"})
            with self.assertRaises(ValueError) as caught:
                sf.read_model(path("b"))
            self.assertIn("no manifest", str(caught.exception))


if __name__ == "__main__":
    unittest.main()
