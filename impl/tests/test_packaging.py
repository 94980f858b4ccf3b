"""The packages for users of the modules: the source distribution, the wheel, the types."""

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unittest
import zipfile
from pathlib import Path

import support

IMPL = Path(__file__).resolve().parent.parent
ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith(("PYTHON", "PIP_", "SOURCE_DATE")) and name != "LD_PRELOAD"
}
USE = (
    "import interpreters\ncreated = interpreters.create()\n"
    "created.run('print(42, flush=True)')\ncreated.destroy()\nprint(interpreters.__file__)\n"
)
# The project's own Python has the usual front ends; any other calls the back end as they would.
FRONT_ENDS = sys.version_info[:2] == (3, 11)


def command(*words, folder=None, status=0, env=ENVIRONMENT):
    done = subprocess.run(
        words, cwd=folder, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if done.returncode != status:
        raise AssertionError(f"{words} ended with {done.returncode}:\n{done.stdout}")
    return done.stdout


def call_backend(source, hook, out, env=ENVIRONMENT, status=0):
    code = f"import sys; sys.path.insert(0, 'packaging'); import backend; backend.{hook}({str(out)!r})"
    return command(sys.executable, "-B", "-c", code, folder=source, env=env, status=status)


class Packaging(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.source = cls.folder / "any name"
        shutil.copytree(IMPL, cls.source, ignore=shutil.ignore_patterns("__pycache__"))
        cls.out = cls.folder / "dist"
        if FRONT_ENDS:
            command(sys.executable, "-m", "build", "--no-isolation", "--outdir", cls.out, cls.source)
        else:
            cls.out.mkdir()
            call_backend(cls.source, "build_sdist", cls.out)
            call_backend(cls.source, "build_wheel", cls.out)

    def the_file(self, pattern):
        (found,) = self.out.glob(pattern)
        return found

    def environment(self):
        """A fresh virtual environment: its Python, and its folder of packages."""
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        command(sys.executable, "-m", "venv", "--without-pip", folder)
        python = folder / "bin" / "python"
        code = "import sysconfig; print(sysconfig.get_path('platlib'))"
        return python, Path(command(python, "-I", "-c", code).strip())

    def assert_usable(self, python, site):
        answer = command(python, "-I", "-c", USE).splitlines()
        self.assertEqual(answer[0], "42")
        self.assertEqual(Path(answer[1]).parent.resolve(), site.resolve())

    def test_wheel_in_a_virtual_environment(self):
        python, site = self.environment()
        with zipfile.ZipFile(self.the_file("*.whl")) as wheel:
            wheel.extractall(site)
        self.assert_usable(python, site)

    def test_tag_is_of_this_python(self):
        version = "".join(map(str, sys.version_info[:2]))
        self.assertIn(f"-cp{version}-cp{version}-linux_", self.the_file("*.whl").name)

    @unittest.skipUnless(FRONT_ENDS, "pip is of the project's own Python")
    def test_pip_install_of_the_folder(self):
        python, site = self.environment()
        command(sys.executable, "-m", "pip", "--python", python, "install", "--no-index", ".",
                folder=self.source)  # fmt: skip
        self.assert_usable(python, site)
        show = command(sys.executable, "-m", "pip", "--python", python, "show", "pep554-interpreters")
        self.assertIn("Version: 0.1.0", show)

    def test_source_distributions_are_the_same_each_time(self):
        again = self.folder / "again"
        again.mkdir()
        call_backend(self.source, "build_sdist", again)
        (one,) = again.glob("*.tar.gz")
        self.assertEqual(one.read_bytes(), self.the_file("*.tar.gz").read_bytes())

    def test_source_distribution_can_be_tested(self):
        folder = self.folder / "unpacked"
        with tarfile.open(self.the_file("*.tar.gz")) as archive:
            archive.extractall(folder)
        (source,) = folder.iterdir()
        command("cmake", "-S", source, "-B", folder / "build", f"-DPEP554_PYTHON={sys.executable}",
                "-DPEP554_TESTS=ON")  # fmt: skip
        listed = command("ctest", "--test-dir", folder / "build", "--show-only")
        self.assertIn("impl/test_packaging", listed)

    def test_missing_tools_are_one_line(self):
        env = {**ENVIRONMENT, "PATH": "/nonexistent"}
        output = call_backend(self.source, "build_wheel", self.folder, env=env, status=3)
        self.assertEqual(
            output,
            "pep554-interpreters: cmake was not found; on Debian: apt install cmake g++\n",
        )

    def test_a_compiler_that_fails(self):
        env = {**ENVIRONMENT, "CXX": "/bin/false"}
        output = call_backend(self.source, "build_wheel", self.folder, env=env, status=3)
        self.assertIn("pep554-interpreters: `cmake -S ...` ended with 1, see above", output)


@unittest.skipUnless(FRONT_ENDS, "mypy is of the project's own Python")
class Types(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        shutil.copy(IMPL / "stubs/interpreters.pyi", cls.folder)
        shutil.copy(IMPL / "stubs/low.pyi", cls.folder / f"{support.LOW_NAME}.pyi")
        cls.env = {**ENVIRONMENT, "MYPYPATH": str(cls.folder), "PYTHONPATH": os.environ["PYTHONPATH"]}

    def mypy(self, module, *words):
        return command(sys.executable, "-m", module, *words, folder=self.folder, env=self.env)

    def test_sample_of_use(self):
        self.mypy("mypy", "--strict", "--warn-unused-ignores", IMPL / "tests/sample_of_use.py")

    def test_stubs_match_the_modules(self):
        self.mypy("mypy.stubtest", "interpreters", support.LOW_NAME)


if __name__ == "__main__":
    support.main()
