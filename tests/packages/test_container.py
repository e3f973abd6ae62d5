"""The image of packaging/container, built and run by buildah on a base that mmdebstrap made.

Publishing ports with -p, and Compose, are in test_docker.py. The container has a network of its own (one loopback), in which
it listens on the ports that -p names; volumes are mounted as with -v."""

import json
import os
import pathlib
import shutil
import signal
import subprocess

import pytest

from machine import OWNER, run, wait_until_ready
from roots import ROOT, codename, root_archive
from test_debian import IMAGES, copy_packages

PEER = ("-aec", "FERMATA", "127.0.0.1", "11112")
ADDRESS = "http://127.0.0.1:8080"


class Images:
    """What buildah keeps, in a folder of the test's own."""

    def __init__(self, folder):
        self.options = ["buildah", "--root", folder / "storage", "--runroot", folder / "run"]

    def __call__(self, *words, **kwargs):
        return run(*self.options, *words, **kwargs)

    def base(self):
        container = self("from", "--isolation", "chroot", "scratch").split()[-1]
        self("add", container, root_archive(suite=codename()), "/")
        self("config", "--cmd", "/bin/bash", container)
        self("commit", "--rm", container, "fermata-base", timeout=600)
        return "localhost/fermata-base"


class Container:
    def __init__(self, images, image, volume):
        self.images = images
        self.name = images("from", "--isolation", "chroot", image).split()[-1]
        settings = json.loads(images("inspect", "--type", "image", image))["Docker"]["config"]
        self.command = settings["Entrypoint"] + settings["Cmd"]
        self.health = settings["Healthcheck"]["Test"][1:]
        # This buildah would put a volume of its own over the one that is mounted here.
        images("config", "--volume", "/data-", self.name)
        self.volume = volume
        self.log = volume.parent / f"{self.name}.txt"
        self.process = None

    def words(self, *command, user=None, **environment):
        who = ["--user", user] if user else []
        settings = [word for name, value in environment.items() for word in ("--env", f"{name}={value}")]
        return [*self.images.options, "run", "--isolation", "chroot", *who, *settings, "--volume", f"{self.volume}:/data",
                self.name, "--", *command]

    def start(self, **options):
        """As `docker run -d` does."""
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                ["unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh",
                 *map(str, self.words(*self.command, **options))], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        wait_until_ready(self.process, self.log, 60)
        return self

    def peer(self, *words, **kwargs):
        """A program in the container's network."""
        return run("nsenter", f"--target={self.process.pid}", "--net", *words, **kwargs)

    def inside(self, *words):
        return self.peer(*self.words(*words))

    def program(self):
        """The process id of fermata."""
        network = os.readlink(f"/proc/{self.process.pid}/ns/net")
        for process in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                if (process / "comm").read_text() == "fermata\n" and os.readlink(process / "ns/net") == network:
                    return int(process.name)
            except OSError:
                continue
        raise AssertionError(f"fermata does not run:\n{self.log.read_text()}")

    def stop(self):
        """As `docker stop` does."""
        if self.process is None or self.process.poll() is not None:
            return
        os.kill(self.program(), signal.SIGTERM)
        self.process.wait(60)

    def kill(self):
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait(30)


@pytest.fixture(scope="module")
def images(tmp_path_factory):
    folder = tmp_path_factory.mktemp("images")
    yield Images(folder)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def image(images, tmp_path_factory):
    """Made of the packages that are built already, unless FERMATA_IMAGE_FROM_SOURCES is set: that takes a compiler's time."""
    if os.environ.get("FERMATA_IMAGE_FROM_SOURCES"):
        # As behind a proxy that shows a certificate of its own: npm trusts whom this machine trusts.
        built = ["--secret", "id=certificates,src=/etc/ssl/certs/ca-certificates.crt"]
    else:
        context = tmp_path_factory.mktemp("context")
        copy_packages(context)
        built = ["--build-context", f"packages={context}"]
    images("bud", "--pull-never", "--isolation", "chroot", "--format", "docker", "--build-arg", f"DEBIAN={images.base()}", *built,
           "--file", ROOT / "packaging/container/Containerfile", "--tag", "fermata", ROOT, timeout=10800)
    return "localhost/fermata"


@pytest.fixture
def container(images, image, volume):
    container = Container(images, image, volume)
    yield container
    container.kill()
    images("rm", container.name)


def test_one_command_and_it_runs(container, volume):
    container.start()
    assert os.stat(f"/proc/{container.program()}").st_uid == OWNER
    assert "http://127.0.0.1:8100/?setup=" in container.log.read_text()
    container.inside(*container.health)
    assert "<html" in container.peer("curl", "-sf", f"{ADDRESS}/")
    assert container.peer("curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", f"{ADDRESS}/dicom-web/studies") == "401"
    container.peer("echoscu", *PEER)
    container.peer("storescu", *PEER, IMAGES / "CT_small.dcm")
    container.stop()
    assert "host: stopped" in container.log.read_text()
    stored = list(volume.rglob("*.dcm"))
    assert len(stored) == 1 and stored[0].stat().st_uid == OWNER


def test_a_new_container_goes_on_with_the_volume(images, image, container):
    container.start().peer("storescu", *PEER, IMAGES / "CT_small.dcm")
    container.stop()
    next_one = Container(images, image, container.volume)
    try:
        found = next_one.start().peer("findscu", "-S", *PEER, "-k", "QueryRetrieveLevel=STUDY", "-k", "PatientName")
        assert "CompressedSamples^CT1" in found
        next_one.stop()
    finally:
        next_one.kill()
        images("rm", next_one.name)


@pytest.mark.parametrize("how", ["value", "file"])
def test_the_first_password_comes_from_the_environment(container, volume, how):
    (volume / "password").write_text("a long enough one\n")
    settings = ({"FERMATA_ADMIN_PASSWORD": "a long enough one"} if how == "value" else
                {"FERMATA_ADMIN_PASSWORD_FILE": "/data/password"})
    os.chown(volume / "password", OWNER, OWNER)
    container.start(**settings)
    assert "?setup=" not in container.log.read_text()
    login = json.dumps({"name": "admin", "password": "a long enough one"})
    assert "admin" in container.peer("curl", "-sf", "-H", "Content-Type: application/json", "-d", login, f"{ADDRESS}/api/session")
    container.stop()


def test_it_is_not_healthy_when_it_does_not_serve(container):
    container.start()
    os.kill(container.program(), signal.SIGSTOP)
    try:
        with pytest.raises(AssertionError, match="ended with"):
            container.inside(*container.health)
    finally:
        os.kill(container.program(), signal.SIGCONT)
    container.stop()


def test_a_volume_of_somebody_else_is_named_with_the_remedy(container, volume):
    os.chown(volume, 1234, 1234)
    said = run(*container.words(*container.command), check=False)
    assert "belongs to user 1234" in said and f"chown -R {OWNER}:{OWNER}" in said and "--user 1234:1234" in said, said
    container.start(user="1234:1234")
    container.stop()
    assert all(path.stat().st_uid == 1234 for path in volume.rglob("*"))
