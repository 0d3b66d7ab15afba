"""The networks of surrogate_foam.networks compute what C++ computes with the same file"""
import unittest

import numpy as np

import surrogate_foam as sf
from surrogate_foam.data_sets import spatial_shape

import ours

SMALL = {"width": 4, "multipliers": [1, 2], "blocks": 1}
GRIDS = {
    "1-D periodic": ours.grid(16), "1-D open and wall": ours.grid(12, periodic=False, walls=["upper"]),
    "2-D periodic": ours.grid(16, 8), "2-D channel": ours.grid(8, 12, periodic=[True, False], walls=["none", "both"]),
    "2-D open": ours.grid(8, 8, periodic=False, walls=["lower", "none"]), "3-D periodic": ours.grid(8, 4, 4),
    "3-D mixed": ours.grid(4, 8, 4, periodic=[True, False, False], walls=["none", "lower", "none"])}
OPTIONS = {
    "three levels": {"multipliers": [1, 2, 1], "blocks": 2}, "group": {"width": 8, "norm": "group", "activation": "silu"},
    "attention": {"attention": [1, 0, 1]}, "patch": {"patch": 2}, "sum": {"conditioning": "sum"}, "positions": {"positions": [2, 1, 1]}}


@ours.need_torch()
class NetworkTest(unittest.TestCase):
    def compare(self, manifest, numbers=()):
        import torch
        from surrogate_foam.networks import load_arrays, make_network
        torch.manual_seed(1)
        network = make_network(manifest)
        for values in network.parameters():   # no convolution at zero
            torch.nn.init.uniform_(values, -0.4, 0.4)
        with ours.scratch() as path, torch.no_grad():
            sf.write_model(path("model"), manifest, network.state_dict())
            load_arrays(network, sf.read_model(path("model")).arrays)
            network.double()
            patch = network.settings["patch"]**len(manifest["grid"]["cells"])
            positions = 2*sum(m != 0 for m in network.settings["positions"])
            inputs = network.lift.weight.shape[1]//patch - positions
            pool = getattr(network, "pool", [])
            inputs += network.each*len(pool) + 1 if pool else 0   # hints enter elsewhere
            x = torch.randn(2, inputs, *spatial_shape(manifest["grid"]), dtype=torch.float64)
            x.numpy().tofile(path("input"))
            ours.cpp("network", path("model"), path("input"), path("output"), 2, *numbers)
            found = np.fromfile(path("output"))
            values, logits = network.evaluate(x, [torch.full((2,), float(n)) for n in numbers])
        expected = np.concatenate([values.numpy().ravel()] + [each.numpy().ravel() for each in logits])
        self.assertEqual(found.shape, expected.shape)
        self.assertGreater(np.abs(values.numpy()).max(), 1e-3)
        self.assertLess(np.abs(found - expected).max(), 1e-6*np.abs(expected).max())

    def test_grids(self):
        for name, grid in GRIDS.items():
            with self.subTest(name):
                self.compare(ours.manifest(grid, SMALL))

    def test_options(self):
        for grid_name in ("1-D open and wall", "2-D channel", "3-D mixed"):
            grid = GRIDS[grid_name]
            d = len(grid["cells"])
            for name, options in OPTIONS.items():
                if name == "three levels" and d == 3:
                    continue
                options = {key: value[:d] if key == "positions" else value for key, value in options.items()}
                with self.subTest(grid=grid_name, options=name):
                    self.compare(ours.manifest(grid, {**SMALL, **options}))

    def test_diffusion_methods(self):
        diffusion = {"schedule": "cosine", "levels": 10}
        numbers = {"sns": [], "snsLagged": [2], "thermalizer": [], "acdm": [300], "cleanCondition": [250], "pdeRefiner": [900]}
        for method, values in numbers.items():
            for more in ({}, {"conditioning": "sum", "headsCondition": True}):
                settings = {**SMALL, "headFeatures": 64, "embeddings": [16]*len(values), **more}
                with self.subTest(method=method, more=more):
                    self.compare(ours.manifest(ours.grid(8, 8), settings, method, diffusion=diffusion), values)

    def test_hierarchical_emulators(self):
        hints = {"width": 4, "multipliers": [1, 2], "embedding": 8, "modes": 3}
        for name, grid in GRIDS.items():
            d = len(grid["cells"])
            for network, pool, options in (
                    ("uNet", [2, 4], SMALL), ("hineUNet", [], hints), ("hineUNet", [4], {**hints, "blocks": 2, "attention": True}),
                    ("hineUNet", [2, 4], {**hints, "modes": 100, "patch": 2, "positions": [1, 0, 2][:d]})):
                more = {"method": "hierarchicalEmulator", "network": network,
                        "hierarchy": {"pool": pool, "incrementStddev": [[0.2]*d]*len(pool)}}
                with self.subTest(grid=name, network=network, pool=pool):
                    self.compare(ours.manifest(grid, options, **more))

    def test_geometry_channels(self):
        geometry = {"channels": ["fluid", "distance"], "distanceLength": 0.3}
        self.compare(ours.manifest(ours.grid(8, 8, periodic=False, walls=["both", "both"]), SMALL, geometry=geometry))


@ours.need_torch()
class RefusalTest(unittest.TestCase):
    def test_options_that_do_not_fit(self):
        from surrogate_foam.networks import UNet, load_arrays, make_network
        for words, settings in {"found wdith": {"wdith": 3}, "norm: none or group": {"norm": "batch"},
                                "width: a multiple of 8": {"width": 12, "norm": "group"}, "multiples of 4": {"multipliers": [1, 1, 1]},
                                "attention: 4 flags": {"attention": [1]}, "positions: 2 wave": {"positions": [1]}}.items():
            with self.subTest(words=words), self.assertRaisesRegex(ValueError, words):
                UNet(ours.grid(6, 8), 2, 2, **settings)
        with self.assertRaisesRegex(ValueError, "network.type: hineUNet, uNet expected, found resNet"):
            make_network(ours.manifest(ours.grid(8), SMALL, network="resNet"))
        network = UNet(ours.grid(8), 1, 1, **SMALL)
        with self.assertRaisesRegex(ValueError, "array coarsen0_0.bias: shape"):
            load_arrays(network, {})
        with self.assertRaisesRegex(ValueError, "1 conditioning numbers expected, found 0"):
            import torch
            UNet(ours.grid(8), 1, 1, **SMALL, embeddings=[8])(torch.zeros(1, 1, 1, 8))


if __name__ == "__main__":
    unittest.main()
