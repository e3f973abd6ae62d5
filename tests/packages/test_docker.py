"""The image of packaging/container, built and run by Docker and Compose, with the commands of docs/install.md.

A Docker that runs here already is used; else one is started for the tests, and ended."""

import ipaddress
import json
import os
import re
import shlex
import shutil
import subprocess
import time
import urllib.request

import pytest

from machine import OWNER, run
from ports import free_port
from roots import ROOT, codename, root_archive
from test_debian import IMAGES, copy_packages

CONTAINERFILE = ROOT / "packaging" / "container" / "Containerfile"
pytestmark = pytest.mark.skipif(not shutil.which("dockerd"), reason="Docker is not installed")


class Docker:
    def __init__(self, host=None):
        self.environment = {**os.environ, "DOCKER_BUILDKIT": "1", **({"DOCKER_HOST": host} if host else {})}

    def __call__(self, *words, program="docker", **kwargs):
        return run(program, *words, env=self.environment, **kwargs)

    def answers(self):
        return subprocess.run(["docker", "info"], env=self.environment, capture_output=True).returncode == 0


@pytest.fixture(scope="module")
def docker(tmp_path_factory):
    running = Docker()
    if running.answers():
        yield running
        return
    folder = tmp_path_factory.mktemp("docker")
    own = Docker(f"unix://{folder}/socket")
    with open(folder / "log", "wb") as log:
        daemon = subprocess.Popen(
            ["dockerd", f"--host=unix://{folder}/socket", f"--data-root={folder}/data", f"--exec-root={folder}/exec",
             f"--pidfile={folder}/pid"], stdout=log, stderr=log)
    try:
        end = time.monotonic() + 60
        while not own.answers():
            assert daemon.poll() is None and time.monotonic() < end, (folder / "log").read_text()
            time.sleep(0.5)
        yield own
    finally:
        daemon.terminate()
        daemon.wait(60)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def image(docker, tmp_path_factory):
    """From the sources with FERMATA_IMAGE_FROM_SOURCES, which takes a compiler's time; else of the packages that are built."""
    docker("import", root_archive(suite=codename()), "fermata-test-base")
    context, file = ROOT, CONTAINERFILE
    if not os.environ.get("FERMATA_IMAGE_FROM_SOURCES"):
        context = tmp_path_factory.mktemp("context")
        for part in ("config", "packaging"):
            shutil.copytree(ROOT / part, context / part)
        copy_packages(context)
        file = context / "Containerfile"
        last_stage = CONTAINERFILE.read_text().split("\nFROM ")[-1]
        file.write_text(f"ARG DEBIAN\nFROM scratch AS packages\nCOPY packages/*.deb /packages/\nFROM {last_stage}")
    docker("build", "--network=host", "--build-arg=DEBIAN=fermata-test-base", "--file", file, "--tag", "fermata", context,
           timeout=10800)
    return "fermata"


def ready(address, seconds=60):
    end = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(f"{address}/readyz") as answer:
                return json.load(answer)
        except OSError:
            assert time.monotonic() < end
            time.sleep(0.2)


def test_the_command_of_the_documentation_is_the_whole_installation(docker, image, volume):
    documented = re.search(r"^    (docker run -d .* fermata)$", (ROOT / "docs" / "install.md").read_text(), re.M)[1]
    web, dicom, name = free_port(), free_port(), f"fermata-test-{os.getpid()}"
    command = (documented.replace("/path/on/disk", str(volume)).replace("8100:", f"{web}:").replace("11112:11112", f"{dicom}:11112")
               .replace("--name pacs", f"--name {name}"))
    network = json.loads(docker("network", "inspect", "bridge"))[0]["IPAM"]["Config"][0]
    # A bridge that this Docker has just made is shown without its own address, which is the first one.
    gateway = network.get("Gateway") or next(ipaddress.ip_network(network["Subnet"]).hosts())
    words = shlex.split(command)
    words[words.index("--name"):words.index("--name")] = ["-e", f"FERMATA_NODES=MODALITY@{gateway}:104"]
    address = f"http://127.0.0.1:{web}"
    modality = ("-aet", "MODALITY", "-aec", "FERMATA", "127.0.0.1", dicom)
    study = ("-S", *modality, "-k", "QueryRetrieveLevel=STUDY", "-k", "PatientName")
    docker(*words[1:])
    try:
        assert ready(address) == {"status": "ready"}
        assert "?setup=" in docker("logs", name)
        assert docker("exec", name, "id", "--user").strip() == str(OWNER)
        run("storescu", *modality, IMAGES / "CT_small.dcm")
        docker("restart", name)
        ready(address)
        assert "CompressedSamples^CT1" in run("findscu", *study)
        assert "1 instances, 0 MiB, 0 problems" in docker("exec", name, "fermata", "verify")
        end = time.monotonic() + 60
        while docker("inspect", "--format", "{{.State.Health.Status}}", name).strip() != "healthy":
            assert time.monotonic() < end, docker("inspect", name)
            time.sleep(1)
        docker("stop", name)
        assert docker("inspect", "--format", "{{.State.ExitCode}}", name).strip() == "0"
        assert "host: stopped" in docker("logs", name)
    finally:
        docker("rm", "--force", name)
    stored = list(volume.rglob("*.dcm"))
    assert len(stored) == 1 and stored[0].stat().st_uid == OWNER


@pytest.mark.skipif(not shutil.which("docker-compose"), reason="docker-compose is not installed")
def test_the_compose_file_runs_as_it_stands(docker, image, tmp_path):
    web, dicom = free_port(), free_port()
    text = (CONTAINERFILE.parent / "compose.yaml").read_text()
    (tmp_path / "compose.yaml").write_text(text.replace('"8100:8080"', f'"{web}:8080"').replace('"11112:11112"', f'"{dicom}:11112"'))
    (tmp_path / "data").mkdir()
    os.chown(tmp_path / "data", OWNER, OWNER)

    def compose(*words):
        return docker("-f", tmp_path / "compose.yaml", "-p", f"fermata-test-{os.getpid()}", *words, program="docker-compose")

    compose("up", "-d")
    try:
        assert ready(f"http://127.0.0.1:{web}") == {"status": "ready"}
        run("echoscu", "-aec", "FERMATA", "127.0.0.1", dicom)
    finally:
        compose("down")
    assert (tmp_path / "data" / "blobs" / "fermata-blobs.yaml").exists()
