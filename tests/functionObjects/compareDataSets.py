#!/usr/bin/python3
"""usage: compareDataSets.py FILE OTHER TOLERANCE: same times and, to the tolerance, the same fields; says how many snapshots"""
import sys

import h5py
import numpy as np

with h5py.File(sys.argv[1], "r") as a, h5py.File(sys.argv[2], "r") as b:
    if not np.array_equal(a["dimensions/time"], b["dimensions/time"]):
        sys.exit(f"times differ: {a['dimensions/time'][:]} and {b['dimensions/time'][:]}")
    for group in ("t0_fields", "t1_fields"):
        for name in a[group].attrs["field_names"]:
            largest = np.abs(a[group][name][:] - b[group][name][:]).max()
            if not largest <= float(sys.argv[3]):
                sys.exit(f"{name} differs by {largest}")
            if a[group][name].attrs["time_varying"] and np.abs(np.diff(a[group][name][:], axis=1)).max() == 0:
                sys.exit(f"{name} does not change with time")
    print(len(a["dimensions/time"]), "snapshots")
