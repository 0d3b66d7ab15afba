"""surrogateCompare of cases and data sets: every number against numpy, written from the formulas of doc/comparison.md."""
import base64
import csv
import json
import os
import re
import shutil
import struct
import subprocess
import unittest
import xml.etree.ElementTree as xml

import numpy as np

from flowCases import FOLDER, L, Case, centres, command, compare

TIMES = [f"{0.5*i:g}" for i in range(1, 25)]
QUICK = ("-noPictures", "-noVtk")


def flow(x, y, t, seed=0):
    """Divergence-free velocity and a pressure, of a few waves that move"""
    random = np.random.default_rng(seed)
    u, v, p = 0*x, 0*x, 0*x
    for kx, ky in ((1, 0), (0, 2), (1, 1), (2, -1), (3, 2)):
        phase = kx*x + ky*y + random.uniform(0, L) + random.normal()*t
        size = random.uniform(0.2, 1)*(1 + 0.1*np.sin(3*t))
        u, v, p = u - ky*size*np.sin(phase), v + kx*size*np.sin(phase), p + size*np.cos(2*phase) + 0.3*np.sin(t)
    return np.array([u, v]), p


def square(values):
    """|.|^2 of a vector or a scalar, by cell"""
    return (values**2).sum(axis=0) if values.ndim == 3 else values**2


def vrmse(truth, values, w):
    axes = tuple(range(values.ndim - w.ndim, values.ndim))
    mean = (truth*w).sum(axis=axes, keepdims=True)/w.sum()
    variance = (square(truth - mean)*w).sum()/(w.sum() - (w**2).sum()/w.sum())
    return np.sqrt((square(values - truth)*w).sum()/w.sum()/(variance + 1e-7))


def correlation(truth, values, w):
    axes = tuple(range(values.ndim - w.ndim, values.ndim))
    a, b = (f - (f*w).sum(axis=axes, keepdims=True)/w.sum() for f in (truth, values))
    return (a*b*w).sum()/np.sqrt((a*a*w).sum()*(b*b*w).sum())


def vorticity(u):
    """Of a 2-D periodic velocity [component][y][x]"""
    ky, kx = (np.fft.fftfreq(n, 1/n)*(np.arange(n) != n/2) for n in u[0].shape)
    return np.fft.ifft2(1j*kx[None, :]*np.fft.fft2(u[1]) - 1j*ky[:, None]*np.fft.fft2(u[0])).real


def spectrum(u):
    k = np.sqrt(sum(np.square(axis) for axis in np.meshgrid(*(np.fft.fftfreq(n, 1/n) for n in u[0].shape), indexing="ij")))
    energy = sum(0.5*abs(np.fft.fftn(c)/c.size)**2 for c in u)
    return np.bincount(np.rint(k).astype(int).ravel(), energy.ravel())


def batches(series):
    n = len(series)//10
    parts = np.array(series)[len(series) - 10*n:].reshape(10, n).mean(axis=1)
    return parts.mean(), parts.std(ddof=1)/np.sqrt(10)


def read_csv(path):
    with open(path, encoding="utf-8") as file:
        rows = list(csv.reader(file))
    return {name: np.array([float(row[i]) if row[i] else np.nan for row in rows[1:]]) for i, name in enumerate(rows[0])}


def read_vtu(path):
    """Of each array of the cells: its values"""
    arrays = {}
    piece = xml.parse(path).getroot().find("UnstructuredGrid/Piece")
    for array in piece.find("CellData"):
        data = base64.b64decode("".join(array.text.split()))
        size = struct.unpack("<Q", data[:8])[0]
        values = np.frombuffer(data[8:8 + size], "<f4")
        n = int(array.get("NumberOfComponents", 1))
        arrays[array.get("Name")] = values.reshape(-1, n) if n > 1 else values
    return int(piece.get("NumberOfCells")), arrays


def write_flow(case, shift, times=TIMES, seed=0):
    x, y = centres(*case.cells[:2])
    for time in times:
        u, p = flow(x, y, float(time) + shift, seed)
        case.write(time, "U", u)
        case.write(time, "p", p)


class Comparison(unittest.TestCase):
    def close(self, found, expected, tolerance=1e-6, what=""):
        scale = max(np.max(np.abs(expected)), 1e-12)
        self.assertLessEqual(np.max(np.abs(np.asarray(found) - expected))/scale, tolerance, what)

    def succeeds(self, *words, output="results"):
        code, text, folder = compare(*words, output=output)
        self.assertEqual(code, 0, text)
        with open(os.path.join(folder, "summary.json"), encoding="utf-8") as file:
            return json.load(file), text, folder

    def refused(self, words, *texts):
        code, text, _ = compare(*words)
        self.assertEqual(code, 1, text)
        for part in texts:
            self.assertIn(part, text)


class UniformTest(Comparison):
    """A periodic 2-D box: whole, decomposed, and on a mesh of twice as many cells a side"""

    @classmethod
    def setUpClass(cls):
        cls.n = 16
        cls.reference = Case("reference", (cls.n, cls.n, 1))
        write_flow(cls.reference, 0, ["0", *TIMES])
        cls.run_ = cls.reference.copy("run")
        write_flow(cls.run_, 0.1)
        cls.parts = cls.run_.copy("parts")
        cls.parts.decompose()
        cls.fine = Case("fine", (2*cls.n, 2*cls.n, 1))
        write_flow(cls.fine, 0.1)
        x, y = centres(cls.n, cls.n)
        cls.truth, cls.values = ([flow(x, y, float(t) + shift) for t in TIMES] for shift in (0, 0.1))

    def test_numbers(self):
        summary, _, folder = self.succeeds("reference", "run", "parts", *QUICK)
        self.assertEqual(summary["times"]["count"], len(TIMES))     # without 0
        w = np.ones((self.n, self.n))
        errors = read_csv(os.path.join(folder, "run-errors.csv"))
        parts = read_csv(os.path.join(folder, "parts-errors.csv"))
        self.close(errors["time"], [float(t) for t in TIMES])
        for name, values in errors.items():
            self.assertTrue(np.array_equal(values, parts[name], equal_nan=True), name)
        pairs = [(a[0], b[0]) for a, b in zip(self.truth, self.values)]
        scalars = [(a[1], b[1]) for a, b in zip(self.truth, self.values)]
        for field, list_ in (("U", pairs), ("p", scalars), ("vorticity", [(vorticity(a), vorticity(b)) for a, b in pairs])):
            self.close(errors[field + ".VRMSE"], [vrmse(a, b, w) for a, b in list_], what=field)
            self.close(errors[field + ".NRMSE"], [np.sqrt(square(a - b).mean()/(square(a).mean() + 1e-7)) for a, b in list_])
            self.close(errors[field + ".nRMSE"], [np.sqrt(square(a - b).mean()/square(a).mean()) for a, b in list_])
            self.close(errors[field + ".RMSE"], [np.sqrt(square(a - b).mean()) for a, b in list_])
            self.close(errors[field + ".maxError"], [np.sqrt(square(a - b).max()) for a, b in list_])
            self.close(errors[field + ".correlation"], [correlation(a, b, w) for a, b in list_])
        self.close(errors["p.cRMSE"], [abs(a.mean() - b.mean()) for a, b in scalars])
        for band, name in enumerate(("low", "mid", "high")):
            edges = np.logspace(np.log10(2*np.pi/self.n), np.log10(np.pi*np.sqrt(2) + 1e-6), 4)
            edges[0] = 0
            k = np.sqrt(sum(np.square(2*np.pi*axis) for axis in np.meshgrid(*[np.fft.fftfreq(self.n)]*2)))
            inside = (k >= edges[band]) & (k < edges[band + 1])
            power = lambda f: (abs(np.fft.fft2(f)/f.size)**2)[inside].sum()
            self.close(errors["p.BSNMSE" + name], [power(a - b)/(power(a) + 1e-7) for a, b in scalars], 1e-5, name)
        run = summary["runs"][1]
        self.close(run["fields"]["U"]["VRMSE"]["mean"], errors["U.VRMSE"].mean())
        self.close(run["fields"]["U"]["VRMSE"]["last"], errors["U.VRMSE"][-1])

    def test_statistics(self):
        summary, text, folder = self.succeeds("reference", "run", *QUICK)
        series = read_csv(os.path.join(folder, "run-statistics.csv"))
        energy = [0.5*square(u).mean() for u, _ in self.values]
        enstrophy = [0.5*square(vorticity(u)).mean() for u, _ in self.values]
        self.close(series["kineticEnergy"], energy)
        self.close(series["enstrophy"], enstrophy)
        omega = np.array([vorticity(u) for u, _ in self.values])
        self.close(series["rateOfChange"][1:], np.sqrt(((omega[1:] - omega[:-1])**2).mean(axis=(1, 2)))/0.5)
        self.assertTrue(np.isnan(series["rateOfChange"][0]))
        found = summary["runs"][1]["statistics"]["kineticEnergy"]
        mean, error = batches(energy)
        self.close(found["mean"], mean)
        self.close(found["stderr"], error, 1e-5)
        truth, truth_error = batches([0.5*square(u).mean() for u, _ in self.truth])
        expected = "differs" if abs(mean - truth) > 2*np.hypot(error, truth_error) else "alike"
        self.assertEqual(found["verdict"], expected)
        self.assertIn(expected, text)
        self.close(found["amplitude"], np.sqrt(2)*np.std(energy, ddof=1), 1e-5)

        spectra = read_csv(os.path.join(folder, "spectra.csv"))
        mean_spectra = [np.mean([spectrum(u) for u, _ in list_], axis=0)[:self.n//2 + 1] for list_ in (self.truth, self.values)]
        self.close(spectra["reference"], mean_spectra[0])
        self.close(spectra["run"], mean_spectra[1])
        zonal = read_csv(os.path.join(folder, "zonalMean.csv"))
        means = [np.mean([u[0].mean(axis=1) for u, _ in list_], axis=0) for list_ in (self.truth, self.values)]
        self.close(zonal["run"], means[1])
        self.close(summary["runs"][1]["zonalMeanError"], np.sqrt(((means[1] - means[0])**2).mean()), 1e-5)

        memory = read_csv(os.path.join(folder, "autocorrelation.csv"))
        change = omega - omega.mean(axis=0)
        expected = [(change[:len(change) - lag]*change[lag:]).mean()/(change**2).mean() for lag in (0,)]
        self.close(memory["run"][0], expected[0])
        norm = lambda lag: np.mean([(change[i]*change[i + lag]).mean() for i in range(len(change) - lag)])
        self.close(memory["run"], [norm(lag)/norm(0) for lag in range(len(memory["run"]))], 1e-5)
        densities = read_csv(os.path.join(folder, "densities.csv"))
        p = np.array([p for _, p in self.values]).ravel()
        width = densities["p"][1] - densities["p"][0]
        edges = np.append(densities["p"] - width/2, densities["p"][-1] + width/2)
        counts = np.histogram(p, edges)[0]
        self.assertLess(abs(counts/len(p)/width - densities["p.run"]).sum()*width, 4/len(p)*100)    # a value or so on an edge

    def test_a_finer_mesh_is_brought_to_the_reference_by_volumes(self):
        summary, _, folder = self.succeeds("-fields", "(p)", "reference", "fine", *QUICK)
        errors = read_csv(os.path.join(folder, "fine-errors.csv"))
        x, y = centres(*self.fine.cells[:2])
        values = [flow(x, y, float(t) + 0.1)[1].reshape(self.n, 2, self.n, 2).mean(axis=(1, 3)) for t in TIMES]
        self.close(errors["p.RMSE"], [np.sqrt(((a[1] - b)**2).mean()) for a, b in zip(self.truth, values)])
        self.assertIn("fine is brought to the reference's mesh by cell volume weights", summary["notes"])

    def test_energy_is_that_of_the_run_s_own_mesh(self):
        _, _, folder = self.succeeds("reference", "fine", *QUICK)
        series = read_csv(os.path.join(folder, "fine-statistics.csv"))
        x, y = centres(*self.fine.cells[:2])
        self.close(series["kineticEnergy"], [0.5*square(flow(x, y, float(t) + 0.1)[0]).mean() for t in TIMES])
        self.close(series["enstrophy"], [0.5*square(vorticity(flow(x, y, float(t) + 0.1)[0])).mean() for t in TIMES])
        spectra = read_csv(os.path.join(folder, "spectra.csv"))["fine"]
        self.close(spectra, np.mean([spectrum(flow(x, y, float(t) + 0.1)[0]) for t in TIMES], axis=0)[:self.n//2 + 1])

    def test_a_run_equal_to_the_reference_is_perfect(self):
        other = self.reference.copy("same")
        self.assertTrue(os.path.isdir(other.path))
        summary, text, _ = self.succeeds("reference", "same", *QUICK)
        same = summary["runs"][1]
        for field in ("U", "p", "vorticity"):
            self.assertEqual(same["fields"][field]["maxError"]["mean"], 0)
            self.assertIsNone(same["fields"][field]["correlationHorizon"])
        self.assertEqual(same["statistics"]["kineticEnergy"]["verdict"], "alike")
        self.assertEqual(same["spectrumDistance"], 0)
        self.assertNotIn("differs", text)

    def test_a_difference_beyond_the_errors_is_called_one(self):
        twice = self.reference.copy("twice")
        x, y = centres(*twice.cells[:2])
        for time in TIMES:
            twice.write(time, "U", 2*flow(x, y, float(time))[0])
        summary, text, _ = self.succeeds("reference", "twice", *QUICK)
        self.assertEqual(summary["runs"][1]["statistics"]["kineticEnergy"]["verdict"], "differs")
        self.assertIn("differs", text)
        self.assertEqual(summary["runs"][1]["leavesFiveSigma"], 0.5)

    def test_the_correlation_horizon_is_between_two_times(self):
        away = self.reference.copy("away")
        x, y = centres(*away.cells[:2])
        for i, time in enumerate(TIMES):
            u, p = flow(x, y, float(time))
            away.write(time, "p", (1 - i/20)*p + i/20*flow(x, y, float(time) + 50)[1])
        summary, _, folder = self.succeeds("-fields", "(p)", "reference", "away", *QUICK)
        errors = read_csv(os.path.join(folder, "away-errors.csv"))
        c = errors["p.correlation"]
        i = int(np.argmax(c < 0.8))
        expected = np.interp(-0.8, -c[i - 1:i + 1], errors["time"][i - 1:i + 1])
        self.close(summary["runs"][1]["fields"]["p"]["correlationHorizon"], expected)

    def test_times(self):
        late = self.run_.copy("late")
        os.rename(late.file("3"), late.file("3.001"))       # a hundredth of the interval is 0.005
        os.rename(late.file("4"), late.file("4.02"))
        summary, _, folder = self.succeeds("reference", "late", "-times", "2:5,7", *QUICK)
        self.assertEqual(read_csv(os.path.join(folder, "late-errors.csv"))["time"].tolist(), [2, 2.5, 3, 3.5, 4.5, 5, 7])
        self.assertTrue(any("late has 8 times, of which 7 are common" in note for note in summary["notes"]), summary["notes"])
        self.assertTrue(any("no uncertainty" in note for note in summary["notes"]))
        self.assertIsNone(summary["runs"][1]["statistics"]["kineticEnergy"]["mean"])

    def test_report_and_pictures_are_self_contained(self):
        _, _, folder = self.succeeds("reference", "run", "parts", "-pictureTime", "3", "-zoom", "(0 3 1 6)")
        with open(os.path.join(folder, "report.html"), encoding="utf-8") as file:
            html = file.read()
        self.assertEqual(re.findall(r"(?:href|@import|<script|<link|url\()", html), [])
        sources = re.findall(r'src="([^"]{0,30})', html)
        self.assertGreaterEqual(len(sources), 6)
        for source in sources:
            self.assertTrue(source.startswith("data:image/png;base64,"), source)
        pictures = [base64.b64decode(text) for text in re.findall(r'base64,([^"]*)"', html)]
        files = []
        for name in os.listdir(folder):
            if name.endswith(".png"):
                with open(os.path.join(folder, name), "rb") as file:
                    files.append(file.read())
        self.assertEqual(sorted(pictures), sorted(files))
        self.assertIn("surrogateCompare -output", html)
        self.assertIn("-zoom '(0 3 1 6)'", html)
        for figure in ("VRMSE", "kineticEnergy", "total variation", "To repeat this"):
            self.assertIn(figure, html)
        xml.fromstring(re.sub(r"&plusmn;|<!DOCTYPE html>|<(meta|img)([^>]*)>", lambda m: f"<{m[1]}{m[2]}/>" if m[1] else "", html))

    def test_vtk_series(self):
        _, _, folder = self.succeeds("reference", "parts", "-noPictures", "-vtkTimes", "5")
        index = xml.parse(os.path.join(folder, "parts.pvd")).getroot().findall("Collection/DataSet")
        times = [float(entry.get("timestep")) for entry in index]
        self.assertEqual(len(times), 5)
        self.assertEqual(times[-1], 12)
        n, arrays = read_vtu(os.path.join(folder, index[-1].get("file")))
        self.assertEqual(n, self.n**2)
        u, p = flow(*centres(self.n, self.n), 12.1)
        self.close(arrays["p"], p.ravel(), 1e-6)
        self.close(arrays["U"][:, :2], u.reshape(2, -1).T, 1e-6)
        self.close(arrays["U"][:, 2], 0*p.ravel())
        self.close(arrays["p_reference"], self.truth[-1][1].ravel(), 1e-6)
        self.close(arrays["p_error"], (p - self.truth[-1][1]).ravel(), 1e-5)
        with open(os.path.join(folder, "spectra.vtk"), encoding="utf-8") as file:
            self.assertTrue(file.read().startswith("# vtk DataFile"))

    def test_paraview_script(self):
        _, _, folder = self.succeeds("reference", "run", "-noPictures")
        path = os.path.join(folder, "run-paraview.py")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        names = {}
        exec(compile(text[:text.index("\nimport os")], path, "exec"), names)     # pylint: disable=exec-used
        compile(text, path, "exec")
        self.assertEqual((names["NAME"], names["REFERENCE"], names["DIMENSIONS"]), ("run", "reference", 2))
        self.assertTrue(os.path.exists(os.path.join(names["FOLDER"], names["SERIES"])))
        self.assertEqual(set(names["FIELDS"]), {"U", "p", "vorticity"})
        components, low, high, error = names["FIELDS"]["p"]
        p = self.truth[-1][1]
        self.assertEqual(components, 1)
        self.close([low, high], [p.min(), p.max()], 1e-4)       # of 256 cells a thousandth is none
        self.close(error, abs(p - self.values[-1][1]).max(), 1e-4)
        pvpython = shutil.which("pvpython")
        if pvpython:
            start = ["xvfb-run", "-a"] if shutil.which("xvfb-run") else []
            picture = os.path.join(folder, "paraview.png")
            subprocess.run([*start, pvpython, "--force-offscreen-rendering", path, picture], check=True)
            self.assertGreater(os.path.getsize(picture), 10000)

    def test_refusals(self):
        self.refused(["reference", "nowhere"], "There is no such case or data set", "nowhere")
        self.refused(["reference", "reference/constant"], "Not a case", "system/controlDict")
        self.refused(["reference"], "There is no run to compare")
        self.refused([], "There is nothing to compare")
        self.refused(["reference", "run", "-fields", "(U T)"], "A run lacks a field", "T", "U, p")
        self.refused(["reference", "run", "-times", "100:"], "no common time", "reference has 25 times from 0 to 12", "run has 25")
        self.refused(["reference", "run", "-times", "2:x"], "No such times")
        self.refused(["reference", "run", "-name", "(a)"], "There is not one name for each run", "2 names")
        self.refused(["reference", "run", "-bogus"], "Unknown option", "-bogus", "-fields")
        self.refused(["reference", "run", "-pictureTime", "99"], "There is no such time to draw", "from 0.5 to 12")
        self.refused(["reference", "run", "-zoom", "(10 11 0 1)"], "A zoom shows nothing", "10.0")
        self.refused(["reference", "run", "-plane", "(x 1)"], "A plane cuts across a 2-D flow")
        self.refused(["reference", "run", "-output"], "An option lacks its value")
        self.refused(["list.json", "run"], "A list of runs stands alone")
        self.refused(["-output", FOLDER, "reference", "run", "-noPictures"], "A folder is in the way of a VTK series")
        self.assertTrue(os.path.exists(self.run_.file("system/controlDict")))
        cube = Case("cube", (4, 4, 4), "-unused", "none")
        cube.write("1", "p", np.ones(64))
        self.refused(["reference", "cube"], "different dimensions", "2-D", "3-D")
        other = Case("elsewhere", (self.n, self.n, 1))
        write_flow(other, 0, ["1"])
        command("transformPoints", "-translate", "(3 0 0)", cwd=other.path)
        self.refused(["reference", "elsewhere"], "do not fill the same space", "at least 99 %")
        moved = self.run_.copy("moved")
        shutil.copytree(moved.file("constant/polyMesh"), moved.file("3/polyMesh"))
        self.refused(["reference", "moved"], "A mesh changes over time")
        bad = self.run_.copy("bad")
        with open(bad.file("3/p"), "a", encoding="utf-8") as file:
            file.write("}")
        with open(bad.file("3/U"), encoding="utf-8") as file:
            text = file.read()
        with open(bad.file("3/U"), "w", encoding="utf-8") as file:
            file.write(re.sub(r"List<vector> \d+", "List<vector> 7", text))
        self.refused(["reference", "bad", "-fields", "(U)"], "OpenFOAM cannot read a case", "3/U")
        unaddressed = self.parts.copy("unaddressed")
        os.remove(unaddressed.file("processor1/constant/polyMesh/cellProcAddressing"))
        self.refused(["reference", "unaddressed"], "cellProcAddressing", "reconstructParMesh")


class GradedTest(Comparison):
    """A mesh with walls whose cells differ in size"""

    @classmethod
    def setUpClass(cls):
        cls.cells = (12, 10, 1)
        cls.case = Case("graded", cls.cells, "-grading", "4 1 1", "-walls")
        sizes = 4**(np.arange(12)/11)
        sizes *= L/sizes.sum()
        cls.x = np.cumsum(sizes) - sizes/2
        y = L*(np.arange(10) + 0.5)/10
        cls.w = np.outer(np.full(10, L/10), sizes)
        cls.X, cls.Y = np.meshgrid(cls.x, y)
        cls.area = np.zeros((10, 12))
        cls.area[0] = cls.area[-1] = sizes
        for name, shift in (("graded", 0), ("gradedRun", 0.2)):
            case = cls.case if name == "graded" else cls.case.copy(name)
            for time in TIMES:
                u, p = flow(cls.X, cls.Y, float(time) + shift)
                case.write(time, "U", u, "type fixedValue; value uniform (0 0 0);")
                case.write(time, "p", p)

    def test_volumes_and_boundary_areas_are_the_weights(self):
        summary, _, folder = self.succeeds("graded", "gradedRun", *QUICK)
        errors = read_csv(os.path.join(folder, "gradedRun-errors.csv"))
        pairs = [tuple(flow(self.X, self.Y, float(t) + s)[1] for s in (0, 0.2)) for t in TIMES]
        self.close(errors["p.VRMSE"], [vrmse(a, b, self.w) for a, b in pairs])
        self.close(errors["p.correlation"], [correlation(a, b, self.w) for a, b in pairs])
        self.close(errors["p.bRMSE"], [np.sqrt((self.area*(a - b)**2).sum()/self.area.sum()) for a, b in pairs])
        self.assertNotIn("p.BSNMSElow", errors)
        note = next(note for note in summary["notes"] if "-grid" in note)
        self.assertIn("no spectra", note)
        self.assertIn("-grid '(nx ny)'", note)
        series = read_csv(os.path.join(folder, "gradedRun-statistics.csv"))
        us = [flow(self.X, self.Y, float(t) + 0.2)[0] for t in TIMES]
        self.close(series["kineticEnergy"], [(0.5*square(u)*self.w).sum()/self.w.sum() for u in us])

        # Gauss, values at the faces linear between the cells; x is periodic, the walls hold the flow at 0
        def curl(u):
            faces = np.append(0.5*(self.x[:-1] + self.x[1:]), 0)
            edge = np.cumsum(self.w[0]/(L/10))
            right = np.roll(u[1], -1, axis=1)
            gap = np.roll(self.x, -1) - self.x
            gap[-1] += L
            share = (edge - self.x)/gap
            self.assertEqual(len(faces), len(share))
            onface = (1 - share)*u[1] + share*right
            dvdx = (onface - np.roll(onface, 1, axis=1))/(self.w[0]/(L/10))
            between = 0.5*(u[0][1:] + u[0][:-1])
            upper = np.concatenate([between, 0*between[:1]])
            lower = np.concatenate([0*between[:1], between])
            return dvdx - (upper - lower)/(L/10)

        self.close(series["enstrophy"], [(0.5*curl(u)**2*self.w).sum()/self.w.sum() for u in us], 1e-6)

    def test_the_same_decomposed(self):
        parts = self.case.copy("gradedParts")
        for time in TIMES:
            u, p = flow(self.X, self.Y, float(time) + 0.2)
            parts.write(time, "U", u, "type fixedValue; value uniform (0 0 0);")
            parts.write(time, "p", p)
        parts.decompose(4)
        _, _, folder = self.succeeds("graded", "gradedRun", "gradedParts", *QUICK)
        for table in ("errors", "statistics"):
            one = read_csv(os.path.join(folder, f"gradedRun-{table}.csv"))
            for name, values in read_csv(os.path.join(folder, f"gradedParts-{table}.csv")).items():
                self.assertTrue(np.array_equal(values, one[name], equal_nan=True), name)

    def test_a_grid_for_spectra(self):
        summary, _, folder = self.succeeds("graded", "gradedRun", "-grid", "(8 8)", *QUICK)
        errors = read_csv(os.path.join(folder, "gradedRun-errors.csv"))
        self.assertTrue(np.all(errors["p.fRMSElow"] > 0))
        self.assertIn("8 x 8 cells", summary["grid"])
        self.assertEqual(len(read_csv(os.path.join(folder, "spectra.csv"))["graded"]), 5)
        self.refused(["graded", "gradedRun", "-grid", "(8 8 8)"], "another number of dimensions", "2 numbers")

    def test_forces_cost_and_steps(self):
        """sin of 0.4 Hz over lRef/magUInf = 0.5 s, with a restart; steps of different length"""
        for name, frequency, level in (("graded", 0.4, 1.0), ("gradedRun", 0.41, 1.3)):
            for start, times in (("0", np.arange(0, 30, 0.05)), ("25", np.concatenate([np.arange(25, 60, 0.1), np.arange(60, 80, 0.05)]))):
                folder = os.path.join(FOLDER, name, "postProcessing/forces", start)
                os.makedirs(folder, exist_ok=True)
                with open(os.path.join(folder, "coefficient.dat"), "w", encoding="utf-8") as file:
                    file.write("# Force coefficients\n# magUInf : 4\n# lRef    : 2\n# Time\tCd\tCs\tCl\tCl(f)\n")
                    for t in times:
                        file.write(f"{t}\t{level}\t0\t{0.1 + level*np.sin(2*np.pi*frequency*t)}\t0\n")
            with open(os.path.join(FOLDER, name, "log.icoFoam"), "w", encoding="utf-8") as file:
                for i in range(1, 11):
                    file.write(f"Time = {i}\n\nExecutionTime = {5 + level*i} s  ClockTime = {round(10 + 2*level*i)} s\n")
            folder = os.path.join(FOLDER, name, "postProcessing/neuralSteps/0")
            os.makedirs(folder, exist_ok=True)
            with open(os.path.join(folder, "summary.dat"), "w", encoding="utf-8") as file:
                file.write("stepsBySolver\t30\nstepsByModel\t10\nstepsRejected\t2\nsimulatedBySolver[s]\t1.5\nsimulatedByModel[s]\t4.5\n"
                           "speedUp\t3.5\n")
        summary, text, folder = self.succeeds("graded", "gradedRun", *QUICK)
        for run, frequency, level in ((0, 0.4, 1.0), (1, 0.41, 1.3)):
            figures = summary["runs"][run]
            lift, drag = figures["statistics"]["forces/Cl"], figures["statistics"]["forces/Cd"]
            self.close(lift["strouhalNumber"]["mean"], 0.5*frequency, 1e-3)
            self.close(lift["amplitude"], level, 0.01)
            self.close(drag["mean"], level)
            self.assertNotIn("forces/Cs", figures["statistics"])
            self.assertNotIn("forces/Cl(f)", figures["statistics"])
            self.close(figures["cost"]["processorTimePerTime"], level)
            self.assertEqual((figures["steps"]["bySolver"], figures["steps"]["byModel"], figures["steps"]["rejected"]), (30, 10, 2))
            self.assertEqual(figures["steps"]["speedUp"], 3.5)
        self.assertEqual(summary["runs"][1]["statistics"]["forces/Cl"]["frequencyVerdict"], "differs")
        self.assertAlmostEqual(summary["runs"][0]["cost"]["wallTimePerTime"], 2)
        self.close(summary["runs"][1]["cost"]["timesCheaper"], 1/1.3)
        table = read_csv(os.path.join(folder, "gradedRun-forces.csv"))
        self.assertTrue(np.all(np.diff(table["time"]) > 0))
        self.assertEqual(table["time"][0], 0)
        self.assertIn("forces/Cl", text)
        # Two steps of the solver of 1 s each, then a jump of 2.5 s that costs 0.1 s; the last jump leaves no line
        with open(os.path.join(FOLDER, "gradedRun/log.icoFoam"), "w", encoding="utf-8") as file:
            for time, spent in ((0.1, 1), (0.2, 2), (2.8, 3.1), (2.9, 4.1), (5.5, 5.2), (5.6, 6.2)):
                file.write(f"Time = {time}\n\nExecutionTime = {spent} s  ClockTime = {round(spent)} s\n")
        cost = self.succeeds("graded", "gradedRun", *QUICK)[0]["runs"][1]["cost"]
        self.assertAlmostEqual(cost["processorTimePerTime"], 2.1/2.7)
        self.assertIsNone(cost["wallTimePerTime"])
        for name in ("graded", "gradedRun"):
            shutil.rmtree(os.path.join(FOLDER, name, "postProcessing"))
            os.remove(os.path.join(FOLDER, name, "log.icoFoam"))


class ThreeDimensionsTest(Comparison):
    def test_numbers_and_planes(self):
        n = (8, 6, 4)
        reference = Case("box3", n, "-unused", "none")
        x, y, z = centres(*n)
        run = reference.copy("box3Run")
        us = {}
        for case, shift in ((reference, 0), (run, 0.3)):
            for time in TIMES[:12]:
                t = float(time) + shift
                us[shift, time] = np.array([np.sin(2*y + t) + np.cos(z), np.sin(z - t) + np.cos(x), np.sin(x + y + 0.5*t)])
                case.write(time, "U", us[shift, time])
        summary, _, folder = self.succeeds("box3", "box3Run", "-plane", "(x 1)")
        errors = read_csv(os.path.join(folder, "box3Run-errors.csv"))
        for i, time in enumerate(TIMES[:12]):
            change = us[0.3, time] - us[0, time]
            self.close(errors["U.RMSE"][i], np.sqrt((change**2).sum(axis=0).mean()))
        series = read_csv(os.path.join(folder, "box3Run-statistics.csv"))

        def derivative(f, axis):
            m = f.shape[axis]
            k = np.fft.fftfreq(m, 1/m)*(np.arange(m) != m/2)
            return np.fft.ifft(1j*k.reshape([-1 if a == axis else 1 for a in range(3)])*np.fft.fft(f, axis=axis), axis=axis).real

        for i, time in enumerate(TIMES[:12]):
            u = us[0.3, time]
            curl = [derivative(u[2], 1) - derivative(u[1], 0), derivative(u[0], 0) - derivative(u[2], 2),
                    derivative(u[1], 2) - derivative(u[0], 1)]
            self.close(series["enstrophy"][i], 0.5*sum((c**2).mean() for c in curl))
            self.close(series["kineticEnergy"][i], 0.5*(u**2).sum(axis=0).mean())
        spectra = read_csv(os.path.join(folder, "spectra.csv"))["box3Run"]
        self.close(spectra, np.mean([spectrum(us[0.3, time]) for time in TIMES[:12]], axis=0)[:3])
        self.assertTrue(os.path.exists(os.path.join(folder, "box3Run-fields.png")))
        with open(os.path.join(folder, "report.html"), encoding="utf-8") as file:
            self.assertIn("plane of y and z at x = 1 m", file.read())
        count, arrays = read_vtu(os.path.join(folder, "box3Run/box3Run_000011.vtu"))
        self.assertEqual((count, arrays["U"].shape), (192, (192, 3)))
        self.assertEqual(summary["runs"][1]["fields"].keys(), {"U", "vorticity"})
        self.refused(["box3", "box3Run", "-plane", "(x 9)"], "A plane misses the flow")
        self.refused(["box3", "box3Run", "-plane", "(q)"], "No such plane", "x, y, z")

    def test_a_plane_of_x_and_z(self):
        """A graded mesh, so that the curl is Gauss's: the vorticity's sign is that of x to the right and z upwards"""
        n = (24, 1, 24)
        reference, run = Case("xz", n, "-unused", "y", "-grading", "1.01 1 1"), None
        x, z = centres(24, 24)
        zero = 0*x
        for shift, name in ((0, "xz"), (0.2, "xzRun")):
            case = reference if name == "xz" else reference.copy(name)
            for time in TIMES[:2]:
                case.write(time, "U", np.array([np.sin(z + float(time) + shift), zero, 2*np.sin(x)]))
            run = case
        self.assertEqual(os.path.basename(run.path), "xzRun")
        summary, _, folder = self.succeeds("xz", "xzRun")
        self.assertEqual(summary["runs"][0]["cells"], "576 cells, 2-D")
        _, arrays = read_vtu(os.path.join(folder, "xzRun/xzRun_000001.vtu"))
        expected = 2*np.cos(x) - np.cos(z + 1.2)
        self.close(arrays["vorticity"], expected.ravel(), 0.03)
        self.assertEqual(arrays["U"].shape, (576, 3))
        with open(os.path.join(folder, "xzRun-paraview.py"), encoding="utf-8") as file:
            text = file.read()
        self.assertIn("NORMAL = [0, -1, 0]", text)
        self.assertIn("UP = [0, 0, 1]", text)

    def test_one_dimension(self):
        reference = Case("line", (16, 1, 1), "-unused", "yz")
        run = reference.copy("lineRun")
        x, = centres(16)
        for case, shift in ((reference, 0), (run, 0.1)):
            for time in TIMES[:3]:
                case.write(time, "U", np.array([np.sin(x + shift), 0*x]))
                case.write(time, "p", np.cos(x + shift))
        summary, _, folder = self.succeeds("line", "lineRun")
        errors = read_csv(os.path.join(folder, "lineRun-errors.csv"))
        self.close(errors["U.RMSE"], np.full(3, np.sqrt(((np.sin(x + 0.1) - np.sin(x))**2).mean())))
        self.close(errors["p.RMSE"], np.full(3, np.sqrt(((np.cos(x + 0.1) - np.cos(x))**2).mean())))
        self.assertEqual(summary["runs"][1]["fields"].keys(), {"U", "p"})
        self.assertFalse(os.path.exists(os.path.join(folder, "lineRun-fields.png")))

    def test_polyhedra(self):
        case = Case("polyhedra", (6, 5, 4), "-unused", "none", "-walls")
        for file in ("left", "right", "back", "front"):     # polyDualMesh knows no cyclics
            with open(case.file("constant/polyMesh/boundary"), encoding="utf-8") as boundary:
                text = re.sub(file + r"\s*\{.*?nFaces", file + " { type patch; nFaces", boundary.read(), flags=re.S)
            with open(case.file("constant/polyMesh/boundary"), "w", encoding="utf-8") as boundary:
                boundary.write(text)
        command("polyDualMesh", "30", "-overwrite", cwd=case.path)
        command("foamDictionary", "-entry", "writeFormat", "-set", "ascii", "system/controlDict", cwd=case.path)
        command("postProcess", "-func", "writeCellVolumes", "-constant", cwd=case.path)
        command("postProcess", "-func", "writeCellCentres", "-constant", cwd=case.path)
        read = lambda name: np.array([float(v) for v in re.search(
            r"internalField\s+nonuniform List<scalar>\s*\d+\s*\((.*?)\)", self.text(case, name), re.S)[1].split()])
        volumes, x, y = read("V"), read("Cx"), read("Cy")
        case.cells = (len(volumes), 1, 1)
        run = case.copy("polyhedraRun")
        for time in TIMES[:3]:
            case.write(time, "p", np.sin(x + float(time)))
            run.write(time, "p", np.sin(x + float(time)) + 0.1*y)
        _, _, folder = self.succeeds("polyhedra", "polyhedraRun")
        errors = read_csv(os.path.join(folder, "polyhedraRun-errors.csv"))
        self.close(errors["p.RMSE"], np.full(3, np.sqrt(((0.1*y)**2*volumes).sum()/volumes.sum())), 1e-5)
        count, arrays = read_vtu(os.path.join(folder, "polyhedraRun/polyhedraRun_000002.vtu"))
        self.assertEqual(count, len(volumes))
        self.close(arrays["p_error"], 0.1*y, 1e-4)
        with open(os.path.join(folder, "polyhedraRun/polyhedraRun_000002.vtu"), encoding="utf-8") as file:
            self.assertIn("'faces'", file.read().replace('"', "'"))

    @staticmethod
    def text(case, name):
        folder = next(f for f in ("constant", "0") if os.path.exists(case.file(f"{f}/{name}")))
        with open(case.file(f"{folder}/{name}"), encoding="utf-8") as file:
            return file.read()


class DataSetTest(Comparison):
    """What fieldSnapshots records, beside the fields that the same run writes"""

    def test_a_recording_is_its_case(self):
        case = Case("recorded", (16, 16, 1))
        x, y = centres(16, 16)
        u, _ = flow(x, y, 0)
        case.write("0", "U", u)
        case.write("0", "p", 0*x)
        with open(case.file("system/controlDict"), encoding="utf-8") as file:
            text = re.sub(r"writeInterval.*?;", "writeInterval 5;", re.sub(r"endTime .*?;", "endTime 2;", file.read()))
        with open(case.file("system/controlDict"), "w", encoding="utf-8") as file:
            file.write(text + 'functions { snapshots { type fieldSnapshots; libs (surrogateFunctionObjects); fields (U p); '
                       'file "snapshots.h5"; interval 0.1; } }\n')
        log = command("icoFoam", cwd=case.path)
        with open(case.file("log.icoFoam"), "w", encoding="utf-8") as file:
            file.write(log)
        for pair in (("recorded", "recorded/snapshots.h5"), ("recorded/snapshots.h5", "recorded"),
                     ("recorded/snapshots.h5", "recorded/snapshots.h5")):
            summary, _, folder = self.succeeds("-name", "(a b)", *pair)
            for field in ("U", "p", "vorticity"):
                self.assertLess(summary["runs"][1]["fields"][field]["VRMSE"]["mean"], 1e-5)
            self.assertEqual(summary["times"]["count"], 20)
            self.assertTrue(os.path.exists(os.path.join(folder, "b.pvd")))
            self.assertTrue(os.path.exists(os.path.join(folder, "report.html")))
            self.assertGreater(summary["runs"][1]["cost"]["processorTimePerTime"], 0)
        small = Case("smaller", (8, 8, 1))
        small.write("0.1", "p", np.ones(64))
        small.write("0.1", "U", np.ones((2, 64)))
        summary, _, _ = self.succeeds("recorded/snapshots.h5", "smaller", *QUICK)
        self.assertTrue(any("as by gridMap meshToMesh" in note for note in summary["notes"]))


if __name__ == "__main__":
    unittest.main()
