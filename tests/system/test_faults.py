"""Pulling the plug: kill -9 at random moments, and a power cut that also loses what was not synced."""

import hashlib
import os
import pathlib
import random
import shutil
import subprocess
import sys
import threading
import time

import pytest
from pydicom.dataset import Dataset

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "faults"))

from fault_table import note  # noqa: E402
from conftest import BUILD, ROOT  # noqa: E402
from objects import ct_bytes  # noqa: E402
from upper_layer import (C_GET, CT, EXPLICIT, STUDY_ROOT_FIND, STUDY_ROOT_GET, decode)  # noqa: E402

KILLS = int(os.environ.get("FERMATA_KILLS", "12"))
SENDERS = 6


def digest(data):
    """Instead of the data: a long run acknowledges gigabytes."""
    return hashlib.blake2b(data, digest_size=16).digest()


class Sender(threading.Thread):
    """Stores made images on one association until it breaks; knows which ones were acknowledged."""

    def __init__(self, archive, name, first, acknowledged):
        super().__init__(daemon=True)
        self.archive, self.prefix, self.number, self.acknowledged = archive, name, first, acknowledged

    def run(self):
        try:
            with self.archive.associate([(CT, [EXPLICIT])], timeout=30) as a:
                while True:
                    study = f"1.2.{self.prefix}.{self.number // 7}"
                    uid = f"{study}.{self.number}"
                    # sizes from a few KB to more than one PDU, so that a kill may come in the middle of an object
                    uid, data = ct_bytes(study, study + ".1", self.number % 7 + 1, instance=uid,
                                         side=random.choice((16, 64, 256)))
                    assert a.store(1, CT, uid, data).Status == 0
                    self.acknowledged[uid] = (study, digest(data))
                    self.number += 1
        except (OSError, Exception):
            self.number += 1


def check(archive, acknowledged, studies):
    """Every acknowledged object of these studies is there byte for byte, the counts are right, and no half of one shows."""
    expected = {study: {} for study in studies}
    for uid, (study, known) in acknowledged.items():
        if study in expected:
            expected[study][uid] = known
    with archive.associate([(STUDY_ROOT_GET, [EXPLICIT]), (CT, [EXPLICIT]), (STUDY_ROOT_FIND, [EXPLICIT])]) as a:
        for study, instances in expected.items():
            check_study(a, study, instances)


def check_study(association, study, expected):
    identifier = Dataset()
    identifier.QueryRetrieveLevel, identifier.StudyInstanceUID = "STUDY", study
    got = {}
    final = association.retrieve(C_GET, STUDY_ROOT_GET, identifier,
                                 on_store=lambda c, m, d: got.__setitem__(m.AffectedSOPInstanceUID, d))
    assert final.Status == 0, (study, hex(final.Status))
    for uid, known in expected.items():
        assert uid in got and digest(got[uid]) == known, f"acknowledged, but lost or changed: {uid}"
    for data in got.values():
        assert len(decode(data, EXPLICIT).PixelData) == decode(data, EXPLICIT).Rows ** 2 * 2
    identifier.NumberOfStudyRelatedInstances = None
    answers, status = association.find(identifier)
    assert status == 0
    assert [a.NumberOfStudyRelatedInstances for a in answers] == ([len(got)] if got else [])


def ingest_until(archive, acknowledged, round_number, end):
    senders = [Sender(archive, f"{round_number}.{n}", 7 * 1000, acknowledged) for n in range(1, SENDERS + 1)]
    for sender in senders:
        sender.start()
    time.sleep(end)
    return senders


def test_no_acknowledged_object_is_lost_by_kill_9_at_any_moment(make_archive):
    archive = make_archive()
    acknowledged = {}
    archive.start()
    for round_number in range(KILLS):
        senders = ingest_until(archive, acknowledged, round_number + 1, random.uniform(0.05, 0.8))
        archive.kill()
        for sender in senders:
            sender.join(60)
        archive.start()
        new = {uid: of for uid, of in acknowledged.items() if of[0].startswith(f"1.2.{round_number + 1}.")}
        check(archive, new, sorted({study for study, _ in new.values()}))
        print(f"{round_number + 1} kills, {len(acknowledged)} acknowledged objects, none lost", flush=True)
        if round_number % 4 == 3:
            assert archive.stop() == 0
            archive.start()
    check(archive, acknowledged, sorted({s for s, _ in acknowledged.values()}))
    assert archive.stop() == 0
    assert not list(archive.data.rglob("incoming/*"))
    assert archive.run("verify").returncode == 0
    assert len(acknowledged) > KILLS
    note("kill -9", "at random moments", KILLS, "starts clean; every acknowledged object, no other; counts right; no incoming file left")


@pytest.mark.parametrize("model", ["posix", "journal"])
def test_no_acknowledged_object_is_lost_by_a_power_cut(make_archive, model):
    recorder = BUILD / "bin" / "unsynced_recorder.so"
    if not recorder.exists():
        pytest.skip("the recorder of unsynced writes is not built: it can't be preloaded under sanitizers")
    durability = {"posix": "strict", "journal": "ordered"}[model]
    rounds = max(2, KILLS // 6)
    lost_power = 0
    for round_number in range(rounds):
        archive = make_archive(f"{model}-{round_number}")
        journal = archive.folder / "writes"
        text = archive.config.read_text()
        archive.config = archive.folder / "power.yaml"
        archive.config.write_text(text.replace("root: ", f"durability: {durability}\n      root: "))
        assert f"durability: {durability}" in archive.config.read_text()
        archive.data.mkdir()
        journal.mkdir()
        archive.environment.update(LD_PRELOAD=str(recorder), FERMATA_FAULT_ROOT=str(archive.data),
                                   FERMATA_FAULT_LOG=str(journal))
        acknowledged = {}
        archive.start()
        senders = ingest_until(archive, acknowledged, round_number + 1, random.uniform(0.3, 1.5))
        archive.kill()
        for sender in senders:
            sender.join(60)
        survived = archive.folder / "survived"
        subprocess.run([sys.executable, str(ROOT / "tests" / "faults" / "power_cut.py"), "--model", model, "--log", str(journal),
                        "--out", str(survived), *(["--survivors", str(round_number)] if round_number % 2 else [])], check=True, timeout=300)
        dropped = archive.data.with_name("before")
        archive.data.rename(dropped)
        survived.rename(archive.data)
        for name in ("LD_PRELOAD", "FERMATA_FAULT_ROOT", "FERMATA_FAULT_LOG"):
            del archive.environment[name]
        archive.start()
        check(archive, acknowledged, sorted({s for s, _ in acknowledged.values()}))
        assert archive.stop() == 0
        assert archive.run("verify").returncode == 0
        lost_power += len(acknowledged)
        shutil.rmtree(dropped)
    print(f"\n{rounds} power cuts ({model}), {lost_power} acknowledged objects, none lost")
    assert lost_power > 0
    note("power cut", f"what was not synced is lost, as on a file system of the model {model}", rounds,
         "starts clean; every acknowledged object; counts right")


def test_a_full_disk_is_refused_before_it_is_full_and_recovers(make_archive, tmp_path):
    archive = make_archive()
    text = archive.config.read_text()
    archive.config = archive.folder / "full.yaml"
    archive.config.write_text(text.replace("root: ", "reserve: 1000TiB\n      root: "))
    assert "reserve: 1000TiB" in archive.config.read_text()
    archive.start()
    uid, data = ct_bytes("1.2.70", "1.2.70.1", 1)
    with archive.associate([(CT, [EXPLICIT]), (STUDY_ROOT_FIND, [EXPLICIT])]) as a:
        response = a.store(1, CT, uid, data)
        assert response.Status == 0xA700 and response.ErrorComment
        identifier = Dataset()
        identifier.QueryRetrieveLevel, identifier.StudyInstanceUID = "STUDY", ""
        assert a.find(identifier) == ([], 0)
    assert archive.objects() == []
    note("the disk is full to its reserve", "storing", 1, "refused; queries go on", response.ErrorComment)


def test_a_disk_that_really_fills_up_recovers_by_itself(make_archive, tmp_path):
    """On a small file system of its own, where the machine lets us mount one."""
    mount = tmp_path / "small"
    mount.mkdir()
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "none", str(mount)]).returncode:
        pytest.skip("can't mount a small file system here")
    try:
        archive = make_archive()
        text = archive.config.read_text()
        archive.config = archive.folder / "small.yaml"
        archive.config.write_text(text.replace("root: ", "reserve: 16MiB\n      root: "))
        archive.environment["FERMATA_DATA"] = str(mount)
        archive.data = mount
        archive.start()
        stored, refusals = [], 0
        with archive.associate([(CT, [EXPLICIT])]) as a:
            for n in range(120):
                uid, data = ct_bytes("1.2.80", "1.2.80.1", n + 1, side=512)
                status = a.store(1, CT, uid, data).Status
                assert status in (0, 0xA700), hex(status)
                stored += [(uid, data)] if status == 0 else []
                refusals += status != 0
            assert stored and refusals
            assert shutil.disk_usage(mount).free > 8 << 20  # the reserve was kept
            check(archive, {u: ("1.2.80", digest(d)) for u, d in stored}, ["1.2.80"])
            subprocess.run(["mount", "-o", "remount,size=256m", str(mount)], check=True)
            uid, data = ct_bytes("1.2.80", "1.2.80.1", 500, side=512)
            assert a.store(1, CT, uid, data).Status == 0
        assert archive.stop() == 0
        note("the disk is full (a file system of 64 MiB)", "storing", refusals, "refused; goes on by itself once there is room")
    finally:
        archive.kill()
        subprocess.run(["umount", str(mount)], check=True)
