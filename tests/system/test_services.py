"""Storage commitment, worklist and procedure steps, as modalities ask for them: DCMTK's findscu and dcmjs-dimse."""

import datetime
import json
import pathlib
import shutil
import socket
import subprocess
import threading
import time

import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import generate_uid

from conftest import PLUGINS_OF_AN_ARCHIVE, free_port
from objects import ct_bytes
from upper_layer import CT, EXPLICIT, command, encode

PEERS = pathlib.Path(__file__).parent / "peers"
COMMITMENT = "1.2.840.10008.1.20.1"
COMMITMENT_INSTANCE = "1.2.840.10008.1.20.1.1"
MPPS = "1.2.840.10008.3.1.2.3.3"
MPPS_RETRIEVE = "1.2.840.10008.3.1.2.3.4"
TODAY = datetime.date.today().strftime("%Y%m%d")
TOMORROW = (datetime.date.today() + datetime.timedelta(days=1)).strftime("%Y%m%d")

CONFIGURATION = PLUGINS_OF_AN_ARCHIVE + """\
  application-entities:
    config:
      node_list: "CT1@127.0.0.1:${LISTENER}"
      trusted_networks: [127.0.0.0/8]
  codecs:
  dimse:
    config:
      bind: 127.0.0.1
      port: ${FERMATA_DIMSE_PORT}
  storage-commitment:
    config:
      retry_interval: 300ms
      retrieve_ae_title: FERMATA
  worklist:
    config:
      folder: "${FERMATA_DATA}/worklist"
      interval: 100ms
  mpps:
"""


def eventually(condition, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s")


@pytest.fixture
def prepared(make_archive, tmp_path):
    """An archive with the three services, not started yet, and the port on which its node CT1 would listen."""
    listener = free_port()
    config = tmp_path / "services.yaml"
    config.write_text(CONFIGURATION)
    archive = make_archive(config=config, LISTENER=str(listener))
    archive.listener = listener
    return archive


@pytest.fixture
def services(prepared):
    yield prepared.start()
    assert prepared.stop() == 0, prepared.log.read_text()


def need_peer():
    if shutil.which("node") is None or not (PEERS / "node_modules" / "dcmjs-dimse").is_dir():
        pytest.skip("dcmjs-dimse is not installed: run npm ci in tests/system/peers")


def send(archive, *requests, linger=0, calling="CT1"):
    """One association of a modality; what came back."""
    need_peer()
    session = {"calling": calling, "linger": linger, "requests": requests}
    done = subprocess.run(["node", str(PEERS / "services_peer.cjs"), "send", str(archive.port), json.dumps(session)],
                          capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr + archive.log.read_text()
    return json.loads(done.stdout.splitlines()[-1])


class Listener:
    """The modality's own port, on which reports arrive."""

    def __init__(self, port):
        need_peer()
        self.process = subprocess.Popen(["node", str(PEERS / "services_peer.cjs"), "listen", str(port)],
                                        stdout=subprocess.PIPE, text=True)
        self.events = []
        assert self.process.stdout.readline() == "listening\n"
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stdout:
            if line.startswith("{"):  # the rest is the library's log
                self.events.append(json.loads(line))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.reader.join()


# Worklist


def worklist_file(archive, name, text):
    folder = archive.data / "worklist"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def findscu(archive, tmp_path, *keys):
    """What DCMTK's findscu gets, as data sets."""
    folder = tmp_path / f"answers-{time.monotonic_ns()}"
    folder.mkdir()
    arguments = [part for key in keys for part in ("-k", key)]
    done = subprocess.run(["findscu", "-W", "-X", "-od", str(folder), "-aet", "CT1", "-aec", "FERMATA", "127.0.0.1",
                           str(archive.port), *arguments], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return [pydicom.dcmread(path, force=True) for path in sorted(folder.glob("*.dcm"))]


def step(**attributes):
    lines = {"PatientName": "DOE^JANE", "PatientID": "P1", "ScheduledStationAETitle": "CT1", "Modality": "CT",
             "ScheduledProcedureStepStartDate": TODAY, "ScheduledProcedureStepStartTime": "0815", **attributes}
    return "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in lines.items())


SPS = "ScheduledProcedureStepSequence[0]."
ALL_KEYS = ["PatientName", "PatientID", "PatientBirthDate", "PatientSex", "PatientWeight", "MedicalAlerts", "Allergies",
            "PregnancyStatus", "AccessionNumber", "ReferringPhysicianName", "RequestingPhysician", "StudyInstanceUID",
            "RequestedProcedureID", "RequestedProcedureDescription", "RequestedProcedurePriority", "AdmissionID",
            "CurrentPatientLocation", "PatientTransportArrangements", "ConfidentialityConstraintOnPatientDataDescription",
            "PatientState", "SpecialNeeds", "ReferencedStudySequence", "ReferencedPatientSequence",
            "RequestedProcedureCodeSequence",
            *[SPS + name for name in ("ScheduledStationAETitle", "ScheduledProcedureStepStartDate",
                                      "ScheduledProcedureStepStartTime", "Modality", "ScheduledPerformingPhysicianName",
                                      "ScheduledProcedureStepDescription", "ScheduledStationName",
                                      "ScheduledProcedureStepLocation", "ScheduledProtocolCodeSequence", "PreMedication",
                                      "ScheduledProcedureStepID", "RequestedContrastAgent",
                                      "ScheduledProcedureStepStatus")]]


def test_a_modality_finds_what_files_have_scheduled(services, tmp_path):
    worklist_file(services, "jane.yaml", step(AccessionNumber="A1", ScheduledProcedureStepDescription="Thorax"))
    worklist_file(services, "yamada.json", json.dumps(
        {"PatientName": "Yamada^Tarou=山田^太郎=やまだ^たろう", "PatientID": "P2", "ScheduledStationAETitle": "MR1", "Modality": "MR",
         "ScheduledProcedureStepStartDate": TOMORROW, "ScheduledProcedureStepStartTime": "1000"}))
    worklist_file(services, "mueller.yaml", step(PatientName="Müller^Jörg", PatientID="P3",
                                                 ScheduledProcedureStepStartTime="1330"))
    eventually(lambda: len(findscu(services, tmp_path, "PatientID")) == 3)

    def ids(*keys):
        return sorted(a.PatientID for a in findscu(services, tmp_path, "PatientID", *keys))

    assert ids(f"{SPS}ScheduledStationAETitle=CT1") == ["P1", "P3"]
    assert ids(f"{SPS}Modality=MR") == ["P2"]
    assert ids(f"{SPS}ScheduledProcedureStepStartDate={TODAY}") == ["P1", "P3"]
    assert ids(f"{SPS}ScheduledProcedureStepStartDate={TODAY}", f"{SPS}Modality=MR") == []
    assert ids(f"{SPS}ScheduledProcedureStepStartDate={TODAY}-{TOMORROW}",
               f"{SPS}ScheduledProcedureStepStartTime=0900-1100") == ["P2", "P3"]  # from today 9:00 to tomorrow 11:00
    assert ids("PatientName=doe*") == ["P1"]
    assert ids("PatientName=MULLER*") == ["P3"]
    assert ids("SpecificCharacterSet=ISO_IR 192", "PatientName=山田*") == ["P2"]
    assert ids("AccessionNumber=A1", f"{SPS}ScheduledStationAETitle=CT1") == ["P1"]

    answer, = findscu(services, tmp_path, *[k for k in ALL_KEYS if k != "PatientID"], "PatientID=P2")
    assert answer.SpecificCharacterSet == "ISO_IR 192"
    assert str(answer.PatientName) == "Yamada^Tarou=山田^太郎=やまだ^たろう"
    scheduled, = answer.ScheduledProcedureStepSequence
    assert scheduled.ScheduledStationAETitle == "MR1"
    assert scheduled.ScheduledProcedureStepStatus == "SCHEDULED"
    missing = [key for key in ALL_KEYS if key.split(".")[-1] not in (scheduled if "." in key else answer)]
    assert missing == []
    for name in ("StudyInstanceUID", "RequestedProcedureID"):
        assert answer[name].value
    assert scheduled.ScheduledProcedureStepID

    latin, = findscu(services, tmp_path, "PatientName", "PatientID=P3")
    assert latin.SpecificCharacterSet == "ISO_IR 100"  # what every modality reads, where it is enough
    assert str(latin.PatientName) == "Müller^Jörg"


def test_files_of_dcmtks_worklist_server_are_taken(services, tmp_path):
    item = Dataset()
    item.SpecificCharacterSet = "ISO 2022 IR 6\\ISO 2022 IR 87".split("\\")
    item.PatientName = "Yamada^Tarou=山田^太郎=やまだ^たろう"
    item.PatientID = "P9"
    item.StudyInstanceUID = "1.2.3.4.5"
    item.RequestedProcedureID = "RP1"
    scheduled = Dataset()
    scheduled.Modality = "CT"
    scheduled.ScheduledStationAETitle = "CT1"
    scheduled.ScheduledProcedureStepStartDate = TODAY
    scheduled.ScheduledProcedureStepStartTime = "0700"
    scheduled.ScheduledProcedureStepID = "SP1"
    item.ScheduledProcedureStepSequence = Sequence([scheduled])
    item.is_little_endian, item.is_implicit_VR = True, True
    folder = services.data / "worklist"
    folder.mkdir(parents=True, exist_ok=True)
    item.save_as(str(folder / "item.wl"), write_like_original=True)
    answer, = eventually(lambda: findscu(services, tmp_path, "PatientName", "PatientID=P9", "StudyInstanceUID"))
    assert str(answer.PatientName) == "Yamada^Tarou=山田^太郎=やまだ^たろう"
    assert answer.StudyInstanceUID == "1.2.3.4.5"


def test_a_bad_file_is_explained_and_a_removed_one_forgotten(services, tmp_path):
    worklist_file(services, "bad.yaml", "PatientName: DOE^JANE\nPatientIdentity: P1\n")
    note = services.data / "worklist" / "bad.yaml.rejected"
    text = eventually(lambda: note.exists() and note.read_text())
    assert "line 2, column 1" in text and "PatientIdentity" in text
    services.wait_for_log("PatientIdentity")
    worklist_file(services, "bad.yaml", step())
    eventually(lambda: len(findscu(services, tmp_path, "PatientID")) == 1)
    assert not note.exists()
    services.stop()
    services.start()
    assert len(findscu(services, tmp_path, "PatientID")) == 1
    (services.data / "worklist" / "bad.yaml").unlink()
    eventually(lambda: findscu(services, tmp_path, "PatientID") == [])


# Procedure steps


def begun(study, step_id="S1", **attributes):
    return {"SpecificCharacterSet": "ISO_IR 192", "PatientName": "山田^太郎", "PatientID": "P1",
            "ScheduledStepAttributesSequence": [{"StudyInstanceUID": study, "AccessionNumber": "A1",
                                                 "ScheduledProcedureStepID": step_id}],
            "PerformedProcedureStepID": "PPS1", "PerformedStationAETitle": "CT1", "Modality": "CT",
            "PerformedProcedureStepStartDate": TODAY, "PerformedProcedureStepStartTime": "081500",
            "PerformedProcedureStepStatus": "IN PROGRESS", **attributes}


def ended(instances, status="COMPLETED"):
    return {"PerformedProcedureStepStatus": status, "PerformedProcedureStepEndDate": TODAY,
            "PerformedProcedureStepEndTime": "083000",
            "PerformedSeriesSequence": [{"SeriesInstanceUID": generate_uid(), "ProtocolName": "Thorax",
                                         "ReferencedImageSequence": [{"ReferencedSOPClassUID": CT,
                                                                      "ReferencedSOPInstanceUID": uid}
                                                                     for uid in instances]}]}


def request(kind, sop_class, instance, dataset=None, **more):
    return {"kind": kind, "class": sop_class, "instance": instance, "dataset": dataset, **more}


def statuses(result):
    return [response["status"] for response in result["responses"]]


def test_a_procedure_step_goes_through_its_states_and_the_worklist_follows(services, tmp_path):
    worklist_file(services, "jane.yaml", step(AccessionNumber="A1", ScheduledProcedureStepID="S1"))
    item, = eventually(lambda: findscu(services, tmp_path, "StudyInstanceUID", f"{SPS}ScheduledProcedureStepStatus"))
    study, uid = item.StudyInstanceUID, generate_uid()
    instance, data = ct_bytes(study, generate_uid(), 1)
    with services.associate([(CT, [EXPLICIT])]) as a:
        assert a.store(1, CT, instance, data).Status == 0

    assert statuses(send(services, request("N-CREATE", MPPS, uid, begun(study)))) == [0]
    item, = findscu(services, tmp_path, f"{SPS}ScheduledProcedureStepStatus")
    assert item.ScheduledProcedureStepSequence[0].ScheduledProcedureStepStatus == "STARTED"

    result = send(services, request("N-CREATE", MPPS, uid, begun(study)),
                  request("N-SET", MPPS, uid, {"PerformedProcedureStepDescription": "Thorax"}),
                  request("N-SET", MPPS, generate_uid(), ended([])),
                  request("N-SET", MPPS, uid, ended([instance, "1.2.3"])),
                  request("N-SET", MPPS, uid, ended([instance], "DISCONTINUED")))
    assert statuses(result) == [0x0111, 0, 0x0112, 0, 0x0110]
    assert result["responses"][-1]["comment"] == "Performed Procedure Step Object may no longer be updated"
    assert findscu(services, tmp_path, "PatientID") == []
    assert len(findscu(services, tmp_path, "PatientID", f"{SPS}ScheduledProcedureStepStatus=COMPLETED")) == 1

    result = send(services, request("N-GET", MPPS_RETRIEVE, uid),
                  request("N-GET", MPPS_RETRIEVE, uid, attributes=["PerformedProcedureStepStatus"]))
    assert statuses(result) == [0, 0]
    whole, part = (response["dataset"] for response in result["responses"])
    assert whole["PerformedProcedureStepStatus"] == part["PerformedProcedureStepStatus"] == "COMPLETED"
    assert whole["PerformedProcedureStepDescription"] == "Thorax"
    assert "山田^太郎" in json.dumps(whole["PatientName"], ensure_ascii=False)
    assert "PatientName" not in part

    services.stop()
    listed = services.run("procedures").stdout
    line, = [line for line in listed.splitlines() if uid in line]
    assert "COMPLETED" in line and "1 of 2" in line and study in line
    assert "1.2.3" in services.run("procedures", uid).stdout
    services.start()


def test_procedure_steps_that_make_no_sense_are_refused(services):
    study = generate_uid()
    without_study = begun(study)
    del without_study["ScheduledStepAttributesSequence"]
    result = send(services, request("N-CREATE", MPPS, generate_uid(), without_study),
                  request("N-CREATE", MPPS, generate_uid(), begun(study, PerformedProcedureStepStatus="COMPLETED")))
    assert statuses(result) == [0x0120, 0x0106]
    # and one that comes without a UID is given one
    result = send(services, request("N-CREATE", MPPS, "", begun(study)))
    assert statuses(result) == [0]
    uid = result["responses"][0]["command"]["AffectedSOPInstanceUID"]
    assert uid.startswith("2.25.")
    assert statuses(send(services, request("N-SET", MPPS, uid, ended([], "DISCONTINUED")))) == [0]


# Storage commitment


def store(archive, count):
    """Stores that many images, and returns their SOP Instance UIDs."""
    study, series = generate_uid(), generate_uid()
    objects = [ct_bytes(study, series, number) for number in range(count)]
    with archive.associate([(CT, [EXPLICIT])]) as a:
        for uid, data in objects:
            assert a.store(1, CT, uid, data).Status == 0
    return [uid for uid, _ in objects]


def commit(transaction, instances):
    return request("N-ACTION", COMMITMENT, COMMITMENT_INSTANCE, action=1, dataset={
        "TransactionUID": transaction,
        "ReferencedSOPSequence": [{"ReferencedSOPClassUID": CT, "ReferencedSOPInstanceUID": uid} for uid in instances]})


def items(event, sequence):
    """Of a report: the instances of a sequence, each with its failure reason or None."""
    found = event["dataset"].get(sequence, [])
    found = found if isinstance(found, list) else [found]
    return {item["ReferencedSOPInstanceUID"]: item.get("FailureReason") for item in found}


def test_storage_is_committed_on_the_same_association(services):
    instances, transaction = store(services, 3), generate_uid()
    result = send(services, commit(transaction, instances), linger=2000)
    assert statuses(result) == [0]
    report, = result["events"]
    assert report["type"] == 1
    assert report["dataset"]["TransactionUID"] == transaction
    assert report["dataset"]["RetrieveAETitle"] in ("FERMATA", ["FERMATA"])
    assert items(report, "ReferencedSOPSequence") == dict.fromkeys(instances)
    services.stop()
    assert "reported" in services.run("commitments").stdout
    assert services.run("commitments", transaction).stdout.count("committed") == 3
    services.start()


def test_storage_is_committed_on_a_new_association(services):
    instances, transaction = store(services, 2), generate_uid()
    with Listener(services.listener) as listener:
        result = send(services, commit(transaction, [*instances, "1.2.3.4"]))
        assert statuses(result) == [0]
        report, = eventually(lambda: result["events"] or listener.events)
    assert report["type"] == 2
    assert report["dataset"]["TransactionUID"] == transaction
    assert items(report, "ReferencedSOPSequence") == dict.fromkeys(instances)
    assert items(report, "FailedSOPSequence") == {"1.2.3.4": 0x0112}


def test_a_modality_that_is_away_gets_its_report_later_and_we_are_the_scp(services):
    instances, transaction = store(services, 1), generate_uid()
    abrupt(services, transaction, instances)
    services.wait_for_log("could not be delivered")
    with Listener(services.listener) as listener:
        report, = eventually(lambda: listener.events)
    assert report["type"] == 1
    assert (report["calling"], report["called"]) == ("FERMATA", "CT1")
    assert report["role"]["provider"] and not report["role"]["user"]


def abrupt(archive, transaction, instances):
    """N-ACTION on an association that is gone as soon as the response has come."""
    result = Dataset()
    result.TransactionUID = transaction
    result.ReferencedSOPSequence = Sequence()
    for uid in instances:
        item = Dataset()
        item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = CT, uid
        result.ReferencedSOPSequence.append(item)
    association = archive.associate([(COMMITMENT, [EXPLICIT])], calling="CT1")
    try:
        association.send(1, command(RequestedSOPClassUID=COMMITMENT, CommandField=0x0130, MessageID=1, CommandDataSetType=1,
                                    RequestedSOPInstanceUID=COMMITMENT_INSTANCE, ActionTypeID=1),
                         encode(result, EXPLICIT))
        _, response, _ = association.receive()
        assert response.Status == 0
    finally:
        association.abort()


def test_a_damaged_file_is_not_committed(services):
    instances, transaction = store(services, 2), generate_uid()
    damaged = next(path for path in services.objects() if pydicom.dcmread(path).SOPInstanceUID == instances[1])
    content = bytearray(damaged.read_bytes())
    content[-5] ^= 1
    damaged.chmod(0o600)
    damaged.write_bytes(content)
    report, = send(services, commit(transaction, instances), linger=2000)["events"]
    assert report["type"] == 2
    assert items(report, "ReferencedSOPSequence") == {instances[0]: None}
    assert items(report, "FailedSOPSequence") == {instances[1]: 0x0110}
    services.wait_for_log("a stored object is damaged")


@pytest.mark.parametrize("way", ["in order", "killed"])
def test_a_request_survives_the_end_of_the_archive(prepared, way):
    archive = prepared.start()
    instances, transaction = store(archive, 2), generate_uid()
    abrupt(archive, transaction, instances)
    if way == "killed":
        archive.kill()
    else:
        assert archive.stop() == 0
    listed = archive.run("commitments").stdout
    assert transaction in listed and ("reporting" in listed or "checking" in listed)
    with Listener(archive.listener) as listener:
        archive.start()
        report, = eventually(lambda: listener.events)
        assert report["dataset"]["TransactionUID"] == transaction
        assert items(report, "ReferencedSOPSequence") == dict.fromkeys(instances)
        archive.wait_for_log("storage commitment was reported")
    assert archive.stop() == 0
    line, = [line for line in archive.run("commitments").stdout.splitlines() if transaction in line]
    assert "reported" in line


def test_no_acknowledged_request_is_lost_when_the_archive_is_killed_at_any_moment(prepared):
    archive = prepared.start()
    instances = store(archive, 5)
    acknowledged = []
    for round_ in range(5):
        stop = time.monotonic() + 0.2 + 0.1 * round_
        killer = threading.Timer(stop - time.monotonic(), archive.process.kill)
        killer.start()
        try:
            while True:
                transaction = generate_uid()
                abrupt(archive, transaction, instances)
                acknowledged.append(transaction)
        except Exception:  # whatever the end of the archive looks like from outside
            killer.join()
            archive.process.wait(60)
        archive.start()
    assert len(acknowledged) > 10
    with Listener(archive.listener) as listener:
        eventually(lambda: {e["dataset"]["TransactionUID"] for e in listener.events} >= set(acknowledged), 60)
        assert all(e["type"] == 1 for e in listener.events)
    assert archive.stop() == 0


def test_a_silent_modality_keeps_nobody_else_waiting(services):
    """Its port takes connections and never says a word."""
    instances = store(services, 1)
    with socket.create_server(("127.0.0.1", services.listener)):
        abrupt(services, generate_uid(), instances)
        other = generate_uid()
        report, = send(services, commit(other, instances), linger=2000, calling="OTHER")["events"]
        assert report["dataset"]["TransactionUID"] == other
