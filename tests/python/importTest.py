"""The package imports with numpy alone, and what needs more says so"""
import subprocess
import sys
import unittest


def python(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)


class ImportTest(unittest.TestCase):
    def test_model_files_need_numpy_alone(self):
        run = python("import sys; sys.modules['torch'] = sys.modules['h5py'] = None; import surrogate_foam as sf; print(sf.read_model)")
        self.assertEqual(run.returncode, 0, run.stderr)

    def test_what_needs_more_says_so(self):
        run = python("import sys; sys.modules['torch'] = None; import surrogate_foam.networks")
        self.assertIn("surrogate_foam.networks needs PyTorch (Debian: python3-torch)", run.stderr)
        run = python("import sys; sys.modules['torch'] = None; import surrogate_foam.emulator")
        self.assertIn("surrogate_foam.emulator needs PyTorch", run.stderr)
        run = python("import sys; sys.modules['h5py'] = None; import surrogate_foam as sf; sf.DataSet(sys.executable)")
        self.assertIn("Data sets need h5py (Debian: python3-h5py)", run.stderr)


if __name__ == "__main__":
    unittest.main()
