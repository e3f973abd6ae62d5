"""Work in the background: sending to DCMTK's storescp, and what the audit trail says of it."""

import base64
import collections
import json
import pathlib
import shutil
import socket
import ssl
import subprocess
import threading
import time
import urllib.error
import urllib.request
import xml.etree.ElementTree

import pytest
from pydicom.uid import generate_uid

from conftest import PLUGINS_OF_AN_ARCHIVE, free_port
from objects import ct_bytes
from upper_layer import CT, EXPLICIT

CONFIGURATION = PLUGINS_OF_AN_ARCHIVE + """\
  application-entities:
    config:
      node_list: "RECEIVER@127.0.0.1:${RECEIVER_PORT}"
      trusted_networks: [127.0.0.0/8]
  dimse:
    config:
      bind: 127.0.0.1
      port: ${FERMATA_DIMSE_PORT}
  http:
    config:
      bind: 127.0.0.1
      port: ${FERMATA_HTTP_PORT}
      anonymous_networks: [127.0.0.0/8]
  dicomweb:
  jobs:
  audit:AUDIT
  transfers:
"""

DIRECTLY = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # whatever the environment says of proxies


def eventually(condition, seconds=30):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s")


class Receiver:
    """storescp on one port, which keeps what it gets in a folder; `slow` seconds go by before it answers."""

    def __init__(self, folder, port):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(exist_ok=True)
        self.port = port
        self.process = None

    def start(self, slow=0):
        delay = ["--sleep-after", str(slow)] if slow else []
        self.process = subprocess.Popen(["storescp", "-od", str(self.folder), "-aet", "RECEIVER", *delay, str(self.port)],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

        def listens():
            with socket.socket() as s:
                return s.connect_ex(("127.0.0.1", self.port)) == 0

        eventually(listens)

    def stop(self):
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def files(self):
        return sorted(path.name for path in self.folder.iterdir())


@pytest.fixture
def receiver(tmp_path):
    if shutil.which("storescp") is None:
        pytest.skip("DCMTK is not installed")
    made = Receiver(tmp_path / "received", free_port())
    yield made
    made.stop()


@pytest.fixture
def prepared(make_archive, tmp_path, receiver):
    def prepare(audit=""):
        config = tmp_path / "work.yaml"
        config.write_text(CONFIGURATION.replace("AUDIT", audit))
        return make_archive(config=config, RECEIVER_PORT=str(receiver.port))

    return prepare


@pytest.fixture
def archive(prepared):
    running = prepared().start()
    yield running
    assert running.stop() == 0, running.log.read_text()


def call(archive, method, path, body=None):
    """Status and answer of a request to the interface."""
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(archive.url + path, data=data, method=method)
    try:
        with DIRECTLY.open(request, timeout=30) as response:
            text = response.read()
            return response.status, json.loads(text) if text.startswith(b"{") else text.decode()
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


def store(archive, count, study=None):
    study = study or generate_uid()
    series = generate_uid()
    with archive.associate([(CT, [EXPLICIT])], calling="CT1") as association:
        for number in range(1, count + 1):
            uid, data = ct_bytes(study, series, number)
            assert association.store(1, CT, uid, data).Status == 0
    return study


def send(archive, **what):
    status, answer = call(archive, "POST", "/api/send", {"node": "RECEIVER", **what})
    assert status == 202, answer
    return answer["job"]


def job(archive, number):
    return next(item for item in call(archive, "GET", "/api/jobs")[1]["items"] if item["id"] == number)


def in_state(archive, number, state, seconds=30):
    def reached():
        found = job(archive, number)
        return found if found["state"] == state else None

    return eventually(reached, seconds)


def events(archive, **filters):
    query = "&".join(f"{name}={value}" for name, value in filters.items())
    status, page = call(archive, "GET", f"/api/audit?{query}")
    assert status == 200
    return page["items"]


def test_studies_are_sent_with_progress(archive, receiver):
    receiver.start()
    study, other = store(archive, 30), store(archive, 5)
    number = send(archive, studies=[study, other])
    done = in_state(archive, number, "done")
    assert done["title"] == "Send 2 studies to RECEIVER"
    assert (done["done"], done["total"]) == (35, 35)
    assert done["attempts"] == 1
    assert len(receiver.files()) == 35

    status, problem = call(archive, "POST", "/api/send", {"node": "NOBODY", "studies": [study]})
    assert status == 404 and "There is no node NOBODY" in problem["detail"]
    assert call(archive, "POST", "/api/send", {"node": "RECEIVER", "studies": ["1.2.3"]})[0] == 404
    assert call(archive, "DELETE", f"/api/jobs/{number}")[0] == 204
    assert call(archive, "GET", "/api/jobs")[1]["items"] == []


def test_a_node_that_is_away_is_tried_again(archive, receiver):
    study = store(archive, 3)
    number = send(archive, studies=[study])
    waiting = eventually(lambda: job(archive, number) if job(archive, number)["next_attempt"] else None)
    assert waiting["state"] == "waiting" and "RECEIVER" in waiting["message"]
    receiver.start()
    done = in_state(archive, number, "done")  # 10 s after the first attempt
    assert done["attempts"] == 2
    assert len(receiver.files()) == 3


def test_sending_survives_a_kill(prepared, receiver):
    archive = prepared().start()
    receiver.start()
    study = store(archive, 600)
    number = send(archive, studies=[study])
    eventually(lambda: len(receiver.files()) > 250)
    archive.kill()
    before = len(receiver.files())
    assert before < 600
    archive.start()
    done = in_state(archive, number, "done", 60)
    assert (done["done"], done["total"], done["attempts"]) == (600, 600, 2)
    assert len(receiver.files()) == 600
    assert archive.stop() == 0, archive.log.read_text()


def test_sending_goes_on_after_an_orderly_stop(prepared, receiver):
    archive = prepared().start()
    receiver.start(slow=1)
    study = store(archive, 4)
    number = send(archive, studies=[study])
    in_state(archive, number, "running")
    begin = time.monotonic()
    assert archive.stop() == 0, archive.log.read_text()
    assert time.monotonic() - begin < 20
    archive.start()
    receiver.stop()
    receiver.start()
    done = in_state(archive, number, "done", 60)
    assert done["done"] == 4
    assert len(receiver.files()) == 4
    assert archive.stop() == 0, archive.log.read_text()


def test_a_running_job_is_cancelled(archive, receiver):
    receiver.start(slow=1)
    study = store(archive, 20)
    number = send(archive, studies=[study])
    eventually(lambda: job(archive, number)["done"] >= 1)
    assert call(archive, "POST", f"/api/jobs/{number}/cancel")[0] == 200
    cancelled = in_state(archive, number, "cancelled")
    assert cancelled["done"] < 20
    assert call(archive, "POST", f"/api/jobs/{number}/cancel")[0] == 200  # it is what was asked for
    receiver.stop()
    receiver.start()
    assert call(archive, "POST", f"/api/jobs/{number}/retry")[0] == 200
    assert in_state(archive, number, "done")["done"] == 20
    assert len(receiver.files()) == 20


def test_the_audit_trail_says_who_did_what(archive, receiver):
    receiver.start()
    study = store(archive, 3)
    call(archive, "GET", "/dicom-web/studies?PatientName=Doe*")
    for _ in range(5):
        assert call(archive, "GET", f"/dicom-web/studies/{study}/metadata")[0] == 200
    in_state(archive, send(archive, studies=[study]), "done")
    subprocess.run(["findscu", "-S", "-aet", "VIEWER", "-aec", "FERMATA", "127.0.0.1", str(archive.port), "-k",
                    "QueryRetrieveLevel=STUDY", "-k", "PatientName=DOE*", "-k", "StudyInstanceUID"], check=True,
                   capture_output=True)
    subprocess.run(["movescu", "-S", "-aet", "VIEWER", "-aec", "FERMATA", "-aem", "RECEIVER", "127.0.0.1",
                    str(archive.port), "-k", "QueryRetrieveLevel=STUDY", "-k", f"StudyInstanceUID={study}"], check=True,
                   capture_output=True)
    assert call(archive, "DELETE", f"/dicom-web/studies/{study}")[0] == 204

    def complete():  # within a second: whose study it is stands there once an event is on the disk
        found = events(archive, action="study")
        return found if "study.delete" in {e["action"] for e in found} and all(e["patient_id"] for e in found) else None

    found = eventually(complete)
    counts = collections.Counter(event["action"] for event in found)
    assert counts == {"study.store": 1, "study.read": 1, "study.send": 2, "study.delete": 1}
    assert {event["object"] for event in found} == {study}
    assert {event["patient_id"] for event in found} == {"P1"}, found
    stored, = events(archive, action="study.store")
    assert (stored["user"], stored["address"], stored["detail"]) == ("CT1", "127.0.0.1", "3 instances")
    by_move, by_job = events(archive, action="study.send")
    assert by_move["user"] == "VIEWER" and by_move["detail"] == "to RECEIVER, 3 instances sent"
    assert by_job["detail"] == "to RECEIVER, 3 instances sent by job 1"
    by_find, by_qido = events(archive, action="query")
    assert by_find["user"] == "VIEWER" and by_find["detail"] == "STUDY by PatientName"
    assert by_qido["detail"] == "studies by PatientName"
    status, csv = call(archive, "GET", "/api/audit.csv?action=study.delete")
    assert status == 200 and csv.splitlines()[0].startswith("id,time,action") and len(csv.splitlines()) == 2
    page = events(archive, limit=1)
    assert len(page) == 1 and events(archive, limit=1, before=page[0]["id"])[0]["id"] == page[0]["id"] - 1
    assert call(archive, "GET", "/api/audit?from=yesterday")[0] == 400


def test_the_audit_trail_outlives_a_kill(prepared, receiver):
    archive = prepared().start()
    study = store(archive, 1)
    time.sleep(2.5)  # durable within a second or two
    archive.kill()
    archive.start()
    stored, = events(archive, action="study.store")
    assert stored["object"] == study
    assert archive.stop() == 0, archive.log.read_text()


class SyslogServer:
    """Takes frames with octet counting over TLS."""

    def __init__(self, certificate, key, port=0):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate, key)
        self.socket = socket.create_server(("127.0.0.1", port))
        self.port = self.socket.getsockname()[1]
        self.messages = []
        self.connection = None
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        try:
            while True:
                plain, _ = self.socket.accept()
                self.connection = self.context.wrap_socket(plain, server_side=True)
                self._receive(self.connection.makefile("rb"))
        except (OSError, ValueError):
            pass  # it was closed

    def _receive(self, stream):
        while True:
            length = b""
            while not length.endswith(b" "):
                byte = stream.read(1)
                if not byte:
                    return
                length += byte
            self.messages.append(stream.read(int(length)).decode("utf-8"))

    def close(self):
        for used in (self.connection, self.socket):
            if used:
                used.shutdown(socket.SHUT_RDWR)  # also wakes the thread that waits for it
                used.close()


def test_events_reach_a_syslog_server_as_dicom_audit_messages(prepared, tmp_path):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", tmp_path / "key.pem", "-out",
                    tmp_path / "certificate.pem", "-days", "1", "-subj", "/CN=syslog", "-addext",
                    "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
    server = SyslogServer(tmp_path / "certificate.pem", tmp_path / "key.pem")
    archive = prepared(f"""
    config:
      syslog:
        host: 127.0.0.1
        port: {server.port}
        ca_certificate: "{tmp_path}/certificate.pem"
        source: PACS1
""").start()
    study = store(archive, 2)
    message = eventually(lambda: next((m for m in server.messages if study in m), None))
    head, document = message.split("\ufeff", 1)
    assert head.startswith("<85>1 ") and " fermata " in head and head.endswith(" DICOM+RFC3881 - ")
    root = xml.etree.ElementTree.fromstring(document.encode())
    assert root.find("EventIdentification/EventID").get("csd-code") == "110104"
    assert root.find("AuditSourceIdentification").get("AuditSourceID") == "PACS1"
    assert [p.get("UserID") for p in root.findall("ActiveParticipant")] == ["CT1", "PACS1"]
    objects = {o.find("ParticipantObjectIDTypeCode").get("csd-code"): o.get("ParticipantObjectID")
               for o in root.findall("ParticipantObjectIdentification")}
    assert objects == {"110180": study, "2": "P1"}
    subprocess.run(["findscu", "-S", "-aet", "VIEWER", "-aec", "FERMATA", "127.0.0.1", str(archive.port), "-k",
                    "QueryRetrieveLevel=STUDY", "-k", "PatientName=DOE*"], check=True, capture_output=True)
    query = eventually(lambda: next((m for m in server.messages if "110112" in m), None))
    asked = xml.etree.ElementTree.fromstring(query.split("\ufeff", 1)[1].encode()).find(".//ParticipantObjectQuery").text
    assert base64.b64decode(asked) == b"STUDY by PatientName"

    server.close()  # it is away, and the archive is killed meanwhile
    later = store(archive, 1)
    time.sleep(2.5)
    archive.kill()
    again = SyslogServer(tmp_path / "certificate.pem", tmp_path / "key.pem", server.port)
    archive.start()
    eventually(lambda: any(later in m for m in again.messages))
    assert archive.stop() == 0, archive.log.read_text()
    again.close()
