"""The metrics of src/core/metrics against their formulas written once more with numpy, on random fields: at most 1e-6 apart.

usage: PRINT_METRICS=build/release/tests/printMetrics /usr/bin/python3 -m unittest metricsTest
"""
import itertools
import os
import subprocess
import tempfile
import unittest

import numpy as np


def least(mean_square):
    """What is added to denominators: 1e-7, of small fields 1e-7 of their mean square"""
    return 1e-7*(min(mean_square, 1) if mean_square > 0 else 1)


# Cells along x, y, z; lengths. Even and odd, equal and not.
GRIDS = [((32,), (2.0,)), ((27,), (1.0,)), ((64,), (6.3,)), ((1,), (1.0,)),
         ((16, 16), (1.0, 1.0)), ((15, 15), (1.0, 1.0)), ((30, 27), (3.0, 1.0)), ((9, 40), (1.0, 5.0)),
         ((8, 8, 8), (1.0, 1.0, 1.0)), ((7, 9, 5), (1.0, 2.0, 1.0)), ((26, 25, 28), (1.0, 1.0, 1.5))]


def metrics(mode, arrays, *words):
    """What printMetrics says of the arrays: {name: values}"""
    with tempfile.NamedTemporaryFile() as file:
        file.write(np.concatenate([np.ravel(array) for array in arrays]).astype("<f8").tobytes())
        file.flush()
        text = subprocess.run([os.environ["PRINT_METRICS"], mode, file.name, *map(str, words)], check=True,
                              capture_output=True, text=True).stdout
    lines = [line.split() for line in text.splitlines()]
    return {line[0]: np.array([float(word) for word in line[1:]]) for line in lines}


def norm2(field):
    """|f|^2 of components first"""
    return (field**2).sum(axis=0)


def field_errors(w, area, u, v):
    """u, v: components, cells"""
    def mean(f):
        return (w*f).sum(axis=-1)/w.sum()

    du, dv = u - mean(u)[:, None], v - mean(v)[:, None]
    variance = (w*norm2(du)).sum()/(w.sum() - (w**2).sum()/w.sum()) if w.size > 1 else 0
    error = mean(norm2(u - v))
    product = mean((du*dv).sum(axis=0))
    scale = np.sqrt(mean(norm2(du))*mean(norm2(dv)))
    return [np.sqrt(error/(variance + least(mean(norm2(u))))), np.sqrt(error/(mean(norm2(u)) + least(mean(norm2(u))))),
            product/scale if scale > 0 else 0, np.sqrt(error), np.sqrt(error/mean(norm2(u))),
            np.linalg.norm(mean(u) - mean(v)), np.linalg.norm(u - v, axis=0).max(),
            np.sqrt((area*norm2(u - v)).sum()/area.sum())]


class Modes:
    """Transforms of components on a grid; arrays are [component][z][y][x]"""

    def __init__(self, cells, lengths):
        self.cells, self.lengths, self.d = cells, lengths, len(cells)
        numbers = [np.fft.fftfreq(n, 1/n) for n in cells]                # whole numbers along x, y, z
        self.k = np.meshgrid(*reversed(numbers), indexing="ij")[::-1]    # of x, y, z

    def squares(self, field):
        hat = np.fft.fftn(field, axes=range(1, self.d + 1))/np.prod(self.cells)
        return norm2(np.abs(hat))

    def energy_spectrum(self, field):
        k = np.sqrt(sum((k*max(self.lengths)/length)**2 for k, length in zip(self.k, self.lengths)))
        return np.bincount(np.floor(k + 0.5).astype(int).ravel(), 0.5*self.squares(field).ravel())

    def bsnmse(self, u, v):
        k = np.sqrt(sum((2*np.pi*k/n)**2 for k, n in zip(self.k, self.cells)))
        edges = np.logspace(np.log10(2*np.pi/max(self.cells)), np.log10(np.pi*np.sqrt(self.d) + 1e-6), 4)
        edges[0] = 0
        bands = [(k >= low) & (k < high) for low, high in zip(edges, edges[1:])]
        return [self.squares(u - v)[band].sum()/(self.squares(u)[band].sum() + least(self.squares(u).sum())) for band in bands]

    def frmse(self, u, v):
        """PDEBench's metrics.py, err_F, with squares of the shells averaged over all mirror images of the field"""
        total, mirrors = 0, list(itertools.product((False, True), repeat=self.d))
        for mirror in mirrors:
            axes = [axis + 1 for axis, flip in enumerate(mirror) if flip]
            total = total + self.pdebench_shells(np.flip(u - v, axes) if axes else u - v)
        shells = np.sqrt(total/len(mirrors))
        bands = {f"frmse{i}": shells[low:high] for i, (low, high) in enumerate([(0, 4), (4, 12), (12, None)])}
        return {name: band.mean() for name, band in bands.items() if band.size}

    def pdebench_shells(self, difference):
        square = norm2(np.abs(np.fft.fftn(difference, axes=range(1, self.d + 1))))/np.prod(self.cells)**2
        if self.d == 1:
            return square[:self.cells[0]//2 + 1]
        shells = np.zeros(min(n//2 for n in self.cells))
        for index in itertools.product(*(range(n//2) for n in square.shape)):
            shell = int(np.floor(np.sqrt(sum(i*i for i in index))))
            if shell < shells.size:
                shells[shell] += square[index]
        return shells

    def power_along_axes(self, field):
        power = self.squares(field)
        n = min(self.cells)//2 + 1
        lines = []
        for axis in range(self.d):
            line = np.moveaxis(power, axis, 0).reshape(power.shape[axis], -1)[:, 0]
            lines.append([(line[k] + line[-k])/2 for k in range(n)])
        return np.mean(lines, axis=0)

    def lattice_peaks(self, field, patch):
        """Power of the lattice's waves by the mean of those beside them, in the geometric mean"""
        power = self.squares(field)
        ticks = [n//patch for n in power.shape]
        ratios = []
        for index in itertools.product(*(range(0, n, tick) for n, tick in zip(power.shape, ticks))):
            if not any(index):
                continue
            around = [tuple((i + s) % n for i, s, n in zip(index, shift, power.shape))
                      for shift in itertools.product((-1, 0, 1), repeat=self.d)]
            around = [power[i] for i in around if any(j % tick for j, tick in zip(i, ticks))]
            ratios.append(power[index]/np.mean(around))
        return np.exp(np.mean(np.log(ratios)))

    def vorticity(self, u):
        def d(f, axis):
            n = self.cells[axis]
            k = np.where(2*np.abs(self.k[axis]) == n, 0, self.k[axis])
            return np.fft.ifftn(2j*np.pi*k/self.lengths[axis]*np.fft.fftn(f)).real

        pairs = [(0, 1)] if self.d == 2 else [(1, 2), (2, 0), (0, 1)]
        return np.array([d(u[b], a) - d(u[a], b) for a, b in pairs])

    def divergence_norm(self, u):
        axes = [self.d - 1 - axis for axis in range(self.d)]
        terms = [(np.roll(u[c], -1, axes[c]) - np.roll(u[c], 1, axes[c]))*self.cells[c]/(2*self.lengths[c]) for c in range(self.d)
                 if self.cells[c] > 1]
        return np.sqrt((sum(terms)**2).mean())


class Comparison(unittest.TestCase):
    def compare(self, found, expected, what):
        found, expected = np.atleast_1d(found), np.atleast_1d(expected)
        self.assertEqual(found.shape, expected.shape, what)
        scale = np.abs(expected).max()
        self.assertLessEqual(np.abs(found - expected).max(), 1e-6*scale if scale > 0 else 1e-12, f"{what}: {found} {expected}")
        # Each value on its own, but for what is zero apart from rounding
        counts = np.abs(expected) > 1e-9*scale
        self.assertTrue((np.abs(found - expected)[counts] <= 1e-6*np.abs(expected[counts])).all(), f"{what}: {found} {expected}")


class FieldsTest(Comparison):
    def test_all_grids_and_components(self):
        random = np.random.default_rng(1)
        count = 0
        for (cells, lengths), components in itertools.product(GRIDS, (1, 2, 3)):
            n = int(np.prod(cells))
            u = random.normal(0.3, 1, (components, n))
            v = u*random.uniform(0.5, 1.5) + random.normal(0.1, 0.7, (components, n))
            w = random.lognormal(0, 1, n)
            area = np.where(random.random(n) < 0.3, random.random(n), 0)
            area[0] = 1
            padded = list(cells) + [1]*(3 - len(cells)), list(lengths) + [1]*(3 - len(cells))
            found = metrics("fields", [w, area, u, v], len(cells), *padded[0], *padded[1], 1, components)
            with self.subTest(cells=cells, components=components):
                self.check(found, cells, lengths, w, area, u, v)
                count += 1
        self.assertEqual(count, 3*len(GRIDS))

    def check(self, found, cells, lengths, w, area, u, v):
        self.compare(found.pop("fieldErrors"), field_errors(w, area, u, v), "fieldErrors")
        self.compare(found.pop("equalVolumes"), field_errors(np.ones(u.shape[1]), area, u[:1], v[:1])[:3], "equalVolumes")
        self.compare(found.pop("rateOfChange"), np.sqrt((w*norm2(v - u)).sum()/w.sum())/0.25, "rateOfChange")
        modes = Modes(cells, lengths)
        shape = (-1,) + tuple(reversed(cells))
        u, v = u.reshape(shape), v.reshape(shape)
        spectrum = modes.energy_spectrum(u)
        self.assertFalse(np.any(found["energySpectrum"][spectrum.size:]))
        self.compare(found.pop("energySpectrum")[:spectrum.size], spectrum, "energySpectrum")
        self.compare(found.pop("bsnmse"), modes.bsnmse(u, v), "bsnmse")
        for name, value in modes.frmse(u, v).items():
            self.compare(found.pop(name), value, name)
        self.compare(found.pop("powerAlongAxes"), modes.power_along_axes(u), "powerAlongAxes")
        for patch in (3, 4):
            if all(n % patch == 0 and n >= 3*patch for n in cells):
                self.compare(found.pop(f"latticePeaks{patch}"), modes.lattice_peaks(u, patch), "latticePeaks")
        if len(cells) > 1:
            others = tuple(axis for axis in range(len(cells)) if axis != len(cells) - 2)
            self.compare(found.pop("zonalMean"), u[0].mean(axis=others), "zonalMean")
        if len(cells) > 1 and len(u) >= len(cells):
            velocity = u[:len(cells)]
            omega = modes.vorticity(velocity)
            self.compare(found.pop("vorticity"), omega.ravel(), "vorticity")
            self.compare(found.pop("enstrophy"), 0.5*norm2(omega).mean(), "enstrophy")
            self.compare(found.pop("kineticEnergy"), 0.5*norm2(velocity).mean(), "kineticEnergy")
            self.compare(found.pop("divergenceNorm"), modes.divergence_norm(velocity), "divergenceNorm")
        self.assertFalse(found, "not compared")


class SeriesTest(Comparison):
    def test_correlated_series(self):
        random = np.random.default_rng(2)
        differences = set()
        for n in (40, 701, 1000):
            t = np.cumsum(random.uniform(0.5, 1.5, n))
            a = np.convolve(random.normal(0, 1, n + 9), np.ones(10), "valid")/10 + 1.2 + random.uniform(-2, 2)*t/t[-1]
            b = 0.6 + random.uniform(0, 2)*np.sin(2*np.pi*t/8.1) + 0.05*random.normal(0, 1, n)
            found = metrics("series", [t, a, b], n)
            mean, error = self.batch_means(a)
            self.compare(found.pop("batchMeans"), [mean, error], "batchMeans")
            other, error2 = self.batch_means(b)
            differences.add(abs(mean - other) > 2*np.sqrt(error**2 + error2**2))
            self.compare(found.pop("differ"), float(abs(mean - other) > 2*np.sqrt(error**2 + error2**2)), "differ")
            self.compare(found.pop("drift"), self.drift(t, a), "drift")
            values = np.sort(np.concatenate([a, b]))
            steps = [np.searchsorted(np.sort(x), values, side="right")/n for x in (a, b)]
            self.compare(found.pop("kolmogorovSmirnov"), np.abs(steps[0] - steps[1]).max(), "kolmogorovSmirnov")
            self.compare(found.pop("jackknifeError"), np.sqrt((n - 1)/n*((a - a.mean())**2).sum()), "jackknifeError")
            below = np.flatnonzero(a < 0.5)
            if below.size:
                i = below[0]
                expected = t[0] if i == 0 else np.interp(-0.5, [-a[i - 1], -a[i]], [t[i - 1], t[i]])
                self.compare(found.pop("correlationHorizon"), expected, "correlationHorizon")
            self.compare(found.pop("oscillation"), self.oscillation(t, b), "oscillation")
            self.assertFalse(found, "not compared")

    @staticmethod
    def parts(x, count=7):
        length = len(x)//count
        return x[len(x) - count*length:].reshape(count, length)

    def batch_means(self, x):
        means = self.parts(x).mean(axis=1)
        return means.mean(), means.std(ddof=1)/np.sqrt(len(means))

    def drift(self, t, x):
        parts = self.parts(t), self.parts(x)
        slope, offset = np.polyfit(parts[0].ravel(), parts[1].ravel(), 1)
        times, residuals = parts[0].mean(axis=1), (parts[1] - slope*parts[0] - offset).mean(axis=1)
        return slope, np.sqrt((residuals**2).sum()/(7 - 2)/((times - times.mean())**2).sum())

    @staticmethod
    def oscillation(t, x):
        mean, room = x.mean(), 0.5*x.std(ddof=1)
        passages, first, armed, last = [], [], False, None
        for i in range(1, len(x)):
            armed |= x[i - 1] < mean - room
            if x[i - 1] < mean <= x[i]:
                last = (np.interp(mean, [x[i - 1], x[i]], [t[i - 1], t[i]]), i)
            if armed and x[i] > mean + room:
                passages.append(last[0])
                first.append(last[1])
                armed = False
        periods = np.diff(passages)
        heights = []
        for start, end in zip(first, first[1:]):
            extremes = []
            for i in (start + np.argmax(x[start:end]), start + np.argmin(x[start:end])):
                around = slice(i - 1, i + 2)
                curve = np.polyfit(t[around] - t[i], x[around], 2)
                extremes.append(curve[2] - curve[1]**2/(4*curve[0]))
            heights.append((extremes[0] - extremes[1])/2)
        n = len(periods)
        frequency = n/(passages[-1] - passages[0])
        return [frequency, frequency*periods.std(ddof=1)/np.sqrt(n)/periods.mean(), np.mean(heights),
                np.std(heights, ddof=1)/np.sqrt(n), n]


class SnapshotsTest(Comparison):
    def test_autocorrelation_and_densities(self):
        random = np.random.default_rng(3)
        for count, n, lags, bins in ((12, 37, 5, 10), (40, 64, 39, 33), (3, 1, 0, 1)):
            w = random.lognormal(0, 1, n)
            a = np.cumsum(random.normal(0, 0.5, (count, n)), axis=0)
            b = 0.3 + a*random.uniform(0.5, 2)
            found = metrics("snapshots", [w, a, b], count, n, lags, bins, -1.5, 2)
            expected = [(a[:count - lag]*a[lag:]).mean()/(a**2).mean() for lag in range(lags + 1)]
            self.compare(found.pop("autocorrelation"), expected, "autocorrelation")
            shares = np.broadcast_to(w/w.sum()/count, a.shape)
            p, edges = np.histogram(a, bins, (-1.5, 2), weights=shares)
            q, _ = np.histogram(b, bins, (-1.5, 2), weights=shares)
            self.compare(found.pop("density"), p*bins/3.5, "density")
            out = [[shares[x < -1.5].sum(), shares[x > 2].sum()] for x in (a, b)]
            self.compare(found.pop("outside"), out[0], "outside")
            variation = 0.5*(np.abs(p - q).sum() + np.abs(np.subtract(*out)).sum())
            points = np.linspace(-1.5, 2, 400001)
            difference = np.interp(points, edges, out[0][0] - out[1][0] + np.concatenate([[0], np.cumsum(p - q)]))
            self.compare(found.pop("distances"), [variation, np.trapz(np.abs(difference), points)], "distances")
            self.assertFalse(found, "not compared")


if __name__ == "__main__":
    unittest.main()
