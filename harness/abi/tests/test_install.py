"""The installation: the files for authors of plugins, and the program, in a prefix that was moved afterwards.

Usage: test_install.py SOURCE BUILD. Nothing here runs in the source tree or in the build."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

AGAINST = ("PYTHON", "CMAKE", "CFLAGS", "LDFLAGS", "CPATH", "C_INCLUDE_PATH", "PKG_CONFIG", "pep554")
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith(AGAINST)}
STRICT = ("-std=c11", "-pedantic", "-Wall", "-Wextra", "-Werror")


def setUpModule():
    global SCRATCH, PREFIX
    SCRATCH = Path(tempfile.mkdtemp())
    unittest.addModuleCleanup(shutil.rmtree, SCRATCH)
    install(SCRATCH / "first")
    PREFIX = SCRATCH / "moved here"
    (SCRATCH / "first").rename(PREFIX)


def install(prefix, *words):
    command("cmake", "--install", BUILD, "--prefix", prefix, *words)


def command(*words, folder=None, status=0, env=ENVIRONMENT):
    """Runs it in another folder. Returns its output."""
    done = subprocess.run(
        words, cwd=folder or SCRATCH, env=env, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    if done.returncode != status:
        raise AssertionError(f"{words} ended with {done.returncode}:\n{done.stdout}")
    return done.stdout


def pkg_config(*words):
    env = {**ENVIRONMENT, "PKG_CONFIG_PATH": str(PREFIX / "share/pkgconfig")}
    return command("pkg-config", *words, "pep554-plugin", env=env).strip()


class Scratch(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(dir=SCRATCH))

    def judge(self, plugin):
        """The verdict of a case that the template passes."""
        case = "enumerate.created-ones"
        command(PREFIX / "bin/pep554", "run", "-q", "--target", f"plugin:{plugin}", "--filter", case,
                "--out", self.folder / "out")  # fmt: skip
        results = json.loads((self.folder / "out/results.json").read_text())
        self.assertEqual([one["id"] for one in results["cases"]], [case])
        return results["cases"][0]["verdict"]


class Author(Scratch):
    """Somebody who has the prefix, and writes a plugin."""

    def template(self):
        shutil.copytree(PREFIX / "share/pep554/template", self.folder / "mine")
        return self.folder / "mine"

    def test_header_alone_is_clean(self):
        for language, standard in (("c", "c11"), ("c", "c17"), ("c++", "c++11"), ("c++", "c++20")):
            command("cc", "-x", language, f"-std={standard}", *STRICT[1:], "-fsyntax-only",
                    PREFIX / "include/pep554/pep554_plugin.h")  # fmt: skip

    def test_pkg_config_and_cc(self):
        source = self.template() / "plugin_template.c"
        flags = pkg_config("--cflags").replace("\\ ", "\0").split()
        flags = [flag.replace("\0", " ") for flag in flags]
        command("cc", *STRICT, "-shared", "-fPIC", *flags, source, "-o", "plugin.so",
                folder=self.folder)  # fmt: skip
        self.assertEqual(self.judge(self.folder / "plugin.so"), "pass")
        self.assertEqual(pkg_config("--modversion"), "1.0.0")

    def test_cmake_builds_and_judges(self):
        mine = self.template()
        command("cmake", "-B", "build", f"-DCMAKE_PREFIX_PATH={PREFIX}", folder=mine)
        command("cmake", "--build", "build", folder=mine)
        tested = command("ctest", "--test-dir", "build", "--verbose", folder=mine)
        self.assertIn("100% tests passed, 0 tests failed out of 1", tested)
        self.assertEqual(self.judge(mine / "build/my_plugin.so"), "pass")

    def test_cmake_package_is_of_the_abi(self):
        for wanted, status in (("", 0), ("1", 0), ("1.0", 0), ("2", 1), ("0.9", 1), ("1.1", 1)):
            (self.folder / "CMakeLists.txt").write_text(
                "cmake_minimum_required(VERSION 3.25)\nproject(use LANGUAGES NONE)\n"
                f"find_package(pep554 {wanted} REQUIRED)\n"
            )
            out = command("cmake", "-B", f"build{wanted}", f"-DCMAKE_PREFIX_PATH={PREFIX}",
                          folder=self.folder, status=status)  # fmt: skip
            if status:
                self.assertIn("version: 1.0.0", out)

    def test_rust_template(self):
        command("/usr/bin/rustc" if os.path.exists("/usr/bin/rustc") else "rustc", "--edition", "2021",
                "-D", "warnings", "--crate-type", "cdylib", "-o", self.folder / "plugin.so",
                self.template() / "plugin_template.rs")  # fmt: skip
        self.assertEqual(self.judge(self.folder / "plugin.so"), "pass")

    def test_ten_minutes_of_the_readme(self):
        opt = self.folder / "opt"
        opt.symlink_to(PREFIX)
        text = (SOURCE / "harness/abi/README.md").read_text()
        minutes = text[text.index("## Ten minutes") : text.index("## Rules")]
        lines = [line[4:] for line in minutes.splitlines() if line.startswith("    ")]
        self.assertGreater(len(lines), 7)
        not_all_pass = 'pep554() { command pep554 "$@" || test $? -eq 1; }'
        script = "\n".join(("set -eux", not_all_pass, *lines)).replace("/opt/pep554", str(opt))
        out = command("sh", "-c", script, folder=self.folder)
        self.assertEqual(out.count("No claim about conformance"), 2, out)
        self.assertIn("100% tests passed, 0 tests failed out of 1", out)

    def test_component_of_its_own(self):
        prefix = self.folder / "prefix"
        install(prefix, "--component", "plugin")
        self.assertEqual(sorted(path.name for path in prefix.iterdir()), ["include", "share"])
        (self.folder / "CMakeLists.txt").write_text(
            "cmake_minimum_required(VERSION 3.25)\nproject(use LANGUAGES C)\n"
            "find_package(pep554 1 REQUIRED)\nfile(WRITE use.c [[#include <pep554_plugin.h>]])\n"
            "add_library(use MODULE use.c)\ntarget_link_libraries(use pep554::plugin)\n"
        )
        command("cmake", "-B", "build", f"-DCMAKE_PREFIX_PATH={prefix}", folder=self.folder)
        command("cmake", "--build", "build", folder=self.folder)


class Program(Scratch):
    """The installed program has all that it needs in its prefix, and uses that."""

    def pep554(self, *words, status=0, prefix=None):
        return command((prefix or PREFIX) / "bin/pep554", *words, folder=self.folder, status=status)

    def facts(self, *words):
        self.pep554("run", "-q", "--filter", "create.is-listed", "--out", "out", *words)
        results = json.loads((self.folder / "out/results.json").read_text())
        return {fact["name"]: fact["value"] for fact in results["target"]["facts"]}

    def copy(self):
        """A copy of the prefix, for a test that changes it."""
        return shutil.copytree(PREFIX, self.folder / "copy")

    def test_has_its_manual_and_completion(self):
        for file in ("man/man1/pep554.1", "bash-completion/completions/pep554"):
            self.assertIn("pep554", (PREFIX / "share" / file).read_text())

    def test_every_page_that_a_help_names_is_installed(self):
        helps = [self.pep554("--help")]
        commands = re.findall(r"^  ([a-z]+)", helps[0].split("Subcommands:")[1], re.M)
        self.assertIn("doctor", commands)
        helps += [self.pep554(command, "--help") for command in commands]
        named = {name for text in helps for name in re.findall(r"/.*\.md", text)}
        self.assertEqual(named, {file for file in named if Path(file).is_file()})
        self.assertEqual(sum(text.count(".md") for text in helps), sum(text.count(f"{PREFIX}/share/doc") for text in helps))
        self.assertIn(f"{PREFIX}/share/doc/pep554/harness/doctor/README.md", named)

    def test_pages_and_schemas_are_installed_and_find_each_other(self):
        docs = PREFIX / "share/doc/pep554"
        for file in ("README.md", "harness/host/PROTOCOL.md", "harness/host/protocol.schema.json",
                     "reports/results.schema.json", "reports/junit.xsd"):  # fmt: skip
            self.assertEqual((docs / file).read_bytes(), (SOURCE / file).read_bytes())
        links = 0
        for page in docs.rglob("*.md"):
            for link in re.findall(r"\]\(([^)#:]+\.(?:md|json|xsd|png))[)#]", page.read_text()):
                self.assertTrue((page.parent / link).is_file(), f"{page}: {link}")
                links += 1
        self.assertGreater(links, 50)

    def test_the_version_is_that_of_the_tables(self):
        built = command(BUILD / "bin/pep554", "--version")
        self.assertEqual(self.pep554("--version"), built)
        prefix = self.copy()
        path = prefix / "share/pep554/cases/create.toml"
        path.write_text(path.read_text().replace('title = "', 'title = "Edited: ', 1))
        edited = self.pep554("--version", prefix=prefix)
        self.assertNotEqual(edited, built)
        self.assertEqual(edited.split(", tables")[0], built.split(", tables")[0])
        shutil.rmtree(prefix / "share/pep554")
        self.assertIn(", tables missing)", self.pep554("--version", prefix=prefix))

    def test_lists_the_suite(self):
        built = command(BUILD / "bin/pep554", "list", "cases")
        self.assertEqual(self.pep554("list", "cases"), built)

    def test_judges_the_reference_that_is_installed(self):
        file = self.facts()["module_file"]
        self.assertEqual(Path(file).parent, PREFIX / "lib/pep554/reference")

    def test_uses_the_adapters_that_are_installed(self):
        file = self.facts("--target", "cpython:libpython3.11.so.1.0,adapter=xxsubinterpreters")[
            "module_file"
        ]
        self.assertTrue(Path(file).is_relative_to(PREFIX / "share/pep554/adapters"), file)

    def test_judges_a_python_through_the_agent(self):
        facts = self.facts("--target", "python:/usr/bin/python3.11")
        self.assertTrue(Path(facts["module_file"]).is_relative_to(PREFIX / "share/pep554/adapters"))

    def test_reads_the_suite_that_is_installed(self):
        prefix = self.copy()
        for file, key in (("cases/create.toml", 'title = "'), ("spec/clauses.toml", 'summary = "')):
            path = prefix / "share/pep554" / file
            path.write_text(path.read_text().replace(key, key + "Edited: ", 1))
        self.assertIn("Edited: ", self.pep554("list", "cases", prefix=prefix))
        self.assertIn("Edited: ", self.pep554("list", "clauses", prefix=prefix))

    def test_starts_what_is_installed(self):
        for missing, target in (
            ("bin/pep554-host", "reference"),
            ("lib/pep554/pep554-cpython.so", "reference"),
            ("share/pep554/agent/pep554_agent.py", "python:/usr/bin/python3.11"),
        ):
            prefix = self.copy()
            (prefix / missing).unlink()
            output = self.pep554("run", "-q", "--target", target, prefix=prefix, status=3)
            self.assertIn(str(prefix / missing), output)
            shutil.rmtree(prefix)

    def test_says_so_when_a_part_is_missing(self):
        for missing in ("share/pep554/cases", "share"):
            prefix = self.copy()
            shutil.rmtree(prefix / missing)
            output = self.pep554("list", "cases", prefix=prefix, status=5)
            self.assertIn(f"{prefix}/bin/pep554 is not installed as a whole: there is no {prefix}", output)
            shutil.rmtree(prefix)

    def test_judging_writes_nothing_into_the_prefix(self):
        prefix = self.copy()
        module = self.folder / "module"
        module.mkdir()
        adapter = prefix / "share/pep554/adapters/xxsubinterpreters/interpreters.py"
        broken = "\n\ndef enumerate():\n    return []\n"
        (module / "interpreters.py").write_text(adapter.read_text() + broken)
        mine = f"cpython:libpython3.11.so.1.0,path={module}"
        python = "python:/usr/bin/python3.11"
        self.pep554("list", "targets", prefix=prefix)
        before = [sorted(folder.rglob("*")) for folder in (prefix, module)]
        for status, words in (
            (0, ("run", "-q", "--filter", "create.is-listed")),
            (0, ("run", "-q", "--filter", "create.is-listed", "--target", python)),
            (1, ("run", "-q", "--filter", "create.is-listed", "--target", mine)),
            (0, ("doctor", python)),
            (1, ("properties", "-q", "--first", "--examples", "40", "--shrink-seconds", "5",
                 "--property", "list-is-what*", "--target", mine, "--out", "found")),
        ):  # fmt: skip
            self.pep554(*words, prefix=prefix, status=status)
        self.assertTrue(list(self.folder.glob("found/failures/*/repro.py")))
        self.assertEqual([sorted(folder.rglob("*")) for folder in (prefix, module)], before)

    def test_works_through_a_link(self):
        (self.folder / "link").symlink_to(PREFIX / "bin/pep554")
        self.assertIn("create.is-listed", command(self.folder / "link", "list", "cases"))

    def test_names_no_folder_of_the_build(self):
        for file in ("bin/pep554", "bin/pep554-host", "lib/pep554/pep554-cpython.so",
                     "lib/pep554/libpep554-suite.so"):  # fmt: skip
            dynamic = command("readelf", "--dynamic", PREFIX / file)
            self.assertIn("NEEDED", dynamic)
            self.assertNotIn("RPATH", dynamic)
            self.assertNotIn("RUNPATH", dynamic)

    def test_the_modules_are_a_component_too(self):
        prefix = self.folder / "prefix"
        install(prefix, "--component", "interpreters")
        (site,) = prefix.glob("lib/python3.*/site-packages")
        self.assertEqual(len(list(site.glob("*.so"))), 2)
        self.assertEqual([path.name for path in prefix.iterdir()], ["lib"])


if __name__ == "__main__":
    SOURCE, BUILD = map(Path, sys.argv[1:3])
    unittest.main(argv=sys.argv[:1])
