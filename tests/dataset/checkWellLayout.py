#!/usr/bin/python3
"""Reads a data set with h5py and checks it against The Well's data format (arXiv 2412.00568).

usage: checkWellLayout.py FILE [FIELD I X Y Z COMPONENT VALUE]...
Each group of seven words says that FIELD has VALUE in snapshot I (of trajectory 0) at that cell. For a scalar COMPONENT is 0.
"""
import sys

import h5py
import numpy as np


def require(condition, message):
    if not condition:
        sys.exit(f"checkWellLayout: {message}")


def text_list(group, name):
    values = list(group.attrs[name])
    require(all(isinstance(value, str) for value in values), f"@{name} of {group.name} is not a list of text")
    return values


def flag(item, name):
    require(isinstance(item.attrs[name], (bool, np.bool_)), f"@{name} of {item.name} is not a boolean")
    return bool(item.attrs[name])


def leading_shape(file, item):
    shape = (int(file.attrs["n_trajectories"]),) if flag(item, "sample_varying") else ()
    return shape + (file["dimensions/time"].shape if flag(item, "time_varying") else ())


def check_dimensions(file):
    axes = text_list(file["dimensions"], "spatial_dims")
    require(len(axes) == file.attrs["n_spatial_dims"], "@spatial_dims and @n_spatial_dims disagree")
    time = file["dimensions/time"]
    require(not flag(time, "sample_varying") and time.ndim == 1 and time.dtype == np.float32, "time is not float32[T]")
    for axis in axes:
        item = file["dimensions"][axis]
        require(not flag(item, "sample_varying") and not flag(item, "time_varying"), f"{axis} varies")
        require(item.ndim == 1 and item.dtype == np.float32, f"{axis} is not float32[n]")
    return axes


def check_fields(file, axes):
    space = tuple(file["dimensions"][axis].shape[0] for axis in axes)
    for rank in range(3):
        group = file[f"t{rank}_fields"]
        for name in text_list(group, "field_names"):
            field = group[name]
            require(list(field.attrs["dim_varying"]) == [True]*len(axes), f"{name} does not vary along each axis")
            require(field.attrs["dim_varying"].dtype == np.bool_, f"@dim_varying of {name} is not boolean")
            expected = leading_shape(file, field) + space + (len(axes),)*rank
            require(field.shape == expected, f"{name} has shape {field.shape}, not {expected}")
            require(field.dtype == np.float32, f"{name} is not float32")
            require(np.isfinite(field[()]).all(), f"{name} is not finite")
        if rank == 0 and "fluidFraction" in group:
            fluid = group["fluidFraction"]
            require(not flag(fluid, "sample_varying") and not flag(fluid, "time_varying"), "fluidFraction varies")
            require(0 <= fluid[()].min() and fluid[()].max() <= 1, "fluidFraction is not a fraction")


def check_boundary_conditions(file, axes):
    group = file["boundary_conditions"]
    covered = []
    for name in group:
        item = group[name]
        require(item.attrs["bc_type"] in ("periodic", "wall", "open"), f"{name} has an unknown @bc_type")
        dims = text_list(item, "associated_dims")
        require(len(text_list(item, "associated_fields")) == 0, f"{name} has @associated_fields")
        require(leading_shape(file, item) == (), f"{name} varies")
        require(item["mask"].shape == tuple(file["dimensions"][axis].shape[0] for axis in dims), f"{name} has a wrong mask")
        require(item["mask"].dtype == np.bool_, f"the mask of {name} is not boolean")
        require(item["values"].shape == (int(item["mask"][()].sum()),), f"{name} has not as many values as its mask")
        require(len(dims) == 1 and not item["mask"][1:-1].any(), f"the mask of {name} marks more than the sides")
        covered += [dims[0] + side for side, marked in (("-", item["mask"][0]), ("+", item["mask"][-1])) if marked]
    sides = [axis + side for axis in axes for side in "-+"]
    require(sorted(covered) == sorted(sides), f"boundary conditions cover {covered}")


def check_parameters(file):
    for name in text_list(file, "simulation_parameters"):
        require(name in file.attrs and name in file["scalars"], f"parameter {name} is listed only")
    for name in text_list(file["scalars"], "field_names"):
        item = file["scalars"][name]
        require(item.shape == leading_shape(file, item), f"scalar {name} has shape {item.shape}")


def check_value(file, name, index, x, y, z, component, value):
    rank = next(rank for rank in range(3) if name in file[f"t{rank}_fields"])
    cell = (int(x), int(y), int(z))[:int(file.attrs["n_spatial_dims"])]
    found = file[f"t{rank}_fields"][name][(0, int(index)) + cell].reshape(-1)[int(component)]
    require(abs(found - float(value)) <= 1e-6*abs(float(value)), f"{name}{cell} is {found}, not {value}")


def main(path, *values):
    with h5py.File(path, "r") as file:
        require(isinstance(file.attrs["dataset_name"], str), "no @dataset_name")
        require(file.attrs["grid_type"] == "cartesian", "@grid_type is not cartesian")
        axes = check_dimensions(file)
        check_fields(file, axes)
        check_boundary_conditions(file, axes)
        check_parameters(file)
        for i in range(0, len(values), 7):
            check_value(file, *values[i:i + 7])


main(*sys.argv[1:])
