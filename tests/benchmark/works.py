"""What is measured. A scene starts servers, lets them do some work, and hands every figure to `record`:

    record(scene, work, server, figures)

`figures` are what the load generator prints (load/main.cpp), and the peak memory of the server meanwhile.
"""

import contextlib
import dataclasses
import http.client
import itertools
import json
import os
import random
import re
import shutil
import signal
import subprocess
import statistics
import threading
import time

import servers
from server import MOVE_DESTINATION, MemoryWatch, processor_seconds

CT = ["side=512"]
SMALL = ["side=16", "full=0"]  # 1.2 KB


@dataclasses.dataclass
class Size:
    """How much of everything. `TINY` shows that it works."""
    store_ct: int = 600
    store_small: int = 6000
    seconds: float = 4        # no figure takes longer,
    longest: float = 600      # and what is counted rather than timed no longer than this
    find_studies: int = 1000
    per_study: int = 10
    finds: int = 2000
    study: int = 200          # CT images of the study that is retrieved
    gets: int = 8
    metadata: tuple = (200, 1000, 10000)
    frames: int = 1000
    stows: int = 30
    deleted: int = 5000       # instances of each of five studies
    start_instances: int = 100_000
    kills: int = 0            # in the middle of storing


TINY = Size(store_ct=8, store_small=40, seconds=60, find_studies=20, per_study=2, finds=20, study=4, gets=2, metadata=(6, 20),
            frames=5, stows=2, deleted=20, start_instances=500, kills=4)


class LoadFailed(Exception):
    pass


class Bench:
    """Where measurements run and are kept."""

    def __init__(self, tools, folder, size, chosen, record):
        self.tools, self.folder, self.size, self.chosen, self.record = tools, folder, size, chosen, record
        self.servers = []
        self.begun = 0.0  # how much of all rounds lies behind, of 1

    def fresh(self, kind):
        self.servers.append(kind(self.folder / f"{len(self.servers) + 1:04}-{re.sub('[^a-z0-9]+', '-', kind.name)}"))
        return self.servers[-1]

    def among(self, kinds):
        """In each round somebody else is first: memory and disk may be as slow to come as the scene before has left them."""
        chosen = [k for k in kinds if k in self.chosen]
        first = int(self.begun * len(chosen))
        return chosen[first:] + chosen[:first]

    def load(self, server, kind, *options, web=False):
        if isinstance(server, servers.Sink) and kind == "store":
            kind = "raw"
        command = [str(self.tools / "load"), kind, f"port={server.http_port if web else server.port}",
                   f"title={server.title}", *options]
        before = processor_seconds(server.process.pid)
        with self.alone(server):
            try:
                done = subprocess.run(command, capture_output=True, text=True, timeout=self.size.longest)
            except subprocess.TimeoutExpired:
                raise LoadFailed(f"{server.called()}: {' '.join(command[1:])}: not done after {self.size.longest} s") from None
        used = processor_seconds(server.process.pid) - before
        if done.returncode != 0:
            raise LoadFailed(f"{server.called()}: {' '.join(command[1:])}: {done.stderr.strip()}")
        figures = json.loads(done.stdout)
        # Of the server alone, and hardly changed by what else the machine does.
        return {**figures, "server_cpu_ms": 1000 * used / figures["operations"]}

    def give_back(self):
        """The room of what was stored. The files stay: a disk that has just freed many files is slow for a while."""
        for path in self.folder.rglob("*"):
            if path.is_file() and path.stat().st_size > 65536:
                os.truncate(path, 0)

    def prepared(self, kinds, prepare):
        """Those of these servers that are measured, each started and given what it will be asked for."""
        running = []
        for kind in self.among(kinds):
            server = self.fresh(kind)
            server.start()
            try:
                prepare(server)
                running.append(server)
            except LoadFailed as error:
                if kind is servers.Fermata:
                    raise
                print(f"it is left out here, as it fails before it could be measured: {error}\n{server.last_lines()}", flush=True)
                server.stop()
        return running

    def end(self):
        for server in self.servers:
            if server.runs():
                server.kill()

    @contextlib.contextmanager
    def alone(self, server):
        """Keeps the others still: some work on for a long time after the last answer."""
        others = [other for other in self.servers if other is not server and other.runs()]
        for other in others:
            other.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            for other in others:
                other.process.send_signal(signal.SIGCONT)

    def warm_then_timed(self, server, warm, timed, web=False):
        """The figures, or that there are none where a peer fails at it."""
        try:
            if warm:
                self.load(server, *warm, web=web)
            return self.load(server, *timed, web=web)
        except LoadFailed as error:
            if isinstance(server, servers.Fermata):
                raise
            return {"failed": str(error)}

    def measure(self, scene, work, server, *load, web=False, warm=()):
        self.record(scene, work, server, self.warm_then_timed(server, warm, load, web))


# Their wait is the same whatever is sent.
AS_THEY_COME = [servers.OrthancAsItComes, servers.NewerOrthancAsItComes, servers.StorescpAsItComes]
# The newer Orthanc as it is when installed, and as fast as it gets: what is between would only make a round longer.
STORED_TO = [kind for kind in servers.ALL if kind is not servers.NewerOrthancTuned]
ARCHIVES = [servers.Fermata, servers.Orthanc, servers.NewerOrthanc]
STOWED_TO = [*ARCHIVES, servers.OrthancTuned, servers.NewerOrthancTuned]
# What an Orthanc answers does not depend on how durably it stores.
READERS = [servers.Fermata, servers.OrthancUnsynced, servers.NewerOrthancUnsynced]


def bytes_of_a_round(size, kinds, scenes):
    """What a round may write, at most: a peer that is slow writes less in its time."""
    def number(some):
        return sum(kind in kinds for kind in some)

    ct, small = 530_000, 6_000  # of an object, with its part of an index
    storing = number(STORED_TO) - number(AS_THEY_COME)  # those who wait write next to nothing
    written = {
        store_ct: storing * 2.2 * size.store_ct * ct,
        store_small: storing * 5.5 * size.store_small * small,
        stow: number(STOWED_TO) * 2 * (10 * size.stows + 50) * ct,
        find: number(READERS) * size.find_studies * size.per_study * small,
        retrieve: (number(READERS) + 1) * size.study * ct,
        metadata: number(READERS) * sum(size.metadata) * small,
        frame: number(READERS) * size.frames * 131_072,
        delete: (5 * size.deleted + 16 * size.store_small) * small,
        start: size.start_instances * 1000 + size.store_small * small,
        crash: size.kills * 10_000_000,
    }
    return sum(written.get(scene, 0) for scene in scenes)


def store_row(bench, name, shape, per_study, connections, objects):
    common = ["store", *shape, f"per_study={per_study}", f"connections={connections}"]
    for kind in bench.among(STORED_TO):
        if kind in AS_THEY_COME and connections > 1:
            continue
        seconds = min(2, bench.size.seconds) if kind in AS_THEY_COME else bench.size.seconds
        server = bench.fresh(kind)
        server.start()
        figures = bench.warm_then_timed(server, [*common, f"operations={max(connections, objects // 10)}", "seconds=1"], [
            *common, f"operations={objects}", "first_study=1000000", f"seconds={seconds}"])
        bench.record("store", f"{name}, {connections} assoc.", server, {**figures, **server.stop()})


def store_ct(bench):
    for connections in (1, 4):
        store_row(bench, "C-STORE CT", CT, 100, connections, bench.size.store_ct)


def store_small(bench):
    for connections in (1, 4, 8):
        store_row(bench, "C-STORE 1.2 KB", SMALL, 10, connections, bench.size.store_small * (1 if connections == 1 else 2))


def stow(bench):
    for connections in (1, 4):
        for kind in bench.among(STOWED_TO):
            server = bench.fresh(kind)
            server.start()
            common = ["stow", *CT, "per_study=100", f"connections={connections}", "batch=10", f"path={server.dicom_web}"]
            figures = bench.warm_then_timed(server, [*common, f"operations={connections}"], [
                *common, f"operations={bench.size.stows}", "first_study=1000000", f"seconds={bench.size.seconds}"], web=True)
            bench.record("stow", f"STOW-RS CT, 10 in a request, {connections} conn.", server, {**figures, **server.stop()})


FINDS = [("id", "patient ID"), ("name", "name"), ("date", "date"), ("accession", "accession")]


def measure_finds(bench, scene, server, studies, label):
    operations, seconds = f"operations={bench.size.finds}", f"seconds={bench.size.seconds / 2}"
    for key, name in FINDS:
        bench.measure(scene, f"C-FIND by {name}, {label}", server, "find", f"key={key}", f"studies={studies}", operations, seconds)
    bench.measure(scene, f"C-FIND by name with a leading *, {label}", server, "find", "key=inside", f"studies={studies}",
                  f"operations={max(1, bench.size.finds // 10)}", seconds)
    bench.measure(scene, f"C-FIND by patient ID, {label}, 8 clients", server, "find", "key=id", f"studies={studies}",
                  "connections=8", f"operations={bench.size.finds * 4}", seconds)
    bench.measure(scene, f"QIDO-RS by patient ID, {label}", server, "qido", "key=id", f"studies={studies}",
                  f"path={server.dicom_web}", operations, seconds, web=True)
    bench.measure(scene, f"C-ECHO, {label}", server, "echo", operations, seconds)


def find(bench):
    size = bench.size
    running = bench.prepared(READERS, lambda server: bench.load(
        server, "store", *SMALL, "connections=8", f"per_study={size.per_study}", f"operations={size.find_studies * size.per_study}"))
    for server in running:
        measure_finds(bench, "find", server, size.find_studies, f"{size.find_studies:,} studies")
    for server in running:
        server.stop()


def retrieve(bench):
    size = bench.size

    def fill(server):
        bench.load(server, "store", *CT, f"per_study={size.study}", f"operations={size.study}")
        server.memory.stop()
        server.memory = MemoryWatch(server.process.pid)  # of retrieving alone, as far as PSS goes

    running = bench.prepared([*READERS, servers.Dcmqrscp], fill)
    works = [("C-GET study", "get", 1, False), ("C-GET study", "get", 4, False), ("C-MOVE study", "move", 1, False),
             ("WADO-RS study", "wado", 1, True), ("WADO-RS study", "wado", 4, True)]
    for name, kind, connections, web in works:
        for server in running:
            if web and not server.dicom_web:
                continue
            options = [f"connections={connections}", f"destination={MOVE_DESTINATION}", f"seconds={size.seconds}",
                       f"destination_port={server.destination_port}", f"path={server.dicom_web}"]
            what = f"{name}, {size.study} CT, {connections} conn."
            bench.measure("retrieve", what, server, kind, *options, f"operations={size.gets * connections}", web=web,
                          warm=[kind, *options, f"operations={connections}"])
    for server in running:
        bench.record("retrieve", "memory while retrieving", server, server.stop())


def metadata(bench):
    def fill(server):
        for number, instances in enumerate(bench.size.metadata):
            bench.load(server, "store", "side=16", f"per_study={instances}", f"operations={instances}", f"first_study={number}")

    running = bench.prepared(READERS, fill)
    for number, instances in enumerate(bench.size.metadata):
        for view, operations in (("first view", 1), ("again", 3 if instances > 1000 else 10)):
            for server in running:
                bench.measure("metadata", f"WADO-RS metadata, {instances:,} instances, {view}", server, "metadata",
                              f"first_study={number}", f"operations={operations}", f"seconds={bench.size.seconds}",
                              f"path={server.dicom_web}", web=True)
    for server in running:
        server.stop()


def frame(bench):
    frames = bench.size.frames
    running = bench.prepared(READERS, lambda server: bench.load(server, "store", "side=256", f"frames={frames}", "operations=1"))
    for server in running:
        bench.measure("frame", f"frame of an object of {frames:,}", server, "frame", f"frames={frames}",
                      f"operations={min(200, 10 * frames)}", f"seconds={bench.size.seconds}", f"path={server.dicom_web}", web=True)
    for server in running:
        bench.record("frame", "memory with large frames", server, server.stop())


def answered(server, method, path):
    """Milliseconds until a request is answered, and the answer."""
    connection = http.client.HTTPConnection("127.0.0.1", server.http_port, timeout=600)
    begin = time.monotonic()
    connection.request(method, path)
    answer = connection.getresponse()
    body = answer.read()
    took = 1000 * (time.monotonic() - begin)
    connection.close()
    if answer.status not in (200, 204):
        raise LoadFailed(f"{method} {path}: {answer.status} {body[:200]}")
    return took, json.loads(body or "null")


def delete(bench):
    """Large studies go into the trash, and then, while others store, for good: without the pauses that a purge makes of itself."""
    size = bench.size
    for server in [bench.fresh(kind) for kind in bench.among([servers.Fermata])]:
        server.start()
        for number in range(5):
            bench.load(server, "store", "side=16", f"per_study={size.deleted}", f"operations={size.deleted}", f"first_study={number}")
        _, found = answered(server, "GET", f"{server.dicom_web}/studies")
        studies = [study["0020000D"]["Value"][0] for study in found]

        def store(first):
            return bench.load(server, "store", *SMALL, "per_study=10", "connections=4", f"operations={size.store_small * 4}",
                              f"first_study={first}", f"seconds={size.seconds}")

        store(1_000_000)  # warm
        took = [answered(server, "DELETE", f"/api/studies/{study}")[0] for study in studies]
        bench.record("delete", f"delete a study of {size.deleted:,}", server,
                     {"p50_ms": statistics.median(took), "max_ms": max(took)})
        purged = []
        purge = threading.Thread(target=lambda: purged.extend(answered(server, "DELETE", f"/api/trash/{s}")[0] for s in studies))
        alone = [store(2_000_000)["per_second"]]
        purge.start()
        beside = store(3_000_000)["per_second"]
        purge.join()
        alone.append(store(4_000_000)["per_second"])
        if len(purged) != len(studies):
            raise SystemExit("a study could not be purged")
        bench.record("delete", f"purge studies of {size.deleted:,}", server, {"p50_ms": statistics.median(purged)})
        bench.record("delete", "store while they are purged", server,
                     {"per_second": beside, "share": beside / statistics.mean(alone)})
        server.stop()


def idle(bench):
    for kind in bench.among([*ARCHIVES, servers.Dcmqrscp]):
        server = bench.fresh(kind)
        seconds = server.start()
        time.sleep(1)
        bench.record("idle", "memory when idle", server, server.stop())
        bench.record("idle", "start of an empty archive", server, {"seconds": seconds})


def start(bench):
    """Starts on an index that scale-run has grown: after a clean stop, and after a kill in the middle of storing."""
    size = bench.size
    server = bench.fresh(servers.Fermata)
    subprocess.run([str(bench.tools / "scale-run"), f"folder={server.folder / 'index'}", f"instances={size.start_instances}",
                    "repeat=1"], check=True, capture_output=True)
    measure_starts(bench, server, f"{size.start_instances // 10:,} studies", size.store_small)


def ask_grown(bench, folder, studies):
    """Searches over the network in an index that scale-run has grown, and starts on a copy of it: it goes on growing."""
    server, label = servers.Fermata(folder), f"{studies:,} studies"
    server.start()
    bench.load(server, "find", "key=id", f"studies={studies}", f"operations={bench.size.finds}")  # warm
    measure_finds(bench, "large", server, studies, label)
    bench.record("large", f"memory while searching in {label}", server, server.stop())
    copy = bench.fresh(servers.Fermata)
    shutil.copytree(folder / "index", copy.folder / "index", copy_function=link_table)
    measure_starts(bench, copy, label, bench.size.store_small)
    shutil.rmtree(copy.folder)


def link_table(source, target):
    """RocksDB never changes a table once it is written."""
    (os.link if source.endswith(".sst") else shutil.copy2)(source, target)


def first_echo(bench, server):
    begin = time.monotonic()
    server.start()
    bench.load(server, "echo")
    return time.monotonic() - begin


def measure_starts(bench, server, label, objects):
    first_echo(bench, server)
    server.stop()
    bench.record("start", f"start, {label}, after a clean stop", server, {"seconds": first_echo(bench, server)})
    storing = subprocess.Popen([str(bench.tools / "load"), "store", f"port={server.port}", "title=FERMATA", *SMALL,
                                "per_study=10", "connections=4", f"operations={objects}",
                                f"first_study={10 ** 8 + int(time.time() * 1000) % (8 * 10 ** 8)}"],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(min(2.0, objects / 20000))
    server.kill()
    storing.wait()
    bench.record("start", f"start, {label}, after a kill", server, {"seconds": first_echo(bench, server)})
    server.stop()


def crash(bench):
    """Kills in the middle of storing: are all objects there that were acknowledged? At the end everything is read once more."""
    if bench.size.kills == 0:
        return
    server = bench.fresh(servers.Fermata)
    server.start()
    begin, acknowledged, lost, kills, idle = time.monotonic(), 0, 0, 0, 0
    for number in itertools.count():
        confirmed = store_until_killed(bench, server, number, patience=1 + idle)
        server.start()
        # A kill before anything was acknowledged tells nothing, and is not counted.
        idle = 0 if sum(confirmed.values()) else idle + 1
        if idle == 50:
            raise SystemExit("killed 50 times, and nothing was acknowledged before: is the machine too busy for this?")
        if idle:
            continue
        kills += 1
        acknowledged += sum(confirmed.values())
        missing = [uid for study, count in confirmed.items() for uid in missing_instances(server, study, count)]
        for uid in missing:
            print(f"acknowledged, but lost by kill {kills}: {uid}", flush=True)
        lost += len(missing)
        if kills % 50 == 0 or kills == bench.size.kills:
            print(f"{kills} kills, {acknowledged} acknowledged objects, {lost} lost, {time.monotonic() - begin:.0f} s", flush=True)
        if kills == bench.size.kills:
            break
    server.stop()
    verified = subprocess.run([*server.command("verify")], env=server.environment(), cwd=server.folder, capture_output=True, text=True)
    if verified.returncode != 0:
        raise SystemExit("after the kills, the archive is not as it should be:\n" + verified.stdout + verified.stderr)
    bench.record("crash", "kill -9 while storing", server,
                 {"kills": bench.size.kills, "acknowledged": acknowledged, "lost": lost})


def store_until_killed(bench, server, number, patience):
    """What each connection has had confirmed when the server is killed: the number of objects by the study they are in."""
    # Small ones go through the journal, and the others don't. They are smaller than real ones: there is no room for many thousand.
    shape = [SMALL, ["side=128"], ["side=16"], ["side=256"]][number % 4]
    storing = subprocess.Popen([str(bench.tools / "load"), "store", f"port={server.port}", f"title={server.title}", *shape,
                                "until_broken=1", "connections=4", "operations=1000000", "per_study=1000000", f"first_study={4 * number}"],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(random.uniform(0.02, 0.4) * patience)  # longer, where nothing was acknowledged before the last kill
    server.kill()
    said, complaint = storing.communicate(timeout=60)
    if storing.returncode != 0:
        raise LoadFailed(complaint)
    return json.loads(said)["confirmed"]


def missing_instances(server, study, count):
    """Those of the first `count` images of a study that are not found."""
    if count == 0:
        return []
    _, found = answered(server, "GET", f"{server.dicom_web}/studies/{study}/instances?limit=10000")
    return sorted({f"{study}.1.1{image:06}" for image in range(count)} -
                  {instance["00080018"]["Value"][0] for instance in found or []})


SCENES = [idle, store_ct, store_small, stow, find, retrieve, metadata, frame, delete, start, crash]
