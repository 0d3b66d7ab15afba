"""Model files: NAME.safetensors, see doc/model-file.md"""
import json

import numpy as np

from . import safetensors
from .manifest import check_manifest


class Model:
    """manifest: dictionary, see doc/model-file.md; arrays: {name: numpy array}"""

    def __init__(self, manifest, arrays):
        self.manifest = manifest
        self.arrays = arrays

    def write(self, path, storage="F32"):
        write_model(path, self.manifest, self.arrays, storage)


def read_model(path):
    """The Model in a file. ValueError, naming file and entry, on a damaged file or one without a manifest."""
    arrays, metadata = safetensors.read(path)
    if "manifest" not in metadata:
        raise ValueError(f"{path}: no manifest, so it is not a model of surrogateFoam")
    manifest = json.loads(metadata["manifest"])
    check_manifest(manifest, path)
    return Model(manifest, arrays)


def write_model(path, manifest, arrays, storage="F32"):
    """Writes what surrogateStep and the other programs read.

    arrays: {name: numpy array or PyTorch tensor}, a network's state_dict() for instance. storage: F32, BF16 or F64, how the
    network's arrays are kept; those of the statistics (statistics.*) are always F64. The names and shapes must be those of the
    network that the manifest describes: surrogateFoam checks them when it reads the file. ValueError where the manifest is not
    valid or a number is not finite."""
    check_manifest(manifest, path)
    if storage not in ("F32", "BF16", "F64"):
        raise ValueError(f"storage: F32, BF16 or F64 expected, found {storage}")
    numbers, types = {}, {}
    for name, values in arrays.items():
        if hasattr(values, "detach"):
            values = values.detach().cpu().double().numpy()
        numbers[name] = np.asarray(values, np.float64)
        if not np.isfinite(numbers[name]).all():
            raise ValueError(f"{path}, array {name}: finite numbers expected, found NaN or infinity")
        types[name] = "F64" if name.startswith("statistics.") else storage
    text = json.dumps(manifest, indent=4, allow_nan=False)
    safetensors.write(path, numbers, {"manifest": text}, types)
