"""Starts real archives: the program that was built, on free ports of the loopback interface, with data in a temporary folder."""

import os
import pathlib
import signal
import subprocess
import sys
import time

import pytest

sys.dont_write_bytecode = True
sys.path[:0] = [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parents[1])]

from ports import free_port  # noqa: E402
from upper_layer import VERIFICATION, Association  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("FERMATA_BUILD", ROOT / "build" / "dev"))

# What a configuration of a test's own begins with; the test's plugins follow.
PLUGINS_OF_AN_ARCHIVE = """
control_socket: "${FERMATA_DATA}/control"
plugins:
  storage-filesystem:
    config:
      root: "${FERMATA_DATA}/blobs"
  index-rocksdb:
    config:
      path: "${FERMATA_DATA}/index"
  archive:
"""


class Archive:
    """A running `fermata serve`. `start` and `kill` may be called again and again on the same data.

    Neither accounts nor discovery unless a test asks for them: then programs on this machine may do everything."""

    def __init__(self, folder, config=ROOT / "config" / "quickstart.yaml", **environment):
        self.folder = pathlib.Path(folder)
        self.data = self.folder / "data"
        self.config = config
        self.port = free_port()
        self.http_port = free_port()
        self.url = f"http://127.0.0.1:{self.http_port}"
        self.log = self.folder / "log.txt"
        self.environment = {**os.environ, "FERMATA_DATA": str(self.data), "FERMATA_DIMSE_PORT": str(self.port),
                            "FERMATA_HTTP_PORT": str(self.http_port), "FERMATA_BIND": "127.0.0.1",
                            "FERMATA_HTTP_BIND": "127.0.0.1", "FERMATA_DISCOVERY": "no", "FERMATA_ACCOUNTS": "no",
                            **environment}
        self.process = None

    def start(self, wait=60, wrapper=()):
        log = open(self.log, "ab")
        self.process = subprocess.Popen([*wrapper, str(BUILD / "bin" / "fermata"), "serve", "--config", str(self.config)],
                                        stdout=log, stderr=log, env=self.environment, cwd=self.folder,
                                        start_new_session=True)
        end = time.monotonic() + wait
        while True:
            try:
                with Association(self.port, [(VERIFICATION, ["1.2.840.10008.1.2"])], timeout=5) as a:
                    assert a.echo() == 0
                return self
            except (OSError, Exception) as error:
                if self.process.poll() is not None:
                    raise AssertionError(f"the archive ended with {self.process.returncode}:\n{self.log.read_text()}")
                if time.monotonic() > end:
                    self.kill()
                    raise AssertionError(f"no C-ECHO after {wait} s ({error}):\n{self.log.read_text()}")
                time.sleep(0.05)

    def wait_for_log(self, words, wait=30):
        """Until the log has the words: a line may come after the answer that its reader has seen."""
        end = time.monotonic() + wait
        while words not in (text := self.log.read_text()):
            assert time.monotonic() < end, f"not in the log: {words}\n{text}"
            time.sleep(0.02)
        return text

    def wait_until_ready(self, wait=30):
        """Until all plugins serve: the one for DICOM may answer before others do."""
        self.wait_for_log("host: ready", wait)

    def stop(self):
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)  # also what a wrapper has started
            self.process.wait(60)
        return self.process.returncode if self.process else None

    def kill(self):
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(60)

    def run(self, *arguments, check=True):
        """Another verb of the program, on the same configuration."""
        done = subprocess.run([str(BUILD / "bin" / "fermata"), arguments[0], "--config", str(self.config), *arguments[1:]],
                              env=self.environment, cwd=self.folder, capture_output=True, text=True, timeout=300)
        if check:
            assert done.returncode == 0, done.stdout + done.stderr
        return done

    def associate(self, contexts, **kwargs):
        return Association(self.port, contexts, **kwargs)

    def rss(self):
        """Resident set size in MiB: now, and the highest so far."""
        values = dict(line.split(":", 1) for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines())
        return int(values["VmRSS"].split()[0]) / 1024, int(values["VmHWM"].split()[0]) / 1024

    def objects(self):
        """The stored files."""
        return sorted((self.data).rglob("*.dcm"))


@pytest.fixture
def make_archive(tmp_path):
    made = []

    def make(name="archive", **kwargs):
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        made.append(Archive(folder, **kwargs))
        return made[-1]

    yield make
    for archive in made:
        archive.kill()


@pytest.fixture
def archive(make_archive):
    running = make_archive().start()
    yield running
    assert running.stop() == 0, running.log.read_text()
    text = running.log.read_text()
    assert "AddressSanitizer" not in text and "ThreadSanitizer" not in text and "runtime error" not in text, text


# When several processes share the tests (pytest-xdist, as packaging/test.sh does), each takes a file at a time. Those that use
# the whole machine go to one process, one after the other; those that take longest are begun first.
LOADING = {"test_benchmark.py", "test_hostile_input.py", "test_load.py", "test_security.py"}
LONGEST = ["test_web.py", "loading", "test_viewer.py", "test_work.py", "test_import.py", "test_reindex.py"]


def share(nodeid):
    file = pathlib.PurePath(nodeid.split("::")[0]).name
    return "loading" if file in LOADING else file


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: LONGEST.index(share(item.nodeid)) if share(item.nodeid) in LONGEST else len(LONGEST))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    from xdist.scheduler import LoadScopeScheduling

    class Shares(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            return share(nodeid)

    return Shares(config, log)
