"""What a stranger gets to know, what one peer can't take from others, and an archive under load."""

import base64
import hashlib
import hmac
import http.client
import json
import multiprocessing
import os
import re
import socket
import struct
import threading
import time
import urllib.error
import urllib.request

import pytest

from pydicom.dataset import Dataset

from conftest import PLUGINS_OF_AN_ARCHIVE
from objects import ct, ct_bytes
from upper_layer import CT, EXPLICIT, IMPLICIT, STUDY_ROOT_FIND, VERIFICATION, Association, Rejected, encode

LOAD_SECONDS = float(os.environ.get("FERMATA_LOAD_SECONDS", "20"))
SANITIZED = any(s in os.environ.get("FERMATA_BUILD", "") for s in ("asan", "tsan"))


def counted(archive, plugin, limit):
    """How often a limit was reached."""
    text = urllib.request.urlopen(f"{archive.url}/metrics").read().decode()
    found = re.search(rf'^fermata_limit_{limit}_total{{plugin="{plugin}"}} (\d+)$', text, re.M)
    return int(found[1]) if found else 0


# --- What a scan shows ---------------------------------------------------------------------------------------------------


def listening_ports(pid):
    """TCP ports on which a process listens."""
    inodes = set()
    for entry in os.scandir(f"/proc/{pid}/fd"):
        try:
            target = os.readlink(entry.path)
        except OSError:
            continue
        if target.startswith("socket:["):
            inodes.add(target[8:-1])
    ports = set()
    for table in ("tcp", "tcp6"):
        for line in open(f"/proc/{pid}/net/{table}").read().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and fields[9] in inodes:
                ports.add(int(fields[1].rsplit(":", 1)[1], 16))
    return ports


def says(port, request, wait=2.0):
    """What comes back for some bytes."""
    heard = b""
    with socket.create_connection(("127.0.0.1", port), timeout=wait) as s:
        try:
            s.sendall(request)
            s.shutdown(socket.SHUT_WR)
            while piece := s.recv(65536):
                heard += piece
        except OSError:
            pass
    return heard


PROBES = [b"", b"\r\n\r\n", b"GET / HTTP/1.0\r\n\r\n", b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", b"HELP\r\n", b"\x00" * 64,
          b"SSH-2.0-scan\r\n", b"\x16\x03\x01\x00\x05hello", struct.pack(">BBI", 1, 0, 4) + b"\x00" * 4]


def test_a_scan_without_credentials_learns_name_and_version_only(make_archive):
    archive = make_archive(FERMATA_ACCOUNTS="yes", FERMATA_NODES="CT-ROOM-7@192.0.2.77:104").start()
    archive.wait_until_ready()
    uid, image = ct_bytes("1.2.77.1", "1.2.77.1.1", 1, PatientName="Secret^Sarah", PatientID="SECRET-77")
    with archive.associate([(CT, [EXPLICIT])]) as a:
        assert a.store(a.context(CT), CT, uid, image).Status == 0
    ports = listening_ports(archive.process.pid)
    assert ports == {archive.port, archive.http_port}

    revealed = b"".join(says(port, probe) for port in ports for probe in PROBES)
    for path in ("/", "/healthz", "/readyz", "/metrics", "/api", "/api/state", "/api/nodes", "/api/knocking", "/api/users", "/api/session",
                 "/api/setup", "/api/log", "/dicom-web/studies", "/dicom-web/studies/1.2.77.1/metadata", "/wado?requestType=WADO&studyUID=1.2.77.1",
                 "/dicom-web/capabilities", "/viewer", "/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/.git/config", "/server-status"):
        for method in ("GET", "POST", "TRACE"):
            revealed += says(archive.http_port, f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
    with Association(archive.port, [(VERIFICATION, [IMPLICIT])], calling="SCANNER") as a:
        revealed += a.answer
    for secret in (b"Secret", b"SECRET-77", b"Sarah", b"1.2.77", b"CT-ROOM-7", b"192.0.2.77", b"blobs", b"rocksdb", b"RocksDB", b"/tmp/",
                   b"OpenSSL", b"Boost", b"DCMTK", b"OFFIS", b"root:", str(archive.folder).encode(), b"stack", b".cpp", b"terminate"):
        assert secret not in revealed, (secret, revealed[max(0, revealed.find(secret) - 200):][:400])
    names = {m.decode() for m in re.findall(rb"^Server: (.*?)\r$", revealed, re.M)}
    print(f"\nthe HTTP server calls itself {names}")
    assert len(names) == 1 and re.fullmatch(r"Fermata/[\d.]+", names.pop())
    assert archive.stop() == 0


# --- Limits --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def limited(make_archive, tmp_path):
    config = tmp_path / "limited.yaml"
    config.write_text(PLUGINS_OF_AN_ARCHIVE + """
    config: {maximum_header: 1MiB, maximum_elements: 20000, maximum_nesting: 10}
  application-entities:
    config: {trusted_networks: [127.0.0.0/8]}
  dimse:
    config:
      bind: 127.0.0.1
      port: ${FERMATA_DIMSE_PORT}
      maximum_associations: 8
      limits: {associations_per_address: 4, results: 3, identifier: 4KiB, queries_per_second: 1}
  http:
    config:
      bind: 127.0.0.1
      port: ${FERMATA_HTTP_PORT}
      limits: {body: 2MiB, head: 8KiB, connections_per_address: 20}
      timeouts: {head: 1s, stall: 1s}
  dicomweb:
    config: {maximum_results: 2, maximum_parts: 5, searches_per_second: 1}
""")
    archive = make_archive("limited", config=config).start()
    archive.wait_until_ready()
    yield archive
    assert archive.stop() == 0


def test_one_address_leaves_associations_to_others(limited):
    echo = [(VERIFICATION, [IMPLICIT])]
    greedy = [limited.associate(echo, source="127.0.0.2") for _ in range(4)]
    for _ in range(3):
        with pytest.raises(Rejected) as rejected:
            limited.associate(echo, source="127.0.0.2")
        assert (rejected.value.result, rejected.value.source) == (2, 3)  # transient, by the service provider
    with limited.associate(echo, source="127.0.0.3") as other:
        assert other.echo() == 0
    assert counted(limited, "dimse", "associations_per_address") == 3
    for association in greedy:
        association.release()
        association.socket.close()


def test_silent_connections_of_one_address_keep_nobody_else_out(limited):
    silent = []
    for _ in range(300):
        s = socket.socket()
        s.bind(("127.0.0.2", 0))
        s.connect(("127.0.0.1", limited.port))
        silent.append(s)
    with limited.associate([(VERIFICATION, [IMPLICIT])], source="127.0.0.3") as other:
        assert other.echo() == 0
    assert counted(limited, "dimse", "connections") > 0
    for s in silent:
        s.close()


def nested(depth):
    """A private sequence within itself, `depth` times."""
    inner = b""
    for _ in range(depth):
        item = struct.pack("<HHI", 0xFFFE, 0xE000, 0xFFFFFFFF) + inner + struct.pack("<HHI", 0xFFFE, 0xE00D, 0)
        inner = struct.pack("<HH2sHI", 0x0009, 0x1001, b"SQ", 0, 0xFFFFFFFF) + item + struct.pack("<HHI", 0xFFFE, 0xE0DD, 0)
    return inner


def store_status(archive, uid, data):
    with archive.associate([(CT, [EXPLICIT])]) as a:
        return a.store(a.context(CT), CT, uid, data).Status


def test_objects_beyond_the_limits_are_refused_and_counted(limited):
    uid, image = ct_bytes("1.2.78", "1.2.78.1", 1)
    head, tail = image[:image.index(b"\x10\x00\x10\x00")], image[image.index(b"\x10\x00\x10\x00"):]
    assert store_status(limited, uid, image) == 0
    many = b"".join(struct.pack("<HH2sH", 0x0009, 0x1000 + n % 0xEFFF, b"LO", 0) for n in range(25_000))
    large = struct.pack("<HH2sHI", 0x0009, 0x1001, b"UT", 0, 2 << 20) + b"x" * (2 << 20)
    for data, limit in ((nested(100), "nesting"), (many, "elements"), (large, "header")):
        status = store_status(limited, uid, head + data + tail)
        assert 0xA700 <= status < 0xD000, hex(status)
        assert counted(limited, "archive", limit) == 1, limit
    assert store_status(limited, uid, image) == 0


def study_keys(**keys):
    identifier = Dataset()
    identifier.QueryRetrieveLevel = "STUDY"
    identifier.StudyInstanceUID = ""
    for name, value in keys.items():
        setattr(identifier, name, value)
    return identifier


def find(archive, **keys):
    """Status and number of matches of a C-FIND."""
    with archive.associate([(STUDY_ROOT_FIND, [IMPLICIT])]) as a:
        answers, status = a.find(study_keys(**keys))
        return status, len(answers)


def test_queries_beyond_the_limits_end_with_a_status_and_too_many_wait(limited):
    for n in range(5):
        uid, image = ct_bytes(f"1.2.79.{n}", f"1.2.79.{n}.1", 1, PatientID="MANY")
        assert store_status(limited, uid, image) == 0
    status, matches = find(limited, PatientID="MANY")
    assert (status, matches) == (0xA700, 3)
    assert counted(limited, "dimse", "results") == 1
    assert find(limited, PatientID="MANY", StudyInstanceUID="1.2.79.1") == (0, 1)
    status, matches = find(limited, StudyInstanceUID=[f"1.2.79.{n}" for n in range(1000)])
    assert status != 0 and matches == 0
    assert counted(limited, "dimse", "data_set") == 1
    # Ten at once, then one a second, which a busy machine is faster than, too: those beyond are answered, only later.
    for _ in range(60):
        assert find(limited, StudyInstanceUID="1.2.79.1") == (0, 1)
        if counted(limited, "dimse", "queries") > 0:
            break
    assert counted(limited, "dimse", "queries") > 0


def status_of(archive, path, body=None, **headers):
    try:
        return urllib.request.urlopen(urllib.request.Request(archive.url + path, body, headers)).status
    except urllib.error.HTTPError as error:
        return error.code


def test_requests_beyond_the_limits_are_refused_and_counted(limited):
    boundary = "multipart/related; type=\"application/dicom\"; boundary=x"
    parts = b"".join(b"--x\r\nContent-Type: application/dicom\r\n\r\nnothing\r\n" for _ in range(7)) + b"--x--\r\n"
    assert status_of(limited, "/dicom-web/studies", parts, **{"Content-Type": boundary}) >= 400
    assert counted(limited, "dicomweb", "parts") == 1
    deep = b'[{"00081140":{"vr":"SQ","Value":[' + b'{"00081140":{"vr":"SQ","Value":[' * 5000
    described = (b'--x\r\nContent-Type: application/dicom+json\r\n\r\n' + deep + b"\r\n--x--\r\n")
    assert 400 <= status_of(limited, "/dicom-web/studies", described,
                            **{"Content-Type": 'multipart/related; type="application/dicom+json"; boundary=x'}) < 500
    assert status_of(limited, "/dicom-web/studies", b"x" * (3 << 20), **{"Content-Type": boundary}) == 413
    assert counted(limited, "http", "body") == 1
    answer = says(limited.http_port, b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 20_000 + b"\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 431"), answer[:100]
    assert counted(limited, "http", "head") == 1
    with socket.create_connection(("127.0.0.1", limited.http_port)) as s:
        s.sendall(b"GET / HTTP/1.1\r\nHost:")
        assert s.recv(100).startswith(b"HTTP/1.1 408")
    assert counted(limited, "http", "head_time") == 1
    with socket.create_connection(("127.0.0.1", limited.http_port)) as s:
        s.sendall(b"POST /dicom-web/studies HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\nContent-Type: " + boundary.encode() + b"\r\n\r\n--")
        assert s.recv(100).startswith(b"HTTP/1.1 408")
    assert counted(limited, "http", "stall") == 1
    statuses = [status_of(limited, "/dicom-web/studies?limit=1") for _ in range(80)]
    assert set(statuses) == {200, 429} or set(statuses) == {204, 429}, set(statuses)
    assert counted(limited, "dicomweb", "searches") == statuses.count(429)


def test_connections_of_one_address_are_bounded_over_http(limited):
    idle = [socket.create_connection(("127.0.0.1", limited.http_port)) for _ in range(30)]
    try:
        other = http.client.HTTPConnection("127.0.0.1", limited.http_port, source_address=("127.0.0.9", 0))
        other.request("GET", "/metrics", headers={"Host": "127.0.0.1"})
        text = other.getresponse().read().decode()
        assert re.search(r'fermata_limit_connections_per_address_total{plugin="http"} \d', text)
    finally:
        for s in idle:
            s.close()


# --- User identity -------------------------------------------------------------------------------------------------------


def user_item(kind, primary, secondary=b"", response=True):
    body = bytes([kind, response]) + struct.pack(">H", len(primary)) + primary + struct.pack(">H", len(secondary)) + secondary
    return struct.pack(">BBH", 0x58, 0, len(body)) + body


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=")


USERS = PLUGINS_OF_AN_ARCHIVE + """\
  application-entities:
    config:
      trusted_networks: [127.0.0.0/8]
      nodes: [{ae_title: STRICT, any_address: true, user_required: true}]
  audit:
  dimse:
    config:
      bind: 127.0.0.1
      port: ${FERMATA_DIMSE_PORT}
  http:
    config:
      bind: 127.0.0.1
      port: ${FERMATA_HTTP_PORT}
  accounts:
    config:
      admin_password: admin's password
      admin_must_change: false
      json_web_tokens: {keys: KEYS, audience: pacs}
  dicomweb:
  admin:
"""


def web_token(secret, **claims):
    text = base64url(b'{"alg":"HS256"}') + b"." + base64url(json.dumps({"aud": "pacs", "exp": int(time.time()) + 60, **claims}).encode())
    return text + b"." + base64url(hmac.new(secret, text, hashlib.sha256).digest())


def test_a_user_named_in_an_association_has_what_the_account_has(make_archive, tmp_path):
    secret = b"k" * 32
    keys = tmp_path / "keys.json"
    keys.write_text(json.dumps({"keys": [{"kty": "oct", "k": base64url(secret).decode()}]}))
    config = tmp_path / "users.yaml"
    config.write_text(USERS.replace("KEYS", str(keys)))
    archive = make_archive("users", config=config).start()
    archive.wait_until_ready()

    def ask(method, path, body=None):
        login = base64.b64encode(b"admin:admin's password").decode()
        request = urllib.request.Request(archive.url + path, json.dumps(body).encode() if body else None, method=method,
                                         headers={"Authorization": "Basic " + login, "Content-Type": "application/json"})
        return urllib.request.urlopen(request)

    for name, role, more in (("jane", "viewer", {"visibility": {"all_of": [{"attribute": "modality", "values": ["MR"]}]}}), ("tom", "technician", {})):
        ask("POST", "/api/users", {"name": name, "role": role, "password": "correct horse", "must_change_password": False, **more})

    everything = [(CT, [EXPLICIT]), (STUDY_ROOT_FIND, [IMPLICIT])]

    def associate(item, calling="TESTER"):
        return archive.associate(everything, calling=calling, extra_user_items=item)

    password = b"correct horse"
    with associate(user_item(2, b"tom", password)) as tom:
        assert b"\x59\x00\x00\x02\x00\x00" in tom.answer  # the positive response
        for study, modality in (("1.2.81.1", "CT"), ("1.2.81.2", "MR")):
            uid, image = ct_bytes(study, study + ".1", 1, Modality=modality)
            assert tom.store(tom.context(CT), CT, uid, image).Status == 0
        assert len(tom.find(study_keys())[0]) == 2
    token = web_token(secret, sub="jane")
    for item in (user_item(2, b"jane", password), user_item(5, token)):
        with associate(item) as jane:  # a viewer, who sees MR only
            assert jane.context(CT) is None
            answers, status = jane.find(study_keys())
            assert status == 0 and [a.StudyInstanceUID for a in answers] == ["1.2.81.2"]
    with associate(b"") as nobody:
        assert len(nobody.find(study_keys())[0]) == 2
    refused = {"The name or the password is wrong": user_item(2, b"jane", b"wrong"), "Kerberos": user_item(3, b"ticket"), "SAML": user_item(4, b"<saml/>"),
               "not signed by a key": user_item(5, web_token(b"x" * 32, sub="jane")), "has expired": user_item(5, web_token(secret, sub="jane", exp=1)),
               "has no account here": user_item(5, web_token(secret, sub="stranger"))}
    for item in refused.values():
        with pytest.raises(Rejected) as rejected:
            associate(item)
        assert (rejected.value.result, rejected.value.source, rejected.value.reason) == (1, 2, 1)
    for item in (b"", user_item(1, b"tom")):
        with pytest.raises(Rejected):
            associate(item, calling="STRICT")
    associate(user_item(2, b"tom", password), calling="STRICT").release()

    for words in (*refused, "this AE title has to say who its user is, and prove it"):
        archive.wait_for_log(words)
    end = time.monotonic() + 10
    wanted = {("tom", "user.login", "success"), ("tom", "study.store", "success"), ("jane", "query", "success"), ("jane", "user.login", "refused")}
    while True:
        events = {(e["user"], e["action"], e["outcome"]) for e in json.load(ask("GET", "/api/audit?limit=200"))["items"]}
        if wanted <= events or time.monotonic() > end:
            break
        time.sleep(0.1)
    assert wanted <= events, events
    # The same token over HTTP.
    request = urllib.request.Request(f"{archive.url}/dicom-web/studies", headers={"Authorization": "Bearer " + token.decode()})
    assert [s["0020000D"]["Value"] for s in json.load(urllib.request.urlopen(request))] == [["1.2.81.2"]]
    assert archive.stop() == 0


# --- Load ----------------------------------------------------------------------------------------------------------------


class Load:
    """One kind of client in a process of its own, until the time is up: what it did, and what went wrong."""

    def __init__(self, work, *arguments):
        self.receiver, sender = multiprocessing.Pipe(False)
        self.process = multiprocessing.get_context("fork").Process(target=self._run, args=(sender, work, arguments))
        self.process.start()
        sender.close()

    @staticmethod
    def _run(sender, work, arguments):
        try:
            sender.send(("done", work(*arguments)))
        except BaseException as error:
            sender.send(("failed", repr(error)))

    def result(self):
        outcome, value = self.receiver.recv()
        self.process.join(60)
        assert outcome == "done", value
        return value


def store_on_and_on(port, end, number, associations, pause):
    """Objects that nobody has, from several associations in turn; how many."""
    placeholder = "1.2.92." + "9" * 20
    encoded = encode(ct(f"1.2.93.{number}", f"1.2.93.{number}.1", 1, placeholder, side=64), EXPLICIT)
    open_ones = [Association(port, [(CT, [EXPLICIT])], source="127.0.0.3") for _ in range(associations)]
    stored = 0
    while time.time() < end:
        for a in open_ones:
            uid = f"1.2.92.{number + 1}{stored:019d}"
            assert a.store(1, CT, uid, encoded.replace(placeholder.encode(), uid.encode())).Status == 0
            stored += 1
            time.sleep(pause)
    for a in open_ones:
        a.release()
    return stored


def find_on_and_on(port, end):
    count = 0
    with Association(port, [(STUDY_ROOT_FIND, [IMPLICIT])], source="127.0.0.4") as a:
        while time.time() < end:
            answers, status = a.find(study_keys(PatientID="P1"))
            assert status == 0
            count += 1
            time.sleep(0.02)
    return count


def search_on_and_on(port, end):
    count = 0
    connection = http.client.HTTPConnection("127.0.0.1", port)
    while time.time() < end:
        connection.request("GET", "/dicom-web/studies?PatientID=P1&limit=10")
        answer = connection.getresponse()
        assert answer.status in (200, 204)
        answer.read()
        count += 1
        time.sleep(0.02)
    return count


def echo_on_and_on(port, end):
    times = []
    with Association(port, [(VERIFICATION, [IMPLICIT])], source="127.0.0.5") as a:
        while time.time() < end:
            begin = time.monotonic()
            assert a.echo() == 0
            times.append(time.monotonic() - begin)
            time.sleep(0.01)
    return times


def test_two_hundred_open_associations_and_32_that_store_keep_on_for_as_long_as_is_asked(archive):
    """FERMATA_LOAD_SECONDS=600 is the long form. Times are printed; no error and no growth are asserted."""
    idle = [archive.associate([(VERIFICATION, [IMPLICIT])], source="127.0.0.2") for _ in range(200)]
    begin = time.time()
    end = begin + LOAD_SECONDS
    storing = [Load(store_on_and_on, archive.port, end, n, 8, 0.02) for n in range(4)]
    others = {"finds": Load(find_on_and_on, archive.port, end), "searches": Load(search_on_and_on, archive.http_port, end)}
    echoes = Load(echo_on_and_on, archive.port, end)
    memory = []
    kept_alive = time.time()
    while time.time() < end:
        memory.append((time.time() - begin, archive.rss()[0]))
        if time.time() - kept_alive > 20:  # or they would be idle for too long
            kept_alive = time.time()
            for a in idle:
                assert a.echo() == 0
        time.sleep(min(1, LOAD_SECONDS / 40))
    stored = sum(load.result() for load in storing)
    done = {name: load.result() for name, load in others.items()}
    times = sorted(echoes.result())
    for a in idle:
        assert a.echo() == 0
        a.release()
        a.socket.close()

    warm = max(rss for at, rss in memory if at < LOAD_SECONDS / 2)
    last = max(rss for at, rss in memory if at >= LOAD_SECONDS * 3 / 4)
    print(f"\n{LOAD_SECONDS:.0f} s with 200 associations open and 32 storing: {stored} stored, {done}, {len(times)} C-ECHOs, "
          f"p50 {times[len(times) // 2] * 1000:.1f} ms, p99 {times[len(times) * 99 // 100] * 1000:.1f} ms, longest {times[-1] * 1000:.0f} ms; "
          f"memory after half the time {warm:.0f} MiB, at the end {last:.0f} MiB")
    assert stored > 0 and min(done.values()) > 0 and len(times) > 0
    assert len(archive.objects()) == stored
    if not SANITIZED:
        assert last < warm * 1.1 + 32  # MiB: what the index has in memory before it writes it
