"""kill -9 at named points: before, in the middle of, and after each kind of call that changes a file.

The calls are told apart by what they do and to which file (tests/faults/README.md). What is sent is stored for the first time
and over again, with other content, so that blobs are removed too. FERMATA_POINT_KILLS is how often in all.
"""

import os
import random
import sys
import threading
import time

import pytest
from pydicom.dataset import Dataset

from conftest import BUILD, PLUGINS_OF_AN_ARCHIVE, ROOT
from objects import ct_bytes
from upper_layer import C_GET, CT, EXPLICIT, STUDY_ROOT_FIND, STUDY_ROOT_GET

sys.path.insert(0, str(ROOT / "tests" / "faults"))

import injection  # noqa: E402
from fault_table import note  # noqa: E402

KILLS = int(os.environ.get("FERMATA_POINT_KILLS", "12"))
SENDERS = 4
CONFIG = PLUGINS_OF_AN_ARCHIVE + """
    config: {duplicates: replace}
  application-entities:
    config: {trusted_networks: [127.0.0.0/8]}
  dimse:
    config: {bind: 127.0.0.1, port: "${FERMATA_DIMSE_PORT}"}
"""

# name: (calls, part of the path, when, most calls that pass first)
POINTS = {
    "before an incoming blob is made": (injection.CREATE, "/incoming/", injection.KILL_BEFORE, 60),
    "after an incoming blob was made": (injection.CREATE, "/incoming/", injection.KILL_AFTER, 60),
    "before a write to a blob": (injection.WRITE, "/incoming/", injection.KILL_BEFORE, 100),
    "in the middle of a write to a blob": (injection.WRITE, "/incoming/", injection.KILL_HALF, 100),
    "after a write to a blob": (injection.WRITE, "/incoming/", injection.KILL_AFTER, 100),
    "before a write to the journal of blobs": (injection.WRITE, "/journal/", injection.KILL_BEFORE, 60),
    "in the middle of a write to the journal of blobs": (injection.WRITE, "/journal/", injection.KILL_HALF, 60),
    "after a write to the journal of blobs": (injection.WRITE, "/journal/", injection.KILL_AFTER, 60),
    "after the journal of blobs was synced": (injection.SYNC, "/journal/", injection.KILL_AFTER, 60),
    "before a blob is synced": (injection.SYNC, "/incoming/", injection.KILL_BEFORE, 20),
    "after a blob or its folder was synced": (injection.SYNC, "/blobs/", injection.KILL_AFTER, 60),
    "before a blob gets its name": (injection.RENAME, "/blobs/", injection.KILL_BEFORE, 60),
    "after a blob got its name": (injection.RENAME, "/blobs/", injection.KILL_AFTER, 60),
    "before a replaced blob is removed": (injection.UNLINK, "/blobs/", injection.KILL_BEFORE, 20),
    "after a replaced blob was removed": (injection.UNLINK, "/blobs/", injection.KILL_AFTER, 20),
    "before a write to the index's log": (injection.WRITE, "/index/", injection.KILL_BEFORE, 100),
    "in the middle of a write to the index's log": (injection.WRITE, "/index/", injection.KILL_HALF, 100),
    "after a write to the index's log (commit)": (injection.WRITE, "/index/", injection.KILL_AFTER, 100),
    "before the index is synced": (injection.SYNC, "/index/", injection.KILL_BEFORE, 20),
    "after the index was synced": (injection.SYNC, "/index/", injection.KILL_AFTER, 20),
    "at any change of a file": (injection.CHANGES, "", injection.KILL_AFTER, 400),
    # while it starts: the rule is there before the program is
    "while it starts, after a blob of the journal was written anew": (injection.WRITE, "/incoming/", injection.KILL_AFTER, 10),
    "while it starts, after a blob of the journal got its name anew": (injection.RENAME, "/objects/", injection.KILL_AFTER, 10),
    "while it starts, before the blobs of the journal are synced": (injection.SYNC_ALL, "/blobs/", injection.KILL_BEFORE, 1),
    "while it starts, after the blobs of the journal were synced": (injection.SYNC_ALL, "/blobs/", injection.KILL_AFTER, 1),
    "while it starts, after the journal of blobs was emptied": (injection.SYNC, "/journal/", injection.KILL_AFTER, 1),
    "while it starts, before a write to the index": (injection.WRITE, "/index/", injection.KILL_BEFORE, 12),
    "while it starts, in the middle of a write to the index": (injection.WRITE, "/index/", injection.KILL_HALF, 12),
    "while it starts, after a file of the index was made": (injection.CREATE, "/index/", injection.KILL_AFTER, 6),
    "while it starts, after a file of the index got its name": (injection.RENAME, "/index/", injection.KILL_AFTER, 3),
    "while it starts, after a file was removed": (injection.UNLINK, "", injection.KILL_AFTER, 6),
    "while it starts, at any change of a file": (injection.CHANGES, "", injection.KILL_AFTER, 60),
}


class Objects:
    """What was acknowledged, and what may be there instead because its acknowledgement was still to come."""

    def __init__(self):
        self.acknowledged, self.tried = {}, {}


class Sender(threading.Thread):
    """On one association, until it breaks: new objects, and now and then one of them again with other pixels."""

    def __init__(self, archive, name, objects, most=400):
        super().__init__(daemon=True)
        self.archive, self.name_, self.objects, self.most = archive, name, objects, most

    def run(self):
        study, number, mine = f"1.2.{self.name_}", 0, []
        try:
            with self.archive.associate([(CT, [EXPLICIT])], timeout=30) as a:
                while number < self.most:
                    number += 1
                    again = mine and number % 5 == 0
                    uid = random.choice(mine) if again else f"{study}.{number}"
                    _, data = ct_bytes(study, study + ".1", number, instance=uid, side=random.choice((16, 64, 160)))
                    self.objects.tried[uid] = data
                    assert a.store(1, CT, uid, data).Status == 0
                    self.objects.acknowledged[uid] = data
                    mine += [] if again else [uid]
        except (OSError, Exception):
            pass


def check(archive, names, objects):
    """Of each sender's study: every acknowledged object is there in its last version, and counts say how many there are."""
    for name in names:
        study = f"1.2.{name}"
        identifier = Dataset()
        identifier.QueryRetrieveLevel, identifier.StudyInstanceUID = "STUDY", study
        got = {}
        with archive.associate([(STUDY_ROOT_GET, [EXPLICIT]), (CT, [EXPLICIT]), (STUDY_ROOT_FIND, [EXPLICIT])]) as a:
            final = a.retrieve(C_GET, STUDY_ROOT_GET, identifier,
                               on_store=lambda c, m, d: got.__setitem__(m.AffectedSOPInstanceUID, d))
            assert final.Status == 0, (study, hex(final.Status))
            identifier.NumberOfStudyRelatedInstances = None
            answers, status = a.find(identifier)
        assert status == 0
        assert [answer.NumberOfStudyRelatedInstances for answer in answers] == ([len(got)] if got else [])
        prefix = study + "."
        for uid, data in objects.acknowledged.items():
            if uid.startswith(prefix):
                assert got.get(uid) in (data, objects.tried[uid]), f"acknowledged, but lost or changed: {uid}"
        for uid, data in got.items():
            assert data in (objects.acknowledged.get(uid), objects.tried.get(uid)), f"half of an object, or another: {uid}"
            # what was found decides between two versions from now on
            objects.acknowledged[uid] = objects.tried[uid] = data


def left_over(archive):
    return [path for path in (archive.data / "blobs").rglob("incoming/*")]


def kill_at(archive, injector, point, number, objects):
    """One kill; returns the senders' names if it came while objects were sent."""
    calls, path, action, most = POINTS[point]
    names = [f"{number}.{n}" for n in range(1, SENDERS + 1)]
    if point.startswith("while it starts"):
        names.append(f"{number}.0")
        Sender(archive, names[-1], objects, most=20).run()  # so that there is something to be done again
        archive.kill()
        injector.arm(action, calls, path, after=random.randrange(most))
        try:
            archive.start()
        except AssertionError:
            assert archive.process.returncode == -9, archive.log.read_text()[-3000:]
    else:
        injector.arm(action, calls, path, after=random.randrange(most))
    if archive.process.poll() is None:
        senders = [Sender(archive, name, objects) for name in names[:SENDERS]]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join(60)
    fired = injector.fired
    injector.disarm()
    archive.kill()
    return names, fired


def test_no_acknowledged_object_is_lost_by_kill_9_at_named_points(make_archive, tmp_path):
    if not (BUILD / "bin" / "fault_injector.so").exists():
        pytest.skip("nothing can be preloaded under sanitizers")
    config = tmp_path / "points.yaml"
    config.write_text(CONFIG)
    archive = make_archive(config=config)
    injector = injection.Injector(archive, BUILD / "bin")
    objects, kills, every = Objects(), dict.fromkeys(POINTS, 0), []
    archive.start()
    order = list(POINTS)
    random.shuffle(order)
    number, end = 0, time.monotonic() + 30 + 10 * KILLS
    while sum(kills.values()) < KILLS and time.monotonic() < end:
        number += 1
        point = order[number % len(order)]
        names, fired = kill_at(archive, injector, point, number, objects)
        kills[point] += fired
        archive.start()
        check(archive, names, objects)
        assert left_over(archive) == [], point
        note("kill -9", point, fired, "starts clean; every acknowledged object, no other; counts right; no incoming file left")
        every += names
        if number % 20 == 0:
            check(archive, random.sample(every, 40), objects)
            print(f"{sum(kills.values())} kills, {len(objects.acknowledged)} acknowledged objects, none lost", flush=True)
    check(archive, every, objects)
    assert archive.stop() == 0
    assert archive.run("verify").returncode == 0
    assert sum(kills.values()) >= KILLS
    print(f"\n{sum(kills.values())} kills, {len(objects.acknowledged)} acknowledged objects, none lost")
