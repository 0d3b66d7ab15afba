"""The manifest of a model file (doc/model-file.md) as a dictionary: made, and checked as surrogateFoam checks it"""
import math

WALLS = ("none", "lower", "upper", "both")
GEOMETRY = ("fluid", "distance")
DIMENSIONS = ("kg", "m", "s", "K", "mol", "A", "cd")


def variable_names(variables, fields):
    """Names of the variables that a model sees: those of its fields (of vectors with _x, _y, _z, of tensors with _1, _2, ...), before
    them vorticity"""
    names = []
    for field in fields:
        n = field["components"]
        names += [field["name"]] if n == 1 else [f"{field['name']}_{'xyz'[c] if n <= 3 else c + 1}" for c in range(n)]
    return (["vorticity"] if variables == "vorticity" else []) + names


def n_predicted(manifest):
    return len(manifest["variables"]["incrementStddev"])


def make_manifest(fields, grid, time_step, mean, stddev, increment_stddev, *, settings=None, variables="fields",
                  method="emulator", network="uNet", diffusion=None, geometry=None, hierarchy=None, history=1,
                  origin=None):
    """A complete manifest, checked.

    fields: [{"name", "components", "dimensions"}], dimensions the exponents of kg m s K mol A cd; grid: {"cells", "lower",
    "upper", "periodic", "walls"}; both as DataSet has them. time_step [s]. mean, stddev: one a variable, physical units;
    increment_stddev: of the change over one time step, one a predicted variable. settings: of the network.
    geometry: {"channels", "distanceLength"} of a model that needs to know walls and bodies.
    hierarchy: {"pool", "incrementStddev"} of method hierarchicalEmulator. history: states that an emulator sees, the present one and
    those of the time steps before it. origin: {word: text}."""
    manifest = {
        "format": 1,
        "method": method,
        "network": {"type": network, "settings": dict(settings or {})},
        "fields": [dict(field) for field in fields],
        "grid": {"walls": ["none"]*len(grid["cells"]), **grid},
        "variables": {
            "type": variables,
            "names": variable_names(variables, fields),
            "mean": [float(x) for x in mean],
            "stddev": [float(x) for x in stddev],
            "incrementStddev": [float(x) for x in increment_stddev],
        },
        "time": {"step": float(time_step), "history": int(history)},
        "diffusion": dict(diffusion or {}),
        "origin": {key: str(value) for key, value in (origin or {}).items()},
    }
    if geometry is not None:
        manifest["geometry"] = dict(geometry)
    if hierarchy is not None:
        manifest["hierarchy"] = dict(hierarchy)
    check_manifest(manifest, "the manifest")
    return manifest


def check_manifest(manifest, where):
    """ValueError that names the entry, what is expected there and what was found"""
    def require(holds, entry, expected, found):
        if not holds:
            raise ValueError(f"{where}, entry {entry}: {expected} expected, found {found}")

    for entry in ("format", "method", "network", "fields", "grid", "variables", "time", "diffusion", "origin"):
        require(entry in manifest, entry, "an entry", "none")
    require(manifest["format"] == 1, "format", "1", manifest["format"])
    for entry in ("type", "settings"):
        require(entry in manifest["network"], f"network.{entry}", "an entry", "none")
    for entry in ("type", "names", "mean", "stddev", "incrementStddev"):
        require(entry in manifest["variables"], f"variables.{entry}", "an entry", "none")
    _check_grid(manifest["grid"], require)
    _check_fields(manifest["fields"], len(manifest["grid"]["cells"]), require)

    variables = manifest["variables"]
    n = len(variables["names"])
    require(n > 0, "variables.names", "at least one name", "none")
    for entry in ("mean", "stddev", "incrementStddev"):
        values = variables[entry]
        fits = 0 < len(values) <= n if entry == "incrementStddev" else len(values) == n
        require(fits, f"variables.{entry}", f"{n} values, one a variable", len(values))
        for value in values:
            require(math.isfinite(value) and (entry == "mean" or value > 0), f"variables.{entry}",
                    "finite numbers" if entry == "mean" else "positive numbers", value)
    if "geometry" in manifest:
        channels = manifest["geometry"]["channels"]
        require(set(channels) <= set(GEOMETRY) and len(set(channels)) == len(channels), "geometry.channels",
                "each of " + ", ".join(GEOMETRY) + " at most once", channels)
        length = manifest["geometry"]["distanceLength"]
        require("distance" not in channels or length > 0, "geometry.distanceLength", "a positive number", length)
    _check_hierarchy(manifest, require)
    step = manifest["time"]["step"]
    require(step > 0 and math.isfinite(step), "time.step", "a positive number", step)
    history = manifest["time"]["history"]
    require(history >= 1, "time.history", "1 or more", history)
    require(history == 1 or manifest["method"] == "emulator", "time.history", f"1 with method {manifest['method']}", history)


def _check_hierarchy(manifest, require):
    hierarchical = manifest["method"] == "hierarchicalEmulator"
    require(("hierarchy" in manifest) == hierarchical, "hierarchy", "one of a hierarchicalEmulator, and of no other method",
            "one" if "hierarchy" in manifest else "none")
    if not hierarchical:
        return
    pool, stddevs = manifest["hierarchy"]["pool"], manifest["hierarchy"]["incrementStddev"]
    last = 1
    for factor in pool:
        require(factor > last, "hierarchy.pool", f"{last + 1} or more", factor)
        require(all(n % factor == 0 for n in manifest["grid"]["cells"]), "hierarchy.pool",
                f"factors that divide {manifest['grid']['cells']} cells", factor)
        last = factor
    require(len(stddevs) == len(pool), "hierarchy.incrementStddev", f"{len(pool)} lists, one a factor", len(stddevs))
    for values in stddevs:
        require(len(values) == n_predicted(manifest), "hierarchy.incrementStddev", f"{n_predicted(manifest)} values in each list",
                len(values))
        require(all(math.isfinite(value) and value > 0 for value in values), "hierarchy.incrementStddev", "positive numbers", values)


def _check_grid(grid, require):
    for entry in ("cells", "lower", "upper", "periodic"):
        require(entry in grid, f"grid.{entry}", "an entry", "none")
    d = len(grid["cells"])
    require(1 <= d <= 3, "grid.cells", "1 to 3 numbers", d)
    for entry in ("lower", "upper", "periodic", "walls"):
        values = grid.get(entry, ["none"]*d)
        require(len(values) == d, f"grid.{entry}", f"{d} values", len(values))
    for axis in range(d):
        require(grid["cells"][axis] >= 1, "grid.cells", "1 or more", grid["cells"][axis])
        require(grid["upper"][axis] > grid["lower"][axis], "grid.upper", f"more than {grid['lower'][axis]}", grid["upper"][axis])
        walls = grid.get("walls", ["none"]*d)[axis]
        require(walls in WALLS, "grid.walls", ", ".join(WALLS), walls)
        require(walls == "none" or not grid["periodic"][axis], "grid.walls", "none along a periodic axis", walls)


def _check_fields(fields, d, require):
    require(len(fields) > 0, "fields", "at least one field", "none")
    names = [field["name"] for field in fields]
    require(len(set(names)) == len(names), "fields", "each field once", names)
    for field in fields:
        require(field["components"] in (1, d, d*d), f"fields.{field['name']}.components", f"1, {d} or {d*d}", field["components"])
        require(len(field["dimensions"]) == 7, f"fields.{field['name']}.dimensions", f"7 exponents ({' '.join(DIMENSIONS)})",
                len(field["dimensions"]))
