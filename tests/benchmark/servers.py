"""The programs that are measured: each starts on free ports of the loopback interface with data of its own.

`durability` says what an answer means; it is printed beside every figure. DCMTK, and with it Orthanc of Debian 12, waits
44 ms for each answer unless the environment says TCP_NODELAY=1: they get it, and are shown as they come, too.
"""

import atexit
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests"))

from ports import free_port  # noqa: E402

MOVE_DESTINATION = "BENCHSINK"
ORTHANC_WEB = "/usr/share/orthanc/plugins/libOrthancDicomWeb.so"


def processes_of(pid):
    """A process and what it has started."""
    found = [pid]
    for thread in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            for child in thread.read_text().split():
                found += processes_of(int(child))
        except OSError:
            pass  # it has ended meanwhile
    return found


def memory_kib(pid, file, field):
    try:
        for line in pathlib.Path(f"/proc/{pid}/{file}").read_text().splitlines():
            if line.startswith(field + ":"):
                return int(line.split()[1])
    except OSError:
        pass
    return 0


def processor_seconds(pid):
    """Used so far by a process, those it has started and those that have ended."""
    ticks = 0
    for process in processes_of(pid):
        try:
            fields = pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(map(int, fields[11:15]))  # user, system, and both of its children that have ended
        except OSError:
            pass
    return ticks / os.sysconf("SC_CLK_TCK")


class MemoryWatch:
    """The highest memory of a process with its children: PSS, looked at twice a second, and RSS as the kernel kept it."""

    def __init__(self, pid):
        self.pid, self.pss, self.rss = pid, 0, 0
        self.done = threading.Event()
        self.thread = threading.Thread(target=self.watch, daemon=True)
        self.thread.start()

    def look(self):
        processes = processes_of(self.pid)
        self.pss = max(self.pss, sum(memory_kib(p, "smaps_rollup", "Pss") for p in processes))
        self.rss = max(self.rss, sum(memory_kib(p, "status", "VmHWM") for p in processes))

    def watch(self):
        while not self.done.wait(0.5):
            self.look()

    def stop(self):
        self.look()
        self.done.set()
        self.thread.join()
        return {"peak_pss_mib": self.pss / 1024, "peak_rss_mib": self.rss / 1024}


class Server:
    durability = ""
    dicom_web = None  # the path, where there is one
    can_find = can_move = False
    nodelay = True
    title = "ANY"

    def __init__(self, folder):
        self.folder = pathlib.Path(folder).resolve()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port, self.http_port, self.destination_port = free_port(), free_port(), free_port()
        self.process = None

    @classmethod
    def installed(cls):
        return True

    def environment(self):
        given = {k: v for k, v in os.environ.items() if k != "TCP_NODELAY"}
        return {**given, "TCP_NODELAY": "1"} if self.nodelay else given

    def start(self, wait=120):
        """Returns the seconds until the server listens everywhere."""
        begin = time.monotonic()
        with open(self.folder / "log.txt", "ab") as log:
            self.process = subprocess.Popen(self.command(), stdout=log, stderr=log, env=self.environment(), cwd=self.folder)
        atexit.register(self.process.kill)  # also where a measurement breaks off; once it has ended, that does nothing
        for port in [self.port] + ([self.http_port] if self.dicom_web else []):
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
                except OSError:
                    if self.process.poll() is not None or time.monotonic() - begin > wait:
                        raise SystemExit(f"{self.name} does not start: see {self.folder / 'log.txt'}")
                    time.sleep(0.002)
        self.memory = MemoryWatch(self.process.pid)
        return time.monotonic() - begin

    def runs(self):
        return self.process is not None and self.process.poll() is None

    def stop(self):
        memory = self.memory.stop()
        self.process.terminate()
        self.process.wait(120)
        return memory

    def kill(self):
        self.memory.stop()
        self.process.kill()
        self.process.wait()


class Fermata(Server):
    name = "fermata"
    durability = "object and name synced before the answer"
    dicom_web = "/dicom-web"
    can_find = can_move = True
    title = "FERMATA"
    build = ROOT / "build" / "release"

    @classmethod
    def installed(cls):
        return (cls.build / "bin" / "fermata").exists()

    def environment(self):
        return {**super().environment(), "FERMATA_DATA": str(self.folder), "FERMATA_DIMSE_PORT": str(self.port),
                "FERMATA_HTTP_PORT": str(self.http_port), "FERMATA_BIND": "127.0.0.1", "FERMATA_HTTP_BIND": "127.0.0.1",
                "FERMATA_ACCOUNTS": "no", "FERMATA_DISCOVERY": "no",
                "FERMATA_NODES": f"{MOVE_DESTINATION}@127.0.0.1:{self.destination_port}"}

    def command(self, verb="serve"):
        return [str(self.build / "bin" / "fermata"), verb, "--config", str(ROOT / "config" / "quickstart.yaml")]


class Orthanc(Server):
    name = "orthanc"
    durability = "file synced, its index is not"
    dicom_web = "/dicom-web"
    can_find = can_move = True
    title = "ORTHANC"
    settings = {}

    @classmethod
    def installed(cls):
        return shutil.which("Orthanc") is not None and os.path.exists(ORTHANC_WEB)

    def command(self):
        (self.folder / "orthanc.json").write_text(json.dumps({
            "Name": "peer", "StorageDirectory": str(self.folder), "IndexDirectory": str(self.folder), "DicomPort": self.port,
            "HttpPort": self.http_port, "RemoteAccessAllowed": False, "AuthenticationEnabled": False,
            "DicomAlwaysAllowStore": True, "DicomAlwaysAllowFind": True, "DicomAlwaysAllowGet": True,
            "DicomAlwaysAllowMove": True,
            "DicomModalities": {"destination": [MOVE_DESTINATION, "127.0.0.1", self.destination_port],
                                "load": ["LOAD", "127.0.0.1", self.destination_port]},
            "Plugins": [ORTHANC_WEB], "DicomWeb": {"Enable": True, "Root": "/dicom-web/"}, **self.settings}))
        return ["Orthanc", str(self.folder / "orthanc.json")]


class OrthancTuned(Orthanc):
    name = "orthanc, tuned"
    settings = {"StoreMD5ForAttachments": False, "MaximumStorageCacheSize": 1024, "DicomThreadsCount": 8,
                "HttpThreadsCount": 50, "SaveJobs": False}


class OrthancUnsynced(OrthancTuned):
    name = "orthanc, tuned, no sync"
    durability = "nothing synced"
    settings = {**OrthancTuned.settings, "SyncStorageArea": False}


class OrthancAsItComes(Orthanc):
    name = "orthanc, as it comes"
    durability = "file synced, its index is not; TCP_NODELAY not set"
    nodelay = False


class Storescp(Server):
    name = "storescp"
    durability = "nothing synced"

    @classmethod
    def installed(cls):
        return shutil.which("storescp") is not None

    def command(self):
        (self.folder / "objects").mkdir(exist_ok=True)
        return ["storescp", "--fork", "-pdu", "131072", "-od", str(self.folder / "objects"), str(self.port)]


class StorescpAsItComes(Storescp):
    name = "storescp, as it comes"
    durability = "nothing synced; TCP_NODELAY not set"
    nodelay = False


class Dcmqrscp(Server):
    name = "dcmqrscp"
    durability = "nothing synced"
    can_move = True
    title = "QR"

    @classmethod
    def installed(cls):
        return shutil.which("dcmqrscp") is not None

    def command(self):
        objects = self.folder / "objects"
        objects.mkdir(exist_ok=True)
        (self.folder / "dcmqrscp.cfg").write_text(
            f"NetworkTCPPort = {self.port}\nMaxPDUSize = 131072\nMaxAssociations = 32\n"
            f"HostTable BEGIN\ndestination = ({MOVE_DESTINATION}, 127.0.0.1, {self.destination_port})\nHostTable END\n"
            "VendorTable BEGIN\nVendorTable END\n"
            f"AETable BEGIN\n{self.title} {objects} RW (100000, 100gb) ANY\nAETable END\n")
        return ["dcmqrscp", "--config", str(self.folder / "dcmqrscp.cfg"), "--log-level", "error"]


class Sink(Server):
    """The limit of the machine: bytes from a socket into files."""
    programs = ROOT / "build" / "release" / "bin"
    sync = "folder"
    name = "raw sink, file and name synced"
    durability = "file and name synced"

    def command(self):
        (self.folder / "objects").mkdir(exist_ok=True)
        return [str(self.programs / "sink"), str(self.port), str(self.folder / "objects"), self.sync]


class SinkFile(Sink):
    sync = "file"
    name = "raw sink, file synced"
    durability = "file synced, its name is not"


class SinkUnsynced(Sink):
    sync = "none"
    name = "raw sink, no sync"
    durability = "nothing synced"


ALL = [Fermata, Orthanc, OrthancTuned, OrthancUnsynced, OrthancAsItComes, Storescp, StorescpAsItComes, Dcmqrscp, Sink, SinkFile,
       SinkUnsynced]
