"""Data sets: HDF5 files in the layout of The Well, see doc/data-sets.md. Needs h5py."""
import os

import numpy as np

AXES = "xyz"
GROUPS = ("t0_fields", "t1_fields", "t2_fields")
GEOMETRY = {"fluid": "fluidFraction", "distance": "wallDistance"}
NO_WALL = 1e30   # distance where there is no wall at all [m]


def _h5py():
    try:
        import h5py
    except ImportError as error:
        raise ImportError("Data sets need h5py (Debian: python3-h5py)") from error
    return h5py


def _words(item, name):
    return [word.decode() if isinstance(word, bytes) else str(word) for word in np.ravel(item.attrs[name])]


def spatial_shape(grid):
    """Of an array on the grid as the networks see it: (z, y, x) in 3-D, (y, x) in 2-D, (1, x) in 1-D"""
    cells = tuple(reversed(grid["cells"]))
    return (1,) + cells if len(cells) == 1 else cells


class DataSet:
    """A data set to read: recorded by surrogateFoam, or of The Well on a cartesian grid.

    grid: {"cells", "lower", "upper", "periodic", "walls"}, as in a model file's manifest
    fields: [{"name", "components", "dimensions"}], in the order of the channels
    times: [T], double; interval: between two snapshots [s], None where it is not constant
    parameters: {name: number}; n_trajectories
    geometry: {"fluid", "distance"}, each [(z)][y][x], or None
    """

    def __init__(self, path):
        if not os.path.exists(path):
            raise ValueError(f"{path}: there is no such data set")
        self.path = path
        self.file = _h5py().File(path, "r")
        self.n_trajectories = int(self.file.attrs["n_trajectories"])
        self._read_grid()
        self._read_times()
        self._read_fields()
        self.parameters = {name: float(np.ravel(self.file.attrs[name])[0]) for name in _words(self.file, "simulation_parameters")
                           if np.size(self.file.attrs[name]) == 1}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()

    def _read_grid(self):
        kind = self.file.attrs["grid_type"]
        kind = kind.decode() if isinstance(kind, bytes) else str(kind)
        if kind != "cartesian":
            raise ValueError(f"{self.path}: a grid of type {kind}, expected cartesian (a data set of a mesh's cells has none)")
        axes = _words(self.file["dimensions"], "spatial_dims")
        grid = {"cells": [], "lower": [], "upper": [], "periodic": [False]*len(axes), "walls": ["none"]*len(axes)}
        for axis in axes:
            item = self.file["dimensions"][axis]
            centres = np.asarray(item[()], np.float64)
            spacing = (centres[-1] - centres[0])/(len(centres) - 1) if len(centres) > 1 else 1.0
            bounds = item.attrs.get("bounds", [centres[0] - spacing/2, centres[-1] + spacing/2])
            grid["cells"].append(len(centres))
            grid["lower"].append(float(bounds[0]))
            grid["upper"].append(float(bounds[1]))
        sides = [0]*len(axes)
        for boundary in self.file["boundary_conditions"].values():
            kind, dims = str(boundary.attrs["bc_type"]).lower(), _words(boundary, "associated_dims")
            for axis in dims:
                if axis in axes and kind == "periodic":
                    grid["periodic"][axes.index(axis)] = True
                if axis in axes and kind == "wall" and len(dims) == 1:
                    mask = boundary["mask"][()]
                    sides[axes.index(axis)] |= int(mask[0]) + 2*int(mask[-1])
        grid["walls"] = [("none", "lower", "upper", "both")[bits] for bits in sides]
        self.grid = grid

    def _read_times(self):
        item = self.file["dimensions/time"]
        self.times = np.asarray(item[()], np.float64)
        if "interval" in item.attrs:
            self.interval = float(item.attrs["interval"])
            self.times = float(item.attrs.get("start", 0)) + self.interval*np.arange(len(self.times))
            return
        steps = np.diff(self.times)
        constant = len(steps) > 0 and (np.abs(steps - steps.mean()) <= 1e-3*steps.mean() + 2.4e-7*np.abs(self.times[1:])).all()
        self.interval = float(steps.mean()) if constant else None

    def _read_fields(self):
        self.fields, self._items, static = [], {}, {}
        d = len(self.grid["cells"])
        for rank, group in enumerate(GROUPS):
            for name in _words(self.file[group], "field_names"):
                item = self.file[group][name]
                if not all(item.attrs["dim_varying"]):
                    continue
                varies = bool(item.attrs["sample_varying"]), bool(item.attrs["time_varying"])
                if rank == 0 and name in GEOMETRY.values() and not any(varies):
                    static[name] = item
                    continue
                exponents = [float(x) for x in item.attrs.get("dimension_exponents", [0]*7)]
                self.fields.append({"name": name, "components": d**rank, "dimensions": exponents})
                self._items[name] = (item, varies)
        self.geometry = None
        if GEOMETRY["fluid"] in static:
            found = {name: self._transposed(static[stored][()][None], 1)[0, 0] for name, stored in GEOMETRY.items()
                     if stored in static}
            found.setdefault("distance", np.full_like(found["fluid"], NO_WALL))
            self.geometry = found

    def _transposed(self, values, components):
        """[time][x][y][z][component..] -> [time][component][(z)][y][x]"""
        d = len(self.grid["cells"])
        values = values.reshape(values.shape[:1 + d] + (components,))
        values = values.transpose((0, 1 + d) + tuple(range(d, 0, -1)))
        return np.ascontiguousarray(values).reshape(values.shape[:2] + spatial_shape(self.grid))

    def __len__(self):
        return len(self.times)

    def read(self, first=0, count=None, trajectory=0, fields=None):
        """Snapshots `first` to `first + count` (default: to the last): float32 [time][channel][(z)][y][x], in 1-D [1][x].
        fields: names, default all. The channels of a vector follow one another."""
        names = [field["name"] for field in self.fields] if fields is None else list(fields)
        count = len(self) - first if count is None else count
        if first < 0 or count < 1 or first + count > len(self) or not 0 <= trajectory < self.n_trajectories:
            raise ValueError(f"{self.path}: {len(self)} snapshots of {self.n_trajectories} trajectories, found {count} from {first} "
                             f"of trajectory {trajectory}")
        components = {field["name"]: field["components"] for field in self.fields}
        parts = []
        for name in names:
            if name not in components:
                raise ValueError(f"{self.path}: no field {name}; there are {', '.join(components)}")
            item, (sample, time) = self._items[name]
            index = ((trajectory,) if sample else ()) + ((slice(first, first + count),) if time else ())
            values = np.asarray(item[index], np.float32)
            values = values if time else np.broadcast_to(values, (count,) + values.shape)
            parts.append(self._transposed(values, components[name]))
        return np.concatenate(parts, axis=1)


class DataSetWriter:
    """A new data set of one trajectory, float32, snapshot by snapshot; what surrogateTrain, surrogateRollout and surrogateCompare
    read. Arguments as in DataSet; an existing file is refused.

        with DataSetWriter("flow.h5", grid, fields, interval=0.1) as data:
            data.append(snapshot)       # [channel][(z)][y][x]
    """

    def __init__(self, path, grid, fields, interval, start=0.0, parameters=None, name="", solver="", geometry=None):
        if not interval > 0:
            raise ValueError(f"{path}: an interval above 0 expected, found {interval}")
        d = len(grid["cells"])
        for field in fields:
            if field["components"] not in (1, d, d*d):
                raise ValueError(f"{path}, field {field['name']}: 1, {d} or {d*d} components expected, found {field['components']}")
            if field["name"] in GEOMETRY.values():
                raise ValueError(f"{path}: the name {field['name']} belongs to the geometry")
        self.path, self.grid, self.fields, self.interval, self.start = path, grid, fields, float(interval), float(start)
        self._h5py = _h5py()
        self.file = self._h5py.File(path, "x")
        parameters = parameters or {}
        attributes = self.file.attrs
        attributes.update({"dataset_name": name, "grid_type": "cartesian", "n_spatial_dims": d, "n_trajectories": 1,
                           "simulation_parameters": self._strings(parameters), "solver": solver, "case_digest": ""})
        for key, value in parameters.items():
            attributes[key] = float(value)
        self._write_dimensions()
        self._write_boundaries()
        scalars = self.file.create_group("scalars")
        scalars.attrs["field_names"] = self._strings(parameters)
        for key, value in parameters.items():
            self._varying(scalars.create_dataset(key, data=np.float32(value)), False, False)
        self._write_fields(geometry)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()

    def _strings(self, words):
        return np.array(list(words), dtype=self._h5py.string_dtype())

    @staticmethod
    def _varying(item, sample, time):
        item.attrs["sample_varying"] = sample
        item.attrs["time_varying"] = time
        return item

    def _write_dimensions(self):
        group = self.file.create_group("dimensions")
        d = len(self.grid["cells"])
        group.attrs["spatial_dims"] = self._strings(AXES[:d])
        time = self._varying(group.create_dataset("time", (0,), "<f4", maxshape=(None,), chunks=(1024,)), False, True)
        time.attrs["interval"] = self.interval
        time.attrs["start"] = self.start
        for axis, n, low, high in zip(AXES, self.grid["cells"], self.grid["lower"], self.grid["upper"]):
            centres = low + (np.arange(n) + 0.5)*(high - low)/n
            item = self._varying(group.create_dataset(axis, data=centres.astype("<f4")), False, False)
            item.attrs["bounds"] = np.array([low, high], np.float64)

    def _write_boundaries(self):
        group = self.file.create_group("boundary_conditions")
        walls = self.grid.get("walls", ["none"]*len(self.grid["cells"]))
        for axis, n, periodic, wall in zip(AXES, self.grid["cells"], self.grid["periodic"], walls):
            kinds = ["periodic"]*2 if periodic else ["wall" if wall in (side, "both") else "open" for side in ("lower", "upper")]
            for kind in sorted(set(kinds)):
                boundary = self._varying(group.create_group(f"{axis}_{kind}"), False, False)
                boundary.attrs["associated_dims"] = self._strings([axis])
                boundary.attrs["associated_fields"] = self._strings([])
                boundary.attrs["bc_type"] = kind
                mask = np.zeros(n, bool)
                mask[0] |= kinds[0] == kind
                mask[-1] |= kinds[1] == kind
                boundary["mask"] = mask
                boundary["values"] = np.zeros(mask.sum(), "<f4")

    def _write_fields(self, geometry):
        d, cells = len(self.grid["cells"]), tuple(self.grid["cells"])
        self._items = []
        for rank, name in enumerate(GROUPS):
            group = self.file.create_group(name)
            names = []
            if rank == 0 and geometry is not None:
                for key, stored in GEOMETRY.items():
                    if key == "distance" and (np.asarray(geometry[key]) >= NO_WALL).all():
                        continue
                    values = np.asarray(geometry[key], "<f4").reshape(tuple(reversed(cells))).transpose()
                    item = self._varying(group.create_dataset(stored, data=values), False, False)
                    item.attrs["dim_varying"] = np.ones(d, bool)
                    item.attrs["dimension_exponents"] = np.array([0, float(key == "distance"), 0, 0, 0, 0, 0])
                    names.append(stored)
            for field in self.fields:
                if field["components"] != d**rank or (d == 1 and rank > 0):
                    continue
                tail = cells + (d,)*rank
                item = group.create_dataset(field["name"], (1, 0) + tail, "<f4", maxshape=(1, None) + tail, chunks=(1, 1) + tail)
                self._varying(item, True, True)
                item.attrs["dim_varying"] = np.ones(d, bool)
                item.attrs["dimension_exponents"] = np.asarray(field["dimensions"], np.float64)
                if rank == 2:
                    item.attrs["symmetric"] = item.attrs["antisymmetric"] = False
                names.append(field["name"])
            group.attrs["field_names"] = self._strings(names)

    def append(self, snapshot):
        """One more snapshot, one interval after the last: [channel][(z)][y][x], channels in the order of the fields"""
        cells = tuple(self.grid["cells"])
        values = np.asarray(snapshot)
        channels = sum(field["components"] for field in self.fields)
        if values.shape != (channels,) + spatial_shape(self.grid):
            raise ValueError(f"{self.path}: a snapshot of shape {(channels,) + spatial_shape(self.grid)} expected, found {values.shape}")
        if not np.isfinite(values).all():
            raise ValueError(f"{self.path}: a snapshot of finite numbers expected, found NaN or infinity")
        values = values.reshape((channels,) + tuple(reversed(cells)))
        time = self.file["dimensions/time"]
        index, first = len(time), 0
        for field in self.fields:
            n = field["components"]
            rank = 0 if n == 1 else 1 if n == len(cells) else 2
            item = self.file[GROUPS[rank]][field["name"]]
            item.resize(index + 1, axis=1)
            part = values[first:first + n].transpose(tuple(range(len(cells), 0, -1)) + (0,))
            item[0, index] = part.reshape(item.shape[2:])
            first += n
        time.resize(index + 1, axis=0)
        time[index] = self.start + index*self.interval
        self.file.flush()
