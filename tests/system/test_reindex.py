"""The index is made anew while the archive is in use: nothing that was acknowledged is lost, nothing that was deleted comes back,
and what was made while running stays; also when it is killed in the middle, and around the switch.

FERMATA_REINDEX_KILLS is how often it is killed at a named point."""

import json
import os
import random
import subprocess
import sys
import threading
import time
import urllib.request

import pytest
from pydicom.dataset import Dataset

from conftest import BUILD, ROOT
from objects import PYDICOM_FILES, ct_bytes
from test_accounts import PASSWORD, Client
from upper_layer import CT, EXPLICIT, STUDY_ROOT_FIND

sys.path.insert(0, str(ROOT / "tests" / "faults"))

import injection  # noqa: E402
from fault_table import note  # noqa: E402

KILLS = int(os.environ.get("FERMATA_REINDEX_KILLS", "8"))
EACH = 5  # objects of a study

# name: (calls, part of the path, when, most calls that pass first)
POINTS = {
    "before a sync of the index": (injection.SYNC, "/index/", injection.KILL_BEFORE, 45),
    "after a sync of the index": (injection.SYNC, "/index/", injection.KILL_AFTER, 45),
    "before a write to the index": (injection.WRITE, "/index/", injection.KILL_BEFORE, 250),
    "in the middle of a write to the index": (injection.WRITE, "/index/", injection.KILL_HALF, 250),
    "after a write to the index": (injection.WRITE, "/index/", injection.KILL_AFTER, 250),
    "after a file of the index got its name": (injection.RENAME, "/index/", injection.KILL_AFTER, 12),
    "after a file of the index was made": (injection.CREATE, "/index/", injection.KILL_AFTER, 14),
    "before a file of the index is removed": (injection.UNLINK, "/index/", injection.KILL_BEFORE, 12),
    "after a file of the index was removed": (injection.UNLINK, "/index/", injection.KILL_AFTER, 12),
}


def send(archive, prefix, studies, acknowledged, stop=None):
    """Small studies, one after the other; adds each object that was acknowledged."""
    with archive.associate([(CT, [EXPLICIT])], timeout=60) as a:
        for number in range(studies):
            if stop is not None and stop.is_set():
                return
            study = f"1.2.{prefix}.{number}"
            for n in range(EACH):
                uid, data = ct_bytes(study, study + ".1", n + 1, instance=f"{study}.1.{n}", side=16)
                assert a.store(1, CT, uid, data).Status == 0
                acknowledged[uid] = study


def found(archive):
    """All instances that the archive answers with, and what it says how many each study has."""
    identifier = Dataset()
    identifier.QueryRetrieveLevel, identifier.StudyInstanceUID = "STUDY", ""
    identifier.NumberOfStudyRelatedInstances = None
    with archive.associate([(STUDY_ROOT_FIND, [EXPLICIT])], timeout=60) as a:
        studies, status = a.find(identifier)
        assert status == 0
        counts = {s.StudyInstanceUID: int(s.NumberOfStudyRelatedInstances) for s in studies}
        images = Dataset()
        images.QueryRetrieveLevel, images.StudyInstanceUID = "IMAGE", ""
        images.SOPInstanceUID = ""
        answers, status = a.find(images)
        assert status == 0
    return {i.SOPInstanceUID: i.StudyInstanceUID for i in answers}, counts


def check(archive, expected):
    there, counts = found(archive)
    assert set(there) == set(expected)
    per_study = {}
    for study in there.values():
        per_study[study] = per_study.get(study, 0) + 1
    assert counts == per_study


def jobs(archive):
    with urllib.request.urlopen(archive.url + "/api/jobs", timeout=30) as answer:
        return [job for job in json.loads(answer.read())["items"] if job["kind"] == "reindex"]


def wait_for_jobs(archive, wait=60):
    """Until no reindex waits or runs: whatever was begun was done."""
    end = time.monotonic() + wait
    while any(job["state"] in ("waiting", "running") for job in jobs(archive)):
        assert time.monotonic() < end, jobs(archive)
        time.sleep(0.05)
    assert all(job["state"] == "done" for job in jobs(archive)), jobs(archive)


def begin_reindex(archive):
    return subprocess.Popen([str(BUILD / "bin" / "fermata"), "reindex", "--config", str(archive.config)],
                            env={k: v for k, v in archive.environment.items() if k != "LD_PRELOAD"}, cwd=archive.folder,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def families(archive):
    """Generations of the index that RocksDB has, by the newest file that lists its families."""
    newest = max((archive.data / "index").glob("OPTIONS-*"), key=lambda path: path.name)
    lines = [line for line in newest.read_text().splitlines() if line.startswith("[CFOptions")]
    return {line.split('"')[1].partition(".")[2] for line in lines if line.split('"')[1].startswith("records")}


def test_the_index_is_made_anew_while_objects_come_and_go(make_archive, tmp_path):
    config = tmp_path / "accounts.yaml"
    quickstart = (ROOT / "config" / "quickstart.yaml").read_text()
    config.write_text(quickstart.replace("      admin_password:", "      admin_must_change: false\n      admin_password:"))
    archive = make_archive(config=config, FERMATA_ACCOUNTS="yes", FERMATA_ADMIN_PASSWORD=PASSWORD).start()
    archive.wait_until_ready()
    admin = Client(archive.url)
    assert admin.log_in("admin") == 200
    subprocess.run(["dcmsend", "-nh", "+sd", "+r", "-aec", "FERMATA", "127.0.0.1", str(archive.port), str(PYDICOM_FILES)],
                   capture_output=True, timeout=120)
    expected, _ = found(archive)
    assert len(expected) > 40
    send(archive, "1", 600, expected)
    assert admin.ask("PUT", "/api/nodes/CT1", {"host": "127.0.0.1", "port": 104, "rights": ["echo", "store"]}) < 300, admin.text

    stop, new, deleted = threading.Event(), [{} for _ in range(3)], set()
    senders = [threading.Thread(target=send, args=(archive, f"2.{n}", 5000, new[n], stop)) for n in range(3)]

    def delete():
        client = Client(archive.url)
        assert client.log_in("admin") == 200
        for number in range(0, 600, 3):
            if stop.is_set():
                return
            study = f"1.2.1.{number}"
            assert client.ask("DELETE", f"/dicom-web/studies/{study}") == 204, client.text
            deleted.add(study)
            time.sleep(0.02)

    deleter = threading.Thread(target=delete)
    for thread in (*senders, deleter):
        thread.start()
    time.sleep(0.3)
    begun = time.monotonic()
    verb = begin_reindex(archive)
    time.sleep(0.2)
    assert admin.ask("POST", "/api/users", {"name": "jane", "role": "viewer", "password": PASSWORD,
                                            "must_change_password": False}) == 201, admin.text
    output, progress = verb.communicate(timeout=300)
    took = time.monotonic() - begun
    sent = sum(len(n) for n in new)
    time.sleep(0.3)
    stop.set()
    for thread in (*senders, deleter):
        thread.join(60)
    assert verb.returncode == 0, output + progress
    assert "are in the new index, which is in use" in output and "as job" in progress
    assert sent > 100 and len(deleted) > 3

    for n in new:
        expected.update(n)
    expected = {uid: study for uid, study in expected.items() if study not in deleted}
    check(archive, expected)
    for _ in range(2):
        user = Client(archive.url)
        assert user.log_in("jane") == 200
        assert [node["ae_title"] for node in admin.json("GET", "/api/nodes")["items"] if node["ae_title"] == "CT1"] == ["CT1"]
        assert archive.stop() == 0
        assert " 0 problems" in archive.run("verify").stdout
        archive.start()
        archive.wait_until_ready()
        admin = Client(archive.url)
        assert admin.log_in("admin") == 200
        check(archive, expected)
    assert families(archive) == {"1"}
    archive.stop()
    print(f"\n{sent} objects were sent and {len(deleted)} studies deleted in the {took:.1f} s of a reindex of 3000 objects")


def test_a_reindex_that_is_killed_goes_on_after_the_next_start(make_archive):
    archive = make_archive().start()
    archive.wait_until_ready()
    expected = {}
    send(archive, "1", 400, expected)
    verb = begin_reindex(archive)
    end = time.monotonic() + 30
    while not any(job["done"] > 100 for job in jobs(archive)):
        assert time.monotonic() < end
        time.sleep(0.02)
    archive.kill()
    _, said = verb.communicate(timeout=60)
    assert verb.returncode == 1 and "it goes on with this" in said
    archive.log.write_text("")
    archive.start()
    archive.wait_until_ready()
    send(archive, "2", 5, expected)
    wait_for_jobs(archive)
    check(archive, expected)
    assert archive.stop() == 0
    assert " 0 problems" in archive.run("verify").stdout


def test_a_cancelled_reindex_leaves_the_index_as_it_is_and_can_be_gone_on_with(make_archive):
    archive = make_archive().start()
    archive.wait_until_ready()
    expected = {}
    send(archive, "1", 400, expected)
    verb = begin_reindex(archive)
    while not any(job["done"] > 50 for job in jobs(archive)):
        time.sleep(0.02)
    job = jobs(archive)[0]["id"]
    ask = urllib.request.Request(f"{archive.url}/api/jobs/{job}/cancel", method="POST")
    urllib.request.urlopen(ask, timeout=30).close()
    verb.communicate(timeout=60)
    assert verb.returncode == 1
    check(archive, expected)
    assert families(archive) == {"", "1"}
    send(archive, "2", 5, expected)
    ask = urllib.request.Request(f"{archive.url}/api/jobs/{job}/retry", method="POST")
    urllib.request.urlopen(ask, timeout=30).close()
    wait_for_jobs(archive)
    check(archive, expected)
    assert families(archive) == {"1"}
    assert archive.stop() == 0
    assert " 0 problems" in archive.run("verify").stdout


def test_kill_9_at_named_points_of_a_reindex_leaves_one_whole_index(make_archive):
    if not (BUILD / "bin" / "fault_injector.so").exists():
        pytest.skip("nothing can be preloaded under sanitizers")
    archive = make_archive()
    injector = injection.Injector(archive, BUILD / "bin")
    archive.start()
    archive.wait_until_ready()
    expected = {}
    send(archive, "0", 20, expected)
    order, kills, number = list(POINTS), dict.fromkeys(POINTS, 0), 0
    random.shuffle(order)
    end = time.monotonic() + 30 + 10 * KILLS
    while sum(kills.values()) < KILLS and time.monotonic() < end:
        number += 1
        point = order[number % len(order)]
        calls, path, action, most = POINTS[point]
        send(archive, str(number), 2, expected)
        injector.arm(action, calls, path, after=random.randrange(most))
        begin_reindex(archive).communicate(timeout=60)
        kills[point] += injector.fired
        fired = injector.fired
        injector.disarm()
        archive.kill()
        archive.log.write_text("")
        archive.start()
        archive.wait_until_ready()
        check(archive, expected)
        wait_for_jobs(archive)
        check(archive, expected)
        note("kill -9 in a reindex", point, fired, "one whole index with every object; the job goes on")
    assert len(families(archive)) == 1
    assert archive.stop() == 0
    assert " 0 problems" in archive.run("verify").stdout
    assert sum(kills.values()) >= KILLS


def test_a_damaged_object_is_told_by_the_exit_code_whoever_makes_the_index(make_archive):
    archive = make_archive().start()
    archive.wait_until_ready()
    expected = {}
    send(archive, "1", 4, expected)
    whole = begin_reindex(archive)
    output, said = whole.communicate(timeout=60)
    assert whole.returncode == 0 and " 0 damaged" in output, output + said
    damaged = archive.objects()[0]
    content = bytearray(damaged.read_bytes())
    content[-1] ^= 1
    damaged.write_bytes(content)
    verb = begin_reindex(archive)
    output, said = verb.communicate(timeout=60)
    assert verb.returncode == 1 and "1 damaged" in output, output + said
    assert all(job["state"] == "done" for job in jobs(archive))
    check(archive, expected)
    assert archive.stop() == 0
    damaged.write_bytes(content[:-300])
    offline = archive.run("reindex", check=False)
    assert offline.returncode == 1 and "damaged     1" in offline.stdout, offline.stdout + offline.stderr
