"""Models and data sets of surrogateFoam in Python: see doc/python.md.

    read_model, write_model         model files (doc/model-file.md): numpy alone
    DataSet, DataSetWriter          data sets (doc/data-sets.md): numpy and h5py
    surrogate_foam.networks         the networks, for PyTorch
    surrogate_foam.emulator         an emulator around them, for PyTorch
"""
from .data_sets import DataSet, DataSetWriter
from .manifest import check_manifest, make_manifest
from .model_file import Model, read_model, write_model

__all__ = ["DataSet", "DataSetWriter", "Model", "check_manifest", "make_manifest", "read_model", "write_model"]
