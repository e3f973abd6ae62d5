"""The packages on a fresh Debian under systemd: installed, used, upgraded, purged.

FERMATA_PACKAGES is the folder with the .deb files, FERMATA_SUITE the Debian that they are for (this machine's, if not said)."""

import hashlib
import os
import pathlib
import re
import shutil

import pytest

from machine import Machine, run
from roots import ROOT, codename, fresh_root

PACKAGES = pathlib.Path(os.environ.get("FERMATA_PACKAGES", ROOT / "build" / "dev" / "packages"))
SUITE = os.environ.get("FERMATA_SUITE", codename())
IMAGES = pathlib.Path("/usr/lib/python3/dist-packages/pydicom/data/test_files")
PEER = ("-aec", "FERMATA", "127.0.0.1", "11112")
NAMES = ("fermata", "fermata-viewer-ohif", "fermata-sdk-dev")


def package(name):
    found = list(PACKAGES.glob(f"{name}_*.deb"))
    assert len(found) == 1, f"{PACKAGES} has {found}"
    return found[0]


def copy_packages(context):
    """For an image: all of them, in the folder 'packages' of its context."""
    (context / "packages").mkdir()
    for deb in PACKAGES.glob("*.deb"):
        shutil.copy(deb, context / "packages")


def with_higher_version(deb, folder):
    """The same package as if it were the next version; so much of it is different that an upgrade shows."""
    content = folder / deb.stem
    run("dpkg-deb", "--raw-extract", deb, content)
    control = content / "DEBIAN" / "control"
    version = re.search(r"^Version: (.*)$", control.read_text(), re.M)[1]
    control.write_text(control.read_text().replace(version, f"9{version}"))
    out = folder / f"{deb.stem}-next.deb"
    run("dpkg-deb", "--root-owner-group", "--build", content, out)
    return out, f"9{version}"


def stored_files(machine):
    objects = machine.root / "var/lib/fermata/blobs/objects"
    return {str(path.relative_to(objects)): hashlib.sha256(path.read_bytes()).hexdigest() for path in objects.rglob("*.dcm")}


def patients(machine):
    found = machine.peer("findscu", "-S", *PEER, "-k", "QueryRetrieveLevel=STUDY", "-k", "PatientName", "-k", "StudyInstanceUID")
    return sorted(re.findall(r"PN \[(.*?) *\]", found))


@pytest.fixture(scope="module")
def machine(tmp_path_factory):
    folder = tmp_path_factory.mktemp("machine")
    machine = Machine(fresh_root(folder / "root", "systemd", "systemd-sysv", "dbus", suite=SUITE))
    inside = machine.root / "packages"
    inside.mkdir()
    for name in NAMES:
        shutil.copy(package(name), inside / f"{name}.deb")
    machine.fetch(SUITE, "/packages/fermata.deb", "/packages/fermata-viewer-ohif.deb")
    try:
        yield machine.start()
    finally:
        machine.stop()
        shutil.rmtree(folder, ignore_errors=True)


def install(machine, *files):
    return machine("apt-get", "install", "--yes", "--no-install-recommends", "-o", "Dpkg::Use-Pty=0", *files, timeout=600)


def test_lintian_finds_nothing():
    assert run("lintian", "--fail-on=error,warning", "--allow-root", *(package(name) for name in NAMES), timeout=600) == ""


def test_installed_it_runs_as_a_service(machine):
    said = install(machine, "/packages/fermata.deb", "/packages/fermata-viewer-ohif.deb")
    assert "the archive runs" in said
    machine.wait_for("the service", lambda: machine.property("StatusText").startswith("ready"))
    assert machine.property("ActiveState") == "active"
    assert machine("systemctl", "is-enabled", "fermata").strip() == "enabled"
    pid = machine.property("MainPID")
    assert machine("stat", "--format=%U", f"/proc/{pid}").strip() == "fermata"
    assert machine("stat", "--format=%U %a", "/var/lib/fermata").strip() == "fermata 750"
    assert re.search(r"http://127\.0\.0\.1:8080/\?setup=[\w-]+", machine.journal()), "no link to choose a password"
    assert machine("fermata", "check").startswith("OK: /etc/fermata/fermata.yaml")
    page = machine.peer("curl", "-sf", "http://127.0.0.1:8080/readyz")
    assert '"status":"ready"' in page, page
    assert "<html" in machine.peer("curl", "-sf", "http://127.0.0.1:8080/")
    machine.peer("echoscu", *PEER)


def test_it_is_let_near_nothing_but_its_data(machine):
    pid = machine.property("MainPID")
    status = machine("cat", f"/proc/{pid}/status")
    assert re.search(r"^NoNewPrivs:\s*1$", status, re.M) and re.search(r"^CapBnd:\s*0000000000000400$", status, re.M), status
    mounts = machine("cat", f"/proc/{pid}/mountinfo")
    assert re.search(r" / ro,", mounts) and re.search(r" /var/lib/fermata rw,", mounts), mounts


def test_stored_images_are_found(machine):
    refused = machine.peer("storescu", *PEER, IMAGES / "CT_small.dcm", check=False)
    assert "Rejected" in refused, refused
    config = machine.root / "etc/fermata/fermata.yaml"
    config.write_text(config.read_text().replace("trusted_networks: []", "trusted_networks: [127.0.0.0/8]"))
    machine("fermata", "check")
    machine("systemctl", "restart", "fermata")
    machine.peer("storescu", *PEER, IMAGES / "CT_small.dcm", IMAGES / "MR_small.dcm")
    assert patients(machine) == ["CompressedSamples^CT1", "CompressedSamples^MR1"]
    assert len(stored_files(machine)) == 2


def test_reload_and_watchdog(machine):
    machine("systemctl", "reload", "fermata")
    machine.wait_for("reload", lambda: "log opened anew" in machine.journal())
    assert machine.property("ActiveState") == "active"

    machine("mkdir", "-p", "/run/systemd/system/fermata.service.d")
    machine("sh", "-c", "printf '[Service]\\nWatchdogSec=2\\nRestartSec=0\\n' > /run/systemd/system/fermata.service.d/quick.conf")
    machine("systemctl", "daemon-reload")
    machine("systemctl", "restart", "fermata")
    before = machine.property("MainPID")
    machine("systemctl", "kill", "--signal=STOP", "fermata")  # as if it hung
    machine.wait_for("the watchdog", lambda: machine.property("NRestarts") == "1" and machine.property("ActiveState") == "active")
    assert machine.property("MainPID") != before
    assert len(patients(machine)) == 2


def test_an_upgrade_keeps_data_and_settings(machine, tmp_path):
    files, before = stored_files(machine), machine.property("MainPID")
    version = None
    for name in ("fermata", "fermata-viewer-ohif"):
        deb, version = with_higher_version(package(name), tmp_path)
        shutil.copy(deb, machine.root / "packages" / f"{name}-next.deb")
    said = install(machine, "/packages/fermata-next.deb", "/packages/fermata-viewer-ohif-next.deb")
    assert machine("dpkg-query", "--show", "--showformat=${Version}", "fermata") == version, said
    machine.wait_for("the new program", lambda: machine.property("StatusText").startswith("ready"))
    assert machine.property("MainPID") != before
    assert "trusted_networks: [127.0.0.0/8]" in (machine.root / "etc/fermata/fermata.yaml").read_text()
    assert stored_files(machine) == files and len(patients(machine)) == 2
    machine.peer("storescu", *PEER, IMAGES / "rtplan.dcm")
    assert len(stored_files(machine)) == 3


def test_a_wrong_configuration_is_named_and_not_tried_again(machine):
    config = machine.root / "etc/fermata/fermata.yaml"
    right = config.read_text()
    config.write_text(right.replace("check_called_ae_title", "check_called_ae_titel"))
    machine("systemctl", "restart", "fermata", check=False)
    machine.wait_for("the refusal", lambda: machine.property("ActiveState") == "failed")
    assert machine.property("ExecMainStatus") == "78"
    assert re.search(r"fermata\.yaml:\d+:\d+: .*check_called_ae_titel", machine.journal()), machine.journal()
    config.write_text(right)
    machine("systemctl", "restart", "fermata")


def test_purged_it_leaves_the_images(machine):
    files = stored_files(machine)
    said = machine("apt-get", "purge", "--yes", "-o", "Dpkg::Use-Pty=0", "fermata", "fermata-viewer-ohif")
    assert "stay in /var/lib/fermata" in said
    assert not (machine.root / "etc/fermata").exists() and not (machine.root / "usr/bin/fermata").exists()
    assert machine("systemctl", "is-active", "fermata", check=False).strip() != "active"
    assert stored_files(machine) == files and len(files) == 3


def test_installed_again_it_finds_them(machine):
    install(machine, "/packages/fermata.deb", "/packages/fermata-viewer-ohif.deb")
    config = machine.root / "etc/fermata/fermata.yaml"
    config.write_text(config.read_text().replace("trusted_networks: []", "trusted_networks: [127.0.0.0/8]"))
    machine("systemctl", "restart", "fermata")
    assert len(patients(machine)) == 3
