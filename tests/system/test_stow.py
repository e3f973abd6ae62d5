"""Storing and deleting over HTTP: STOW-RS with real files, real clients, and requests that want to do harm."""

import base64
import hashlib
import http.client
import io
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import threading
import time
import warnings

import pydicom
import pytest
from pydicom.dataset import FileMetaDataset
from pydicom.uid import generate_uid

from dicomweb import DicomWeb
from objects import ct, valid_part10_files
from test_store_find_get import REFUSED, find, query, without_conflicts
from upper_layer import C_GET, CT, EXPLICIT, STUDY_ROOT_GET, decode, encode, read_part10

warnings.filterwarnings("ignore")
PEERS = pathlib.Path(__file__).parent / "peers"
VALID, OTHERS = valid_part10_files()
REASONS = {"MR_truncated.dcm": 0xC000, "rtplan_truncated.dcm": 0xC000, "SC_rgb_jpeg.dcm": 0xC000}
BOUNDARY = "fermata-test"
FILES = f'multipart/related; type="application/dicom"; boundary={BOUNDARY}'
DESCRIBED = f'multipart/related; type="application/dicom+json"; boundary={BOUNDARY}'


@pytest.fixture
def web(archive):
    archive.web = DicomWeb(f"{archive.url}/dicom-web")
    return archive


def part(content, kind="application/dicom", **headers):
    lines = [f"Content-Type: {kind}", *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())]
    return f"\r\n--{BOUNDARY}\r\n".encode() + "\r\n".join(lines).encode() + b"\r\n\r\n" + content


END = f"\r\n--{BOUNDARY}--\r\n".encode()


def file_of(image):
    """A made image as a DICOM file."""
    image.file_meta = FileMetaDataset()
    image.file_meta.TransferSyntaxUID = EXPLICIT
    image.is_little_endian, image.is_implicit_VR = True, False
    out = io.BytesIO()
    image.save_as(out, write_like_original=False)
    return out.getvalue()


def post(web, body, kind=FILES, study="", **headers):
    """`body`: bytes, or an iterable of them, which is then sent in chunks."""
    return web.web.get(f"/studies{study}", method="POST", body=body, Content_Type=kind, **headers)


def post_files(web, files, **kwargs):
    return post(web, b"".join(map(part, files)) + END, **kwargs)


def values(answer, sequence, tag):
    items = json.loads(answer.body).get(sequence, {}).get("Value", [])
    return [item[tag]["Value"][0] for item in items]


def stored(answer):
    return values(answer, "00081199", "00081155")


def path_of(data_set):
    return f"/studies/{data_set.StudyInstanceUID}/series/{data_set.SeriesInstanceUID}/instances/{data_set.SOPInstanceUID}"


def file_back(web, data_set):
    answer = web.web.get(path_of(data_set), "application/dicom; transfer-syntax=*")
    assert answer.status == 200, answer.body
    return answer.body


def data_set_bytes(part10):
    length = int.from_bytes(part10[140:144], "little")
    return part10[144 + length:]


# Files ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("batch", without_conflicts(VALID), ids=lambda batch: f"{len(batch)}-files")
def test_every_valid_file_of_pydicom_comes_back_byte_for_byte(web, batch):
    """All of a batch in one request; back over HTTP and with C-GET."""
    answer = post_files(web, [path.read_bytes() for path, *_ in batch.values()])
    failed = dict(zip(values(answer, "00081198", "00081155"), values(answer, "00081198", "00081197")))
    refused = {uid for uid, (path, *_) in batch.items() if path.name in REASONS}
    # An object that is not understood goes by the name that its file gives it.
    expected = {read_part10(batch[uid][0])[0].MediaStorageSOPInstanceUID: REASONS[batch[uid][0].name] for uid in refused}
    assert failed == expected
    assert answer.status == (200 if not refused else 409 if len(refused) == len(batch) else 202)
    assert stored(answer) == [uid for uid in batch if uid not in refused]
    for uid, (path, data_set, syntax, data) in batch.items():
        if uid in refused:
            continue
        back = file_back(web, data_set)
        if syntax not in ("1.2.840.10008.1.2", "1.2.840.10008.1.2.2"):  # those are converted unless asked for by name
            assert data_set_bytes(back) == data, path.name
        with web.associate([(STUDY_ROOT_GET, [EXPLICIT]), (data_set.SOPClassUID, [syntax])]) as a:
            got = []
            a.retrieve(C_GET, STUDY_ROOT_GET,
                       query("IMAGE", StudyInstanceUID=data_set.StudyInstanceUID,
                             SeriesInstanceUID=data_set.SeriesInstanceUID, SOPInstanceUID=uid),
                       on_store=lambda context, message, bytes_: got.append(bytes_))
        assert got == [data], path.name


def test_files_that_are_no_whole_objects_fail_one_by_one(web):
    good = file_of(ct("1.2.3", "1.2.3.4", 1))
    for path, reason in OTHERS:
        answer = post_files(web, [path.read_bytes(), good])
        assert answer.status in (200, 202), (path.name, reason, answer.body)
        assert pydicom.dcmread(io.BytesIO(good)).SOPInstanceUID in stored(answer)


def test_thousands_of_instances_in_one_request(web):
    study, series, count = generate_uid(), generate_uid(), 3000
    template = file_of(ct(study, series, 1, instance="1.2.3.1000000", side=16))
    files = (template.replace(b"1.2.3.1000000", f"1.2.3.{1000000 + i}".encode()) for i in range(count))
    answer = post(web, (part(file) for file in files_and_end(files)), Transfer_Encoding="chunked")
    assert answer.status == 200
    assert stored(answer) == [f"1.2.3.{1000000 + i}" for i in range(count)]
    identifier = query("STUDY", StudyInstanceUID=study, NumberOfStudyRelatedInstances=None)
    assert find(web, identifier)[0].NumberOfStudyRelatedInstances == count


def files_and_end(files):
    """The last part brings the end of the body along."""
    last = None
    for file in files:
        if last is not None:
            yield last
        last = file
    yield last + END


def test_memory_is_bounded_while_a_gigabyte_is_stored(web):
    study, series = generate_uid(), generate_uid()
    template = file_of(ct(study, series, 1, instance="1.2.3.1000000", side=512))
    large = ct(study, series, 2, instance="1.2.3.9", side=16)
    large.NumberOfFrames = 1200
    large.Rows = large.Columns = 512
    large.PixelData = b""
    large_header = file_of(large)
    assert large_header.endswith(b"OW\0\0\0\0\0\0")

    def body():
        for i in range(1000):
            yield part(template.replace(b"1.2.3.1000000", f"1.2.3.{1000000 + i}".encode()))
        pixels = 512 * 512 * 2 * 1200
        yield part(large_header[:-4] + pixels.to_bytes(4, "little"))
        piece = os.urandom(1 << 20)
        for _ in range(pixels >> 20):
            yield piece
        yield END

    before, _ = web.rss()
    begin = time.monotonic()
    answer = post(web, body(), Transfer_Encoding="chunked")
    seconds = time.monotonic() - begin
    assert answer.status == 200
    assert len(stored(answer)) == 1001
    _, highest = web.rss()
    print(f"\n{1130 / seconds:.0f} MB/s; resident {before:.0f} MiB before, {highest:.0f} MiB at most")
    assert highest < 300


def test_an_instance_may_come_again_and_another_one_under_its_uid_is_noted(web):
    image = ct("1.2.3", "1.2.3.4", 1, instance="1.2.3.4.5")
    first = file_of(image)
    assert [post_files(web, [first, first]).status for _ in range(2)] == [200, 200]
    image.PatientName = "Roe^Richard"
    answer = post_files(web, [file_of(image)])
    assert answer.status == 202
    assert values(answer, "00081199", "00081196") == [0xB000]
    assert data_set_bytes(file_back(web, image)) == data_set_bytes(first)


def test_a_study_takes_only_what_belongs_to_it(web):
    mine, other = ct("1.2.3", "1.2.3.4", 1), ct("1.2.9", "1.2.9.4", 1)
    answer = post_files(web, [file_of(mine), file_of(other)], study="/1.2.3")
    assert answer.status == 202
    assert stored(answer) == [mine.SOPInstanceUID]
    assert values(answer, "00081198", "00081155") == [other.SOPInstanceUID]
    assert post_files(web, [file_of(other)], study="/1.2.3").status == 409
    assert web.web.get("/studies/1.2.9").status == 404


def test_what_was_confirmed_survives_the_end_of_the_process(make_archive):
    archive = make_archive().start()
    archive.web = DicomWeb(f"{archive.url}/dicom-web")
    images = [ct("1.2.3", "1.2.3.4", i) for i in range(50)]
    assert post_files(archive, [file_of(image) for image in images]).status == 200
    archive.kill()
    archive.start()
    assert len(archive.web.get("/studies/1.2.3/instances").json) == 50
    archive.stop()


# Metadata and bulk data ----------------------------------------------------------------------------------------------


def described(data_set):
    """Metadata as pydicom writes it, and the parts it refers to."""
    bulk = []

    def keep(element):
        bulk.append(part(element.value, "application/octet-stream", Content_Location=f"bulk/{len(bulk)}"))
        return f"bulk/{len(bulk) - 1}"

    return data_set.to_json(bulk_data_threshold=100, bulk_data_element_handler=keep), bulk


@pytest.mark.parametrize("name", ["CT_small.dcm", "MR_small.dcm", "rtplan.dcm", "rtdose.dcm", "waveform_ecg.dcm", "test-SR.dcm",
                                  "reportsi.dcm", "SC_rgb_small_odd.dcm"])
def test_what_pydicom_writes_as_json_is_the_same_object(web, name):
    original = pydicom.dcmread(next(path for path in VALID if path.name == name))
    original.decode()
    text, bulk = described(original)
    answer = post(web, part(f"[{text}]".encode(), "application/dicom+json") + b"".join(bulk) + END, DESCRIBED)
    assert answer.status == 200, answer.body
    back = pydicom.dcmread(io.BytesIO(file_back(web, original)))
    back.decode()
    again, _ = described(back)
    assert differences(json.loads(text), json.loads(again)) == []


def differences(a, b, path=""):
    """Beyond what the archive has to change: group lengths go, and text is UTF-8."""
    found = []
    for tag in sorted(a.keys() | b.keys()):
        if tag.endswith("0000") or tag == "00080005":
            continue
        one, other = a.get(tag), b.get(tag)
        if one and other and one["vr"] == other["vr"] == "SQ" and len(one["Value"]) == len(other["Value"]):
            for i, items in enumerate(zip(one["Value"], other["Value"])):
                found += differences(*items, f"{path}{tag}[{i}].")
        elif one != other:
            found.append((path + tag, one, other))
    return found


def test_metadata_of_a_series_with_its_bulk_data_in_any_order(web):
    images = [ct("1.2.3", "1.2.3.4", i) for i in range(200)]
    metadata, parts = [], []
    for i, image in enumerate(images):
        item = json.loads(image.to_json(bulk_data_threshold=100, bulk_data_element_handler=lambda _: f"pixels/{i}"))
        metadata.append(item)
        parts.append(part(image.PixelData, "application/octet-stream", Content_Location=f"pixels/{i}"))
    parts.reverse()
    parts.insert(77, part(json.dumps(metadata).encode(), "application/dicom+json"))
    answer = post(web, b"".join(parts) + END, DESCRIBED)
    assert answer.status == 200
    assert stored(answer) == [image.SOPInstanceUID for image in images]
    for image in images[::20]:
        assert pydicom.dcmread(io.BytesIO(file_back(web, image))).PixelData == image.PixelData


def test_what_dcm2xml_writes_is_the_same_object(web, tmp_path):
    if shutil.which("dcm2xml") is None:
        pytest.skip("dcm2xml is not installed")
    path = next(path for path in VALID if path.name == "rtplan.dcm")
    xml = subprocess.run(["dcm2xml", "-nat", "+Ca", "ISO_IR 100", str(path)], capture_output=True, check=True).stdout
    kind = f'multipart/related; type="application/dicom+xml"; boundary={BOUNDARY}'
    answer = post(web, part(xml, "application/dicom+xml") + END, kind)
    assert answer.status == 200, answer.body
    original = pydicom.dcmread(path)
    back = pydicom.dcmread(io.BytesIO(file_back(web, original)))
    original.decode(), back.decode()
    assert differences(json.loads(original.to_json()), json.loads(back.to_json())) == []


# Clients -------------------------------------------------------------------------------------------------------------

needs_node = pytest.mark.skipif(shutil.which("node") is None or not (PEERS / "node_modules").exists(),
                                reason="node and tests/system/peers/node_modules (npm ci) are needed")


def node(*arguments):
    done = subprocess.run(["node", str(PEERS / "stow_peer.mjs"), *map(str, arguments)], capture_output=True, text=True,
                          timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


@needs_node
def test_dicomweb_client_stores_files(web):
    files = [path for path in VALID if path.name in ("CT_small.dcm", "JPEG2000.dcm", "rtplan.dcm")]
    report = json.loads(node("files", web.web.root, *files))
    assert len(report["00081199"]["Value"]) == 3
    for path in files:
        back = file_back(web, pydicom.dcmread(path, stop_before_pixels=True))
        assert hashlib.sha256(pydicom.dcmread(io.BytesIO(back)).get("PixelData", b"")).digest() == \
            hashlib.sha256(pydicom.dcmread(path).get("PixelData", b"")).digest()


@needs_node
@pytest.mark.parametrize("name", ["CT_small.dcm", "MR_small.dcm", "rtplan.dcm", "SC_rgb_jpeg_dcmtk.dcm", "JPEG2000.dcm"])
def test_what_dcmjs_reads_is_stored_as_metadata_and_bulk_data(web, name):
    path = next(path for path in VALID if path.name == name)
    answer = node("metadata", web.web.root, path)
    assert answer.startswith("200 "), answer
    original = pydicom.dcmread(path)
    back = pydicom.dcmread(io.BytesIO(file_back(web, original)))
    compressed = original.file_meta.TransferSyntaxUID.is_compressed
    assert not compressed or back.file_meta.TransferSyntaxUID == original.file_meta.TransferSyntaxUID
    if "PixelData" in original:
        assert back.PixelData[:10000] == original.PixelData[:10000] if not compressed else \
            frames(back) == frames(original)
    assert str(back.PatientName) == str(original.PatientName)
    assert len(back) >= len([e for e in original if e.tag.element != 0]) - 1  # trailing padding


def frames(data_set):
    return list(pydicom.encaps.generate_pixel_data_frame(data_set.PixelData, int(data_set.get("NumberOfFrames", 1))))


# Harm ----------------------------------------------------------------------------------------------------------------


def raw(web, head, body=b"", then=lambda s: None, timeout=60):
    """The answer to bytes as they are."""
    with socket.create_connection(("127.0.0.1", web.http_port), timeout=timeout) as s:
        s.sendall(f"POST /dicom-web/studies HTTP/1.1\r\nHost: 127.0.0.1:{web.http_port}\r\n{head}\r\n".encode() + body)
        then(s)
        answer = b""
        try:
            while piece := s.recv(65536):
                answer += piece
        except (ConnectionResetError, TimeoutError):
            pass
        return answer


def test_a_client_that_goes_away_leaves_what_was_complete_and_no_half_object(web):
    complete, half = ct("1.2.3", "1.2.3.4", 1), ct("1.2.3", "1.2.3.4", 2, side=256)
    body = part(file_of(complete)) + part(file_of(half))
    raw(web, f"Content-Type: {FILES}\r\nContent-Length: {len(body) + 100}\r\n", body[:-1000],
        then=lambda s: s.shutdown(socket.SHUT_RDWR))
    end = time.monotonic() + 30
    while len(web.objects()) < 1 and time.monotonic() < end:
        time.sleep(0.05)
    time.sleep(0.5)
    assert [d.SOPInstanceUID for d in find(web, query("IMAGE", StudyInstanceUID="1.2.3", SOPInstanceUID=None))] == \
        [complete.SOPInstanceUID]
    assert len(web.objects()) == 1
    assert not [p for p in web.data.rglob("*") if p.is_file() and "incoming" in str(p)]


@pytest.mark.parametrize("kind, body, status", [
    ("multipart/related", END, 400),
    ('multipart/related; type="application/dicom"', END, 400),
    (f'multipart/related; boundary={"x" * 500}', END, 400),
    (FILES, b"", 400),
    (FILES, END, 400),
    (FILES, b"\r\n" * 100000, 400),
    (FILES, b"--" + BOUNDARY.encode() + b"\r\n" + b"X: y\r\n" * 1000 + b"\r\n" + END, 400),
    (FILES, b"--" + BOUNDARY.encode() + b"\r\n" + b"X" * 1000000 + END, 400),
    (FILES, part(b"no DICOM") + END, 409),
    (FILES, part(b"\0" * 128 + b"DICM" + b"\xff" * 1000) + END, 409),
    (FILES, part(b"no DICOM"), 400),
    (DESCRIBED, part(b"{", "application/dicom+json") + END, 400),
    (DESCRIBED, part(b"[" * 100000, "application/dicom+json") + END, 400),
    (DESCRIBED, part(b'{"00080018":' * 50000, "application/dicom+json") + END, 400),
    (DESCRIBED, part(b"<!DOCTYPE x [<!ENTITY a 'b'>]><NativeDicomModel>&a;</NativeDicomModel>",
                     "application/dicom+xml") + END, 400),
    ("text/html", b"<html/>", 415),
    ("multipart/form-data; boundary=x", b"--x--", 415),
], ids=lambda value: str(value)[:40] if not isinstance(value, bytes) else f"{len(value)}B")
def test_requests_that_are_none_are_refused_and_the_archive_goes_on(web, kind, body, status):
    answer = post(web, body, kind)
    assert answer.status == status, answer.body
    assert web.objects() == []
    image = ct("1.2.3", "1.2.3.4", 1)
    assert post_files(web, [file_of(image)]).status == 200


def test_many_hostile_bodies_at_once_take_little_memory(web):
    """Descriptions without end, files without end, and boundaries everywhere."""
    before, _ = web.rss()
    bodies = [
        (DESCRIBED, part(b'[{"00081030":{"vr":"UT","Value":["', "application/dicom+json"), b"x" * 65536),
        (FILES, part(b"\0" * 128 + b"DICM"), b"\x02\0\x02\x01UI\x00\xff" + b"x" * 0xff00),
        (FILES, b"", part(b"")),
        (FILES, b"", b"\r\n--" + BOUNDARY.encode()[:-1]),
    ]

    def attack(kind, begin, piece):
        def send():
            yield begin
            many = piece * (65536 // len(piece))
            for _ in range(40_000_000 // len(many)):
                yield many
        try:
            post(web, send(), kind, Transfer_Encoding="chunked")
        except OSError:
            pass  # it was refused before its end

    threads = [threading.Thread(target=attack, args=body) for body in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    _, highest = web.rss()
    print(f"\nresident {before:.0f} MiB before, {highest:.0f} MiB at most")
    assert highest < 300
    assert web.objects() == []
    assert post_files(web, [file_of(ct("1.2.3", "1.2.3.4", 1))]).status == 200


# Deletion and capabilities -------------------------------------------------------------------------------------------


def test_what_is_deleted_is_gone_and_may_come_again(web):
    images = [ct("1.2.3", f"1.2.3.{series}", i) for series in (4, 5) for i in range(3)]
    assert post_files(web, [file_of(image) for image in images]).status == 200
    for path, left in ((path_of(images[0]), 5), ("/studies/1.2.3/series/1.2.3.5", 2), ("/studies/1.2.3", 0)):
        assert web.web.get(path, method="DELETE").status == 204
        assert web.web.get(path, method="DELETE").status == 404
        assert len(web.objects()) == left
        assert web.web.get(path).status == web.web.get(path + "/metadata").status == 410
    assert web.web.get("/studies/1.2.9").status == 404
    assert post_files(web, [file_of(image) for image in images]).status == 200


def test_what_is_deleted_is_what_the_client_has_seen(web):
    image = ct("1.2.3", "1.2.3.4", 1)
    assert post_files(web, [file_of(image)]).status == 200
    path = path_of(image)
    tag = web.web.get(path, "application/dicom").headers["ETag"]

    def delete(where, **fields):
        return web.web.get(where, "application/dicom", "DELETE", **fields).status

    assert delete(path, If_Match='"another"') == delete("/studies/1.2.3", If_Match=tag) == 412
    assert delete("/studies/1.2.9", If_Match="*") == 412
    assert web.objects()
    assert delete(path, If_Match=tag) == 204
    assert not web.objects()


def test_capabilities_are_what_the_server_answers(web):
    wadl = web.web.get("/")
    assert wadl.status == 200 and wadl.type == "application/vnd.sun.wadl+xml"
    resources = web.web.get("", "application/json").json["resources"]
    assert len(resources) > 15
    for resource in resources:
        for method in resource["methods"]:
            path = resource["path"].replace("{study}", "1.2").replace("{series}", "1.3").replace("{instance}", "1.4") \
                .replace("{frames}", "1").replace("{tag}", "7FE00010")
            answer = web.web.get(path, method=method["name"])
            assert answer.status not in (405, 500, 501), (resource, method)
    assert {"GET", "POST"} == {m["name"] for r in resources if r["path"] == "/studies" for m in r["methods"]}
