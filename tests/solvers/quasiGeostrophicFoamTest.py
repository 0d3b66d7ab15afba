"""quasiGeostrophicFoam against Rossby waves, the growth of two-layer instability, and the budgets of energy and enstrophy"""
import re
import shutil
import unittest

import h5py
import numpy as np

from layerCase import LayerCase, budget
from waveCase import order

TWO_PI = 2*np.pi


def rms(a, b=0):
    return float(np.sqrt(np.mean((a - b)**2)))


def random_field(case, seed, waves=4):
    """Waves up to that number along x and y, rms 1, mean 0"""
    rng = np.random.default_rng(seed)
    x, y = (TWO_PI*at/length for at, length in zip(case.centres(), case.size))
    field = sum(rng.normal()*np.cos(k*x + l*y + rng.uniform(0, TWO_PI))
                for k in range(0, waves + 1) for l in range(-waves, waves + 1) if (k, l) > (0, 0))
    return field/rms(field)


class RossbyWaveTest(unittest.TestCase):
    """A plane wave is an exact solution: omega = U k - beta k/(k^2 + l^2)"""
    BETA, MEAN, K, L, END = 20.0, 0.3, 2, 1, 1.0

    def run_wave(self, n, convection="Arakawa"):
        case = LayerCase("rossby", (n, n), (TWO_PI, TWO_PI), f"beta {self.BETA}; U ({self.MEAN});", convection)
        x, y = case.centres()
        phase = self.K*x + self.L*y
        square = self.K**2 + self.L**2
        case.start(-square*np.cos(phase))
        case.run(self.END, 0.02)
        angle = phase - (self.MEAN*self.K - self.BETA*self.K/square)*self.END
        return case, angle, square

    def test_phase_and_order(self):
        for convection in ("Arakawa", "flux"):
            errors = []
            for n in (16, 32, 64):
                case, angle, square = self.run_wave(n, convection)
                errors.append(rms(case.read("q1"), -square*np.cos(angle))/square)
            print(convection, errors, order(errors))
            self.assertGreater(order(errors)[-1], 1.9)
            self.assertLess(order(errors)[-1], 2.2)
            self.assertLess(errors[-1], 0.02)

        self.assertLess(rms(case.read("psi1"), np.cos(angle)), 0.02)
        velocity = case.read("U1")
        self.assertLess(rms(velocity[..., 0], self.MEAN + self.L*np.sin(angle)), 0.03)
        self.assertLess(rms(velocity[..., 1], -self.K*np.sin(angle)), 0.05)


class TwoLayerInstabilityTest(unittest.TestCase):
    """Phillips's instability, unequal layers with beta and bottom drag: amplitudes of both layers against the linear solution"""
    BETA, DELTA, RADIUS, MEAN, DRAG = 0.1, 0.5, 1.0, (1.0, 0.2), 0.05

    def modes(self, k):
        f1 = 1/(self.RADIUS**2*(1 + self.DELTA))
        stretching = np.array([[-f1, f1], [self.DELTA*f1, -self.DELTA*f1]])
        gradient = np.diag(self.BETA - stretching @ self.MEAN)
        to_q = stretching - k**2*np.eye(2)
        drag = np.diag([0, self.DRAG*k**2])
        rate = -1j*k*(np.diag(self.MEAN) + gradient @ np.linalg.inv(to_q)) + drag @ np.linalg.inv(to_q)
        values, vectors = np.linalg.eig(rate)
        fastest = np.argmax(values.real)
        return values[fastest], vectors[:, fastest]

    def growth(self, n):
        """Observed and exact rates, and how alike the modes are"""
        k, end = 0.7, 10.0
        length = TWO_PI/k
        exact, mode = self.modes(k)
        case = LayerCase("phillips", (n, 4), (length, 4*length/n), f'''layers 2; depths ({self.DELTA} 1); deformationRadii ({self.RADIUS});
U ({self.MEAN[0]} {self.MEAN[1]}); beta {self.BETA}; bottomDrag {self.DRAG};''')
        wave = np.exp(1j*k*case.centres()[0])
        case.start(*(1e-6*np.real(amplitude*wave) for amplitude in mode))
        case.run(end, 0.05)
        amplitudes = np.array([2*np.mean(case.read(f"q{i}")*np.conj(wave)) for i in (1, 2)])/1e-6
        return np.log(amplitudes/mode)/end, exact

    def test_growth_rate(self):
        errors = []
        for n in (32, 64):
            observed, exact = self.growth(n)
            self.assertGreater(exact.real, 0.05)
            print("growth", n, observed, exact)
            errors.append(float(np.abs(observed.real/exact.real - 1).max()))
            frequency = (exact.imag*10 - observed.imag*10 + np.pi) % TWO_PI - np.pi
            self.assertLess(np.abs(frequency).max(), 0.15*(32/n)**2)
        print("errors", errors, order(errors))
        self.assertLess(errors[-1], 0.01)
        self.assertGreater(order(errors)[-1], 1.7)


class BudgetTest(unittest.TestCase):

    def conserve(self, deltaT, convection="Arakawa"):
        case = LayerCase("conserve", (32, 32), (TWO_PI, TWO_PI), "layers 2; depths (1 3); deformationRadii (0.5); beta 3;", convection)
        case.start(5*random_field(case, 1), 5*random_field(case, 2))
        sums = budget(case.run(2.0, deltaT))
        return np.abs(sums[-1]/sums[0] - 1)

    def test_energy_and_enstrophy_are_conserved(self):
        coarse, fine = self.conserve(0.02), self.conserve(0.01)
        flux = self.conserve(0.01, "flux")
        print("Arakawa", coarse, fine, "flux", flux)
        self.assertLess(fine.max(), 1e-5)
        # what is left is the time step's
        self.assertGreater(coarse[1]/fine[1], 15)
        # the flux of q alone keeps enstrophy, not energy
        self.assertLess(flux[1], 1e-5)
        self.assertGreater(flux[0], 10*fine[0])

    def test_drag_takes_its_part_of_the_energy(self):
        case = LayerCase("drag", (24, 24), (TWO_PI, TWO_PI), "drag 0.3; beta 2;")
        case.start(3*random_field(case, 3))
        sums = budget(case.run(1.0, 0.02))
        print("drag", sums[-1]/sums[0], np.exp(-0.6))
        np.testing.assert_allclose(sums[-1]/sums[0], np.exp(-0.6), rtol=1e-4)

    def test_forcing_against_drag_and_viscosity(self):
        case = LayerCase("forced", (48, 48), (TWO_PI, TWO_PI),
                         "drag 0.5; nu 0.02; nu4 1e-4; forcing { amplitude 0.7; waveNumbers (3 0); }")
        x, _ = case.centres()
        case.start(0*x)
        case.run(1.0, 0.02)
        rate = 0.5 + 0.02*9 + 1e-4*81
        q, exact = case.read("q1"), -0.7*3*np.cos(3*x)*(1 - np.exp(-rate))/rate
        print("forced", rms(q, exact)/rms(exact))
        self.assertLess(rms(q, exact), 0.002*rms(exact))


class ParallelTest(unittest.TestCase):

    def test_four_processors_as_one(self):
        found = []
        for ranks in (1, 4):
            case = LayerCase("parallel", (16, 16), (TWO_PI, TWO_PI),
                             "layers 3; depths (1 2 3); deformationRadii (0.5 0.3); beta 3; nu 0.01;")
            case.start(*(3*random_field(case, seed) for seed in (4, 5, 6)))
            case.run(0.15, 0.05, ranks)
            found.append(np.array([case.read(f"{name}{i}") for name in ("q", "psi") for i in (1, 2, 3)]))
        print("parallel", np.abs(found[0] - found[1]).max())
        self.assertLess(np.abs(found[0] - found[1]).max(), 1e-7)
        self.assertGreater(rms(found[0]), 0.1)


def pseudo_spectral(q, end, steps, beta, nu):
    """One layer on [0, 2 pi]^2 by Fourier transforms, products free of aliases by the two-thirds rule, RK4"""
    n = q.shape[0]
    wave = np.fft.fftfreq(n, 1/n)
    kx, ky = np.meshgrid(wave, wave)
    square = kx**2 + ky**2
    inverse = -1/np.where(square > 0, square, np.inf)
    keep = ((np.abs(kx) < n/3) & (np.abs(ky) < n/3)).astype(float)
    real = lambda waves: np.fft.ifft2(waves).real

    def rate(q):
        psi = inverse*q
        jacobian = real(1j*kx*psi)*real(1j*ky*q) - real(1j*ky*psi)*real(1j*kx*q)
        return -keep*np.fft.fft2(jacobian) - beta*1j*kx*psi - nu*square*q

    q, step = np.fft.fft2(q), end/steps
    for _ in range(steps):
        k1 = rate(q)
        k2 = rate(q + step/2*k1)
        k3 = rate(q + step/2*k2)
        q = q + step/6*(k1 + 2*k2 + 2*k3 + rate(q + step*k3))
    return real(q)


class SpectralTest(unittest.TestCase):
    """Waves of one layer that exchange energy, against a pseudo-spectral solution from the same state"""

    def test_second_order_in_space(self):
        for convection in ("Arakawa", "flux"):
            errors = []
            for n in (32, 64, 128):
                case = LayerCase("spectral", (n, n), (TWO_PI, TWO_PI), "beta 2; nu 0.02;", convection)
                case.write("system/fvSolution", 'solvers { "psiMode.*" { solver FFT; } }')
                start = 3*random_field(case, 5, waves=3)
                case.start(start)
                case.run(1.0, 0.02)
                reference = pseudo_spectral(start, 1.0, 100, 2.0, 0.02)
                self.assertGreater(rms(reference - start), 0.5*rms(start))
                errors.append(rms(case.read("q1") - reference)/rms(reference))
            orders = np.log2(np.array(errors[:-1])/errors[1:])
            print("spectral", convection, errors, orders)
            self.assertLess(errors[-1], 0.02)
            self.assertGreater(orders[-1], 1.8)


class FourierTest(unittest.TestCase):

    def test_equals_a_linear_solver(self):
        """Three layers on cells that are not square, in serial and on four processors"""
        for ranks in (1, 4):
            found = []
            for solver in ("GAMG; smoother DICGaussSeidel; tolerance 1e-12; relTol 0", "FFT"):
                case = LayerCase("fourier", (16, 12), (TWO_PI, 4.0),
                                 "layers 3; depths (1 2 3); deformationRadii (0.5 0.3); beta 3; nu 0.01; U (0.3 0 0);")
                case.write("system/fvSolution", f'solvers {{ "psiMode.*" {{ solver {solver}; }} }}')
                case.start(*(3*random_field(case, seed) for seed in (4, 5, 6)))
                log = case.run(0.15, 0.05, ranks)
                self.assertEqual("GAMG" in log, solver != "FFT")
                found.append(np.array([case.read(f"{name}{i}") for name in ("q", "psi") for i in (1, 2, 3)]))
            print("fourier", ranks, np.abs(found[0] - found[1]).max())
            self.assertLess(np.abs(found[0] - found[1]).max(), 1e-8)
            self.assertGreater(rms(found[0]), 0.1)

    def test_conserves_to_the_order_of_the_time_step(self):
        case = LayerCase("fourierConserves", (24, 24), (TWO_PI, TWO_PI), "beta 2;")
        case.write("system/fvSolution", 'solvers { "psiMode.*" { solver FFT; } }')
        case.start(random_field(case, 3))
        changes = []
        for deltaT in (0.1, 0.05):
            series = budget(case.run(1.0, deltaT))
            changes.append(np.abs(series[-1]/series[0] - 1).max())
        print("conserves", changes)
        self.assertLess(changes[1], changes[0]/10)

    def test_refuses_a_graded_mesh(self):
        case = LayerCase("fourierGraded", (8, 8), (TWO_PI, TWO_PI), "beta 2;")
        case.write("system/fvSolution", 'solvers { "psiMode.*" { solver FFT; } }')
        with open(case.file("system/blockMeshDict"), encoding="utf-8") as file:
            text = file.read()
        with open(case.file("system/blockMeshDict"), "w", encoding="utf-8") as file:
            file.write(text.replace("simpleGrading (1 1 1)", "simpleGrading (2 1 1)"))
        case.command("blockMesh")
        case.start(np.zeros((8, 8)))
        log = case.run(0.1, 0.1, check=False)
        self.assertIn("FOAM FATAL IO ERROR", log)
        self.assertIn("a uniform structured block", log)


class RandomVorticityTest(unittest.TestCase):

    def test_is_that_of_the_random_velocity(self):
        case = LayerCase("random", (64, 64), (TWO_PI, TWO_PI), "")
        case.start(np.zeros((64, 64)))
        case.write("0/U", '''dimensions [0 1 -1 0 0 0 0]; internalField uniform (0 0 0);
boundaryField { "(left|right|bottom|top)" { type cyclic; } frontAndBack { type empty; } }''', "volVectorField")
        case.command("randomFlow", "-seed", "3", "-speed", "2")
        case.command("randomFlow", "-seed", "3", "-speed", "2", "-vorticity", "q1")
        case.end = "0"
        U, q = case.read("U"), case.read("q1")
        wave = np.fft.fftfreq(64, 1/64)
        along = lambda f, axis: np.fft.ifft(1j*np.expand_dims(wave, 1 - axis)*np.fft.fft(f, axis=axis), axis=axis).real
        expected = along(U[..., 1], 1) - along(U[..., 0], 0)
        self.assertAlmostEqual(np.mean((U**2).sum(-1)), 4, delta=1e-9)
        self.assertLess(np.abs(q - expected).max(), 1e-9)
        self.assertGreater(rms(q), 2)

        case.command("randomFlow", "-seed", "4", "-speed", "0.1")
        other = case.read("U")
        case.command("randomFlow", "-seed", "3", "-speed", "2", "-add")
        self.assertLess(np.abs(case.read("U") - U - other).max(), 1e-12)
        case.command("randomFlow", "-seed", "3", "-speed", "2", "-vorticity", "q1", "-add")
        self.assertLess(np.abs(case.read("q1") - 2*q).max(), 1e-12)


class ControlsTest(unittest.TestCase):

    def test_time_step_by_the_courant_number(self):
        case = LayerCase("courant", (16, 16), (TWO_PI, TWO_PI), "beta 1;")
        case.start(5*random_field(case, 7))
        log = case.run(0.5, 0.01, more="adjustTimeStep yes; maxCo 0.5; maxDeltaT 1;")
        largest = [float(line.split("max:")[1]) for line in log.splitlines() if line.startswith("Courant Number")]
        self.assertLess(largest[0], 0.45)
        self.assertGreater(max(largest), 0.45)
        self.assertLess(max(largest), 0.6)

    def test_refusals(self):
        for properties, expected in (("betta 1;", "betta"), ("layers 2; depths (1 1);", "deformationRadii"), ("layers 0;", "layers"),
                                     ("U (1 2);", "entry U"), ("nu -1;", "entry nu"),
                                     ("forcing { waveNumbers (1.5 0); }", "1.5 waves")):
            case = LayerCase("refused", (8, 8), (TWO_PI, TWO_PI), properties)
            case.start(np.zeros((8, 8)))
            log = case.run(0.1, 0.1, check=False)
            self.assertIn("FOAM FATAL IO ERROR", log)
            self.assertIn(expected, log)
        case = LayerCase("refused", (8, 8), (TWO_PI, TWO_PI), "", "upwind")
        case.start(np.zeros((8, 8)))
        self.assertIn("Arakawa", case.run(0.1, 0.1, check=False))

    def test_refuses_walls_and_a_mesh_in_space(self):
        cyclic = "type cyclic; neighbourPatch {};"
        for name, changes, expected in (
                ("walls", {cyclic.format("top"): "type wall;", cyclic.format("bottom"): "type wall;"}, "Patch bottom of type wall"),
                ("space", {"frontAndBack { type empty; faces ((0 3 2 1) (4 5 6 7)); }":
                           "back { type cyclic; neighbourPatch front; faces ((0 3 2 1)); } "
                           "front { type cyclic; neighbourPatch back; faces ((4 5 6 7)); }", "(8 8 1)": "(8 8 2)"},
                 "not in a plane of x and y")):
            case = LayerCase(name, (8, 8), (TWO_PI, TWO_PI), "beta 1;")
            for old, new in changes.items():
                case.replace("system/blockMeshDict", old, new)
            case.command("blockMesh")
            case.start(np.zeros((8, 8)))
            log = case.run(0.1, 0.1, check=False)
            self.assertIn("FOAM FATAL IO ERROR", log)
            self.assertIn(expected, log)


SNAPSHOTS = '''snapshots { type fieldSnapshots; libs (surrogateFunctionObjects); file "%s"; fields (q1); interval 0.05; timeStart 0.05; %s
name test; }'''


def turbulent(name, n=16):
    case = LayerCase(name, (n, n), (TWO_PI, TWO_PI), "beta 5; drag 0.1; nu 0.02; forcing { waveNumbers (2 2); }")
    case.write("system/fvSolution", 'solvers { "psiMode.*" { solver FFT; } }')
    case.start(5*random_field(case, 8))
    return case


class RestartTest(unittest.TestCase):

    def test_two_halves_are_the_whole(self):
        whole, halves = turbulent("restartWhole"), turbulent("restartHalves")
        whole.run(0.4, 0.02)
        halves.run(0.2, 0.02)
        middle = halves.read("q1")
        halves.run(0.4, 0.02, start="latestTime", write=0.2)
        for name in ("q1", "psi1", "U1"):
            np.testing.assert_array_equal(halves.read(name), whole.read(name), name)
        self.assertGreater(rms(halves.read("q1"), middle), 0.1)


class ModelTest(unittest.TestCase):
    """Potential vorticity recorded, a hierarchical emulator trained on it, and run in turns with the solver"""

    def test_recorded_are_means_over_cells(self):
        case = turbulent("recorded")
        case.run(0.2, 0.01, more="functions { " + SNAPSHOTS % ("q.h5", "coarsening 2;") + " }")
        with h5py.File(case.file("q.h5")) as file:
            np.testing.assert_allclose(file["dimensions/time"][:], [0.05, 0.1, 0.15, 0.2], atol=1e-6)
            q = file["t0_fields/q1"][0, -1]
        expected = case.read("q1").reshape(8, 2, 8, 2).mean(axis=(1, 3))
        self.assertLess(min(np.abs(q - expected).max(), np.abs(q.T - expected).max()), 1e-5)
        self.assertGreater(rms(expected), 1)

    def test_hints_in_a_hybrid_and_over_a_restart(self):
        case = turbulent("record")
        case.run(2.0, 0.01, more="functions { " + SNAPSHOTS % ("training.h5", "") + " }")
        shutil.copy(case.file("training.h5"), case.file("validation.h5"))
        case.write("system/surrogateTrainDict", '''
model "constant/model.safetensors"; trainingData ("training.h5"); validationData ("validation.h5");
objective hierarchicalEmulator; hierarchyCoeffs { pool (2 4); }
network uNet; networkCoeffs { width 8; multipliers (1 1); blocks 1; } iterations 150; batch 8; learningRate 2e-3; threads 1;''')
        case.command("surrogateTrain")
        def hybrid(name):
            hybrid = turbulent(name)
            shutil.copy(case.file("constant/model.safetensors"), hybrid.file("constant"))
            return hybrid

        # The solver to 0.1 in ten steps, the model to 0.25 in three, and again
        function = '''functions { neuralSteps { type surrogateStep; libs (surrogateFunctionObjects);
model "<constant>/model.safetensors"; solverSteps 10; surrogateSteps 3; device cpu; precision float32; } }'''
        whole, halves = hybrid("hybrid"), hybrid("hybridRestart")
        log = whole.run(0.5, 0.01, more=function)
        self.assertIn("stepsByModel 6", log)
        self.assertEqual(len(re.findall("time .* by the model", log)), 6)
        solver = turbulent("solver")
        solver.run(0.5, 0.01)
        difference = rms(whole.read("q1"), solver.read("q1"))
        print("hybrid", difference, rms(solver.read("q1")))
        self.assertLess(difference, 0.7*rms(solver.read("q1")))
        self.assertGreater(difference, 1e-4)

        # Stopped amid the model's turn
        halves.run(0.2, 0.01, more=function)
        halves.run(0.5, 0.01, more=function, start="latestTime", write=0.1)
        np.testing.assert_array_equal(halves.read("q1"), whole.read("q1"))

