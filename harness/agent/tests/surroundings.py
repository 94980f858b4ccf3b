"""Tests of a host: the private folder of programs, and their resource limits."""

import ctypes
import errno
import fcntl
import os
import pathlib
import signal
import subprocess
import tempfile
import unittest

from host_case import COMMAND, CREATE, WithHost, evaluate, run
from host_client import Host

SIGKILL = signal.SIGKILL


JAIL = [os.environ["PEP554_JAIL_PROGRAM"]]


def may_have_own_shared_memory():
    measures = subprocess.run([*JAIL, "--probe"], stdout=subprocess.PIPE, text=True, check=True)
    return "mount namespace\t\n" in measures.stdout


class Folder(unittest.TestCase):
    """The folder of a host, below one that the test made."""

    def setUp(self):
        made = tempfile.TemporaryDirectory()
        self.addCleanup(made.cleanup)
        self.parent = pathlib.Path(made.name)

    def start(self, command=COMMAND):
        host = Host(command, env=dict(os.environ, TMPDIR=str(self.parent)))
        self.addCleanup(host.wait)
        self.assertEqual(host.hello["msg"], "hello", host.hello)
        return host

    def stale(self):
        """A folder of a process that there is no longer."""
        ended = subprocess.Popen(["true"])
        ended.wait()
        folder = self.parent / f"pep554-host-{ended.pid}-abcdef"
        folder.mkdir()
        return folder

    def names(self, folder=None):
        return sorted(os.listdir(folder or self.parent))

    def evaluate(self, host, source):
        got = host.run([evaluate(source)])
        self.assertTrue(got.end["completed"], got.all)
        self.assertEqual([answer["status"] for answer in got.answers()], ["ok"], got.all)
        return got

    def test_is_named_and_is_where_programs_find_it(self):
        host = self.start()
        folder = host.hello["temporary"]
        self.assertEqual(self.names(), [os.path.basename(folder)])
        self.assertTrue(self.names()[0].startswith(f"pep554-host-{host.pid}-"), folder)
        self.assertEqual(os.stat(folder).st_mode & 0o777, 0o700)
        code = "import os, tempfile\n$emit(os.environ['TMPDIR'])\n$emit(tempfile.gettempdir())"
        got = host.run([CREATE, run("a", code), evaluate(code)])
        self.assertEqual(got.emitted(), [folder] * 4)

    def test_is_emptied_after_each_program(self):
        secret = self.parent / "secret"
        secret.mkdir()
        (secret / "kept").write_text("kept")
        host = self.start()
        folder = host.hello["temporary"]
        source = f"""
import os
os.chdir(os.environ["TMPDIR"])
open("plain", "w").close()
os.symlink({str(secret)!r}, "link")
os.mkfifo("fifo")
os.makedirs("a/b")
open("a/b/c", "w").close()
os.symlink({str(secret)!r}, "a/link")
os.chmod("plain", 0)
os.chmod("a/b", 0)
os.chmod("a", 0)
os.chmod(".", 0)
"""
        got = self.evaluate(host, source)
        self.assertEqual(self.names(folder), [])
        self.assertEqual(os.stat(folder).st_mode & 0o777, 0o700)
        self.assertEqual((secret / "kept").read_text(), "kept")
        self.assertEqual(got.end["note"], "")
        if os.geteuid() == 0:  # others see nothing below what they may not enter
            self.assertEqual(got.end["files"], 7)

    def test_any_depth_is_emptied(self):
        source = """
import os
os.chdir(os.environ["TMPDIR"])
for depth in range(3000):
    os.mkdir("d" * 20)
    os.chdir("d" * 20)
"""
        host = self.start()
        self.evaluate(host, source)
        self.assertEqual(self.names(host.hello["temporary"]), [])

    def test_comes_back_when_it_is_removed_or_replaced(self):
        host = self.start()
        secret = self.parent / "secret"
        secret.mkdir()
        (secret / "kept").write_text("kept")
        for more in ("", f"os.symlink({str(secret)!r}, folder)", "open(folder, 'w').close()"):
            self.evaluate(
                host, f"import os\nfolder = os.environ['TMPDIR']\nos.rmdir(folder)\n{more}"
            )
            self.assertEqual(self.names(host.hello["temporary"]), [], more)
            self.assertTrue(os.path.isdir(host.hello["temporary"]))
            self.assertFalse(os.path.islink(host.hello["temporary"]))
        self.assertEqual((secret / "kept").read_text(), "kept")

    def test_is_removed_when_the_host_leaves(self):
        for leave in (lambda host: host.send({"msg": "quit"}), lambda host: host.hang_up()):
            host = self.start()
            host.start({"lanes": [[evaluate("import os\nopen(os.environ['TMPDIR'] + '/f', 'w')")]]})
            while host.receive()["msg"] != "end":
                pass
            leave(host)
            self.assertEqual(host.wait(), 0)
            self.assertEqual(self.names(), [])

    def test_is_removed_when_the_host_refuses(self):
        with Host(COMMAND + ["colour=red"], env=dict(os.environ, TMPDIR=str(self.parent))) as host:
            self.assertEqual(host.hello["msg"], "refused")
            host.wait()
        self.assertEqual(self.names(), [])

    def test_of_a_host_that_was_killed_is_removed_by_the_next(self):
        unlike = ("pep554-host-x-abcdef", "pep554-host--abcdef", "other-1-abcdef",
                  f"pep554-host-{os.getpid()}-abcdef")  # fmt: skip
        for name in unlike:
            (self.parent / name).mkdir()
        killed = self.start()
        os.kill(killed.pid, SIGKILL)
        killed.wait()
        gone = self.stale()
        (gone / "a").mkdir()
        (gone / "a" / "b").write_text("")
        (gone / "a").chmod(0)
        linked = self.parent / gone.name.replace("abcdef", "abcdeg")
        linked.symlink_to(self.parent / unlike[0])
        host = self.start()
        own = os.path.basename(host.hello["temporary"])
        self.assertEqual(self.names(), sorted([own, linked.name, *unlike]))

    @unittest.skipUnless(may_have_own_shared_memory(), "the kernel refuses namespaces to this user")
    def test_shared_memory_is_emptied_after_each_program(self):
        name = f"pep554-test-{os.getpid()}"
        source = f"""
import os
$emit(str(os.listdir("/dev/shm")))
open("/dev/shm/{name}", "w").close()
os.makedirs("/dev/shm/{name}-folder/a")
os.chmod("/dev/shm/{name}-folder", 0)
"""
        host = self.start(JAIL + COMMAND)
        for fresh in (False, True, False):
            got = host.run([evaluate(source)], fresh=fresh)
            self.assertEqual(got.emitted(), ["[]"], got.all)
            self.assertEqual(got.end["files"], 3)
        self.assertNotIn(name, os.listdir("/dev/shm"))
        # Objects of System V are gone with the host, of one that embeds its target with the program.
        make = """
import ctypes
libc, key, new = ctypes.CDLL(None), 0x7e9554 + 1, 0o3600
$emit([made >= 0 for made in (libc.shmget(key, 1, new), libc.semget(key, 1, new), libc.msgget(key, new))])
"""
        for _ in range(2 if "abi" in host.hello["plugin"] else 1):
            got = host.run([evaluate(make)])
            self.assertEqual(got.emitted(), [str([True] * 3)])
            self.assertEqual(got.end["files"], 3 if "abi" in host.hello["plugin"] else 0)
        host.hang_up()
        host.wait()
        self.assertEqual(ctypes.CDLL(None).shmget(0x7E9554 + 1, 0, 0), -1)

    @unittest.skipIf(os.geteuid() != 0, "only root can give a folder away")
    def test_folders_of_other_users_are_kept(self):
        other = self.stale()
        os.chown(other, 65534, 65534)
        self.start()
        self.assertIn(other.name, self.names())

    def test_locked_folders_are_kept(self):
        stale = self.stale()
        held = os.open(stale, os.O_RDONLY)
        self.addCleanup(os.close, held)
        fcntl.flock(held, fcntl.LOCK_EX)
        host = self.start()
        self.assertIn(stale.name, self.names())
        own = os.open(host.hello["temporary"], os.O_RDONLY)
        self.addCleanup(os.close, own)
        self.assertRaises(BlockingIOError, fcntl.flock, own, fcntl.LOCK_EX | fcntl.LOCK_NB)
        fcntl.flock(held, fcntl.LOCK_UN)
        self.start()
        self.assertNotIn(stale.name, self.names())

    def test_two_hosts_have_two(self):
        first, second = self.start(), self.start()
        self.assertEqual(len({first.hello["temporary"], second.hello["temporary"]}), 2)
        self.assertEqual(len(self.names()), 2)


class Limits(WithHost):
    NEEDS = ("pep554.eval/1",)

    def test_descriptors(self):
        source = """
import os
kept = []
try:
    while len(kept) < 5000:
        kept.append(os.open("/dev/null", 0))
except OSError as problem:
    $emit(problem.errno)
$emit(len(kept))
"""
        for most in (50, 1024):
            got = self.ok(self.host.run([evaluate(source)], open_files=most))
            number, count = map(int, got.emitted())
            self.assertEqual(number, errno.EMFILE)
            self.assertLessEqual(count, most)
            self.assertGreater(count, most - 40)

    def test_large_files(self):
        source = """
import os, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
file = os.open(os.environ["TMPDIR"] + "/large", os.O_CREAT | os.O_RDWR)
$emit(os.pwrite(file, b"x", (256 << 20) - 1))
try:
    os.pwrite(file, b"x", 256 << 20)
except OSError as problem:
    $emit(problem.errno)
"""
        self.assertEqual(
            self.ok(self.host.run([evaluate(source)])).emitted(), ["1", str(errno.EFBIG)]
        )
