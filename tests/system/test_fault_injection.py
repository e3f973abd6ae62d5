"""Faults of the machine and of peers, one at a time, while the archive runs; then it has to be as if nothing had been.

After each: the process lives or starts again, every acknowledged object is there byte for byte, counts are right, no incoming file is
left, and the log has a sentence from which an administrator knows what to do.
"""

import errno
import os
import random
import re
import socket
import struct
import subprocess
import sys
import threading
import time

import pytest
from pydicom.dataset import Dataset

from conftest import BUILD, ROOT
from objects import ct_bytes
from test_kill_points import CONFIG, Objects, check, left_over
from upper_layer import C_STORE, CT, EXPLICIT, STUDY_ROOT_FIND, VERIFICATION, Aborted, command

sys.path.insert(0, str(ROOT / "tests" / "faults"))

import injection  # noqa: E402
from fault_table import note  # noqa: E402

pytestmark = pytest.mark.skipif(not (BUILD / "bin" / "fault_injector.so").exists(),
                                reason="nothing can be preloaded under sanitizers")


@pytest.fixture
def make(make_archive, tmp_path):
    def make(name="archive", more="", **kwargs):
        config = tmp_path / f"{name}.yaml"
        config.write_text(CONFIG + more)
        return make_archive(name, config=config, **kwargs)

    return make


class Store:
    """Stores one object after another of a study and keeps what was acknowledged."""

    def __init__(self, archive, name="1.1"):
        self.archive, self.name, self.number, self.objects = archive, name, 0, Objects()
        self.refusals = []

    def one(self, association, side=64):
        self.number += 1
        study = f"1.2.{self.name}"
        uid, data = ct_bytes(study, study + ".1", self.number, instance=f"{study}.{self.number}", side=side)
        self.objects.tried[uid] = data
        response = association.store(1, CT, uid, data)
        if response.Status == 0:
            self.objects.acknowledged[uid] = data
        else:
            del self.objects.tried[uid]  # what was refused is not to be there, now or after a restart
            self.refusals.append(response.Status)
        return response

    def check(self):
        check(self.archive, [self.name], self.objects)
        assert left_over(self.archive) == []


def settle(archive, store):
    """Whatever was: as it is now, and after a clean stop and a start, everything is right."""
    if archive.process.poll() is None:
        store.check()
        assert archive.stop() == 0, archive.log.read_text()[-2000:]
    archive.start()
    store.check()
    assert archive.stop() == 0
    assert archive.run("verify").returncode == 0


def message(archive, pattern):
    """The log's line that has this, without its time, its path and its fields; it names a remedy."""
    found = re.search(pattern, archive.log.read_text())
    assert found, archive.log.read_text()[-3000:]
    return found[0]


# (where, calls, part of the path, error, what the sentence has)
DISK = [
    (where, calls, path, error, text)
    for where, calls, path in [
        ("making an incoming blob", injection.CREATE, "/incoming/"),
        ("writing a blob", injection.WRITE, "/incoming/"),
        ("syncing a blob", injection.SYNC, "/incoming/"),
        ("naming a blob", injection.RENAME, "/blobs/"),
    ]
    for error, text in [
        (errno.EIO, r"the device reports a failure: see the kernel's log and check the disk before going on"),
        (errno.ENOSPC, r"No space left on device; free space on this file system"),
        (errno.EROFS, r"the file system is mounted read-only, perhaps after an error: see the kernel's log"),
    ]
]


@pytest.mark.parametrize("where,calls,path,error,text", DISK, ids=[f"{errno.errorcode[d[3]]} {d[0]}" for d in DISK])
def test_a_disk_that_fails_costs_refusals_and_nothing_else(make, where, calls, path, error, text):
    archive = make()
    injector = injection.Injector(archive, BUILD / "bin")
    archive.start()
    store = Store(archive)
    side = 200 if "sync" in where else 64  # small ones are synced in the journal
    with archive.associate([(CT, [EXPLICIT])]) as a:
        assert store.one(a).Status == 0
        injector.arm(injection.FAIL, calls, path, times=injection.ALWAYS, error=error)
        for _ in range(3):
            response = store.one(a, side)
            assert response.Status == (0xA700 if error == errno.ENOSPC else 0x0110) and response.ErrorComment
        assert injector.fired
        injector.disarm()
        assert store.one(a).Status == 0  # it goes on by itself
    note(f"{os.strerror(error)} ({errno.errorcode[error]})", where, 3, "refused; goes on by itself", message(archive, text))
    settle(archive, store)


def find_the_study(association):
    identifier = Dataset()
    identifier.QueryRetrieveLevel, identifier.StudyInstanceUID = "STUDY", ""
    answers, status = association.find(identifier)
    assert status == 0 and len(answers) == 1


JOURNAL = [
    ("writing the journal of blobs", injection.WRITE, "/journal/"),
    ("syncing the journal of blobs", injection.SYNC, "/journal/"),
    ("syncing what the journal of blobs stands for", injection.SYNC_ALL, "/blobs/"),
]


@pytest.mark.parametrize("where,calls,path", JOURNAL, ids=[j[0] for j in JOURNAL])
def test_a_journal_of_blobs_that_fails_stops_stores_until_a_restart(make, where, calls, path):
    archive = make()
    injector = injection.Injector(archive, BUILD / "bin")
    archive.start()
    store = Store(archive)
    with archive.associate([(CT, [EXPLICIT]), (STUDY_ROOT_FIND, [EXPLICIT])]) as a:
        assert store.one(a).Status == 0
        injector.arm(injection.FAIL, calls, path, times=injection.ALWAYS, error=errno.EIO)
        end = time.monotonic() + 30
        while store.one(a).Status == 0:  # until it is settled
            assert calls == injection.SYNC_ALL and time.monotonic() < end
        injector.disarm()
        for size in (64, 64, 200):
            assert store.one(a, size).Status == 0x0110
        find_the_study(a)  # that was there before
    text = message(archive, r"the store takes no more blobs since it met this error: .*?; check the file system, then restart Fermata")
    text = re.sub(r"(write|open) /\S+/blobs", r"\1 .../blobs", text)
    note(f"{os.strerror(errno.EIO)} (EIO)", where, 4, "stores are refused until a restart, queries and retrievals go on", text)
    settle(archive, store)


@pytest.mark.parametrize("error", [errno.EIO, errno.ENOSPC, errno.EROFS], ids=errno.errorcode.get)
def test_an_index_that_can_not_be_written_stops_stores_until_a_restart(make, error):
    archive = make()
    injector = injection.Injector(archive, BUILD / "bin")
    archive.start()
    store = Store(archive)
    with archive.associate([(CT, [EXPLICIT]), (STUDY_ROOT_FIND, [EXPLICIT])]) as a:
        assert store.one(a).Status == 0
        injector.arm(injection.FAIL, injection.WRITE, "/index/", times=injection.ALWAYS, error=error)
        assert store.one(a).Status in (0xA700, 0x0110)
        injector.disarm()
        time.sleep(1.5)  # RocksDB would try again by now
        for _ in range(3):
            assert store.one(a).Status in (0xA700, 0x0110)
        find_the_study(a)  # that was there before
    text = message(archive, r"could not be written: free space or repair the disk, then restart the archive")
    note(f"{os.strerror(error)} ({errno.errorcode[error]})", "writing the index's log", 4,
         "stores are refused until a restart, queries and retrievals go on", text)
    settle(archive, store)


@pytest.mark.parametrize("calls,path", [(injection.WRITE, "/blobs/"), (injection.WRITE, "/index/"), (injection.READ, "")],
                         ids=["writes of blobs", "writes of the index", "reads"])
def test_writes_and_reads_that_do_half_are_gone_on_with(make, calls, path):
    archive = make()
    injector = injection.Injector(archive, BUILD / "bin")
    archive.start()
    store = Store(archive)
    injector.arm(injection.SHORT, calls, path, times=injection.ALWAYS)
    with archive.associate([(CT, [EXPLICIT])]) as a:
        for _ in range(10):
            assert store.one(a).Status == 0
    store.check()
    assert injector.fired
    note("short " + ("reads" if calls == injection.READ else "writes"), path.strip("/") or "everywhere", injector.fired, "gone on with")
    injector.disarm()
    settle(archive, store)


def test_a_clock_that_jumps_harms_nothing(make):
    archive = make()
    injector = injection.Injector(archive, BUILD / "bin")
    archive.start()
    store = Store(archive)
    years = 365 * 86400
    jumps = [0, 10 * years, -10 * years, 3600, -3600, 60 * years, -56 * years, 0]
    with archive.associate([(CT, [EXPLICIT])]) as a:
        for seconds in jumps:
            injector.set_clock(seconds)
            for _ in range(3):
                assert store.one(a).Status == 0
    store.check()
    note("the clock jumps", "by hours and up to 60 years, both ways", len(jumps), "nothing is noticed")
    settle(archive, store)


def connections(archive):
    """The sockets that the process has open."""
    folder = f"/proc/{archive.process.pid}/fd"
    names = []
    for name in os.listdir(folder):
        try:
            names.append(os.readlink(f"{folder}/{name}"))
        except OSError:  # closed by now
            pass
    return [name for name in names if name.startswith("socket:")]


def held(archive, count):
    sockets = []
    for _ in range(count):
        s = socket.socket()
        s.settimeout(0.5)
        try:
            s.connect(("127.0.0.1", archive.port))
        except OSError:
            pass
        sockets.append(s)
    return sockets


def test_out_of_open_files_nothing_is_lost_and_the_archive_recovers(make):
    archive = make()
    archive.start(wrapper=["prlimit", "--nofile=100:100", "--"])
    store = Store(archive)
    sockets = []
    with archive.associate([(CT, [EXPLICIT])], timeout=60) as a:
        assert store.one(a).Status == 0
        sockets = held(archive, 150)
        statuses = [store.one(a).Status for _ in range(10)]
        assert set(statuses) <= {0, 0xA700, 0x0110}
        for s in sockets:
            s.close()
        end = time.monotonic() + 30
        while store.one(a).Status != 0:
            assert time.monotonic() < end
            time.sleep(0.2)
    with archive.associate([(VERIFICATION, ["1.2.840.10008.1.2"])]) as a:
        assert a.echo() == 0
    text = message(archive, r"a connection can't be accepted: Too many open files; raise the limit of open files")
    note("out of open files", "150 connections with room for 100", 1, "new connections wait; goes on by itself", text)
    settle(archive, store)


def store_and_find(archive, store):
    """Whether both went well."""
    try:
        with archive.associate([(CT, [EXPLICIT]), (STUDY_ROOT_FIND, [EXPLICIT])]) as a:
            status = store.one(a).Status
            identifier = Dataset()
            identifier.QueryRetrieveLevel, identifier.StudyInstanceUID = "STUDY", ""
            a.find(identifier)
            return status == 0
    except (OSError, Aborted, AssertionError):
        return False


def test_a_request_without_memory_fails_and_no_other(make):
    archive = make()
    memory = injection.Memory(archive, BUILD / "bin")
    archive.start()
    store = Store(archive)
    failed = 0
    with archive.associate([(CT, [EXPLICIT])]) as witness:
        for after in range(40):
            memory.arm(smallest=4096, after=after)
            failed += not store_and_find(archive, store)
            memory.disarm()
            assert archive.process.poll() is None, archive.log.read_text()[-2000:]
            assert store.one(witness).Status == 0
    assert failed and set(store.refusals) == {0xA700}
    archive.kill()
    archive.start()
    note("out of memory", "allocations of 4 KiB and more, of a C-STORE and a C-FIND", 40, "that request fails, all others go on",
         message(archive, r"a connection was closed: there is no memory for it"))
    settle(archive, store)


@pytest.mark.skipif(os.environ.get("FERMATA_FAULTS") != "full", reason="takes minutes; FERMATA_FAULTS=full runs it")
def test_where_not_even_a_few_bytes_are_left_nothing_is_lost(make):
    """What RocksDB can't go on without ends the process; whoever watches over it starts it again."""
    archive = make()
    memory = injection.Memory(archive, BUILD / "bin")
    archive.start()
    store = Store(archive)
    failed = ended = 0
    for after in range(0, 350, 14):
        memory.arm(smallest=1, after=after)
        failed += not store_and_find(archive, store)
        memory.disarm()
        if archive.process.poll() is not None:
            last = archive.log.read_text().splitlines()[-1]
            assert archive.process.returncode == -6 and "rocksdb::" in last, last
            ended += 1
            archive.start()
            store.check()
    archive.kill()
    assert failed
    note("out of memory", "allocations of any size, of a C-STORE and a C-FIND", 25,
         f"that request fails; of {failed}, {ended} ended the process inside of RocksDB, which started clean")
    settle(archive, store)


def test_peers_that_abort_stall_and_flood_leave_nothing_behind(make):
    archive = make()
    archive.start()
    store = Store(archive)
    before = len(connections(archive))
    half = command(AffectedSOPClassUID=CT, CommandField=C_STORE, MessageID=1, Priority=2, CommandDataSetType=1,
                   AffectedSOPInstanceUID="1.2.3")
    _, data = ct_bytes("1.2.99", "1.2.99.1", 1, side=256)
    stalled = []
    with archive.associate([(CT, [EXPLICIT])]) as a:
        for number in range(30):
            peer = archive.associate([(CT, [EXPLICIT])])
            peer.send_fragments(1, True, half)
            peer.send_pdv(1, False, False, data[:5000])
            if number % 3 == 0:
                peer.abort()
            elif number % 3 == 1:
                peer.socket.close()
            else:
                stalled.append(peer)
        flood = held(archive, 100)
        for number, s in enumerate(flood):
            try:
                s.sendall(random.Random(number).randbytes(2000) if number % 2 else struct.pack(">BBI", 1, 0, 0x7FFFFFFF) + b"x" * 500)
            except OSError:
                pass
        for _ in range(20):
            assert store.one(a).Status == 0
        for s in flood:
            s.close()
        for peer in stalled:
            peer.socket.close()
    end = time.monotonic() + 30
    while len(connections(archive)) > before or left_over(archive):
        assert time.monotonic() < end, (connections(archive), left_over(archive))
        time.sleep(0.1)
    note("peers abort, vanish, stall", "in the middle of an object", 30, "the half object is gone; others are not held up",
         message(archive, r"association ended: the peer aborted"))
    note("peers flood", "with garbage and lengths of 2 GiB", 100, "closed; others are not held up",
         message(archive, r"a connection was closed: it does not speak DICOM"))
    settle(archive, store)
