#!/usr/bin/env python3
"""Tests ci/cluster on one machine: Slurm and GNU parallel run four shards of the suite, one is killed and run again,
and what is merged is what an unsharded run has.

    cluster_test.py BUILD

Needs root, and Debian's slurmctld, slurmd, slurm-client, slurm-wlm-basic-plugins, munge and parallel. Everything
happens in a temporary folder and in namespaces for processes, mounts and the network (Slurm's controller listens on
all addresses), so that nothing outlives it. Exit codes: 0 passed; 1 not; 2 wrong usage."""

import fcntl
import json
import os
import pathlib
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
COUNT = 4
DEADLINE = 120  # seconds, for anything that is waited for
NAMESPACES = ["unshare", "--net", "--pid", "--mount-proc", "--fork", "--kill-child"]
CONFIGURATION = """
ClusterName=pep554
SlurmctldHost={host}(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CredType=cred/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdParameters=config_overrides
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
MpiDefault=none
ReturnToService=2
NodeName={host} NodeAddr=127.0.0.1 CPUs=2
PartitionName=main Nodes={host} Default=YES State=UP
"""


def wait_for(what, condition):
    end = time.monotonic() + DEADLINE
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(what)
        time.sleep(0.005)


def bring_loopback_up():
    """`ip link set lo up; ip addr add 127.0.0.2 dev lo`, without iproute2. Slurm asks for addresses with
    AI_ADDRCONFIG: with 127.0.0.1 alone, it gets none."""
    set_flags, set_address, up_and_running = 0x8914, 0x8916, 0x1 | 0x40
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, set_flags, struct.pack("16sh14x", b"lo", up_and_running))
        fcntl.ioctl(any_socket, set_address,
                    struct.pack("16sHH4s8x", b"lo:1", socket.AF_INET, 0, socket.inet_aton("127.0.0.2")))


def processes():
    """The command line of each process here, by its id; not of those that have ended."""
    found = {}
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().decode("utf-8", "replace").split("\0")[:-1]
        except OSError:
            continue
        if words:
            found[int(folder.name)] = words
    return found


class Slurm:
    """munged, slurmctld and slurmd of this machine, in a folder."""

    def __init__(self, folder):
        self.folder = folder
        self.daemons = []

    def start(self):
        host = socket.gethostname().split(".")[0]
        for name in ("state", "spool"):
            (self.folder / name).mkdir()
        configuration = self.folder / "slurm.conf"
        configuration.write_text(CONFIGURATION.format(host=host, folder=self.folder), encoding="utf-8")
        os.environ["SLURM_CONF"] = str(configuration)
        key = self.folder / "munge.key"
        key.write_bytes(os.urandom(1024))
        key.chmod(0o400)
        self.daemon("munged", "--force", "--foreground", f"--socket={self.folder}/munge.socket", f"--key-file={key}",
                    *(f"--{kind}-file={self.folder}/munge.{kind}" for kind in ("pid", "log", "seed")))
        wait_for("munged", (self.folder / "munge.socket").exists)
        self.daemon("slurmctld", "-D")
        self.daemon("slurmd", "-D")
        wait_for("an idle node", lambda: "idle" in self.output("sinfo", "-h", "-o", "%T"))

    def daemon(self, name, *options):
        with open(self.folder / f"{name}.log", "wb") as log:
            self.daemons.append(subprocess.Popen([name, *options], stdout=log, stderr=log))

    def output(self, *command):
        return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout

    def stop(self):
        for daemon in reversed(self.daemons):
            daemon.terminate()
            daemon.wait(DEADLINE)

    def logs(self):
        return "\n".join(f"== {log.name}\n{log.read_text(errors='replace')[-3000:]}"
                         for log in sorted(self.folder.glob("*.log")))


def comparable(folder):
    """The results but for what depends on the clock and on how the cases came to be run: the words of an answer
    do, where a number happens to be the id of the thread."""
    def strip(value):
        if isinstance(value, dict):
            return {key: strip(item) for key, item in value.items()
                    if not key.endswith(("_us", "_ms")) and key not in ("started", "jobs", "got")}
        return [strip(item) for item in value] if isinstance(value, list) else value
    return strip(json.loads((folder / "results.json").read_text(encoding="utf-8")))


class Cluster(unittest.TestCase):
    program = None

    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory(prefix="pep554-cluster-")
        cls.addClassCleanup(temporary.cleanup)
        cls.folder = pathlib.Path(temporary.name)
        cls.before = set(processes())
        os.environ["PEP554"] = str(cls.program)
        bring_loopback_up()
        done = cls.run_command(cls.program, "run", "--quiet", "--out", cls.folder / "whole")
        assert done.returncode == 0, done.stdout + done.stderr
        cls.whole = comparable(cls.folder / "whole")

    @classmethod
    def run_command(cls, *command):
        return subprocess.run([str(word) for word in command], capture_output=True, text=True)

    def start(self, *command):
        process = subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                   text=True)
        self.addCleanup(process.stdout.close)
        return process

    def kill_shard(self, out, index):
        """Kills the program that runs a shard, once it has results and before it has all; the results it has."""
        journal = out / f"shards/{index}/histories.jsonl"
        wait_for("results of a shard", lambda: journal.exists() and journal.read_bytes().count(b"\n") > 3)
        mine = [pid for pid, words in processes().items()
                if words[:1] == [str(self.program)] and f"{index}/{COUNT}" in words]
        self.assertEqual(len(mine), 1, "the shard ended before it could be killed")
        os.kill(mine[0], signal.SIGKILL)
        wait_for("its end", lambda: mine[0] not in processes())
        self.assertFalse((journal.parent / "results.json").exists())
        whole = journal.read_bytes()
        return whole[:whole.rindex(b"\n") + 1]

    def assert_complete(self, out):
        self.assertEqual(comparable(out), self.whole)
        parts = [json.loads((out / f"shards/{index}/results.json").read_text(encoding="utf-8"))["cases"]
                 for index in range(1, COUNT + 1)]
        self.assertEqual(sum(map(len, parts)), len(self.whole["cases"]))
        self.assertTrue(all(parts), "each shard has cases")

    def assert_continued(self, out, index, killed):
        """What the killed shard had run was not run again."""
        self.assertTrue((out / f"shards/{index}/histories.jsonl").read_bytes().startswith(killed))

    def test_slurm(self):
        out = self.folder / "slurm"
        daemons = self.folder / "daemons"
        daemons.mkdir()
        slurm = Slurm(daemons)
        self.addCleanup(slurm.stop)
        try:
            slurm.start()
            command = [HERE / "slurm.sh", COUNT, out, "--jobs", "1", "--times", self.folder / "whole"]
            running = self.start(*command)
            killed = self.kill_shard(out, 3)
            printed = running.communicate(timeout=DEADLINE)[0]
            self.assertEqual(running.returncode, 1, printed)
            self.assertIn("shards/3/histories.jsonl: unfinished, ", printed)
            self.assertRegex(printed, r"No claim: only \d+ of \d+ cases were run against reference\.")

            again = self.run_command("sbatch", "--quiet", "--wait", "--array=3", f"--output={out}/shard-3.log",
                                     HERE / "shard.sh", COUNT, out, *command[3:])
            self.assertEqual(again.returncode, 0, again.stderr)
            merged = self.run_command(HERE / "merge.sh", out)
            self.assertEqual(merged.returncode, 0, merged.stdout + merged.stderr)
            self.assertIn("reference is conformant", merged.stdout)
            self.assert_complete(out)
            self.assert_continued(out, 3, killed)
        except Exception:
            print(slurm.logs(), file=sys.stderr)
            raise

    def test_parallel(self):
        out = self.folder / "parallel"
        running = self.start(HERE / "parallel.sh", COUNT, out, "--jobs", "1")
        killed = self.kill_shard(out, 2)
        printed = running.communicate(timeout=DEADLINE)[0]
        self.assertEqual(running.returncode, 0, printed)
        self.assertIn("reference is conformant", printed)
        self.assert_complete(out)
        self.assert_continued(out, 2, killed)

    @classmethod
    def tearDownClass(cls):
        left = {pid: words for pid, words in processes().items() if pid not in cls.before and pid != os.getpid()}
        assert not left, f"processes are left: {left}"


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    program = pathlib.Path(sys.argv[1]).resolve() / "bin/pep554"
    if os.environ.get("PEP554_CLUSTER_TEST") != "inside":
        os.environ["PEP554_CLUSTER_TEST"] = "inside"
        os.execvp(NAMESPACES[0], [*NAMESPACES, sys.executable, __file__, sys.argv[1]])
    Cluster.program = program
    unittest.main(argv=sys.argv[:1], verbosity=2)


if __name__ == "__main__":
    main()
