"""The commit in build_info.cpp, for the ways in which sources come to a machine.

    commit_test.py CMAKE FOLDER"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

CMAKE, FOLDER = sys.argv[1], pathlib.Path(sys.argv[2])
# Not the user's settings, nor a repository that a hook's environment names.
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
ENVIRONMENT |= {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null", "GIT_AUTHOR_NAME": "a",
                "GIT_AUTHOR_EMAIL": "a@example.invalid", "GIT_COMMITTER_NAME": "a",
                "GIT_COMMITTER_EMAIL": "a@example.invalid"}  # fmt: skip


def run(*words, folder):
    return subprocess.run(words, cwd=folder, env=ENVIRONMENT, check=True, text=True,
                          stdout=subprocess.PIPE).stdout.strip()  # fmt: skip


class Commit(unittest.TestCase):
    def setUp(self):
        self.scratch = pathlib.Path(tempfile.mkdtemp()).resolve()
        self.addCleanup(shutil.rmtree, self.scratch)
        self.source = self.scratch / "so urce"
        self.script = self.source / "harness/build_info/write_build_info.cmake"
        self.script.parent.mkdir(parents=True)
        for name in ("write_build_info.cmake", "commit.txt"):
            shutil.copy(FOLDER / name, self.script.parent)
        (self.source / ".gitattributes").write_text("harness/build_info/commit.txt export-subst\n")
        self.out = self.scratch / "build_info.cpp"

    def repository(self, folder):
        run("git", "init", "--quiet", folder=folder)
        run("git", "add", ".", folder=folder)
        run("git", "commit", "--quiet", "--message", "one", folder=folder)
        return run("git", "rev-parse", "--short=7", "HEAD", folder=folder)

    def commit(self, source=None):
        source = source or self.source
        script = source / self.script.relative_to(self.source)
        run(CMAKE, f"-DSOURCE={source}", "-DVERSION=1.2.3", f"-DOUT={self.out}", "-P", script,
            folder=self.scratch)  # fmt: skip
        text = self.out.read_text()
        self.assertIn('return "1.2.3";', text)
        return re.search(r'build_commit\(\) {\n  return "(.*)";', text)[1]

    def test_of_a_repository(self):
        commit = self.repository(self.source)
        self.assertRegex(commit, "^[0-9a-f]{7}$")
        self.assertEqual(self.commit(), commit)

    def test_a_tag_is_no_commit(self):
        commit = self.repository(self.source)
        run("git", "tag", "--annotate", "--message", "x", "v1", folder=self.source)
        self.assertEqual(self.commit(), commit)

    def test_of_a_changed_tree(self):
        commit = self.repository(self.source)
        with open(self.script, "a") as file:
            file.write("# changed\n")
        self.assertEqual(self.commit(), commit + "-dirty")

    def test_of_an_archive(self):
        commit = self.repository(self.source)
        run("git", "archive", "--output", self.scratch / "a.tar", "HEAD", folder=self.source)
        unpacked = self.scratch / "unpacked"
        unpacked.mkdir()
        run("tar", "-xf", self.scratch / "a.tar", folder=unpacked)
        self.assertEqual(self.commit(unpacked), commit)

    def test_of_a_copy_without_a_repository(self):
        self.assertEqual(self.commit(), "unknown")

    def test_another_repository_around_it(self):
        self.repository(self.scratch)
        self.assertEqual(self.commit(), "unknown")

    def test_the_file_stays_while_the_commit_does(self):
        self.repository(self.source)
        self.commit()
        os.utime(self.out, (1, 1))
        self.commit()
        self.assertEqual(self.out.stat().st_mtime, 1)
        run("git", "commit", "--quiet", "--allow-empty", "--message", "two", folder=self.source)
        self.commit()
        self.assertNotEqual(self.out.stat().st_mtime, 1)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
