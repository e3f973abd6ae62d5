"""What people had before comes in: folders, media, ZIPs, what Horos, Orthanc and dcm4chee have, and what another node has.

FERMATA_IMPORT_FILES is how many files the data folder of Horos has (600 unless set)."""

import csv
import http.client
import io
import json
import os
import pathlib
import shutil
import signal
import subprocess
import time
import urllib.parse
import zipfile

import pydicom.data
import pytest

from conftest import BUILD, free_port
from horos_folder import BASIC_TEXT_SR, HorosFolder, dicom_file
from test_admin import needs_query_retrieve_server, query_retrieve_server
from test_store_find_get import query
from upper_layer import C_GET, EXPLICIT, SECONDARY_CAPTURE, STUDY_ROOT_GET, Association

FILES = int(os.environ.get("FERMATA_IMPORT_FILES", "600"))
PATIENCE = max(120, FILES // 50)


def ask(archive, method, path, body=None):
    connection = http.client.HTTPConnection("127.0.0.1", archive.http_port, timeout=60)
    connection.request(method, path, json.dumps(body) if body is not None else None, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    return answer.status, json.loads(text) if answer.headers.get_content_type().endswith("json") else text


def wait_for(archive, job, wait=PATIENCE):
    end = time.monotonic() + wait
    while True:
        status, found = ask(archive, "GET", f"/api/imports/{job}")
        assert status == 200, found
        if found["state"] in ("done", "failed", "cancelled"):
            return found
        assert time.monotonic() < end, found
        time.sleep(0.1)


def counts_of(archive, name):
    """The outcomes in a report, as its CSV has them."""
    text = archive.run("import", "report", name, "csv").stdout
    counts = {}
    for row in csv.DictReader(io.StringIO(text)):
        counts[row["outcome"]] = counts.get(row["outcome"], 0) + 1
    return counts


def report_name(done):
    return done.stdout.rsplit("fermata import report ", 1)[1].split()[0]


@pytest.fixture
def stopped(make_archive):
    return make_archive()


@pytest.fixture
def horos(tmp_path):
    return HorosFolder(tmp_path / "Horos Data", tmp_path / "old disk", FILES)


def check_horos(archive, horos, counts):
    expected = horos.expected
    assert counts["stored"] == expected["stored"]
    assert counts["not_dicom"] == expected["not_dicom"]
    assert counts["missing"] == expected["missing"]
    assert counts["noted"] == 1
    assert "lost" not in counts and "refused" not in counts and "unreadable" not in counts
    assert len(archive.objects()) == expected["stored"]


def test_the_data_folder_of_horos_comes_in_also_after_kills(stopped, horos):
    archive = stopped
    command = [str(BUILD / "bin" / "fermata"), "import", "--config", str(archive.config), str(horos.folder)]
    if FILES < 5000:
        command += ["--rate", "200"]  # so that it is still at it when it is killed
    kills = 0
    done = None
    for n in range(1, 4):
        process = subprocess.Popen(command, env=archive.environment, cwd=archive.folder, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
        try:
            enough = horos.expected["stored"] * n // 4
            end = time.monotonic() + PATIENCE
            while process.poll() is None and len(archive.objects()) < enough and time.monotonic() < end:
                time.sleep(0.02 if FILES < 5000 else 0.5)
            if process.poll() is None:
                process.kill()
                kills += 1
        finally:
            out, errors = process.communicate(timeout=60)
    begin = time.monotonic()
    before = len(archive.objects())
    done = archive.run("import", str(horos.folder), check=False)
    seconds = time.monotonic() - begin
    assert done.returncode == 2, done.stdout + done.stderr  # two files are missing: somebody should look
    assert kills == 0 or "it goes on" in done.stdout
    print(f"{kills} kills; the last run took in {len(archive.objects()) - before} of {len(archive.objects())} objects, and verified "
          f"all, in {seconds:.1f} s\n{done.stdout}")
    assert kills > 0
    check_horos(archive, horos, counts_of(archive, report_name(done)))

    archive.start()
    archive.wait_until_ready()
    status, study = ask(archive, "GET", "/api/studies/1.2.826.77.0")
    assert status == 200
    assert study["hidden_series"] == 1 and all(series["modality"] != "SR" for series in study["series_list"])
    everything = ask(archive, "GET", "/api/studies/1.2.826.77.0?all_series=true")[1]
    assert everything["instances"] == study["instances"] + 1 and everything["series"] == study["series"] + 1
    assert "OsiriX ROI SR" in [series["description"] for series in everything["series_list"]]
    got = []
    with archive.associate([(STUDY_ROOT_GET, [EXPLICIT]), (BASIC_TEXT_SR, [EXPLICIT])]) as a:
        a.retrieve(C_GET, STUDY_ROOT_GET, query("SERIES", StudyInstanceUID="1.2.826.77.0", SeriesInstanceUID="1.2.826.77.0.5002"),
                   on_store=lambda context, message, data: got.append(data))
    assert len(got) == 1 and b"typedstream" in got[0]
    assert study["labels"] == sorted(["Lehre", "status: validated", "locked", "key images", "private SR"])
    note = study["notes"][0]
    assert note["origin"] == "Horos/OsiriX"
    for text in ("Albums: Lehre", "Comments: Bitte nachkontrollieren | drei", "Key images: 1 (1.2.826.77.0.1.0)", "OsiriX ROI SR",
                 "REPORTS/report.rtf"):
        assert text in note["text"]
    assert archive.stop() == 0


@pytest.mark.skipif(FILES > 5000, reason="the small folder shows it")
def test_every_file_of_horos_is_byte_for_byte_what_it_was(stopped, horos):
    stopped.run("import", str(horos.folder), check=False)
    kept = {bytes(path.read_bytes()[path.read_bytes().index(b"\x08\x00\x16\x00UI"):]) for path in stopped.objects()}
    for path in sorted(horos.folder.rglob("*.dcm"))[:200]:
        content = path.read_bytes()
        if b"DICM" in content:
            assert content[content.index(b"\x08\x00\x16\x00UI"):] in kept, path


def test_a_dry_run_and_then_the_import_over_http(make_archive, horos, tmp_path):
    archive = make_archive(FERMATA_IMPORT=str(tmp_path)).start()
    archive.wait_until_ready()
    status, roots = ask(archive, "GET", "/api/imports/sources")
    assert status == 200 and [item["path"] for item in roots["items"]] == [str(tmp_path)]
    status, inside = ask(archive, "GET", "/api/imports/sources?" + urllib.parse.urlencode({"path": str(tmp_path)}))
    kinds = {item["name"]: item["kind"] for item in inside["items"]}
    assert kinds["Horos Data"] == "horos" and kinds["old disk"] == "folder"

    status, answer = ask(archive, "POST", "/api/imports", {"source": str(horos.folder), "dry_run": True, "rate": 0})
    assert status == 202, answer
    tried = wait_for(archive, answer["job"])
    assert tried["state"] == "done" and tried["kind"] == "horos"
    assert tried["counts"]["new"] == horos.expected["stored"]
    assert tried["counts"]["missing"] == 2
    assert archive.objects() == []

    status, answer = ask(archive, "POST", "/api/imports", {"source": str(horos.folder), "rate": 0})
    done = wait_for(archive, answer["job"])
    assert done["state"] == "done", done
    assert done["counts"]["stored"] == horos.expected["stored"] and done["counts"]["lost"] == 0
    status, report = ask(archive, "GET", f"/api/imports/{answer['job']}/report?format=json&outcome=attention")
    assert status == 200 and {line["outcome"] for line in report["files"]} == {"missing"} and len(report["files"]) == 2
    status, text = ask(archive, "GET", f"/api/imports/{answer['job']}/report?format=csv")
    rows = list(csv.DictReader(io.StringIO(text.decode())))
    assert len(rows) == sum(horos.expected.values()) + 1
    end = time.monotonic() + 20  # the trail is written a moment later
    while not any(f"IMPORT-{answer['job']}" in event["detail"] for event in ask(archive, "GET", "/api/audit?action=study.store")[1]["items"]):
        assert time.monotonic() < end
        time.sleep(0.2)

    for source, expected in (("/etc", 403), (str(tmp_path / ".." / ".."), 403), (str(tmp_path / "nothing"), 404)):
        assert ask(archive, "POST", "/api/imports", {"source": source})[0] == expected
    assert ask(archive, "GET", "/api/imports/sources?path=/etc")[0] == 403
    assert archive.stop() == 0


def test_over_http_nothing_may_be_imported_unless_a_folder_is_named(archive, tmp_path):
    archive.wait_until_ready()
    assert ask(archive, "GET", "/api/imports")[1] == {"items": [], "folders": []}
    status, answer = ask(archive, "POST", "/api/imports", {"source": str(tmp_path)})
    assert status == 403 and "folders" in answer["detail"]


def test_the_verb_has_it_done_by_the_archive_that_runs(archive, tmp_path):
    archive.wait_until_ready()
    folder = tmp_path / "some files"
    folder.mkdir()
    for i in range(20):
        (folder / f"{i}.dcm").write_bytes(dicom_file("1.2.5", "1.2.5.1", f"1.2.5.1.{i}", i))
    done = archive.run("import", str(folder))
    assert "as job" in done.stdout and "20     stored" in done.stdout, done.stdout
    again = archive.run("import", str(folder))
    assert "20     duplicates" in again.stdout, again.stdout
    wrong = archive.run("import", str(folder / "nothing"), check=False)
    assert wrong.returncode != 0 and "nothing" in wrong.stderr


def test_an_import_goes_on_when_the_archive_was_killed(archive, tmp_path):
    archive.wait_until_ready()
    folder = tmp_path / "files"
    folder.mkdir()
    for i in range(400):
        (folder / f"{i}.dcm").write_bytes(dicom_file("1.2.6", "1.2.6.1", f"1.2.6.1.{i}", i))
    verb = subprocess.Popen([str(BUILD / "bin" / "fermata"), "import", "--config", str(archive.config), str(folder)],
                            env=archive.environment, cwd=archive.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    end = time.monotonic() + 60
    while len(archive.objects()) < 50 and time.monotonic() < end:
        time.sleep(0.02)
    archive.kill()
    out, errors = verb.communicate(timeout=60)
    assert verb.returncode != 0 and "it goes on with this as job" in errors, out + errors
    archive.start()
    archive.wait_until_ready()
    job = ask(archive, "GET", "/api/imports")[1]["items"][0]["id"]
    done = wait_for(archive, job)
    assert done["state"] == "done", done
    assert done["counts"]["stored"] == 400 and done["counts"]["duplicate"] == 0


def test_a_medium_with_a_dicomdir(stopped, tmp_path):
    medium = tmp_path / "medium"
    (medium / "IMAGES").mkdir(parents=True)
    for i in range(5):
        content = dicom_file("1.2.7", "1.2.7.1", f"1.2.7.1.{i}", i, modality="OT")
        (medium / "IMAGES" / f"IM{i}").write_bytes(content)
    made = subprocess.run(["dcmmkdir", "--general-purpose", "--invent", "--no-resolution-check", "+id", str(medium),
                           "+D", str(medium / "DICOMDIR"), "+r"], capture_output=True, text=True)
    assert (medium / "DICOMDIR").exists(), made.stderr
    (medium / "IMAGES" / "IM3").unlink()
    (medium / "autorun.inf").write_text("[autorun]")
    done = stopped.run("import", str(medium / "DICOMDIR"), check=False)
    counts = counts_of(stopped, report_name(done))
    assert counts == {"stored": 4, "not_dicom": 2, "missing": 1}, done.stdout + made.stderr


def test_a_zip_and_a_dcm4chee_store(stopped, tmp_path):
    packed = tmp_path / "studies.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for i in range(5):
            file.writestr(f"a/{i}.dcm", dicom_file("1.2.8", "1.2.8.1", f"1.2.8.1.{i}", i))
        file.writestr("a/notes.txt", "text")
    done = stopped.run("import", str(packed))
    assert counts_of(stopped, report_name(done)) == {"stored": 5, "not_dicom": 1}
    store = tmp_path / "fs1"
    place = store / "2024" / "1" / "31" / "12" / "7A0B3C4D" / "11223344"
    place.mkdir(parents=True)
    (place / "55667788").write_bytes(dicom_file("1.2.9", "1.2.9.1", "1.2.9.1.1"))
    done = stopped.run("import", str(store))
    assert "(dcm4chee)" in done.stdout
    assert counts_of(stopped, report_name(done)) == {"stored": 1}


@pytest.mark.skipif(not (shutil.which("Orthanc") or shutil.which("orthanc")), reason="Orthanc is not installed")
@pytest.mark.parametrize("compressed", [False, True])
def test_the_storage_folder_of_an_orthanc(stopped, tmp_path, compressed):
    program = shutil.which("Orthanc") or shutil.which("orthanc")
    http_port, dicom_port = free_port(), free_port()
    settings = {"StorageDirectory": str(tmp_path / "orthanc"), "IndexDirectory": str(tmp_path / "orthanc"), "HttpPort": http_port,
                "DicomPort": dicom_port, "StorageCompression": compressed, "RemoteAccessAllowed": True, "AuthenticationEnabled": False,
                "DicomAlwaysAllowStore": True, "Plugins": []}
    (tmp_path / "orthanc.json").write_text(json.dumps(settings))
    with open(tmp_path / "orthanc.log", "w") as log:
        process = subprocess.Popen([program, str(tmp_path / "orthanc.json")], stdout=log, stderr=log)
    try:
        end = time.monotonic() + 60
        sent = 0
        while sent < 5:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", http_port, timeout=20)
                connection.request("POST", "/instances", dicom_file("1.2.10", "1.2.10.1", f"1.2.10.1.{sent}", sent + 1))
                answer = connection.getresponse()
                assert answer.status == 200, answer.read()
                sent += 1
            except OSError:
                assert time.monotonic() < end and process.poll() is None, (tmp_path / "orthanc.log").read_text()
                time.sleep(0.1)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
    attachments = [path for path in (tmp_path / "orthanc").rglob("*") if path.is_file() and len(path.name) == 36]
    assert len(attachments) >= 5
    done = stopped.run("import", str(tmp_path / "orthanc"))
    assert "(orthanc)" in done.stdout
    counts = counts_of(stopped, report_name(done))
    assert counts["stored"] == 5
    assert set(counts) == {"stored", "not_dicom"}
    assert len(stopped.objects()) == 5


def test_the_studies_of_another_archive(make_archive, tmp_path):
    old = make_archive("old", FERMATA_AET="OLD")
    folder = tmp_path / "files"
    folder.mkdir()
    for study in range(3):
        for i in range(4):
            uid = f"1.2.11.{study}"
            (folder / f"{study}-{i}").write_bytes(dicom_file(uid, f"{uid}.{i % 2}", f"{uid}.{i % 2}.{i}", i))
    old.run("import", str(folder))
    new = make_archive("new", FERMATA_NODES=f"OLD@127.0.0.1:{old.port}")
    old.start()  # which knows nobody
    new.start()
    new.wait_until_ready()
    tried = new.run("import", "node:OLD", "--dry-run")
    assert "3      would be stored" in tried.stdout, tried.stdout
    assert new.objects() == []
    done = new.run("import", "node:OLD", "--rate", "0")
    assert "12     stored" in done.stdout, done.stdout
    assert len(new.objects()) == 12
    again = new.run("import", "node:OLD", "--rate", "0")
    assert "12     duplicates" in again.stdout, again.stdout
    unknown = new.run("import", "node:NOBODY", "--rate", "0", check=False)
    assert unknown.returncode != 0 and "NOBODY" in unknown.stderr
    assert old.stop() == 0 and new.stop() == 0


@pytest.mark.parametrize("image", ["JPEG2000.dcm", "CT_small.dcm"])
def test_compressed_studies_of_another_archive_come_as_they_are(make_archive, image):
    path = pathlib.Path(pydicom.data.get_testdata_file(image))
    data_set = pydicom.dcmread(path)
    old = make_archive("old", FERMATA_AET="OLD").start()
    old.wait_until_ready()
    subprocess.run(["dcmsend", "-aec", "OLD", "127.0.0.1", str(old.port), str(path)], check=True, timeout=60)
    new = make_archive("new", FERMATA_NODES=f"OLD@127.0.0.1:{old.port}").start()
    new.wait_until_ready()
    new.run("import", "node:OLD", "--rate", "0")
    there, here = (pydicom.dcmread(archive.objects()[0]) for archive in (old, new))
    assert here.file_meta.TransferSyntaxUID == there.file_meta.TransferSyntaxUID == data_set.file_meta.TransferSyntaxUID
    assert here.PixelData == data_set.PixelData


@needs_query_retrieve_server
@pytest.mark.parametrize("options", [[], ["--disable-get"]], ids=["get", "move"])
def test_the_studies_of_an_archive_that_may_not_know_c_get(make_archive, tmp_path, options):
    archive = make_archive(FERMATA_VIEWER="no").start()
    archive.wait_until_ready()
    with query_retrieve_server(tmp_path / "qr", archive, *options, knows_us="--disable-get" in options) as port:
        assert ask(archive, "PUT", "/api/nodes/PACS", {"host": "127.0.0.1", "port": port, "rights": ["echo", "store"]})[0] < 300
        with Association(port, [(SECONDARY_CAPTURE, [EXPLICIT])], called="PACS") as a:
            for i in range(3):
                content = dicom_file("1.2.15", "1.2.15.1", f"1.2.15.1.{i}", i)
                data_set = content[content.index(b"\x08\x00\x16\x00UI"):]
                assert a.store(1, SECONDARY_CAPTURE, f"1.2.15.1.{i}", data_set).Status == 0
        done = archive.run("import", "node:PACS", "--rate", "0")
        assert "3      stored" in done.stdout, done.stdout
    assert len(archive.objects()) == 3
