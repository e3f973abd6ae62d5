"""The nasty files of the field, made here, by every way in: refused or stored, never fatal, in bounded time and memory.

What is stored is then asked for in every way there is: what comes in must not harm whoever takes it out. FERMATA_HOSTILE=full is
ten times the size.
"""

import io
import json
import os
import pathlib
import re
import sys
import zipfile
import zlib

import pytest
from pydicom.dataset import Dataset

from conftest import ROOT
from dicomweb import DicomWeb
from upper_layer import (BIG_ENDIAN, C_GET, CT, DEFLATED, EXPLICIT, IMPLICIT, STUDY_ROOT_GET, VERIFICATION, Aborted)

sys.path.insert(0, str(ROOT / "tests" / "fuzz"))

import make_corpora  # noqa: E402

JPEG = "1.2.840.10008.1.2.4.50"
SYNTAXES = [EXPLICIT, IMPLICIT, BIG_ENDIAN, DEFLATED, JPEG]  # as make_corpora counts them
MIB = 1 << 20
MOST_MEMORY = 400  # MiB above what there was before: a header may be 64 MiB, and is held in two forms for a moment
MEMORY = {"text-of-60-mib": 150,  # it passes by like pixel data
          # Is a header, and stands in RocksDB's batch and memory table, too; the others come while it is written to its file.
          ("60-mib-ascii-in-a-sequence", "C-STORE"): 280,
          "padding-of-200-mib": 300}  # passes by; RocksDB may be merging the former meanwhile
FULL = os.environ.get("FERMATA_HOSTILE") == "full"
MANY = 1_000_000 if FULL else 100_000
BOMB = 1024 if FULL else 128  # MiB
PATIENCE = 60  # seconds that an answer may take, on the slowest machine


def identity(encoding, number):
    """What makes a data set one that could be stored."""
    return (encoding.element(0x00080016, "UI", CT) + encoding.element(0x00080018, "UI", f"1.2.77.{number}"),
            encoding.element(0x0020000D, "UI", "1.2.77") + encoding.element(0x0020000E, "UI", "1.2.77.0"))


def small():
    """Every data set that the fuzzers start from, made complete."""
    for number, (name, syntax, content) in enumerate(make_corpora.data_sets()):
        encoding = [make_corpora.EXPLICIT_LE, make_corpora.IMPLICIT_LE, make_corpora.EXPLICIT_BE, None,
                    make_corpora.EXPLICIT_LE][syntax]
        if encoding is None:
            yield name, syntax, content
            continue
        first, second = identity(encoding, number)
        yield name, syntax, first + second + content


def big():
    """What costs time or memory rather than sense."""
    le, il = make_corpora.EXPLICIT_LE, make_corpora.IMPLICIT_LE
    first, second = identity(le, 1001)
    il_first, il_second = identity(il, 1002)
    yield "nested-20000-defined", 0, first + le.nested(20000, False) + second
    yield "nested-20000-undefined", 0, first + le.nested(20000, True) + second
    yield "nested-20000-implicit", 1, il_first + il.nested(20000, True) + il_second
    yield "nested-un-20000", 0, first + nested_unknown(20000) + second
    yield "nested-un-60", 0, first + nested_unknown(60) + second
    yield "many-elements", 0, first + second + b"".join(
        le.element(0x00290000 + number, "LO", "x") for number in range(0x1000, 0xFFFF))
    yield "one-element-many-times", 0, first + second + le.element(0x00400001, "LO", "x") * MANY
    yield "many-items", 0, first + le.sequence(0x00081140, [le.item(b"")] * MANY) + second
    yield "many-items-undefined", 0, first + le.sequence(0x00081140, [le.item(b"", True)] * MANY, True) + second
    yield "many-values", 0, first + second + le.element(0x00400280, "UC", "\\" * MANY)
    yield "text-of-60-mib", 0, first + second + le.element(0x00400280, "UT", b"\xe4" * (60 * MIB))
    for name, text in ("ascii", b"x"), ("latin-1", b"\xe4"):
        yield f"60-mib-{name}-in-a-sequence", 0, first + second + le.sequence(
            0x00400260, [le.item(le.element(0x00400280, "UT", text * (60 * MIB)))])
    yield "padding-of-200-mib", 0, first + second + le.element(0xFFFCFFFC, "OB", bytes(200 * MIB))
    yield "header-of-70-mib", 0, first + second + le.sequence(0x00400260, [le.item(le.element(0x00400280, "UT", b"x" * (70 * MIB)))])
    yield "many-bulk-values", 0, first + second + b"".join(
        le.element(0x00290000 + number, "OB", bytes(70_000)) for number in range(0x1000, 0x1000 + 700))
    yield "many-fragments", 4, first + second + le.tag(0x7FE00010) + b"OB\0\0\xff\xff\xff\xff" + le.item(b"") * MANY + le.delimiter(
        0xFFFEE0DD)
    yield "gigantic-image", 0, first + second + le.element(0x00280010, "US", b"\xff\xff") + le.element(
        0x00280011, "US", b"\xff\xff") + le.element(0x00280100, "US", b"\x10\0") + le.element(0x7FE00010, "OW", bytes(64))
    yield "escapes", 0, first + le.element(0x00100010, "PN", b"\x1b$B" * 20000) + second


def nested_unknown(depth):
    """Sequences of the dictionary that are encoded as UN: each may be one or may not."""
    content = make_corpora.IMPLICIT_LE.element(0x00080050, "SH", "deep")
    for _ in range(depth):
        content = make_corpora.IMPLICIT_LE.element(0x00081140, "UN", make_corpora.IMPLICIT_LE.item(content))
    return make_corpora.EXPLICIT_LE.element(0x00081140, "UN", content[8:])


def bombs():
    le = make_corpora.EXPLICIT_LE
    first, second = identity(le, 2001)
    pixels = le.tag(0x7FE00010) + b"OB\0\0" + (BOMB * MIB).to_bytes(4, "little")
    yield "deflated-bomb-of-pixels", 3, deflated(first + second + pixels, BOMB)
    text = le.tag(0x00400280) + b"UT\0\0" + (BOMB * MIB).to_bytes(4, "little")
    yield "deflated-bomb-of-text", 3, deflated(first + second + text, BOMB)
    early = le.tag(0x00091001) + b"UT\0\0" + (BOMB * MIB).to_bytes(4, "little")
    yield "deflated-bomb-before-the-uids", 3, deflated(first + early, BOMB)
    yield "deflated-items-without-end", 3, deflated(first + le.tag(0x00081140) + b"SQ\0\0\xff\xff\xff\xff", BOMB, le.item(b"") * (MIB // 8))


def deflated(head, mebibytes, piece=bytes(MIB)):
    machine = zlib.compressobj(9, zlib.DEFLATED, -15)
    return b"".join([machine.compress(head), *(machine.compress(piece) for _ in range(mebibytes)), machine.flush()])


class Ways:
    """The ways in, each with what it answers: `stored` or `refused`."""

    def __init__(self, archive):
        self.archive = archive
        self.web = DicomWeb(archive.url + "/dicom-web")

    def c_store(self, syntax, content, number):
        try:
            with self.archive.associate([(CT, [SYNTAXES[syntax]])], timeout=PATIENCE, maximum_pdu=131072) as a:
                status = a.store(1, CT, "", content).Status  # whatever instance it is
        except Aborted:
            return "refused"
        return "stored" if status == 0 else "refused"

    def file(self, syntax, content):
        le = make_corpora.EXPLICIT_LE
        meta = (le.element(0x00020002, "UI", CT) + le.element(0x00020003, "UI", "1.2.77.1")
                + le.element(0x00020010, "UI", SYNTAXES[syntax]))
        return bytes(128) + b"DICM" + le.element(0x00020000, "UL", len(meta).to_bytes(4, "little")) + meta + content

    def stow(self, syntax, content, number):
        body = (b"--b\r\nContent-Type: application/dicom\r\n\r\n" + self.file(syntax, content) + b"\r\n--b--\r\n")
        answer = self.web.get("/studies", "application/dicom+json", "POST", body,
                              Content_Type='multipart/related; type="application/dicom"; boundary=b')
        assert answer.status in (200, 202, 409, 400, 413), (answer.status, answer.body[:300])
        return "stored" if answer.status in (200, 202) else "refused"

    def upload(self, syntax, content, number):
        answer = self.web.get("//api/upload?name=x.dcm", None, "POST", self.file(syntax, content))
        assert answer.status in (200, 400, 413), (answer.status, answer.body[:300])
        results = json.loads(answer.body)["results"] if answer.status == 200 else [{"outcome": "refused"}]
        return "stored" if results and results[0]["outcome"] in ("stored", "identical", "kept_first") else "refused"

    def all(self):
        return {"C-STORE": self.c_store, "STOW-RS": self.stow, "upload": self.upload}


def reset_highest(archive):
    pathlib.Path(f"/proc/{archive.process.pid}/clear_refs").write_text("5")


def lives(archive):
    with archive.associate([(VERIFICATION, [IMPLICIT])]) as a:
        assert a.echo() == 0


def send(archive, cases):
    """{(name, way): outcome}; after each the archive lives, and has not taken much memory."""
    ways, outcomes = Ways(archive), {}
    for number, (name, syntax, content) in enumerate(cases):
        content = re.sub(rb"1\.2\.77\.100[12]", b"1.2.77.%04d" % (2000 + number), content, count=1)  # an instance of its own
        for way, store in ways.all().items():
            now, _ = archive.rss()
            reset_highest(archive)
            outcomes[name, way] = store(syntax, content, number)
            _, highest = archive.rss()
            assert highest - now < MEMORY.get((name, way), MEMORY.get(name, MOST_MEMORY)), (name, way, now, highest)
            assert archive.process.poll() is None, (name, way)
            lives(archive)
    return outcomes


def take_everything_out(archive):
    """Every object, in every form: what can't be had is answered, and never fatal."""
    web = DicomWeb(archive.url + "/dicom-web")
    found = web.get("/instances?limit=1000", "application/dicom+json")
    instances = found.json if found.status == 200 else []
    for instance in instances:
        study, series, uid = (instance[tag]["Value"][0] for tag in ("0020000D", "0020000E", "00080018"))
        path = f"/studies/{study}/series/{series}/instances/{uid}"
        for path, accept in [(path + "/metadata", "application/dicom+json"),
                             (path + "/metadata", 'multipart/related; type="application/dicom+xml"'),
                             (path, 'multipart/related; type="application/dicom"; transfer-syntax=*'),
                             (path, f'multipart/related; type="application/dicom"; transfer-syntax={EXPLICIT}'),
                             (path + "/frames/1", 'multipart/related; type="application/octet-stream"'),
                             (path + "/rendered", "image/jpeg"), (path + "/thumbnail", "image/jpeg")]:
            try:
                answer = web.get(path, accept)
                assert answer.status in (200, 206, 400, 404, 406, 409, 410, 415, 422, 500, 503), (path, answer.status)
            except Exception as error:  # an answer that is cut off, because the object is broken
                assert "Incomplete" in type(error).__name__ or isinstance(error, ConnectionError), (path, error)
            assert archive.process.poll() is None, (path, accept)
    for syntax in SYNTAXES:
        for study in {instance["0020000D"]["Value"][0] for instance in instances}:
            identifier = Dataset()
            identifier.QueryRetrieveLevel, identifier.StudyInstanceUID = "STUDY", study
            with archive.associate([(STUDY_ROOT_GET, [EXPLICIT]), (CT, [syntax])], timeout=PATIENCE) as a:
                assert a.retrieve(C_GET, STUDY_ROOT_GET, identifier).Status in (0, 0xB000, 0xA702)
    lives(archive)
    return len(instances)


@pytest.mark.parametrize("cases", [small, big], ids=lambda f: f.__name__)
def test_nasty_objects_are_refused_or_stored_in_bounded_time_and_memory(archive, cases):
    outcomes = send(archive, cases())
    kinds = set(outcomes.values())
    assert kinds == {"refused", "stored"}
    for (name, way), outcome in outcomes.items():
        if name.startswith("nested-20000") or name in ("header-of-70-mib", "cut", "length-4-gib"):
            assert outcome == "refused", (name, way)
    assert take_everything_out(archive) > 0
    assert not list((archive.data / "blobs").rglob("incoming/*"))
    archive.stop()
    assert archive.run("verify").returncode == 0
    archive.start()


def test_json_and_xml_that_nest_too_deeply_are_refused_and_counted(archive):
    web = DicomWeb(archive.url + "/dicom-web")
    json_text, xml_text = '{"00080050": {"vr": "SH", "Value": ["x"]}}', ""
    for _ in range(70):
        json_text = '{"00081140": {"vr": "SQ", "Value": [' + json_text + "]}}"
        xml_text = f'<DicomAttribute tag="00081140" vr="SQ"><Item number="1">{xml_text}</Item></DicomAttribute>'
    for type_, text in [("application/dicom+json", f"[{json_text}]"), ("application/dicom+json", "[" * 1000),
                        ("application/dicom+xml", f"<NativeDicomModel>{xml_text}</NativeDicomModel>")]:
        answer = web.get("/studies", "application/dicom+json", "POST", text.encode(), Content_Type=type_)
        assert answer.status == 400, (type_, answer.status, answer.body[:300])
    metrics = web.get("//metrics").body.decode()
    assert re.search(r'^fermata_limit_nesting_total{plugin="dicomweb"} [23]', metrics, re.M), metrics
    lives(archive)


def test_bombs_take_bounded_memory(archive):
    outcomes = send(archive, bombs())
    assert outcomes["deflated-bomb-before-the-uids", "C-STORE"] == "refused"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as z:
        z.writestr("a.dcm", bytes(128) + b"DICM" + bytes(BOMB // 4 * MIB))
        z.writestr("b.dcm", bytes(BOMB // 2 * MIB))
    now, _ = archive.rss()
    reset_highest(archive)
    answer = DicomWeb(archive.url).get("//api/upload?name=x.zip", None, "POST", packed.getvalue())
    assert answer.status == 200 and "stored" not in [r["outcome"] for r in json.loads(answer.body)["results"]]
    assert archive.rss()[1] - now < MOST_MEMORY
    take_everything_out(archive)
