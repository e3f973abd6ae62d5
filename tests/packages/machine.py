"""A Debian machine of the test's own: systemd in a container, on a fresh root file system, without a network but its loopback."""

import os
import pathlib
import shutil
import signal
import subprocess
import time

from roots import ROOT, kept

OWNER = 11112  # of the files on a container's volume


def run(*words, check=True, **kwargs):
    done = subprocess.run([str(word) for word in words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          timeout=kwargs.pop("timeout", 300), **kwargs)
    assert not check or done.returncode == 0, f"{words} ended with {done.returncode}\n{done.stdout}"
    return done.stdout


def wait_until_ready(process, log, wait):
    """For an archive that this process runs, and that writes to this file."""
    end = time.monotonic() + wait
    while "host: ready" not in log.read_text():
        assert process.poll() is None and time.monotonic() < end, log.read_text()
        time.sleep(0.2)


class Machine:
    def __init__(self, root):
        self.root = root
        self.nspawn = None
        self.leader = None

    def in_chroot(self, *words, **kwargs):
        """Before it is started, with the network of this machine."""
        shutil.copy("/etc/resolv.conf", self.root / "etc" / "resolv.conf")
        return run("chroot", self.root, *words, env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8",
                                                     "DEBIAN_FRONTEND": "noninteractive"}, **kwargs)

    def fetch(self, suite, *packages):
        """What it takes to install these packages later, without a network."""
        archives = kept() / f"archives-{suite}"
        archives.mkdir(exist_ok=True)
        inside = self.root / "var/cache/apt/archives"
        for deb in archives.glob("*.deb"):
            shutil.copy(deb, inside)
        self.in_chroot("apt-get", "update")
        self.in_chroot("apt-get", "install", "--yes", "--no-install-recommends", "--download-only", *packages, timeout=1800)
        for deb in inside.glob("*.deb"):
            shutil.copy(deb, archives)

    def start(self, wait=120):
        self.console = open(self.root.parent / "console.txt", "wb")
        self.nspawn = subprocess.Popen(
            ["systemd-nspawn", "--quiet", "--boot", "--register=no", "--keep-unit", "--private-network", "--link-journal=no",
             f"--machine=fermata-test-{os.getpid()}", f"--directory={self.root}"],
            stdin=subprocess.DEVNULL, stdout=self.console, stderr=self.console, start_new_session=True)
        end = time.monotonic() + wait
        while time.monotonic() < end:
            children = pathlib.Path(f"/proc/{self.nspawn.pid}/task/{self.nspawn.pid}/children").read_text().split()
            if children:
                self.leader = children[0]
                state = self("systemctl", "is-system-running", check=False).strip()
                if state in ("running", "degraded"):
                    return self
            assert self.nspawn.poll() is None, (self.root.parent / "console.txt").read_text(errors="replace")
            time.sleep(0.3)
        raise AssertionError("the machine did not start:\n" + (self.root.parent / "console.txt").read_text(errors="replace"))

    def __call__(self, *words, **kwargs):
        """Runs a command in the machine."""
        return run("nsenter", f"--target={self.leader}", "--mount", "--uts", "--ipc", "--net", "--pid", "--root", "--wd",
                   "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8", "DEBIAN_FRONTEND=noninteractive",
                   *words, **kwargs)

    def peer(self, *words, **kwargs):
        """Runs a program of this machine in the other one's network."""
        return run("nsenter", f"--target={self.leader}", "--net", *words, **kwargs)

    def property(self, name):
        return self("systemctl", "show", "--property", name, "--value", "fermata").strip()

    def journal(self):
        return self("journalctl", "--unit=fermata", "--no-pager", "--output=cat")

    def wait_for(self, what, holds, wait=60):
        end = time.monotonic() + wait
        while not holds():
            assert time.monotonic() < end, f"{what}\n{self.journal()}"
            time.sleep(0.3)

    def stop(self):
        if self.nspawn is None:
            return
        self("systemctl", "--no-block", "poweroff", check=False)
        try:
            self.nspawn.wait(60)
        except subprocess.TimeoutExpired:
            os.killpg(self.nspawn.pid, signal.SIGKILL)
            self.nspawn.wait(10)
        self.console.close()
