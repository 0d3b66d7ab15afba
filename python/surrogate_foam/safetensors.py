"""The safetensors format with numpy alone: named arrays, and texts under `__metadata__`"""
import json
import os
import tempfile

import numpy as np

TYPES = {"F64": "<f8", "I64": "<i8", "F32": "<f4", "BF16": "<u2", "U8": "u1"}   # bfloat16: its bits


def from_bfloat16(bits):
    """float32 of the same value"""
    return (np.asarray(bits, "<u2").astype("<u4") << 16).view("<f4")


def to_bfloat16(values):
    """Bits of the nearest bfloat16, ties to even; NaN stays NaN"""
    bits = np.asarray(values, "<f4").view("<u4")
    rounded = (bits.astype("<u8") + 0x7FFF + ((bits >> 16) & 1)) >> 16
    return np.where(np.isnan(values), 0x7FC0, rounded).astype("<u2")


def read(path):
    """({name: array}, {key: text}); arrays in their own types, but bfloat16 as float32. ValueError on a damaged file."""
    with open(path, "rb") as file:
        content = file.read()
    start = 8 + int.from_bytes(content[:8], "little")
    if len(content) < 8 or start > len(content):
        raise ValueError(f"{path}: not a safetensors file, or truncated: {len(content)} bytes, header up to {start}")
    try:
        header = json.loads(content[8:start])
    except ValueError as error:
        raise ValueError(f"{path}: the header is not JSON: {error}") from error
    metadata = header.pop("__metadata__", {})
    arrays = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        kind = TYPES.get(entry["dtype"])
        if kind is None:
            raise ValueError(f"{path}, array {name}: type {', '.join(TYPES)} expected, found {entry['dtype']}")
        size = int(np.prod(entry["shape"], dtype=np.int64))*np.dtype(kind).itemsize
        if end - begin != size or start + end > len(content):
            raise ValueError(f"{path}, array {name}: {size} bytes expected, found {min(end, len(content) - start) - begin}")
        values = np.frombuffer(content[start + begin:start + end], kind).reshape(entry["shape"])
        arrays[name] = from_bfloat16(values) if entry["dtype"] == "BF16" else values
    return arrays, metadata


def write(path, arrays, metadata, types=None):
    """arrays: {name: numpy array}; metadata: {key: text}; types: {name: "BF16"} for what is not to be stored in its own type.
    A temporary file beside `path` is renamed, so that a reader never sees half a file."""
    names = {np.dtype(kind): name for name, kind in TYPES.items() if name != "BF16"}
    stored = {}
    for name, array in arrays.items():
        kind = (types or {}).get(name) or names.get(np.asarray(array).dtype)
        if kind is None:
            raise ValueError(f"array {name}: type {', '.join(map(str, names))} expected, found {np.asarray(array).dtype}")
        values = to_bfloat16(array) if kind == "BF16" else np.asarray(array, TYPES[kind])
        stored[name] = (kind, np.ascontiguousarray(values).reshape(np.shape(array)))
    header, end = {"__metadata__": metadata}, 0
    order = sorted(stored, key=lambda name: (-stored[name][1].itemsize, name))   # each aligned to its element
    for name in order:
        kind, values = stored[name]
        header[name] = {"dtype": kind, "shape": list(values.shape), "data_offsets": [end, end + values.nbytes]}
        end += values.nbytes
    text = json.dumps(header, allow_nan=False).encode()
    text += b" "*(-len(text) % 8)
    folder = os.path.dirname(os.path.abspath(path))
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
        try:
            file.write(len(text).to_bytes(8, "little") + text)
            for name in order:
                file.write(stored[name][1].tobytes())
        except BaseException:
            os.unlink(file.name)
            raise
    umask = os.umask(0)
    os.umask(umask)
    os.chmod(file.name, 0o666 & ~umask)
    os.replace(file.name, path)
