"""Machines of their own for a test: each has a network namespace, a D-Bus system bus and an Avahi daemon.

They are made of processes only. When those end, everything is gone.
"""

import ctypes
import os
import pathlib
import shutil
import signal
import subprocess
import threading
import time

PROGRAMS = ["avahi-browse", "avahi-daemon", "avahi-publish", "dbus-daemon", "ip", "mount", "movescu", "nsenter",
            "ss", "storescp", "unshare"]

BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path=/run/dbus/system_bus_socket</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/> <allow own="*"/>
    <allow send_type="method_call"/> <allow send_type="signal"/> <allow send_requested_reply="true"/>
    <allow receive_type="method_call"/> <allow receive_type="signal"/> <allow receive_requested_reply="true"/>
  </policy>
</busconfig>
"""

AVAHI = """[server]
host-name={name}
allow-interfaces=cable
use-ipv4=yes
use-ipv6=yes
[publish]
publish-hinfo=no
publish-workstation=no
"""


def why_not():
    """Why there can be no such machines here; nothing if there can."""
    if os.geteuid() != 0:
        return "network namespaces take root"
    path = os.environ["PATH"] + ":/usr/sbin:/sbin"
    missing = [p for p in PROGRAMS if not shutil.which(p, path=path)]
    if missing:
        return f"not installed: {', '.join(missing)}"
    done = subprocess.run(["unshare", "--mount", "--net", "sh", "-c", "mount -t tmpfs tmpfs /run && "
                           "ip link add one type veth peer name two"], capture_output=True, text=True)
    return f"network namespaces are not possible here: {done.stderr.strip()}" if done.returncode else None


def eventually(condition, seconds=30, what=""):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds} s: {what() if callable(what) else what}")


class Machine:
    def __init__(self, name, address, folder):
        self.name, self.address = name, address
        self.folder = pathlib.Path(folder) / name
        self.folder.mkdir()
        (self.folder / "bus.conf").write_text(BUS)
        (self.folder / "avahi.conf").write_text(AVAHI.format(name=name))
        self.processes = []
        self.holder = subprocess.Popen(["unshare", "--mount", "--net", "sh", "-c",
                                        "mount -t tmpfs tmpfs /run && mkdir /run/dbus /run/avahi-daemon && "
                                        "ip link set lo up && echo ready && exec sleep infinity"],
                                       stdout=subprocess.PIPE, text=True)
        self.processes.append(self.holder)
        assert self.holder.stdout.readline() == "ready\n"
        self.bus = self.avahi = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in reversed(self.processes):
            end(process)

    def command(self, *arguments):
        return ["nsenter", "--target", str(self.holder.pid), "--mount", "--net", *map(str, arguments)]

    def run(self, *arguments, check=True):
        done = subprocess.run(self.command(*arguments), capture_output=True, text=True, timeout=60)
        assert not check or done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
        return done

    def start(self, *arguments, **kwargs):
        log = open(self.folder / f"{pathlib.Path(str(arguments[0])).name}.txt", "ab")
        self.processes.append(subprocess.Popen(self.command(*arguments), stdout=log, stderr=log, **kwargs))
        return self.processes[-1]

    def start_bus(self):
        self.bus = self.start("dbus-daemon", f"--config-file={self.folder}/bus.conf", "--nofork", "--nopidfile", "--nosyslog")
        eventually(lambda: self.run("test", "-S", "/run/dbus/system_bus_socket", check=False).returncode == 0)

    def start_avahi(self):
        self.avahi = self.start("avahi-daemon", "--file", self.folder / "avahi.conf", "--no-drop-root", "--no-chroot",
                                "--no-rlimits")
        eventually(lambda: self.run("avahi-browse", "-at", check=False).returncode == 0)

    def inside(self, function):
        """What the function returns, run on a thread in this machine's network."""
        result = []

        def enter():
            try:
                descriptor = os.open(f"/proc/{self.holder.pid}/ns/net", os.O_RDONLY)
                if ctypes.CDLL(None, use_errno=True).setns(descriptor, 0):
                    raise OSError(ctypes.get_errno(), "setns")
                os.close(descriptor)
                result.append((function(), None))
            except BaseException as error:
                result.append((None, error))

        thread = threading.Thread(target=enter)
        thread.start()
        thread.join()
        value, error = result[0]
        if error:
            raise error
        return value

    def services(self):
        """What avahi-browse finds: {name: (host, address, port, {TXT})}, by IPv4."""
        found = {}
        for line in self.run("avahi-browse", "--resolve", "--parsable", "--terminate", "--no-db-lookup",
                             "_dicom._tcp").stdout.splitlines():
            parts = line.split(";", 9)
            if parts[0] == "=" and parts[2] == "IPv4":
                name = parts[3].replace("\\032", " ")
                txt = dict(entry.split("=", 1) for entry in parts[9].strip('"').split('" "'))
                found[name] = (parts[6], parts[7], int(parts[8]), txt)
        return found


def connect(one, other):
    """A cable between two machines."""
    one.run("ip", "link", "add", "name", "cable", "type", "veth", "peer", "name", "cable", "netns", str(other.holder.pid))
    for machine in (one, other):
        machine.run("ip", "address", "add", f"{machine.address}/24", "dev", "cable")
        machine.run("ip", "link", "set", "cable", "up")


def end(process):
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(30)
    return process.returncode
