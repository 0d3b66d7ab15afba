"""dispersiveWaveFoam against exact and spectral solutions, and its orders of convergence"""
import re
import unittest

import numpy as np

from waveCase import WaveCase, order


def rms(a, b=0):
    return float(np.sqrt(np.mean((a - b)**2)))


def cole_hopf(x, t, nu, n=4096):
    """Burgers' equation from sin(x): u = -2 nu (log f)_x with f_t = nu f_xx"""
    grid = 2*np.pi*np.arange(n)/n
    waves = np.fft.fft(np.exp((np.cos(grid) - 1)/(2*nu)))/n
    k = np.fft.fftfreq(n, 1/n)
    keep = np.abs(k) < 600
    waves, k = waves[keep]*np.exp(-nu*k[keep]**2*t), k[keep]
    phases = np.exp(1j*np.outer(x, k))
    return -2*nu*np.real(phases @ (1j*k*waves))/np.real(phases @ waves)


def pseudo_spectral(u, length, end, steps, nu=0.0, b=0.0, c=0.0, d=0.0):
    """The same equation by an integrating factor and RK4, products free of aliases by half as many cells again"""
    n = u.shape[-1]
    k = 2*np.pi/length*np.fft.rfftfreq(n, 1/n)
    k[-1] = 0 if n % 2 == 0 else k[-1]
    half = np.exp((-(nu - c)*k**2 + 1j*b*k**3 - d*k**4)*end/steps/2)
    fine = 3*n//2

    def rate(waves):
        square = np.fft.irfft(waves*(fine/n), fine)**2
        return -0.5j*k*np.fft.rfft(square)[:k.size]*(n/fine)*end/steps

    v = np.fft.rfft(u)
    for _ in range(steps):
        k1 = rate(v)
        k2 = rate(half*(v + k1/2))
        k3 = rate(half*v + k2/2)
        k4 = rate(half*(half*v + k3))
        v = half*(half*(v + k1/6) + (k2 + k3)/3) + k4/6
    return np.fft.irfft(v, n)


class SpaceTest(unittest.TestCase):
    """Burgers' equation from a sine before and after the steepest moment, by the exact solution of Cole and Hopf"""
    NU, END = 0.1, 1.0

    def errors(self, cells, **schemes):
        result = []
        for n in cells:
            case = WaveCase("space", n, coefficients={"nu": self.NU}, **schemes)
            case.start(np.sin(case.centres()))
            result.append(rms(case.run(self.END, 0.0025), cole_hopf(case.centres(), self.END, self.NU)))
        return result

    def test_orders(self):
        for scheme, expected, cells in (("central2", 2, (64, 128, 256)), ("central4", 4, (64, 128, 256)),
                                        ("central6", 6, (64, 128, 192))):
            with self.subTest(scheme):
                errors = self.errors(cells, linear=scheme, convection=scheme)
                observed = order(errors, cells)
                print(scheme, errors, observed)
                self.assertGreater(observed[-1], expected - 0.2)
                self.assertLess(observed[-1], expected + 1)

    def test_kurganov(self):
        errors = self.errors((64, 128, 256), linear="central2", convection="Kurganov")
        print("Kurganov", errors, order(errors))
        self.assertGreater(order(errors)[-1], 1.8)

    def test_spectral(self):
        coarse, fine = self.errors((32, 128), linear="spectral", convection="spectral")
        print("spectral", coarse, fine)
        self.assertLess(fine, 1e-9)
        self.assertGreater(coarse/fine, 1e4)


class ShockTest(unittest.TestCase):
    """A shock thinner than a cell"""

    def test_kurganov_stays_within_bounds_and_keeps_the_mean(self):
        case = WaveCase("shock", 64, coefficients={"nu": 1e-4}, linear="central2", convection="Kurganov")
        start = 0.3 + np.sin(case.centres())
        case.start(start)
        u = case.run(2.0, 0.02)
        self.assertLess(u.max(), start.max() + 1e-6)
        self.assertGreater(u.min(), start.min() - 1e-6)
        self.assertAlmostEqual(u.mean(), start.mean(), delta=1e-12)
        # the shock of the exact solution moves with the mean and has lost this much of the energy; the centre alone is asserted
        middle = np.argmin(np.diff(np.append(u, u[0])))
        self.assertLess(abs((case.centres()[middle] - (np.pi + 0.3*2.0) + np.pi) % (2*np.pi) - np.pi), 2*np.pi/64)


class TimeTest(unittest.TestCase):

    def observed(self, scheme, steps):
        """Of Kuramoto and Sivashinsky from smooth waves, against the reference"""
        length, end = 32.0, 4.0
        errors = []
        for n in steps:
            case = WaveCase("time", 128, length, coefficients={"c": 1.0, "d": 1.0}, time=scheme)
            start = np.cos(2*np.pi*case.centres()/length)*(1 + np.sin(2*np.pi*case.centres()/length))
            case.start(start)
            errors.append(rms(case.run(end, end/n), pseudo_spectral(start, length, end, 4000, c=1, d=1)))
        print(scheme, errors, order(errors))
        return errors, order(errors)

    def test_fourth_order(self):
        errors, observed = self.observed("ETDRK4", (10, 20, 40))
        self.assertGreater(observed[-1], 3.6)
        self.assertLess(errors[-1], 3e-6)

    def test_second_order(self):
        _, observed = self.observed("ETDRK2", (20, 40, 80))
        self.assertGreater(observed[-1], 1.8)
        self.assertLess(observed[-1], 2.5)


class KortewegDeVriesTest(unittest.TestCase):

    def test_soliton_after_a_turn(self):
        """3 c sech^2(sqrt(c) (x - c t)/2) of speed c = 1 goes once around and is where it was"""
        length = 40.0
        case = WaveCase("soliton", 128, length, coefficients={"b": 1.0})
        start = 3/np.cosh(0.5*(case.centres() - length/2))**2
        case.start(start)
        u = case.run(length, 0.025)
        print("soliton", rms(u, start), rms(start))
        self.assertLess(rms(u, start), 2e-5*rms(start))

    def test_against_the_reference(self):
        length, end = 64.0, 10.0
        case = WaveCase("kdv", 192, length, coefficients={"b": 1.0})
        start = 0.8*np.sin(2*np.pi*case.centres()/length) + 0.4*np.cos(6*np.pi*case.centres()/length)
        case.start(start)
        u = case.run(end, 0.02)
        reference = pseudo_spectral(start, length, end, 5000, b=1)
        print("kdv", rms(u, reference))
        self.assertLess(rms(u, reference), 1e-6)
        self.assertAlmostEqual(np.mean(u**2)/np.mean(start**2), 1, delta=1e-7)

    def test_third_derivative_of_central_schemes(self):
        for scheme, expected in (("central2", 2), ("central4", 4)):
            errors = []
            for n in (96, 192):
                case = WaveCase("kdvCentral", n, 40.0, coefficients={"b": 1.0}, linear=scheme, convection=scheme)
                start = 3/np.cosh(0.5*(case.centres() - 20))**2
                case.start(start)
                exact = 3/np.cosh(0.5*((case.centres() - 24 + 20) % 40 - 20))**2
                errors.append(rms(case.run(4.0, 0.02), exact))
            print(scheme, errors, order(errors))
            self.assertGreater(order(errors)[0], expected - 0.3)


class KuramotoSivashinskyTest(unittest.TestCase):

    def test_against_the_reference(self):
        """From developed chaos over a time in which the errors do not grow by more than a few times"""
        length = 64.0
        case = WaveCase("ks", 192, length, coefficients={"c": 1.0, "d": 1.0})
        x = 2*np.pi*case.centres()/length
        developed = pseudo_spectral(np.cos(3*x) + 0.5*np.sin(5*x) + 0.1*np.cos(x), length, 100.0, 2000, c=1, d=1)
        case.start(developed)
        u = case.run(10.0, 0.05)
        reference = pseudo_spectral(developed, length, 10.0, 2000, c=1, d=1)
        print("ks", rms(u, reference), rms(developed))
        self.assertGreater(rms(u, developed), 0.5)
        self.assertLess(rms(u, reference), 1e-4)


class LinearTest(unittest.TestCase):

    def test_each_term_is_exact_at_any_time_step(self):
        """sin(k x) grows by exp((c - nu) k^2 - d k^4) t and moves by b k^2 t"""
        k, t = 3, 2.0
        for name, value in (("nu", 0.05), ("b", 0.02), ("c", 0.04), ("d", 0.003)):
            with self.subTest(name):
                coefficients = {"a": 0.0, "nu": 0.01, "d": 1e-4, name: value}
                case = WaveCase("linear", 32, coefficients=coefficients)
                case.start(np.sin(k*case.centres()))
                get = lambda word: coefficients.get(word, 0.0)
                growth = np.exp(((get("c") - get("nu"))*k**2 - get("d")*k**4)*t)
                expected = growth*np.sin(k*case.centres() + get("b")*k**3*t)
                self.assertLess(rms(case.run(t, 1.0), expected), 1e-12)


class LinesTest(unittest.TestCase):

    def starts(self, case, lines=3):
        return np.array([np.sin(case.centres()*(line + 1) + line) for line in range(lines)])

    def test_lines_are_solved_each_by_itself(self):
        for convection in ("spectral", "central4", "Kurganov"):
            with self.subTest(convection):
                case = WaveCase("lines", 32, lines=3, coefficients={"nu": 0.1}, convection=convection)
                starts = self.starts(case)
                case.start(starts)
                together = case.run(0.5, 0.02)
                for line in range(3):
                    alone = WaveCase("line", 32, coefficients={"nu": 0.1}, convection=convection)
                    alone.start(starts[line])
                    self.assertLess(rms(alone.run(0.5, 0.02), together[line]), 1e-13)

    def test_parallel_runs_equal_serial_ones(self):
        for convection in ("spectral", "Kurganov"):
            with self.subTest(convection):
                results = []
                for ranks in (1, 3):
                    case = WaveCase(f"parallel{ranks}", 32, lines=3, ranks=ranks, coefficients={"nu": 0.1}, convection=convection)
                    case.write("system/decomposeParDict", "decomposeParDict",
                               f"numberOfSubdomains {ranks}; method simple; simpleCoeffs {{ n ({ranks} 1 1); delta 0.001; }}")
                    case.start(self.starts(case))
                    results.append(case.run(0.5, 0.02))
                self.assertLess(np.abs(results[0] - results[1]).max(), 1e-14)

    def test_recorded_as_trajectories(self):
        import h5py
        case = WaveCase("recorded", 32, lines=3, coefficients={"nu": 0.1})
        case.start(self.starts(case))
        with open(case.file("system/snapshots"), encoding="utf-8") as file:
            text = file.read().replace("// trajectories", "trajectories").replace("coarsening      1", "coarsening      2")
        case.functions(text)
        u = case.run(0.5, 0.02)
        with h5py.File(case.file("snapshots.h5")) as file:
            recorded = file["t0_fields/u"][:]
            self.assertEqual(file.attrs["n_trajectories"], 3)
            self.assertEqual(file.attrs["n_spatial_dims"], 1)
        self.assertEqual(recorded.shape, (3, 6, 16))
        self.assertLess(np.abs(recorded[:, 0] - self.starts(case).reshape(3, 16, 2).mean(-1)).max(), 1e-6)
        self.assertLess(np.abs(recorded[:, -1] - u.reshape(3, 16, 2).mean(-1)).max(), 1e-6)
        self.assertGreater(np.abs(recorded[0] - recorded[1]).max(), 0.5)


class TimeStepTest(unittest.TestCase):

    def test_adjusted_to_the_courant_number(self):
        case = WaveCase("adjust", 64, coefficients={"nu": 0.1})
        case.start(np.sin(case.centres()))
        with open(case.file("system/controlDict"), "a", encoding="utf-8") as file:
            file.write("adjustTimeStep yes;\nmaxCo 0.4;\n")
        case.functions('#include "snapshots"\n')
        u = case.run(1.0, 0.001)
        steps = [float(step) for step in re.findall(r"deltaT = (\S+)", case.done.stdout)]
        courant = [float(c) for c in re.findall(r"Courant Number mean: \S+ max: (\S+)", case.done.stdout)]
        self.assertGreater(max(steps), 0.03)
        self.assertLess(max(courant), 0.41)
        self.assertLess(rms(u, cole_hopf(case.centres(), 1.0, 0.1)), 3e-5)


class RandomWavesTest(unittest.TestCase):

    def waves(self, cells, lines, *options, ranks=1):
        case = WaveCase("waves", cells, lines=lines)
        run = ["randomWaves", *options]
        if ranks > 1:
            case.write("system/decomposeParDict", "decomposeParDict",
                       f"numberOfSubdomains {ranks}; method simple; simpleCoeffs {{ n (1 {ranks} 1); delta 0.001; }}")
            case.command("decomposePar", "-force")
            run = ["mpirun", "--allow-run-as-root", "--oversubscribe", "-np", str(ranks), *run, "-parallel"]
        case.command(*run)
        if ranks > 1:
            case.command("reconstructPar", "-withZero")
        return case.read("0")

    def test_the_same_waves_on_any_mesh_and_decomposition(self):
        two = self.waves(32, 2)
        five = self.waves(96, 5)
        self.assertLess(np.abs(five[:2, 1::3] - two).max(), 1e-12)
        self.assertLess(np.abs(self.waves(96, 5, ranks=2) - five).max(), 1e-12)
        self.assertGreater(np.abs(two[0] - two[1]).max(), 0.1)
        self.assertGreater(np.abs(self.waves(32, 2, "-seed", "2") - two).max(), 0.1)

    def test_statistics_and_wave_numbers(self):
        u = self.waves(32, 400, "-minWaveNumber", "2", "-maxWaveNumber", "5", "-rms", "0.5", "-slope", "-1", "-mean", "0.2")
        power = (np.abs(np.fft.rfft(u))**2).mean(0)/32**2*2
        self.assertAlmostEqual(u.mean(), 0.2, delta=1e-12)
        self.assertAlmostEqual(power[2:6].sum(), 0.25, delta=0.03)
        self.assertLess(power[[1, 6, 7, 8]].max(), 1e-20)
        self.assertAlmostEqual(power[2]/power[4], 4, delta=1)


class RefusalTest(unittest.TestCase):

    def refused(self, *words, change=lambda case: None, **options):
        case = WaveCase("refused", 16, **{"coefficients": {"nu": 0.1}, **options})
        change(case)
        case.start(np.sin(case.centres()))
        case.run(0.1, 0.02, check=False)
        self.assertNotEqual(case.done.returncode, 0)
        for word in words:
            self.assertIn(word, case.done.stderr)

    def test_schemes(self):
        self.refused("Unknown scheme", "entry linear", "central3", "central4", linear="central3")
        self.refused("Unknown scheme", "entry convection", "upwind", "Kurganov", convection="upwind")
        self.refused("Unknown time scheme", "entry time", "RK4", "ETDRK4", time="RK4")

    def test_coefficients(self):
        self.refused("waveProperties", "Unknown keyword e", coefficients={"e": 1.0})
        self.refused("waveProperties", "d above 0", "c 1", coefficients={"c": 1.0})

    def test_meshes(self):
        def walls(case):
            case.entry("system/blockMeshDict", lines=1)
            with open(case.file("system/blockMeshDict"), encoding="utf-8") as file:
                text = file.read()
            text = re.sub(r"type +cyclic;\s*neighbourPatch +\w+;", "type symmetryPlane;", text)
            with open(case.file("system/blockMeshDict"), "w", encoding="utf-8") as file:
                file.write(text)
            case.command("blockMesh")

        def graded(case):
            with open(case.file("system/blockMeshDict"), encoding="utf-8") as file:
                text = file.read().replace("simpleGrading (1 1 1)", "simpleGrading (2 1 1)")
            with open(case.file("system/blockMeshDict"), "w", encoding="utf-8") as file:
                file.write(text)
            case.command("blockMesh")

        self.refused("not what dispersiveWaveFoam needs", "periodic there", "not periodic", change=walls)
        self.refused("a uniform structured block", change=graded)

    def test_a_step_that_is_too_large(self):
        case = WaveCase("blowUp", 64, 64.0, coefficients={"b": 1.0})
        case.start(20*np.sin(2*np.pi*case.centres()/64) + 10*np.cos(14*np.pi*case.centres()/64))
        case.run(50.0, 0.5, check=False)
        self.assertNotEqual(case.done.returncode, 0)
        self.assertIn("u is not finite at time", case.done.stderr)


if __name__ == "__main__":
    unittest.main()
