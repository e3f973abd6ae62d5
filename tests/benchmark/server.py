"""A program that is measured: started on free ports of the loopback interface with data of its own, and ended; its memory and
processor time meanwhile."""

import atexit
import contextlib
import os
import pathlib
import signal
import socket
import subprocess
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests"))  # for ports.py and roots.py
MOVE_DESTINATION = "BENCHSINK"
ENDS = [signal.SIGTERM, signal.SIGHUP, signal.SIGINT]  # by these, a run ends

from ports import free_port  # noqa: E402


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


@contextlib.contextmanager
def undisturbed():
    """A signal to end comes when this is done."""
    came = []
    before = {number: signal.signal(number, lambda number, frame: came.append(number)) for number in ENDS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    for number in came:
        os.kill(os.getpid(), number)


class Server:
    durability = ""
    dicom_web = None  # the path, where there is one
    nodelay = True
    title = "ANY"

    def __init__(self, folder):
        self.folder = pathlib.Path(folder).resolve()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port, self.http_port, self.destination_port = free_port(), free_port(), free_port()
        self.process = self.memory = None

    @classmethod
    def installed(cls):
        return True

    @classmethod
    def called(cls):
        """In the results; `name` is what --peers knows it by."""
        return cls.name

    def environment(self):
        given = {k: v for k, v in os.environ.items() if k != "TCP_NODELAY"}
        return {**given, "TCP_NODELAY": "1"} if self.nodelay else given

    def start(self, wait=120):
        """Returns the seconds until the server listens everywhere."""
        begin = time.monotonic()
        with open(self.folder / "log.txt", "ab") as log:
            with undisturbed():  # else nobody knows of a process that has just begun
                self.process = subprocess.Popen(self.command(), stdout=log, stderr=log, env=self.environment(), cwd=self.folder)
        atexit.register(self.process.kill)  # also where a measurement breaks off; once it has ended, that does nothing
        for port in [self.port] + ([self.http_port] if self.dicom_web else []):
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
                except OSError:
                    if self.process.poll() is not None or time.monotonic() - begin > wait:
                        raise SystemExit(f"{self.called()} does not start; it said at last:\n{self.last_lines()}")
                    time.sleep(0.002)
        self.memory = MemoryWatch(self.process.pid)
        return time.monotonic() - begin

    def last_lines(self):
        return "\n".join((self.folder / "log.txt").read_text(errors="replace").splitlines()[-20:])

    def runs(self):
        return self.process is not None and self.process.poll() is None

    def stop(self):
        memory = self.memory.stop()
        self.process.terminate()
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            print(f"{self.called()} was told to end a minute ago, and is killed", flush=True)
            self.kill()
        return memory

    def kill(self):
        if self.memory:
            self.memory.stop()  # twice does no harm
        self.process.kill()
        self.process.wait()
