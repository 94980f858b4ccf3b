"""The man page and the shell's completion name every command and option that the program has.

    share_test.py PROGRAM FOLDER"""

import pathlib
import re
import subprocess
import sys
import unittest

PROGRAM, FOLDER = sys.argv[1], pathlib.Path(sys.argv[2])


def output(*arguments):
    return subprocess.run([PROGRAM, *arguments], stdout=subprocess.PIPE, text=True, check=True).stdout


def commands():
    listed = output("--help").split("Subcommands:")[1].split("Exit codes")[0]
    return re.findall(r"^  ([a-z]+)", listed, re.M)


def options(command):
    return set(re.findall(r"^  .*?(--[a-z-]+)", output(command, "--help"), re.M)) - {"--help"}


def synopsis_of(command):
    """The lines of the man page, from the command's name on."""
    page = (FOLDER / "pep554.1").read_text(encoding="utf-8")
    every = page.split(".Sh SYNOPSIS\n")[1].split(".Sh ")[0].split(".Nm\n")
    return next((one for one in every if one.startswith(f".Cm {command}\n")), "")


def complete(*words):
    """The completions that the shell offers for the last word."""
    script = (f'PATH="{pathlib.Path(PROGRAM).parent}:$PATH"; source "{FOLDER}/pep554.bash"; '
              'COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _pep554; printf "%s\\n" "${COMPREPLY[@]}"')
    done = subprocess.run(["bash", "-c", script, "bash", "pep554", *words], stdout=subprocess.PIPE,
                          text=True, check=True)
    return done.stdout.split()


class ManPage(unittest.TestCase):
    def test_every_command_and_option_is_there(self):
        page = (FOLDER / "pep554.1").read_text(encoding="utf-8")
        self.assertGreaterEqual(len(commands()), 4)
        for command in commands():
            self.assertIn(f".It Cm {command}\n", page)
            for option in options(command):
                self.assertRegex(page, rf"Fl {option[1:]}\b", f"{command} {option}")

    def test_each_synopsis_has_every_option_and_choice_and_no_other(self):
        for command in commands():
            synopsis = synopsis_of(command)
            self.assertEqual({"-" + option for option in re.findall(r"Fl (-[a-z-]+)", synopsis)},
                             options(command), command)
            listed = re.search(r"^  what TEXT:\{(.*?)\}", output(command, "--help"), re.M)
            if listed:
                self.assertIn(f".Cm {listed[1].replace(',', ' | ')}\n", synopsis)

    def test_every_listed_option_exists(self):
        page = (FOLDER / "pep554.1").read_text(encoding="utf-8")
        known = set().union(*(options(command) for command in commands())) | {"--help", "--version"}
        for option in re.findall(r"Fl (-[a-z-]+)", page):
            self.assertIn("-" + option, known)

    def test_it_is_well_formed(self):
        done = subprocess.run(["mandoc", "-T", "lint", FOLDER / "pep554.1"], stdout=subprocess.PIPE,
                              text=True)
        self.assertEqual(done.stdout, "")


class Completion(unittest.TestCase):
    def test_commands(self):
        self.assertEqual(complete("ex"), ["explain"])
        self.assertEqual(set(complete("")) - {"--help", "--version"}, set(commands()))

    def test_options(self):
        for command in commands():
            offered = set(complete(command, "--")) if command != "explain" else {"--help"}
            self.assertEqual(offered - {"--help"}, options(command), command)

    def test_values(self):
        self.assertEqual(complete("list", "t"), ["targets"])
        self.assertEqual(complete("diff", "--format", "m"), ["markdown"])
        self.assertEqual(complete("script", "exit.one"), ["exit.one-alive"])
        self.assertEqual(complete("script", "--adapter", "x"), ["xxsubinterpreters"])
        self.assertIn("python:", complete("run", "--target", ""))
        self.assertIn("destroy.removes-from-the-list", complete("explain", "destroy.removes-f"))
        self.assertIn("destroy.removes-from-the-list", complete("run", "--filter", "destroy.removes-f"))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
