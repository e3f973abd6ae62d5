"""The packages for arm64, in a root file system of their own with what they depend on, run by an emulator (qemu).

FERMATA_PACKAGES_ARM64 is the folder with the .deb files, FERMATA_SUITE the Debian that they are for (this machine's, if not
said). An emulated program is many times slower than a real one: what is seen here is that it is right. Nothing of the
packages' scripts is run, since a shell of arm64 would have to be."""

import json
import os
import pathlib
import re
import shlex
import shutil
import signal
import subprocess

import pydicom
import pytest

from machine import run, wait_until_ready
from roots import ROOT, codename

SUITE = os.environ.get("FERMATA_SUITE", codename())
PACKAGES = pathlib.Path(os.environ.get("FERMATA_PACKAGES_ARM64",
                                       ROOT / "build/roots" / f"{SUITE}-arm64" / "src/build/release-arm64/packages"))
IMAGES = pathlib.Path("/usr/lib/python3/dist-packages/pydicom/data/test_files")
PEER = ("-aec", "FERMATA", "127.0.0.1", "11112")
ADDRESS = "http://127.0.0.1:8080"
PASSWORD = "a long enough one"
NAMES = ("fermata", "fermata-viewer-ohif", "fermata-sdk-dev")


def package(name):
    found = list(PACKAGES.glob(f"{name}_*_arm64.deb"))
    assert len(found) == 1, f"{PACKAGES} has {found}"
    return found[0]


class Archive:
    """fermata on arm64, in a network of its own (one loopback)."""

    emulator = "/usr/bin/qemu-aarch64-static"

    def __init__(self, root):
        self.root = root
        self.log = root.parent / "log.txt"
        self.process = None
        shutil.copy(shutil.which("qemu-aarch64-static"), root / self.emulator.lstrip("/"))
        for folder in ("proc", "dev", "tmp"):
            (root / folder).mkdir(exist_ok=True)

    def words(self, *verb):
        mounts = 'mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && ip link set lo up && exec chroot "$0" "$@"'
        config = ["--config", "/usr/share/fermata/config/quickstart.yaml"]
        return ["sh", "-c", mounts, self.root, self.emulator, "/usr/bin/fermata", *verb, *config]

    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "FERMATA_DATA": "/data",
                   "FERMATA_DISCOVERY": "no"}

    def __call__(self, *verb):
        return run("unshare", "--mount", "--net", *self.words(*verb), env=self.environment)

    def start(self):
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(["unshare", "--mount", "--net", *map(str, self.words("serve"))],
                                            env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        wait_until_ready(self.process, self.log, 120)
        return self

    def peer(self, *words, **kwargs):
        """A program of this machine in the archive's network."""
        return run("nsenter", f"--target={self.process.pid}", "--net", *words, **kwargs)

    def set_up(self):
        """As with the link that the program shows."""
        token = re.search(r"\?setup=([\w-]+)", self.log.read_text())[1]
        account = json.dumps({"token": token, "name": "admin", "password": PASSWORD})
        self.peer("curl", "-sf", "-H", "Content-Type: application/json", "-d", account, f"{ADDRESS}/api/setup")

    def web(self, path, *options):
        return self.peer("curl", "-sf", "-u", f"admin:{PASSWORD}", *options, f"{ADDRESS}{path}")

    def end(self, how):
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(60)


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    folder = tmp_path_factory.mktemp("arm64")
    debs = [package("fermata"), package("fermata-viewer-ohif")]
    # mmdebstrap looks for files of ours both here and in the new root.
    inside = shlex.quote(str(PACKAGES))
    run(ROOT / "packaging/root-file-system.sh", SUITE, folder / "root", "--variant=extract", "--architectures=arm64",
        f'--setup-hook=mkdir -p "$1"{inside} && cp {" ".join(shlex.quote(str(deb)) for deb in debs)} "$1"{inside}',
        *(f"--include={deb}" for deb in debs), timeout=1800)
    archive = Archive(folder / "root")
    yield archive
    archive.end(signal.SIGKILL)
    shutil.rmtree(folder, ignore_errors=True)


def test_lintian_finds_nothing():
    assert run("lintian", "--fail-on=error,warning", "--allow-root", *(package(name) for name in NAMES), timeout=600) == ""


def test_all_of_it_is_for_arm64(archive):
    program = archive.root / "usr/bin/fermata"
    plugins = sorted((archive.root / "usr/lib/fermata/plugins").glob("*.so"))
    assert len(plugins) > 15
    for file in (program, *plugins):
        assert "ARM aarch64" in run("file", "--brief", file), file


def test_its_configuration_is_right(archive):
    assert archive("check").startswith("OK: /usr/share/fermata/config/quickstart.yaml")


def test_it_stores_finds_and_gives_back(archive, tmp_path):
    archive.start()
    archive.peer("echoscu", *PEER)
    archive.peer("storescu", *PEER, IMAGES / "CT_small.dcm")
    archive.peer("storescu", "-xv", *PEER, IMAGES / "MR_small_jp2klossless.dcm")
    found = archive.peer("findscu", "-S", *PEER, "-k", "QueryRetrieveLevel=STUDY", "-k", "PatientName", "-k", "StudyInstanceUID")
    assert sorted(re.findall(r"PN \[(.*?) *\]", found)) == ["CompressedSamples^CT1", "CompressedSamples^MR1"]
    # The receiver takes uncompressed images only: what came as JPEG 2000 is decoded.
    for original in ("CT_small.dcm", "MR_small.dcm"):
        expected = pydicom.dcmread(IMAGES / original)
        folder = tmp_path / original
        folder.mkdir()
        archive.peer("getscu", "-S", *PEER, "-k", "QueryRetrieveLevel=STUDY", "-k", f"StudyInstanceUID={expected.StudyInstanceUID}",
                     "-od", folder)
        received, = map(pydicom.dcmread, folder.iterdir())
        assert received.PixelData == expected.PixelData


def test_it_speaks_dicomweb(archive):
    archive.set_up()
    study = pydicom.dcmread(IMAGES / "CT_small.dcm").StudyInstanceUID
    assert "CompressedSamples^CT1" in archive.web("/dicom-web/studies?PatientName=CompressedSamples%5ECT1")
    picture = archive.root.parent / "picture.jpg"
    archive.web(f"/dicom-web/studies/{study}/rendered", "-H", "Accept: image/jpeg", "-o", picture)
    assert "JPEG image data" in run("file", "--brief", picture)
    assert "<html" in archive.web("/") and "<html" in archive.web("/viewer/")


def test_killed_and_started_again_it_has_everything(archive):
    archive.end(signal.SIGKILL)
    archive.start()
    assert '"00080061"' in archive.web("/dicom-web/studies")
    archive.end(signal.SIGTERM)
    assert "host: stopped" in archive.log.read_text()
    assert re.search(r"\b2 instances\b", archive("verify"))
