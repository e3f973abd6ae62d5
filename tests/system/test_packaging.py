"""What goes into the packages and the image, looked at without building them; tests/packages/ installs and runs them."""

import os
import pathlib
import re
import subprocess

import pytest
import yaml

from conftest import BUILD, ROOT

DEBIAN = ROOT / "packaging" / "debian"
CONTAINER = ROOT / "packaging" / "container"
SERVICE = DEBIAN / "fermata.service"
COMPONENTS = {"fermata": ("program", "plugins", "web", "service", "archive-papers"), "fermata-sdk-dev": ("sdk", "sdk-papers"),
              "fermata-viewer-ohif": ("viewer", "viewer-papers")}


def run(*words, **kwargs):
    done = subprocess.run([str(word) for word in words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          timeout=120, **kwargs)
    assert done.returncode == 0, f"{words}\n{done.stdout}"
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Every package's files below /usr, /etc and /lib in a folder of its own, as CPack takes them."""
    folder = tmp_path_factory.mktemp("installed")
    for package, components in COMPONENTS.items():
        for component in components:
            run("cmake", "--install", BUILD, "--prefix", "/usr", "--component", component,
                env={**os.environ, "DESTDIR": str(folder / package)})
    return folder


def files(folder):
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir()}


def test_each_package_has_what_belongs_to_it(installed):
    archive, sdk, viewer = (files(installed / package) for package in COMPONENTS)
    plugins = {f"usr/lib/fermata/plugins/{line}.so" for line in re.findall(
        r"[\w-]+", re.search(r"foreach\(plugin (.*?)\)", (ROOT / "plugins/CMakeLists.txt").read_text(), re.S)[1])}
    assert plugins == {f for f in archive | viewer if f.startswith("usr/lib/fermata/plugins/")}
    assert {f for f in viewer if f.endswith(".so")} == {"usr/lib/fermata/plugins/viewer-ohif.so"}
    assert archive >= {"usr/bin/fermata", "etc/fermata/fermata.yaml", "lib/systemd/system/fermata.service",
                       "usr/lib/sysusers.d/fermata.conf", "usr/lib/tmpfiles.d/fermata.conf", "usr/share/man/man1/fermata.1.gz",
                       "usr/share/doc/fermata/copyright", "usr/share/doc/fermata/changelog.Debian.gz"}
    assert "usr/share/fermata/admin/index.html" in archive and "usr/share/fermata/viewer-ohif/index.html" in viewer
    for folder, package in (("admin", archive), ("viewer-ohif", viewer)):
        assert [f for f in package if f.startswith(f"usr/share/fermata/{folder}/") and f.endswith(".js.gz")], "compressed files"
    assert {"usr/bin/fermata-plugin-check", "usr/include/fermata/blob_store.hpp",
            "usr/lib/cmake/fermata-sdk/catch2-3/catch2/catch.hpp"} <= sdk
    assert not (archive & sdk or archive & viewer or sdk & viewer)
    assert not [f for f in archive | sdk | viewer if "test" in pathlib.Path(f).name and f.endswith((".so", "-tests"))]


def test_nothing_installed_looks_into_the_build_tree(installed):
    for path in [*installed.rglob("*.so"), *installed.glob("*/usr/bin/*")]:
        dynamic = run("readelf", "--dynamic", path)
        assert "RPATH" not in dynamic and "RUNPATH" not in dynamic, path


def test_the_installed_program_finds_its_plugins_wherever_it_lies(installed):
    listed = run(installed / "fermata/usr/bin/fermata", "plugins")
    assert str(BUILD) not in listed and "dimse " in listed and "index-rocksdb " in listed
    run(installed / "fermata/usr/bin/fermata", "check", "--config", installed / "fermata/etc/fermata/fermata.yaml")


def test_systemd_understands_the_unit_and_calls_it_safe(tmp_path):
    # Only the program and the manual page are not where they will be.
    unit = tmp_path / "fermata.service"
    unit.write_text(re.sub("^Documentation=.*\n", "", SERVICE.read_text(), flags=re.M).replace("/usr/bin/fermata", "/bin/true"))
    assert run("systemd-analyze", "verify", "--man=no", unit) == ""
    verdict = run("systemd-analyze", "security", "--offline=yes", unit)
    assert float(re.search(r"exposure level for fermata.service: ([\d.]+)", verdict)[1]) <= 2.0, verdict


def test_running_work_may_end_before_the_service_is_cut_off():
    config = yaml.safe_load((ROOT / "config/production.yaml").read_text())
    seconds = {"s": 1, "min": 60}
    number, unit = re.fullmatch(r"(\d+)(s|min)", config["drain_deadline"]).groups()
    allowed = int(re.search(r"^TimeoutStopSec=(\d+)$", SERVICE.read_text(), re.M)[1])
    assert int(number) * seconds[unit] + 10 <= allowed
    grace = int(yaml.safe_load((CONTAINER / "compose.yaml").read_text())["services"]["pacs"]["stop_grace_period"].rstrip("s"))
    assert grace > 30, "the quickstart's configuration waits for 30 s"


def test_data_and_account_are_the_same_everywhere():
    config = (ROOT / "config/production.yaml").read_text()
    assert "root: /var/lib/fermata/blobs" in config and "path: /var/lib/fermata/index" in config
    assert "StateDirectory=fermata\n" in SERVICE.read_text()
    assert (DEBIAN / "fermata.tmpfiles").read_text().split()[:5] == ["d", "/var/lib/fermata", "0750", "fermata", "fermata"]
    assert (DEBIAN / "fermata.sysusers").read_text().startswith("u fermata ")


@pytest.mark.parametrize("script", ["postinst", "prerm", "postrm", "viewer/postinst"])
def test_maintainer_scripts_remove_no_images(script):
    path = DEBIAN / script
    run("sh", "-n", path)
    commands = re.sub(r'echo ".*"', "", re.sub(r"^\s*#.*$", "", path.read_text(), flags=re.M))
    assert not re.search(r"\brm\b|\brmdir\b|\bdeluser\b|\buserdel\b|--remove", commands)


@pytest.mark.parametrize("name", ["fermata", "fermata-plugin-check"])
def test_the_manual_page_has_every_verb_and_option(name):
    page = (DEBIAN / f"{name}.1.in").read_text().replace("\\-", "-")
    told = run(BUILD / "bin" / name, "--help")
    words = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", told)) | set(re.findall(r"^  ([a-z][a-z-]+)  ", told, re.M))
    assert len(words) >= 5
    assert [word for word in words if word not in page] == []


@pytest.mark.parametrize("name", ["compose.yaml", "compose-zfs.yaml"])
def test_compose_runs_what_the_image_is(name):
    service = yaml.safe_load((CONTAINER / name).read_text())["services"]["pacs"]
    image = (CONTAINER / "Containerfile").read_text()
    assert service["ports"] == ["8100:8080", "11112:11112"]
    exposed = re.search(r"^EXPOSE (.*)$", image, re.M)[1].split()
    assert [port.split(":")[1] for port in service["ports"]] == exposed
    volume = re.search(r"^VOLUME (.*)$", image, re.M)[1]
    assert service["volumes"][0].endswith(f":{volume}") and f"FERMATA_DATA={volume} " in image
    known = (ROOT / "config/quickstart.yaml").read_text()
    assert [variable for variable in service["environment"] if f"${{{variable}:-" not in known] == []
