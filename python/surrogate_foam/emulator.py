"""An emulator in PyTorch: what surrogateFoam computes around the network (src/model/torch/emulator.h)"""
try:
    import torch
except ImportError as error:
    raise ImportError("surrogate_foam.emulator needs PyTorch (Debian: python3-torch)") from error
import math

from torch import nn

from .data_sets import spatial_shape
from .manifest import make_manifest, variable_names
from .model_file import read_model, write_model
from .networks import load_arrays, make_network


class FieldVariables:
    """The fields as they are"""

    def __init__(self, grid, fields):
        self.n_predicted = len(variable_names("fields", fields))

    def inputs(self, fields):
        return fields

    def fields(self, predicted, previous):
        return predicted


class VorticityVariables:
    """Vorticity, then U; a grid in 2-D, periodic in both directions, and one vector field. Symbols and their reason:
    src/model/torch/variables/vorticityVariables.h"""

    n_predicted = 1

    def __init__(self, grid, fields):
        if len(grid["cells"]) != 2 or not all(grid["periodic"]) or [field["components"] for field in fields] != [2]:
            raise ValueError("variables vorticity: a 2-D grid periodic in both directions and one vector field expected, found "
                             f"{grid['cells']} cells, periodic {grid['periodic']}, fields {[f['name'] for f in fields]}")
        hx, hy = [(grid["upper"][axis] - grid["lower"][axis])/grid["cells"][axis] for axis in (0, 1)]
        kx = 2*math.pi*torch.fft.rfftfreq(grid["cells"][0], hx, dtype=torch.float64)[None, :]
        ky = 2*math.pi*torch.fft.fftfreq(grid["cells"][1], hy, dtype=torch.float64)[:, None]
        def difference(k, h):
            s = torch.sin(k*h)/h
            return torch.where(s.abs()*h < 1e-12, torch.zeros_like(s), s)   # exactly zero at Nyquist

        def inverse(x):
            return torch.where(x > 0, 1/x.clamp_min(1e-300), torch.zeros_like(x))

        sx, sy = difference(kx, hx), difference(ky, hy)
        k, s = torch.sqrt(kx**2 + ky**2), torch.sqrt(sx**2 + sy**2)
        self.curl = torch.stack([-1j*sy*k*inverse(s), 1j*sx*k*inverse(s)])
        self.velocity = torch.stack([1j*sy*inverse(s)*inverse(k), -1j*sx*inverse(s)*inverse(k)])

    def _like(self, symbol, x):
        return symbol.to(x.device, torch.complex128 if x.dtype == torch.float64 else torch.complex64)

    def inputs(self, fields):
        spectrum = self._like(self.curl, fields)*torch.fft.rfft2(fields)
        return torch.cat([torch.fft.irfft2(spectrum.sum(1, keepdim=True), fields.shape[-2:]), fields], 1)

    def fields(self, predicted, previous):
        spectrum = self._like(self.velocity, predicted)*torch.fft.rfft2(predicted)
        return torch.fft.irfft2(spectrum, predicted.shape[-2:]) + previous.mean((2, 3), keepdim=True)


VARIABLES = {"fields": FieldVariables, "vorticity": VorticityVariables}


def _variables(kind, grid, fields):
    if kind not in VARIABLES:
        raise ValueError(f"variables: {', '.join(VARIABLES)} expected, found {kind}")
    return VARIABLES[kind](grid, fields)


class Emulator(nn.Module):
    """Predicts the fields one time step later: variables <- variables + incrementStddev network(normalised variables).

    manifest: see doc/model-file.md; `Emulator.for_data` makes one from data. Fields are physical, [n][channel][(z)][y][x], in 1-D
    [1][x], as DataSet.read gives them. geometry: a DataSet's, of a flow with walls or bodies; a model with an entry `geometry` needs
    it. past: of a model that sees several states (time.history), those of the time steps before, as fields, oldest first; in place of
    those that are not given, the oldest one that is. self.network is the network, which alone has parameters.
    """

    def __init__(self, manifest):
        super().__init__()
        self.manifest = manifest
        self.variables = _variables(manifest["variables"]["type"], manifest["grid"], manifest["fields"])
        self.network = make_network(manifest)
        for name, key in (("mean", "mean"), ("stddev", "stddev"), ("increment_stddev", "incrementStddev")):
            values = torch.tensor(manifest["variables"][key], dtype=torch.float64)
            sizes = (1, -1) + (1,)*len(spatial_shape(manifest["grid"]))
            self.register_buffer(name, values.reshape(sizes), persistent=False)

    @classmethod
    def for_data(cls, data_sets, settings=None, variables="fields", stride=1, fields=None, geometry=None, history=1):
        """An untrained emulator of data sets (a list) on one grid: a time step of `stride` intervals, of the named fields (default
        all), normalised by the means and deviations of all their snapshots. settings: of the network. geometry: {"channels",
        "distanceLength"} of a model that is to know walls and bodies. history: states that it sees."""
        data_sets = [data_sets] if hasattr(data_sets, "read") else list(data_sets)
        first = data_sets[0]
        for data in data_sets:
            if data.grid != first.grid or data.fields != first.fields or data.interval is None or data.interval != first.interval:
                raise ValueError(f"{data.path}: grid, fields and interval of {first.path} expected, a constant interval")
        chosen = first.fields if fields is None else [next(f for f in first.fields if f["name"] == name) for name in fields]
        transform = _variables(variables, first.grid, chosen)
        sums = _Statistics()
        for data in data_sets:
            sums.add(data, transform, stride, [field["name"] for field in chosen], first.geometry)
        return cls(make_manifest(chosen, first.grid, stride*first.interval, *sums.results(), settings=settings, variables=variables,
                                 geometry=geometry, history=history))

    @classmethod
    def load(cls, path):
        """An emulator from a model file"""
        model = read_model(path)
        if model.manifest["method"] != "emulator":
            raise ValueError(f"{path}, entry method: emulator expected, found {model.manifest['method']}")
        emulator = cls(model.manifest)
        load_arrays(emulator.network, model.arrays)
        return emulator

    def save(self, path, origin=None, storage="F32"):
        """Writes the model file that surrogateStep reads. origin: {word: text} for the manifest: data, losses, how to repeat it."""
        manifest = {**self.manifest, "origin": {**self.manifest["origin"], **{k: str(v) for k, v in (origin or {}).items()}}}
        manifest["network"] = {"type": manifest["network"]["type"], "settings": self.network.settings}
        write_model(path, manifest, self.network.state_dict(), storage)

    def normalised_increment(self, fields, geometry=None, past=()):
        """What the network says, and what a loss is of: compare with target()"""
        frames, history = [*past, fields], self.manifest["time"]["history"]
        if len(frames) > history:
            raise ValueError(f"past: at most {history - 1} states expected, found {len(past)}")
        frames = [frames[0]]*(history - len(frames)) + frames
        x = torch.cat([self._masked((self.variables.inputs(frame) - self._like(self.mean, frame))/self._like(self.stddev, frame),
                                    geometry) for frame in frames], 1)
        channels = self.manifest.get("geometry", {}).get("channels", [])
        if channels and geometry is None:
            raise ValueError("The model needs the geometry of walls and bodies, and got none")
        for name in channels:
            values = torch.as_tensor(geometry[name], dtype=torch.float64, device=x.device)
            if name == "distance":
                values = torch.tanh(values/self.manifest["geometry"]["distanceLength"])
            x = torch.cat([x, values.to(x.dtype).expand(x.size(0), 1, *x.shape[2:])], 1)
        return self._masked(self.network(x), geometry)

    def target(self, fields, following):
        """The true normalised increment from `fields` to the fields one time step later"""
        n = self.variables.n_predicted
        change = self.variables.inputs(following)[:, :n] - self.variables.inputs(fields)[:, :n]
        return change/self._like(self.increment_stddev, fields)

    def forward(self, fields, geometry=None, past=()):
        """The fields one time step later"""
        increment = self._like(self.increment_stddev, fields)*self.normalised_increment(fields, geometry, past)
        return self.variables.fields(self.variables.inputs(fields)[:, :self.variables.n_predicted] + increment, fields)

    @staticmethod
    def _like(statistics, x):
        return statistics.to(x.dtype)

    @staticmethod
    def _masked(x, geometry):
        """Zero in cells without fluid"""
        if geometry is None:
            return x
        return x*(torch.as_tensor(geometry["fluid"], device=x.device) > 0).to(x.dtype)


class _Statistics:
    """Means, deviations and root mean square increments of variables, over the fluid"""

    def __init__(self):
        self.weight = self.pairs = 0.0
        self.sum = self.square = self.change = 0.0

    def add(self, data, variables, stride, names, geometry):
        fluid = torch.ones(()) if geometry is None else torch.as_tensor(geometry["fluid"])
        weight = fluid.double().expand(spatial_shape(data.grid))
        def total(x):
            return (x*weight).flatten(2).sum((0, 2))

        for trajectory in range(data.n_trajectories):
            before = []
            for i in range(len(data)):
                x = variables.inputs(torch.from_numpy(data.read(i, 1, trajectory, names)).double())
                self.weight += float(weight.sum())
                self.sum = self.sum + total(x)
                self.square = self.square + total(x**2)
                if len(before) == stride:
                    self.pairs += float(weight.sum())
                    self.change = self.change + total((x - before.pop(0))[:, :variables.n_predicted]**2)
                before.append(x)

    def results(self):
        if not self.pairs:
            raise ValueError("No two snapshots of the data are one time step apart")
        mean = self.sum/self.weight
        deviation = torch.sqrt((self.square/self.weight - mean**2).clamp_min(1e-24))
        return mean.tolist(), deviation.tolist(), torch.sqrt((self.change/self.pairs).clamp_min(1e-24)).tolist()
