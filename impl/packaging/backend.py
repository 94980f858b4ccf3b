"""The PEP 517 build backend: wheels by CMake, for the Python that runs it; source distributions.

Needs nothing but the standard library, so that a build needs no network: CMake, a C++ compiler, the
Python's headers, and Ninja if it is there. What is missing is said in one line; the exit code is then 3.
"""

import base64
import gzip
import hashlib
import io
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import tomllib
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
NAME = PROJECT["name"].replace("-", "_")
STEM = f"{NAME}-{PROJECT['version']}"
SOURCES = ("CMakeLists.txt", "README.md", "pyproject.toml", "bench", "cmake", "common", "high", "low",
           "packaging", "stubs", "tests")
# Archives are the same whenever they are made: the earliest time that a zip knows.
TIME = int(os.environ.get("SOURCE_DATE_EPOCH", 315532800))


def get_requires_for_build_wheel(config_settings=None):
    return []


def get_requires_for_build_sdist(config_settings=None):
    return []


def fail(message):
    print(f"{PROJECT['name']}: {message}", file=sys.stderr)
    raise SystemExit(3)


def run(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        sys.stderr.write(done.stdout)
        fail(f"`{' '.join(command[:2])} ...` ended with {done.returncode}, see above")


def check_tools():
    if shutil.which("cmake") is None:
        fail("cmake was not found; on Debian: apt install cmake g++")
    if not any(map(shutil.which, filter(None, (os.environ.get("CXX"), "c++", "g++", "clang++")))):
        fail("no C++ compiler was found; on Debian: apt install g++")
    header = Path(sysconfig.get_path("include")) / "Python.h"
    if not header.exists():
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        fail(f"{header} was not found; on Debian: apt install libpython{version}-dev")


def install_to(folder):
    """Builds the modules and installs them and their stubs in a folder."""
    check_tools()
    with tempfile.TemporaryDirectory() as build:
        ninja = ["-G", "Ninja"] if shutil.which("ninja") else []
        run("cmake", "-S", str(ROOT), "-B", build, *ninja, "-DCMAKE_BUILD_TYPE=Release",
            f"-DPEP554_PYTHON={sys.executable}", "-DPEP554_SITE=.")
        run("cmake", "--build", build, "--parallel")
        run("cmake", "--install", build, "--prefix", str(folder), "--strip")


def metadata():
    return (
        f"Metadata-Version: 2.1\nName: {PROJECT['name']}\nVersion: {PROJECT['version']}\n"
        f"Summary: {PROJECT['description']}\nRequires-Python: {PROJECT['requires-python']}\n"
        "Description-Content-Type: text/markdown\n\n" + (ROOT / PROJECT["readme"]).read_text()
    ).encode()


def tag():
    python = f"cp{sys.version_info.major}{sys.version_info.minor}"
    platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
    return f"{python}-{python}-{platform}"


def digest(data):
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    with tempfile.TemporaryDirectory() as folder:
        install_to(Path(folder))
        files = {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in Path(folder).rglob("*")
            if path.is_file()
        }
    info = f"{STEM}.dist-info"
    files[f"{info}/METADATA"] = metadata()
    files[f"{info}/WHEEL"] = (
        f"Wheel-Version: 1.0\nGenerator: {NAME}\nRoot-Is-Purelib: false\nTag: {tag()}\n".encode()
    )
    record = [f"{name},sha256={digest(data)},{len(data)}" for name, data in sorted(files.items())]
    files[f"{info}/RECORD"] = ("\n".join(record) + f"\n{info}/RECORD,,\n").encode()
    wheel = f"{STEM}-{tag()}.whl"
    with zipfile.ZipFile(Path(wheel_directory) / wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return wheel


def source_files():
    for name in SOURCES:
        path = ROOT / name
        found = [path] if path.is_file() else sorted(path.rglob("*"))
        yield from (each for each in found if each.is_file() and "__pycache__" not in each.parts)


def add(archive, name, data):
    entry = tarfile.TarInfo(f"{STEM}/{name}")
    entry.size = len(data)
    entry.mtime = TIME
    entry.mode = 0o644
    archive.addfile(entry, io.BytesIO(data))


def build_sdist(sdist_directory, config_settings=None):
    name = f"{STEM}.tar.gz"
    with (
        open(Path(sdist_directory) / name, "wb") as file,
        gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=TIME) as compressed,
        tarfile.open(fileobj=compressed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        add(archive, "PKG-INFO", metadata())
        for path in source_files():
            add(archive, path.relative_to(ROOT).as_posix(), path.read_bytes())
    return name
