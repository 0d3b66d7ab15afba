"""The networks of surrogateFoam (src/model/torch/networks) for PyTorch: same options, parameter names and outputs"""
import math

try:
    import torch
except ImportError as error:
    raise ImportError("surrogate_foam.networks needs PyTorch (Debian: python3-torch)") from error
import torch.nn.functional as F
from torch import nn

from .data_sets import spatial_shape
from .manifest import n_predicted

# Frames in and out of a diffusion model's network, heads, numbers that it is told: see Methods in doc/model-file.md
METHODS = {"sns": (3, 2, 2, 0), "snsLagged": (3, 2, 2, 1), "thermalizer": (1, 1, 1, 0), "acdm": (2, 2, 0, 1),
           "cleanCondition": (2, 1, 0, 1), "pdeRefiner": (2, 1, 0, 1)}


def make_network(manifest):
    """The network that a manifest describes, of an emulator, a hierarchical one or a diffusion model, with random weights"""
    kind, settings = manifest["network"]["type"], dict(manifest["network"]["settings"])
    if kind not in NETWORKS:
        raise ValueError(f"network.type: {', '.join(NETWORKS)} expected, found {kind}")
    predicted = n_predicted(manifest)
    hints = {}
    if manifest["method"] == "emulator":
        inputs, outputs = manifest["time"]["history"]*len(manifest["variables"]["names"]), predicted
    elif manifest["method"] == "hierarchicalEmulator":
        inputs, outputs = len(manifest["variables"]["names"]), predicted
        pool = manifest["hierarchy"]["pool"]
        if pool and kind == "hineUNet":
            hints = {"pool": pool, "variables": inputs}
        if pool:
            inputs, outputs = inputs + predicted*len(pool) + 1, outputs*(1 + len(pool))
    elif manifest["method"] in METHODS:
        before, after, heads, numbers = METHODS[manifest["method"]]
        inputs, outputs = before*predicted, after*predicted
        settings["heads"] = heads
        settings.setdefault("embeddings", [512]*numbers)
        if heads > 0:
            settings["levels"] = manifest["diffusion"]["levels"]
        if heads == 1:
            settings.setdefault("headsCondition", False)
    else:
        raise ValueError(f"method: {', '.join(['emulator', 'hierarchicalEmulator', *METHODS])} expected, found {manifest['method']}")
    inputs += len(manifest.get("geometry", {}).get("channels", []))
    return NETWORKS[kind](manifest["grid"], inputs, outputs, **hints, **settings)


def load_arrays(network, arrays):
    """Sets a network's parameters from the arrays of a model file. ValueError unless names and shapes are the network's."""
    weights = {name: torch.tensor(values) for name, values in arrays.items() if not name.startswith("statistics.")}
    own = {name: tuple(values.shape) for name, values in network.state_dict().items()}
    found = {name: tuple(values.shape) for name, values in weights.items()}
    for name in sorted(set(own) | set(found)):
        if own.get(name) != found.get(name):
            raise ValueError(f"array {name}: shape {own.get(name, 'none, no such array')} expected, "
                             f"found {found.get(name, 'no such array')}")
    network.load_state_dict(weights)


class Padding:
    """What stands beyond the sides of a grid: a periodic axis wraps, beyond a wall is zero, at an open side the outermost cell goes
    on"""

    def __init__(self, grid):
        self.dimensions = len(grid["cells"])
        walls = grid.get("walls", ["none"]*self.dimensions)
        self.sides = [["wrap"]*2 if periodic else ["zero" if wall in (side, "both") else "replicate" for side in ("lower", "upper")]
                      for periodic, wall in zip(grid["periodic"], walls)]

    def __call__(self, x, width):
        for axis, (lower, upper) in enumerate(self.sides):
            dim, n = x.dim() - 1 - axis, x.size(x.dim() - 1 - axis)
            parts = [self._side(x, dim, lower, 0, n - width, width), x, self._side(x, dim, upper, n - 1, 0, width)]
            x = torch.cat(parts, dim)
        return x

    @staticmethod
    def _side(x, dim, kind, outermost, opposite, width):
        if kind == "wrap":
            return x.narrow(dim, opposite, width)
        side = x.narrow(dim, outermost, 1).repeat_interleave(width, dim)
        return torch.zeros_like(side) if kind == "zero" else side

    def kernel(self, cells):
        """Shape of a kernel with so many cells along each axis; a 1-D grid has [1][x]"""
        return [1, cells] if self.dimensions == 1 else [cells]*self.dimensions

    def strides(self, stride):
        return (1, stride) if self.dimensions == 1 else (stride,)*self.dimensions


class Parameters(nn.Module):
    """weight and bias, uniform on +-1/sqrt(fan-in)"""

    def __init__(self, first, second, kernel, outputs):
        super().__init__()
        bound = 1/math.sqrt(second*math.prod(kernel))
        self.weight = nn.Parameter(torch.empty(first, second, *kernel).uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.empty(outputs).uniform_(-bound, bound))


class Convolution(Parameters):
    def __init__(self, padding, inputs, outputs, kernel, stride=1):
        super().__init__(outputs, inputs, padding.kernel(kernel), outputs)
        self.padding, self.width, self.stride = padding, kernel//2, padding.strides(stride)

    def forward(self, x):
        convolve = F.conv3d if self.padding.dimensions == 3 else F.conv2d
        return convolve(self.padding(x, self.width) if self.width else x, self.weight, self.bias, self.stride)


class Upsample(Parameters):
    """Transposed convolution of kernel 4 and stride 2, padded as the grid is: the coarse field is padded, the fine one cut"""

    def __init__(self, padding, channels):
        super().__init__(channels, channels, padding.kernel(4), channels)
        self.padding = padding

    def forward(self, x):
        d = self.padding.dimensions
        convolve = F.conv_transpose3d if d == 3 else F.conv_transpose2d
        fine = convolve(self.padding(x, 1), self.weight, self.bias, self.padding.strides(2), (0, 1) if d == 1 else 1)
        for axis in range(d):
            dim = fine.dim() - 1 - axis
            fine = fine.narrow(dim, 2, fine.size(dim) - 4)
        return fine


class Attention(nn.Module):
    """Single-head self-attention over all cells with a residual connection"""

    def __init__(self, channels):
        super().__init__()
        self.queryKeyValue = nn.Linear(channels, 3*channels)
        self.output = nn.Linear(channels, channels)

    def forward(self, x):
        query, key, value = self.queryKeyValue(x.flatten(2).transpose(1, 2)).chunk(3, -1)
        weights = torch.softmax(query/math.sqrt(x.size(1)) @ key.transpose(1, 2), -1)
        return x + self.output(weights @ value).transpose(1, 2).reshape(x.shape)


class ResidualBlock(nn.Module):
    """Pre-activation residual block; after each convolution the conditioning vectors are added"""

    def __init__(self, padding, inputs, outputs, options, embeddings):
        super().__init__()
        def norm(channels):
            return nn.GroupNorm(8, channels) if options["norm"] == "group" else nn.Identity()

        self.activation = getattr(F, options["activation"])
        self.sum = options["conditioning"] == "sum"
        self.norm1, self.norm2 = norm(inputs), norm(outputs)
        self.convolution1 = Convolution(padding, inputs, outputs, 3)
        self.convolution2 = Convolution(padding, outputs, outputs, 3)
        self.shortcut = Convolution(padding, inputs, outputs, 1) if inputs != outputs else None
        self.linears1 = nn.ModuleList(nn.Linear(size, outputs) for size in embeddings)
        self.linears2 = nn.ModuleList(nn.Linear(size, outputs) for size in embeddings)
        nn.init.zeros_(self.convolution2.weight)   # starts as its shortcut
        nn.init.zeros_(self.convolution2.bias)

    def condition(self, h, vectors, linears):
        shifts = [linear(vector)[(...,) + (None,)*(h.dim() - 2)] for linear, vector in zip(linears, vectors)]
        if self.sum:
            return sum(shifts, h)
        for shift in shifts:
            h = self.activation(h + shift)
        return h

    def forward(self, x, vectors):
        h = self.condition(self.convolution1(self.activation(self.norm1(x))), vectors, self.linears1)
        h = self.condition(self.convolution2(self.activation(self.norm2(h))), vectors, self.linears2)
        return h + (x if self.shortcut is None else self.shortcut(x))


class ConditionMlp(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.first, self.second = nn.Linear(size, size), nn.Linear(size, size)

    def forward(self, x):
        return F.gelu(self.second(F.gelu(self.first(x))))


class LevelHead(nn.Module):
    """Classifies a noise level from the bottleneck: logits [n][levels]"""

    def __init__(self, padding, channels, cells, features, levels):
        super().__init__()
        each = max(1, math.floor(features/cells + 0.5))
        self.convolution = Convolution(padding, channels, channels, 3)
        self.project = Convolution(padding, channels, each, 1)
        self.first, self.second = nn.Linear(each*cells, levels), nn.Linear(levels, levels)

    def forward(self, x):
        h = self.project(F.gelu(self.convolution(F.gelu(x))))
        return self.second(F.gelu(self.first(h.flatten(1))))


def sinusoidal_embedding(number, size):
    """Sines and cosines of a number at size/2 frequencies from 1 to 1e-4: [n] -> [n][size], float32"""
    half = size//2
    exponents = torch.arange(half, dtype=torch.float64, device=number.device)*(-math.log(1e4)/max(1, half - 1))
    phases = number.double()[:, None]*torch.exp(exponents)
    return torch.cat([torch.sin(phases), torch.cos(phases)], 1).float()


def cells_to_channels(x, d, factor):
    """Blocks of factor^d cells become channels, those of a cell together"""
    factors = [factor if axis < d else 1 for axis in range(x.dim() - 2)][::-1]   # z, y, x
    n, c, *cells = x.shape
    sizes = [n, c] + [size for cell, f in zip(cells, factors) for size in (cell//f, f)]
    count = len(cells)
    order = [0] + [3 + 2*i for i in range(count)] + [1] + [2 + 2*i for i in range(count)]
    return x.reshape(sizes).permute(order).reshape([n, -1] + [cell//f for cell, f in zip(cells, factors)])


def channels_to_cells(x, d, factor):
    """The reverse of cells_to_channels"""
    factors = [factor if axis < d else 1 for axis in range(x.dim() - 2)][::-1]
    n, c, *cells = x.shape
    count = len(cells)
    sizes = [n] + factors + [c//math.prod(factors)] + cells
    order = [0, 1 + count] + [index for i in range(count) for index in (2 + count + i, 1 + i)]
    return x.reshape(sizes).permute(order).reshape([n, -1] + [cell*f for cell, f in zip(cells, factors)])


def position_channels(grid, wave_numbers):
    """Sines and cosines of the given wave numbers along x, y, z in the cells' centres: [1][channel][(z)][y][x]; None: none"""
    channels = []
    shape = spatial_shape(grid)
    for axis, m in enumerate(wave_numbers):
        if not m:
            continue
        n = grid["cells"][axis]
        phase = 2*math.pi*m*(torch.arange(n, dtype=torch.float64) + 0.5)/n
        sizes = [1]*(2 + len(shape))
        sizes[-1 - axis] = n
        channels += [wave(phase).reshape(sizes).expand(1, 1, *shape) for wave in (torch.sin, torch.cos)]
    return torch.cat(channels, 1).float() if channels else None


class UNet(nn.Module):
    """The U-Net of src/model/torch/networks/uNet.h, with its options and defaults. x: [n][inputs][(z)][y][x], in 1-D [1][x].

    forward(x, numbers) gives the output channels; evaluate(x, numbers) also the logits of the heads, a list. numbers: what
    conditions the network (a noise level, a lag), [n] each, one an entry of `embeddings`. settings: all options, for the manifest.
    """

    DEFAULTS = {"width": 32, "multipliers": [2, 2, 2], "blocks": 2, "norm": "none", "activation": "gelu", "attention": [],
                "patch": 1, "positions": [], "embeddings": [], "heads": 0, "levels": 1000, "headFeatures": 4096,
                "headsCondition": True, "conditioning": "separate"}
    WORDS = {"norm": ("none", "group"), "activation": ("gelu", "silu"), "conditioning": ("separate", "sum")}

    def __init__(self, grid, inputs, outputs, **settings):
        super().__init__()
        unknown = set(settings) - set(self.DEFAULTS)
        if unknown:
            raise ValueError(f"network.settings: {', '.join(self.DEFAULTS)} expected, found {', '.join(sorted(unknown))}")
        self.settings = {**self.DEFAULTS, **settings}
        self.padding, self.d = Padding(grid), len(grid["cells"])
        options = self.settings
        self._check(grid["cells"])
        self.activation, self.patch = getattr(F, options["activation"]), options["patch"]
        positions = position_channels(grid, options["positions"])
        self.register_buffer("positionChannels", positions, persistent=False)
        patch_cells = self.patch**self.d
        self._build(patch_cells*(inputs + (0 if positions is None else positions.size(1))), grid["cells"])
        self.project = Convolution(self.padding, options["width"], patch_cells*outputs, 3)

    def _check(self, cells):
        o = self.settings
        def require(holds, entry, expected):
            if not holds:
                raise ValueError(f"network.settings.{entry}: {expected} expected, found {o[entry]}")

        for entry, words in self.WORDS.items():
            require(o[entry] in words, entry, " or ".join(words))
        for entry in ("width", "blocks", "patch", "headFeatures"):
            require(o[entry] >= 1, entry, "1 or more")
        require(o["norm"] == "none" or o["width"] % 8 == 0, "width", "a multiple of 8 with norm group")
        require(len(o["multipliers"]) > 0, "multipliers", "at least one")
        require(o["heads"] >= 0, "heads", "0 or more")
        require(o["levels"] >= 2, "levels", "2 or more")
        require(len(o["attention"]) in (0, len(o["multipliers"]) + 1), "attention",
                f"{len(o['multipliers']) + 1} flags: one a level and one for the middle")
        require(len(o["positions"]) in (0, self.d), "positions", f"{self.d} wave numbers, one an axis")
        self.coarsest = o["patch"]*2**(len(o["multipliers"]) - 1)
        require(all(n % self.coarsest == 0 for n in cells), "multipliers",
                f"a grid whose cells are multiples of {self.coarsest}, not {cells},")

    def _build(self, inputs, cells):
        o, padding = self.settings, self.padding
        encoder = list(o["embeddings"])
        decoder = ([o["levels"]]*o["heads"] if o["headsCondition"] else []) + encoder
        flags = o["attention"] or [0]*(len(o["multipliers"]) + 1)
        self.lift = Convolution(padding, inputs, o["width"], 3)
        channels = o["width"]
        for level, multiplier in enumerate(o["multipliers"]):
            wide = channels*multiplier
            for b in range(o["blocks"]):
                self.add_module(f"down{level}_{b}", ResidualBlock(padding, wide if b else channels, wide, o, encoder))
                if flags[level]:
                    self.add_module(f"downAttention{level}_{b}", Attention(wide))
            for b in range(o["blocks"] + 1):
                out = wide if b < o["blocks"] else channels   # also the channels of its skip connection
                self.add_module(f"up{level}_{b}", ResidualBlock(padding, wide + out, out, o, decoder))
                if flags[level]:
                    self.add_module(f"upAttention{level}_{b}", Attention(out))
            if level + 1 < len(o["multipliers"]):
                self.add_module(f"coarsen{level}_0", Convolution(padding, wide, wide, 3, 2))
            if level > 0:
                self.add_module(f"refine{level}_0", Upsample(padding, channels))
            channels = wide
        self.middle1 = ResidualBlock(padding, channels, channels, o, encoder)
        if flags[-1]:
            self.middleAttention = Attention(channels)
        self.middle2 = ResidualBlock(padding, channels, channels, o, encoder)
        for i, size in enumerate(encoder):
            self.add_module(f"numberMlp{i}", ConditionMlp(size))
        coarse = math.prod(n//self.coarsest for n in cells)
        for i in range(o["heads"]):
            self.add_module(f"head{i}", LevelHead(padding, channels, coarse, o["headFeatures"], o["levels"]))
            if o["headsCondition"]:
                self.add_module(f"headMlp{i}", ConditionMlp(o["levels"]))

    def _part(self, name):
        return getattr(self, name, nn.Identity())

    def forward(self, x, numbers=()):
        return self.evaluate(x, numbers)[0]

    def evaluate(self, x, numbers=()):
        sizes = self.settings["embeddings"]
        if len(numbers) != len(sizes):
            raise ValueError(f"UNet: {len(sizes)} conditioning numbers expected, found {len(numbers)}")
        vectors = [self._part(f"numberMlp{i}")(sinusoidal_embedding(number, size).to(x.dtype))
                   for i, (number, size) in enumerate(zip(numbers, sizes))]
        bottleneck, skips = self._encode(x, vectors)
        logits = [self._part(f"head{i}")(bottleneck) for i in range(self.settings["heads"])]
        if self.settings["headsCondition"]:
            vectors = [self._part(f"headMlp{i}")(torch.softmax(logit, 1)) for i, logit in enumerate(logits)] + vectors
        return self._decode(bottleneck, vectors, skips), logits

    def _encode(self, x, vectors):
        if self.positionChannels is not None:
            positions = self.positionChannels.to(x.dtype)
            x = torch.cat([x, positions.expand(x.size(0), *positions.shape[1:])], 1)
        h = self.lift(cells_to_channels(x, self.d, self.patch))
        skips = [h]
        levels = len(self.settings["multipliers"])
        for level in range(levels):
            for b in range(self.settings["blocks"]):
                h = self._part(f"downAttention{level}_{b}")(self._part(f"down{level}_{b}")(h, vectors))
                skips.append(h)
            if level + 1 < levels:
                h = self._part(f"coarsen{level}_0")(h)
                skips.append(h)
        return self.middle2(self._part("middleAttention")(self.middle1(h, vectors)), vectors), skips

    def _decode(self, h, vectors, skips):
        for level in reversed(range(len(self.settings["multipliers"]))):
            for b in range(self.settings["blocks"] + 1):
                h = self._part(f"up{level}_{b}")(torch.cat([h, skips.pop()], 1), vectors)
                h = self._part(f"upAttention{level}_{b}")(h)
            h = self._part(f"refine{level}_0")(h)
        return channels_to_cells(self.project(self.activation(h)), self.d, self.patch)


def first_of_blocks(x, d, factor):
    """The value in the first cell of each block of factor^d cells"""
    for axis in range(d):
        x = x[(...,) + (slice(None, None, factor),) + (slice(None),)*axis]
    return x


def repeat_blocks(x, d, factor):
    """The reverse: each value in all cells of its block"""
    for axis in range(d):
        x = x.repeat_interleave(factor, x.dim() - 1 - axis)
    return x


class DepthwiseSpectral(nn.Module):
    """Multiplies each channel's lowest Fourier modes by complex weights of its own and drops the others; along an axis that is not
    periodic the field goes on as zero, for once the axis' length. What C++ does with products of cosines and sines, by FFTs.
    cells: along x, y, z; modes: |k| < modes along each axis, at most half of its cells."""

    def __init__(self, padding, cells, channels, modes):
        super().__init__()
        outward = list(cells)[::-1]   # in a tensor's order
        self.cells = outward
        self.periods = [n if sides[0] == "wrap" else 2*n for n, sides in zip(cells, padding.sides)][::-1]
        waves = []
        for i, n in enumerate(outward):
            kept = min(modes, max(n//2, 1))
            waves.append(torch.arange(1 - kept if i else 0, kept))   # of the outermost axis half of the spectrum: the field is real
        self.waves = torch.meshgrid(*waves, indexing="ij")
        self.weight = nn.Parameter(0.5*torch.randn(2, self.waves[0].numel(), channels))

    def forward(self, x):
        d = len(self.cells)
        dims = list(range(-d, 0))
        spectrum = torch.fft.fftn(x, s=self.periods, dim=dims)
        where = (...,) + tuple(k % period for k, period in zip(self.waves, self.periods))
        weight = torch.complex(self.weight[0], self.weight[1]).t().reshape(-1, *self.waves[0].shape)
        if d < x.dim() - 2:
            weight = weight[:, None]
        twice = torch.where(self.waves[0] > 0, 2.0, 1.0).to(x.dtype)
        out = torch.zeros_like(spectrum)
        out[where] = spectrum[where]*weight*twice
        y = torch.fft.ifftn(out, dim=dims).real
        return y[(...,) + tuple(slice(n) for n in self.cells)]


class HineBlock(nn.Module):
    def __init__(self, padding, cells, inputs, outputs, embedding, modes):
        super().__init__()
        def norm(channels):
            return nn.GroupNorm(math.gcd(channels, 8), channels)

        self.norm1, self.norm2 = norm(inputs), norm(outputs)
        self.convolution1 = Convolution(padding, inputs, outputs, 3)
        self.convolution2 = Convolution(padding, outputs, outputs, 3)
        self.shortcut = Convolution(padding, inputs, outputs, 1) if inputs != outputs else None
        if modes > 0:
            self.normSpectral, self.spectral = norm(outputs), DepthwiseSpectral(padding, cells, outputs, modes)
        self.affine = nn.Linear(embedding, 2*outputs) if embedding else None
        nn.init.zeros_(self.convolution2.weight)   # starts as its shortcut
        nn.init.zeros_(self.convolution2.bias)

    def forward(self, x, embedding):
        h = self.convolution1(F.silu(self.norm1(x)))
        if hasattr(self, "spectral"):
            h = h + self.spectral(F.silu(self.normSpectral(h)))
        h = self.norm2(h)
        if self.affine is not None:
            scale, shift = self.affine(embedding)[(...,) + (None,)*(h.dim() - 2)].chunk(2, 1)
            h = h*(1 + scale) + shift
        return self.convolution2(F.silu(h)) + (x if self.shortcut is None else self.shortcut(x))


class HineUNet(nn.Module):
    """The U-Net of src/model/torch/networks/hineUNet.h, with its options and defaults. x: [n][inputs][(z)][y][x], in 1-D [1][x].
    pool, variables: of a hierarchical emulator, its factors and the number of its variables (see Hierarchies in doc/model-file.md)."""

    DEFAULTS = {"width": 16, "multipliers": [1, 2, 2], "blocks": 1, "modes": 16, "attention": False, "patch": 1, "positions": [],
                "embedding": 64}

    def __init__(self, grid, inputs, outputs, pool=(), variables=0, **settings):
        super().__init__()
        unknown = set(settings) - set(self.DEFAULTS)
        if unknown:
            raise ValueError(f"network.settings: {', '.join(self.DEFAULTS)} expected, found {', '.join(sorted(unknown))}")
        self.settings = {**self.DEFAULTS, **settings}
        self.padding, self.d = Padding(grid), len(grid["cells"])
        self.pool, self.variables, self.patch = list(pool), variables, self.settings["patch"]
        self.each = outputs//(1 + len(self.pool))
        self._check(grid["cells"])
        positions = position_channels(grid, self.settings["positions"])
        self.register_buffer("positionChannels", positions, persistent=False)
        inputs += 0 if positions is None else positions.size(1)
        self._build(inputs - (self.each*len(self.pool) + 1 if self.pool else 0), grid["cells"])
        self._build_hints()

    def _check(self, cells):
        o = self.settings
        def require(holds, entry, expected):
            if not holds:
                raise ValueError(f"network.settings.{entry}: {expected} expected, found {o[entry]}")

        for entry in ("width", "blocks", "patch"):
            require(o[entry] >= 1, entry, "1 or more")
        require(o["modes"] >= 0, "modes", "0 or more")
        require(o["embedding"] >= 2, "embedding", "2 or more")
        require(len(o["multipliers"]) > 0 and min(o["multipliers"]) >= 1, "multipliers", "at least one, 1 or more each")
        require(len(o["positions"]) in (0, self.d), "positions", f"{self.d} wave numbers, one an axis")
        coarsest = o["patch"]*2**(len(o["multipliers"]) - 1)
        require(all(n % coarsest == 0 for n in cells), "multipliers", f"a grid whose cells are multiples of {coarsest}, not {cells},")
        require(all(factor % o["patch"] == 0 for factor in self.pool), "patch", f"a size that divides {self.pool}")

    def _build(self, inputs, cells):
        o, padding = self.settings, self.padding
        embedding = o["embedding"] if self.pool else 0
        self.inputs_of, self.cells, channels = [], [], o["width"]
        self.lift = Convolution(padding, self.patch**self.d*inputs, channels, 3)
        for level, multiplier in enumerate(o["multipliers"]):
            here, wide = [n//(self.patch*2**level) for n in cells], channels*multiplier
            self.inputs_of.append(channels)
            self.cells.append(here)
            for b in range(o["blocks"]):
                self.add_module(f"down{level}_{b}", HineBlock(padding, here, wide if b else channels, wide, embedding, o["modes"]))
            for b in range(o["blocks"] + 1):
                other = wide if b < o["blocks"] else channels
                self.add_module(f"up{level}_{b}", HineBlock(padding, here, wide + other, other, embedding, o["modes"]))
            if level + 1 < len(o["multipliers"]):
                self.add_module(f"coarsen{level}_0", Convolution(padding, wide, wide, 3, 2))
            if level > 0:
                self.add_module(f"refine{level}_0", Upsample(padding, channels))
            channels = wide
        self.middle1 = HineBlock(padding, here, channels, channels, embedding, o["modes"])
        self.attention = Attention(channels) if o["attention"] else nn.Identity()
        self.middle2 = HineBlock(padding, here, channels, channels, embedding, o["modes"])
        self.norm = nn.GroupNorm(math.gcd(o["width"], 8), o["width"])
        self.project = Convolution(padding, o["width"], self.patch**self.d*self.each, 3)

    def _build_hints(self):
        o, padding = self.settings, self.padding
        if self.pool:
            self.flagMlp = ConditionMlp(o["embedding"])
        self.level_of = []
        for i, factor in enumerate(self.pool):
            level = max(k for k in range(len(o["multipliers"])) if factor % (self.patch*2**k) == 0)
            self.level_of.append(level)
            channels, name = self.inputs_of[level], f"hint{i + 1}"
            for part in ("In", "Out"):
                self.add_module(name + part, HineBlock(padding, self.cells[level], channels, channels, o["embedding"], o["modes"]))
                self.add_module(f"{name}Norm{part}", nn.GroupNorm(math.gcd(channels, 8), channels))
            self.add_module(name + "Lift", Convolution(padding, self.each, channels, 3))
            self.add_module(name + "Project", Convolution(padding, channels, self.each, 3))

    def forward(self, x, numbers=()):
        return self.evaluate(x, numbers)[0]

    def evaluate(self, x, numbers=()):
        if len(numbers) > 0:
            raise ValueError(f"HineUNet: no conditioning numbers expected, found {len(numbers)}")
        n, embedding, seen = len(self.pool), None, x
        if self.pool:
            flag = self.variables + self.each*n
            values = x[:, flag].flatten(1)[:, 0]
            embedding = self.flagMlp(sinusoidal_embedding(values, self.settings["embedding"]).to(x.dtype))
            seen = torch.cat([x[:, :self.variables], x[:, flag + 1:]], 1)
        h, skips = self._encode(x, seen, embedding)
        return self._decode(h, embedding, skips), []

    def _encode(self, x, seen, embedding):
        if self.positionChannels is not None:
            positions = self.positionChannels.to(x.dtype)
            seen = torch.cat([seen, positions.expand(x.size(0), *positions.shape[1:])], 1)
        h, skips, levels = self.lift(cells_to_channels(seen, self.d, self.patch)), [], len(self.settings["multipliers"])
        for level in range(levels):
            for i, its_level in enumerate(self.level_of):
                if its_level == level:
                    part = lambda name: getattr(self, f"hint{i + 1}{name}")   # noqa: E731, B023: used at once
                    z = x[:, self.variables + i*self.each:self.variables + (i + 1)*self.each]
                    z = part("Lift")(first_of_blocks(z, self.d, self.patch*2**level))
                    h = h + part("NormIn")(part("In")(F.silu(z), embedding))
            skips.append(h)
            for b in range(self.settings["blocks"]):
                h = getattr(self, f"down{level}_{b}")(h, embedding)
                skips.append(h)
            if level + 1 < levels:
                h = getattr(self, f"coarsen{level}_0")(h)
        return self.middle2(self.attention(self.middle1(h, embedding)), embedding), skips

    def _decode(self, h, embedding, skips):
        hints = [None]*len(self.pool)
        for level in reversed(range(len(self.settings["multipliers"]))):
            for b in range(self.settings["blocks"] + 1):
                h = getattr(self, f"up{level}_{b}")(torch.cat([h, skips.pop()], 1), embedding)
            for i, its_level in enumerate(self.level_of):
                if its_level == level:
                    part = lambda name: getattr(self, f"hint{i + 1}{name}")   # noqa: E731, B023: used at once
                    z = part("Project")(F.silu(part("NormOut")(part("Out")(h, embedding))))
                    hints[i] = repeat_blocks(z, self.d, self.patch*2**level)
            if level > 0:
                h = getattr(self, f"refine{level}_0")(h)
        state = channels_to_cells(self.project(F.silu(self.norm(h))), self.d, self.patch)
        return torch.cat([state, *hints], 1)


NETWORKS = {"hineUNet": HineUNet, "uNet": UNet}
