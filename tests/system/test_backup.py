"""Backups while the archive runs and while it does not, and everything back from them."""

import hashlib
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import time
import urllib.error
import urllib.request

import pytest

from conftest import BUILD, ROOT
from objects import ct_bytes
from test_admin import needs_query_retrieve_server, query_retrieve_server
from test_faults import check, digest, ingest_until
from upper_layer import CT, EXPLICIT, Association

PASSWORD = "correct horse battery"


def store(archive, study, count, side=64):
    stored = {}
    with archive.associate([(CT, [EXPLICIT])]) as a:
        for number in range(count):
            uid, data = ct_bytes(study, study + ".1", number + 1, instance=f"{study}.1.{number}", side=side)
            assert a.store(1, CT, uid, data).Status == 0
            stored[uid] = (study, data)
    return stored


def digests(stored):
    return {uid: (study, digest(data)) for uid, (study, data) in stored.items()}


def ask(archive, path, method="GET", expect=200, body=None):
    request = urllib.request.Request(archive.url + path, json.dumps(body).encode() if body is not None else None,
                                     {"Content-Type": "application/json"}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            code, text = answer.status, answer.read()
    except urllib.error.HTTPError as error:
        code, text = error.code, error.read()
    assert code == expect, text
    return json.loads(text)


def backups(folder):
    return sorted(p for p in folder.iterdir() if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ", p.name))


def restored_elsewhere(make_archive, archive, backup, name="second"):
    """A second archive on what the backup holds."""
    second = make_archive(name)
    second.run("restore", str(backup), "--to", str(second.data))
    second.environment["FERMATA_ACCOUNTS"] = archive.environment["FERMATA_ACCOUNTS"]
    return second


def blobs(data):
    return {str(p.relative_to(data)): hashlib.sha256(p.read_bytes()).hexdigest() for p in data.rglob("*.dcm")}


def keeping_all(tmp_path):
    """The quickstart keeps one backup a day."""
    config = tmp_path / "keeping.yaml"
    config.write_text((ROOT / "config" / "quickstart.yaml").read_text().replace("keep: {daily: 7", "keep: {last: 9, daily: 7"))
    return config


def test_the_restore_drill_everything_acknowledged_before_a_backup_is_back(make_archive, tmp_path):
    archive = make_archive(config=keeping_all(tmp_path), FERMATA_ACCOUNTS="yes", FERMATA_ADMIN_PASSWORD=PASSWORD).start()
    archive.wait_until_ready()
    destination = tmp_path / "backups"
    acknowledged = {}
    senders = ingest_until(archive, acknowledged, 1, 1.0)
    before = dict(acknowledged)
    first = archive.run("backup", str(destination)).stdout
    during = len(acknowledged) - len(before)
    before_second = dict(acknowledged)
    second_text = archive.run("backup", str(destination)).stdout
    archive.kill()
    for sender in senders:
        sender.join()
    assert len(before) > 20 and during > 0
    assert re.match(r"\d{4}-.*Z: \d+ files, ", first), first
    made = backups(destination)
    assert len(made) == 2 and not (destination / "unfinished").exists()
    for backup in made:
        assert " 0 problems" in archive.run("verify-backup", str(backup)).stdout

    # What the first has is not copied again.
    files, new = map(int, re.search(r": (\d+) files,.* of which (\d+) ", second_text).groups())
    assert files > new and files >= len(before_second)
    old_blob = next((made[0] / "storage-filesystem").rglob("*.dcm"))
    assert (made[1] / old_blob.relative_to(made[0])).stat().st_ino == old_blob.stat().st_ino

    for backup, expected in zip(made, (before, before_second)):
        second = restored_elsewhere(make_archive, archive, backup, backup.name)
        second.start()
        second.wait_until_ready()
        for path, checksum in blobs(second.data / "blobs").items():
            assert checksum == hashlib.sha256((archive.data / "blobs" / path).read_bytes()).hexdigest()
        check(second, expected, {study for study, _ in expected.values()})
        body = json.dumps({"name": "admin", "password": PASSWORD}).encode()
        request = urllib.request.Request(second.url + "/api/session", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            assert answer.status in (200, 201)
        assert second.stop() == 0
        assert " 0 problems" in second.run("verify").stdout


def test_the_same_command_backs_up_an_archive_that_is_stopped(make_archive, tmp_path):
    archive = make_archive().start()
    stored = store(archive, "1.2.7", 5)
    assert archive.stop() == 0
    done = archive.run("backup", str(tmp_path / "b"))
    assert "files" in done.stdout
    second = restored_elsewhere(make_archive, archive, tmp_path / "b").start()
    check(second, digests(stored), {"1.2.7"})
    # Once more onto what is there: refused, and nothing has changed.
    before = blobs(second.data)
    refused = second.run("restore", str(tmp_path / "b"), "--to", str(second.data), check=False)
    assert refused.returncode == 1 and "overwrites nothing" in refused.stderr
    assert blobs(second.data) == before
    usage = archive.run("restore", str(tmp_path / "b"), check=False)
    assert usage.returncode == 1 and "--to FOLDER" in usage.stderr
    nothing = archive.run("verify-backup", str(tmp_path), check=False)
    assert nothing.returncode == 1 and "neither a backup nor" in nothing.stderr


def test_what_is_deleted_while_a_backup_is_made_is_in_it(make_archive, tmp_path):
    """A command before the backup deletes nothing yet; the deletion comes between capture and copy."""
    archive = make_archive().start()
    archive.wait_until_ready()
    stored = store(archive, "1.2.8", 300, side=16)
    process = subprocess.Popen([str(BUILD / "bin" / "fermata"), "backup", "--config", str(archive.config), str(tmp_path / "b")],
                               env=archive.environment, cwd=archive.folder, stdout=subprocess.PIPE, text=True)
    while not (archive.data / "index" / "backup.checkpoint").exists() and process.poll() is None:
        pass
    during = process.poll() is None
    request = urllib.request.Request(archive.url + "/dicom-web/studies/1.2.8", method="DELETE")
    with urllib.request.urlopen(request, timeout=60) as answer:
        assert answer.status == 204
    assert process.wait(120) == 0
    assert not (archive.data / "blobs" / "held").exists()
    assert not list((archive.data / "blobs").rglob("*.dcm"))
    if not during:
        pytest.skip("the backup was faster than we")
    second = restored_elsewhere(make_archive, archive, tmp_path / "b").start()
    check(second, digests(stored), {"1.2.8"})
    assert second.stop() == 0
    assert " 0 problems" in second.run("verify").stdout


def test_a_kill_at_any_moment_of_a_backup_leaves_none_or_a_whole_one(make_archive, tmp_path):
    archive = make_archive().start()
    archive.wait_until_ready()
    stored = store(archive, "1.2.9", 400, side=32)
    destination = tmp_path / "b"
    for round_number in range(4):
        verb = subprocess.Popen([str(BUILD / "bin" / "fermata"), "backup", "--config", str(archive.config), str(destination)],
                                env=archive.environment, cwd=archive.folder, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True)
        while verb.poll() is None and not (destination / "unfinished").exists():
            time.sleep(0.001)
        time.sleep(random.uniform(0, 0.15))
        archive.kill()
        verb.communicate(timeout=60)
        for backup in backups(destination) if destination.exists() else []:
            assert " 0 problems" in archive.run("verify-backup", str(backup)).stdout
        archive.start()
        archive.wait_until_ready()
        end = time.monotonic() + 60  # the job goes on by itself
        while ask(archive, "/api/backups")["job"] is not None:
            assert time.monotonic() < end, archive.log.read_text()
            time.sleep(0.05)
    assert backups(destination) and not (destination / "unfinished").exists()
    latest = backups(destination)[-1]
    assert " 0 problems" in archive.run("verify-backup", str(destination)).stdout

    # A restore that is killed leaves folders under another name; the next one goes on.
    second = make_archive("second")
    for _ in range(3):
        restore = subprocess.Popen([str(BUILD / "bin" / "fermata"), "restore", "--config", str(second.config), str(latest),
                                    "--to", str(second.data)], env=second.environment, cwd=second.folder)
        while restore.poll() is None and not (second.data / "blobs.restoring").exists():
            time.sleep(0.001)
        time.sleep(random.uniform(0, 0.02))
        if restore.poll() is None:
            restore.kill()
            restore.wait()
    if not (second.data / "blobs").exists():
        second.run("restore", str(latest), "--to", str(second.data))
    second.start()
    check(second, digests(stored), {"1.2.9"})


def test_a_full_disk_ends_a_backup_with_a_clear_message_and_none_is_left(make_archive, tmp_path):
    mount = tmp_path / "small"
    mount.mkdir()
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "none", str(mount)]).returncode:
        pytest.skip("can't mount a small file system here")
    try:
        archive = make_archive(FERMATA_VIEWER="no", FERMATA_BACKUPS=str(mount / "b")).start()
        archive.wait_until_ready()
        store(archive, "1.2.10", 10, side=512)
        full = archive.run("backup", str(mount / "b"), check=False)
        assert full.returncode == 1
        assert "No space left on device" in full.stderr and "make room" in full.stderr, full.stderr
        assert not backups(mount / "b")
        assert "No space left" in ask(archive, "/api/backups")["trouble"]
        assert ask(archive, "/readyz")["status"] == "degraded"
        subprocess.run(["mount", "-o", "remount,size=64m", str(mount)], check=True)
        archive.run("backup", str(mount / "b"))
        assert len(backups(mount / "b")) == 1
        assert ask(archive, "/api/backups")["trouble"] is None
        assert ask(archive, "/readyz")["status"] == "ready"
        archive.stop()
    finally:
        subprocess.run(["umount", str(mount)], check=True)


def test_scheduled_backups_are_made_and_old_ones_go(make_archive, tmp_path):
    destination = tmp_path / "b"
    archive = make_archive(FERMATA_VIEWER="no", FERMATA_BACKUPS=str(destination), FERMATA_BACKUP_AT="00:00").start()
    archive.wait_until_ready()
    store(archive, "1.2.11", 3)
    # Nobody has made the first one: perhaps the disk is not mounted.
    end = time.monotonic() + 60
    while "is the disk mounted?" not in (ask(archive, "/api/backups")["trouble"] or ""):
        assert time.monotonic() < end, ask(archive, "/api/backups")
        time.sleep(0.1)
    assert not destination.exists()
    status = ask(archive, "/readyz")
    assert status["status"] == "degraded" and status["failing"] == ["backup-missing"]
    archive.run("backup", str(destination))
    state = ask(archive, "/api/backups")
    assert state["trouble"] is None and state["last_good"] and len(state["backups"]) == 1
    assert state["destination"] == str(destination) and state["at"] == "00:00"
    job = ask(archive, "/api/backups", "POST", 202)["job"]
    end = time.monotonic() + 60
    while ask(archive, "/api/backups")["job"] is not None:
        assert time.monotonic() < end
        time.sleep(0.05)
    assert [j["state"] for j in ask(archive, "/api/jobs")["items"] if j["id"] == job] == ["done"]
    assert len(backups(destination)) == 1  # one a day is kept
    # Made while it was stopped: it learns of that.
    archive.stop()
    shutil.rmtree(archive.data / "index")
    archive.start()
    archive.wait_until_ready()
    end = time.monotonic() + 60
    while ask(archive, "/api/backups")["trouble"] is not None or not ask(archive, "/api/backups")["last_good"]:
        assert time.monotonic() < end, ask(archive, "/api/backups")
        time.sleep(0.1)
    assert archive.stop() == 0


def commands_of(document):
    text = (ROOT / "docs" / document).read_text()
    return [line for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) for line in block.splitlines() if line]


def test_the_page_on_backups_works_as_it_stands(make_archive, tmp_path):
    """Its commands, with another place for the program, the disk of the NAS and the data."""
    archive = make_archive().start()
    archive.wait_until_ready()
    stored = store(archive, "1.2.12", 3)
    places = {"docker exec pacs ": f"FERMATA_CONFIG={archive.config} ", "/mnt/backup/fermata": str(tmp_path / "nas" / "fermata"), "/mnt/new/fermata": str(tmp_path / "new"),
              "/etc/fermata/fermata.yaml": str(archive.config), "/var/lib/fermata": str(archive.data),
              " /backup/fermata": f" {tmp_path / 'seen-by-the-container'}"}
    (tmp_path / "nas").mkdir()
    ran = []
    for line in commands_of("backup.md"):
        if line.startswith(("zfs", "btrfs", "systemctl", "sudo", "cp")):
            continue
        for there, here in places.items():
            line = line.replace(there, here)
        line = re.sub(r"/fermata/\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ", lambda _: "/fermata/" + backups(tmp_path / "nas/fermata")[-1].name, line)
        environment = {**archive.environment, "PATH": f"{BUILD / 'bin'}:{os.environ['PATH']}"}
        if "fermata verify " in line:  # "with the archive stopped"
            archive.stop()
        done = subprocess.run(["sh", "-ec", line], env=environment, cwd=archive.folder, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, line + "\n" + done.stdout + done.stderr
        ran.append(line)
        if archive.process.poll() is not None:
            archive.start()
            archive.wait_until_ready()
    assert len(ran) >= 4
    second = make_archive("second", FERMATA_DATA=str(tmp_path / "new")).start()
    check(second, digests(stored), {"1.2.12"})


def flip_a_byte(path):
    """One bit, among the pixels; the time of the file stays, as when a disk does it."""
    before = path.stat()
    with open(path, "r+b") as file:
        file.seek(-100, os.SEEK_END)
        byte = file.read(1)
        file.seek(-100, os.SEEK_END)
        file.write(bytes([byte[0] ^ 1]))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_one_flipped_byte_is_found_named_and_repaired_from_the_last_backup(make_archive, tmp_path):
    destination = tmp_path / "b"
    archive = make_archive(FERMATA_VIEWER="no", FERMATA_BACKUPS=str(destination)).start()
    archive.wait_until_ready()
    stored = store(archive, "1.2.20", 12)
    archive.run("backup", str(destination))
    victim = archive.objects()[5]
    key = str(victim.relative_to(archive.data / "blobs" / "objects"))
    flip_a_byte(victim)
    damaged = victim.read_bytes()

    # Rot does not get into the next backup of a file that has not changed otherwise.
    archive.run("backup", str(destination))
    assert " 0 problems" in archive.run("verify-backup", str(destination)).stdout

    found = archive.run("repair").stdout
    assert "12 objects" in found and "1 put right, 0 problems left" in found, found
    assert key in found and "repaired from " + str(destination) in found, found
    check(archive, digests(stored), {"1.2.20"})
    assert (archive.data / "blobs" / "objects" / "quarantine" / key).read_bytes() == damaged
    state = ask(archive, "/api/verification")
    assert state["healed"] == 1 and state["open"] == 0 and key in state["findings"][0]
    assert "0 put right, 0 problems left" in archive.run("repair").stdout

    # Without any copy.
    shutil.rmtree(destination)
    flip_a_byte(next(p for p in archive.objects() if "quarantine" not in str(p)))
    left = archive.run("repair", check=False)
    assert left.returncode == 1 and "0 put right, 1 problems left" in left.stdout, left.stdout + left.stderr
    assert any("1 stored objects are damaged" in w["text"] for w in ask(archive, "/api/health")["warnings"])
    assert ask(archive, "/readyz")["status"] == "degraded"
    assert archive.stop() == 0
    assert " 1 problems" in archive.run("verify", check=False).stdout


def where_blobs_are(archive):
    return [path for path in archive.objects() if "quarantine" not in str(path)]


def test_what_is_damaged_is_sent_again_by_another_archive_that_was_named(make_archive):
    other = make_archive("other", FERMATA_VIEWER="no", FERMATA_AET="OTHER").start()  # which knows nobody
    stored = store(other, "1.2.30", 12)
    archive = make_archive("damaged", FERMATA_VIEWER="no", FERMATA_NODES=f"OTHER@127.0.0.1:{other.port},GONE@127.0.0.1:1").start()
    archive.wait_until_ready()
    store(archive, "1.2.30", 12)
    flipped, missing = where_blobs_are(archive)[5:7]
    key = str(flipped.relative_to(archive.data / "blobs" / "objects"))
    flip_a_byte(flipped)
    damaged = flipped.read_bytes()
    left = archive.run("repair", check=False)
    assert left.returncode == 1 and "0 put right, 1 problems left" in left.stdout, left.stdout + left.stderr
    missing.unlink()
    found = archive.run("repair", "--from-node", "OTHER").stdout
    assert "2 put right, 0 problems left" in found, found
    findings = ask(archive, "/api/verification")["findings"]
    assert len(findings) == 2 and all("sent again by OTHER: its checksum is the one at receipt" in f for f in findings), findings
    assert (archive.data / "blobs" / "objects" / "quarantine" / key).read_bytes() == damaged
    check(archive, digests(stored), {"1.2.30"})
    assert ask(archive, "/readyz")["status"] == "ready"

    # Over HTTP, and who can't be asked.
    flip_a_byte(where_blobs_are(archive)[0])
    ask(archive, "/api/verification", "POST", 202, {"node": "OTHER"})
    end = time.monotonic() + 60
    while ask(archive, "/api/verification")["job"] is not None:
        assert time.monotonic() < end
        time.sleep(0.05)
    assert ask(archive, "/api/verification")["healed"] == 1
    ask(archive, "/api/verification", "POST", 400, {"node": 7})
    assert ask(archive, "/api/verification")["rate"] == 32 << 20, "as the settings have it"
    for node, reason in (("NOBODY", "there is no node NOBODY"), ("GONE", "GONE")):
        refused = archive.run("repair", "--from-node", node, check=False)
        assert refused.returncode == 1 and reason in refused.stderr, refused.stderr
    assert archive.stop() == 0
    assert " 0 problems" in archive.run("verify").stdout


@needs_query_retrieve_server
@pytest.mark.parametrize("options", [[], ["--disable-get"]], ids=["get", "move"])
def test_what_is_damaged_is_sent_again_by_the_archive_of_dcmtk(make_archive, tmp_path, options):
    archive = make_archive(FERMATA_VIEWER="no").start()
    archive.wait_until_ready()
    stored = store(archive, "1.2.31", 6)
    with query_retrieve_server(tmp_path / "qr", archive, *options, knows_us="--disable-get" in options) as port:
        ask(archive, "/api/nodes/PACS", "PUT", 200, {"host": "127.0.0.1", "port": port, "rights": ["echo", "store"]})
        with Association(port, [(CT, [EXPLICIT])], called="PACS") as a:
            for uid, (_, data) in stored.items():
                assert a.store(1, CT, uid, data).Status == 0
        flip_a_byte(where_blobs_are(archive)[2])
        found = archive.run("repair", "--from-node", "PACS").stdout
        assert "1 put right, 0 problems left" in found and "sent again by PACS" in found, found
        # It has nothing of this one.
        store(archive, "1.2.32", 1)
        flip_a_byte(where_blobs_are(archive)[-1])
        left = archive.run("repair", "--from-node", "PACS", check=False)
        found = left.stdout
        assert left.returncode == 1 and "0 put right, 1 problems left" in found and "PACS has not sent it" in found, found
    assert archive.stop() == 0
    assert " 1 problems" in archive.run("verify", check=False).stdout


def test_a_kill_in_the_middle_of_a_verification_and_it_goes_on(make_archive, tmp_path):
    archive = make_archive()
    archive.config = tmp_path / "slow.yaml"
    archive.config.write_text((ROOT / "config" / "quickstart.yaml").read_text().replace(
        "      keep: {daily: 7, weekly: 5, monthly: 12}", "      verify: {rate: 1MiB}"))
    archive.start()
    archive.wait_until_ready()
    store(archive, "1.2.21", 8, side=512)
    verb = subprocess.Popen([str(BUILD / "bin" / "fermata"), "repair", "--config", str(archive.config)],
                            env=archive.environment, cwd=archive.folder, stderr=subprocess.PIPE, text=True)
    while ask(archive, "/api/verification")["job"] is None:
        time.sleep(0.01)
    time.sleep(0.5)
    archive.kill()
    assert verb.wait(30) == 1
    assert "goes on with this" in verb.stderr.read()
    archive.config.write_text(archive.config.read_text().replace("1MiB", "0"))
    archive.start()
    archive.wait_until_ready()
    end = time.monotonic() + 60
    while ask(archive, "/api/verification")["ended"] is None:
        assert time.monotonic() < end, ask(archive, "/api/verification")
        time.sleep(0.05)
    assert ask(archive, "/api/verification")["objects"] == 8
    refused = subprocess.run([str(BUILD / "bin" / "fermata"), "repair", "--config", str(archive.config)],
                             env={**archive.environment, "FERMATA_DATA": str(tmp_path / "nowhere")}, capture_output=True, text=True)
    assert refused.returncode == 1 and "does not run" in refused.stderr
