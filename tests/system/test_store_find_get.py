"""Images in, queries, images out: with DCMTK's tools as they come, and with objects from every corner of pydicom's files."""

import re
import subprocess
import warnings

import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.uid import generate_uid

from conftest import free_port
from objects import CHARSET_FILES, ct_bytes, valid_part10_files
from upper_layer import (C_GET, C_MOVE, CT, EXPLICIT, IMPLICIT, STUDY_ROOT_FIND, STUDY_ROOT_GET, STUDY_ROOT_MOVE,
                         VERIFICATION, PATIENT_ROOT_FIND, PATIENT_STUDY_ONLY_FIND, PATIENT_ROOT_GET, decode, read_part10)

warnings.filterwarnings("ignore")
VALID, OTHERS = valid_part10_files()


def query(level, **keys):
    identifier = Dataset()
    identifier.QueryRetrieveLevel = level
    for name, value in keys.items():
        setattr(identifier, name, value)
    return identifier


def store(archive, objects, sop_class=CT, syntax=EXPLICIT):
    with archive.associate([(sop_class, [syntax])]) as a:
        for uid, data in objects:
            assert a.store(1, sop_class, uid, data).Status == 0


def find(archive, identifier, model=STUDY_ROOT_FIND):
    with archive.associate([(model, [EXPLICIT, IMPLICIT])]) as a:
        answers, status = a.find(identifier, model)
        assert status == 0, hex(status)
        return answers


def without_conflicts(files):
    """The files in batches in which no SOP Instance UID occurs twice: pydicom has the same image in many encodings."""
    batches = []
    for path in files:
        data_set = pydicom.dcmread(path, stop_before_pixels=True)
        meta, data = read_part10(path)
        item = (path, data_set, meta.TransferSyntaxUID, data)
        for batch in batches:
            if data_set.SOPInstanceUID not in batch:
                batch[data_set.SOPInstanceUID] = item
                break
        else:
            batches.append({data_set.SOPInstanceUID: item})
    return batches


# Files that are not what they say they are; the archive answers with a failure status and keeps nothing.
REFUSED = {
    "MR_truncated.dcm": 0xC000,  # the pixel data is shorter than its length field says
    "rtplan_truncated.dcm": 0xC000,  # ends in the middle of a sequence
    "SC_rgb_jpeg.dcm": 0xC000,  # says JPEG, but its data set is in Implicit VR
}


def test_every_valid_file_of_pydicom_comes_back_byte_for_byte(make_archive):
    refused, same = {}, 0
    for number, batch in enumerate(without_conflicts(VALID)):
        archive = make_archive(f"archive-{number}").start()
        for uid, (path, data_set, syntax, data) in batch.items():
            with archive.associate([(data_set.SOPClassUID, [syntax])]) as a:
                status = a.store(1, data_set.SOPClassUID, uid, data).Status
            if status != 0:
                refused[path.name] = status
                continue
            with archive.associate([(STUDY_ROOT_GET, [EXPLICIT]), (data_set.SOPClassUID, [syntax])]) as a:
                got = []
                final = a.retrieve(C_GET, STUDY_ROOT_GET,
                                   query("IMAGE", StudyInstanceUID=data_set.StudyInstanceUID,
                                         SeriesInstanceUID=data_set.SeriesInstanceUID, SOPInstanceUID=uid),
                                   on_store=lambda context, message, bytes_: got.append(bytes_))
            assert (path.name, final.Status, got == [data]) == (path.name, 0, True)
            same += 1
        assert archive.stop() == 0
        assert archive.run("verify").returncode == 0
    print(f"\n{same} files came back byte for byte; refused:", *[f"{n}: {s:#06x}" for n, s in refused.items()], sep="\n  ")
    print("not whole objects and so not sent:", *[f"{p.name}: {r}" for p, r in OTHERS], sep="\n  ")
    assert refused == REFUSED
    assert same == len(VALID) - len(REFUSED)


def test_dcmtk_tools_store_find_get_and_move(archive, tmp_path):
    files = [str(p) for p in VALID if p.name in ("CT_small.dcm", "MR_small.dcm", "693_J2KI.dcm", "rtplan.dcm")]
    peer = ["-aet", "TOOLS", "-aec", "FERMATA", "127.0.0.1", str(archive.port)]
    subprocess.run(["echoscu", *peer], check=True, timeout=60)
    sent = subprocess.run(["storescu", "-v", "-xs", *peer, *[f for f in files if "J2KI" not in f]], check=True, timeout=60,
                          capture_output=True, text=True)
    subprocess.run(["storescu", "-xw", *peer, *[f for f in files if "J2KI" in f]], check=True, timeout=60)
    assert "Success" in sent.stderr + sent.stdout
    found = subprocess.run(["findscu", "-S", "-k", "QueryRetrieveLevel=STUDY", "-k", "PatientName", "-k", "StudyInstanceUID",
                            "-k", "ModalitiesInStudy", "-k", "NumberOfStudyRelatedInstances", *peer],
                           check=True, timeout=60, capture_output=True, text=True)
    answers = found.stdout + found.stderr
    assert answers.count("CompressedSamples^CT1") == 1
    ct = pydicom.dcmread([f for f in files if "CT_small" in f][0])
    out = tmp_path / "got"
    out.mkdir()
    subprocess.run(["getscu", "-S", "-k", "QueryRetrieveLevel=STUDY", "-k", f"StudyInstanceUID={ct.StudyInstanceUID}",
                    "-od", str(out), *peer], check=True, timeout=60)
    got = [pydicom.dcmread(p) for p in out.iterdir()]
    assert [g.SOPInstanceUID for g in got] == [ct.SOPInstanceUID]
    assert got[0].PixelData == ct.PixelData


def test_move_to_a_node(make_archive, tmp_path):
    port = free_port()
    archive = make_archive(FERMATA_NODES=f"MOVER@127.0.0.1:{port}").start()
    ct = [p for p in VALID if p.name == "CT_small.dcm"][0]
    peer = ["-aet", "MOVER", "-aec", "FERMATA", "127.0.0.1", str(archive.port)]
    subprocess.run(["storescu", *peer, str(ct)], check=True, timeout=60)
    out = tmp_path / "moved"
    out.mkdir()
    uid = pydicom.dcmread(ct).StudyInstanceUID
    subprocess.run(["movescu", "-S", "-k", "QueryRetrieveLevel=STUDY", "-k", f"StudyInstanceUID={uid}", "--port", str(port),
                    "-aem", "MOVER", "-od", str(out), *peer], check=True, timeout=60)
    moved = [pydicom.dcmread(p) for p in out.iterdir()]
    assert [m.PixelData for m in moved] == [pydicom.dcmread(ct).PixelData]
    assert archive.stop() == 0


def test_counts_and_modalities_are_right_while_objects_arrive(archive):
    study, first, second = generate_uid(), generate_uid(), generate_uid()
    for number in range(1, 6):
        store(archive, [ct_bytes(study, first, number)])
        answer, = find(archive, query("STUDY", StudyInstanceUID=study, NumberOfStudyRelatedInstances=None,
                                      NumberOfStudyRelatedSeries=None, ModalitiesInStudy=None, SOPClassesInStudy=None))
        assert (answer.NumberOfStudyRelatedInstances, answer.NumberOfStudyRelatedSeries) == (number, 1)
    store(archive, [ct_bytes(study, second, 1, Modality="SR")])
    answer, = find(archive, query("STUDY", StudyInstanceUID=study, NumberOfStudyRelatedInstances=None,
                                  NumberOfStudyRelatedSeries=None, ModalitiesInStudy=None, SOPClassesInStudy=None))
    assert (answer.NumberOfStudyRelatedInstances, answer.NumberOfStudyRelatedSeries) == (6, 2)
    assert sorted(answer.ModalitiesInStudy) == ["CT", "SR"]
    assert answer.SOPClassesInStudy == CT
    series = find(archive, query("SERIES", StudyInstanceUID=study, SeriesInstanceUID="", NumberOfSeriesRelatedInstances=None))
    assert {s.SeriesInstanceUID: s.NumberOfSeriesRelatedInstances for s in series} == {first: 5, second: 1}
    assert all(s.QueryRetrieveLevel == "SERIES" for s in series)


@pytest.mark.parametrize("keys, hit", [
    (dict(PatientName="doe*"), True), (dict(PatientName="DOE^JANE"), True), (dict(PatientName="doe ja*"), True),
    (dict(PatientName="*jan?"), True), (dict(PatientName="smith*"), False),
    (dict(PatientID="P1"), True), (dict(PatientID="p1"), False), (dict(PatientID="P?"), True),
    (dict(StudyDate="20240102"), True), (dict(StudyDate="20240101-20240103"), True), (dict(StudyDate="-20240101"), False),
    (dict(StudyDate="20240102-"), True), (dict(StudyDate="20240101-", StudyTime="180000.000-"), True),
    (dict(StudyDate="20240102-", StudyTime="110000.000-"), False),
    (dict(StudyTime="000000.000-120000.000"), True), (dict(StudyTime="120000.000-235959.000"), False),
    (dict(ModalitiesInStudy="CT\\MR\\US"), True), (dict(ModalitiesInStudy="MR\\US"), False),
    (dict(AccessionNumber="A1"), True), (dict(StudyDescription="Thor*"), True), (dict(ReferringPhysicianName="ref*"), True),
    (dict(InstitutionName="Hosp*"), True), (dict(PatientBirthDate="19700101"), True), (dict(PatientBirthDate="19700102-"), False),
    (dict(Manufacturer="Fermata tests"), True), (dict(Manufacturer="another"), False),
    (dict(PatientName="*"), True), (dict(), True),
])
def test_matching_at_study_level(matching_archive, keys, hit):
    answers = find(matching_archive, query("STUDY", StudyInstanceUID="", **keys))
    assert len(answers) == (1 if hit else 0)
    for answer in answers:
        assert answer.QueryRetrieveLevel == "STUDY"


@pytest.fixture(scope="module")
def matching_archive(tmp_path_factory):
    from conftest import Archive
    archive = Archive(tmp_path_factory.mktemp("matching")).start()
    store(archive, [ct_bytes("1.2.3", "1.2.3.4", 1)])
    yield archive
    assert archive.stop() == 0


def test_every_level_of_every_model(matching_archive):
    assert len(find(matching_archive, query("PATIENT", PatientID="P1", PatientName=""), PATIENT_ROOT_FIND)) == 1
    for level in ("STUDY", "SERIES", "IMAGE"):
        answer, = find(matching_archive, query(level, PatientID="P1", SOPInstanceUID="", PatientName=""), PATIENT_ROOT_FIND)
        assert answer.PatientName == "Doe^Jane"
    assert len(find(matching_archive, query("PATIENT", PatientID="P1"), PATIENT_STUDY_ONLY_FIND)) == 1
    assert len(find(matching_archive, query("STUDY", PatientID="P1"), PATIENT_STUDY_ONLY_FIND)) == 1
    with matching_archive.associate([(STUDY_ROOT_FIND, [IMPLICIT])]) as a:
        answers, status = a.find(Dataset_without_level())
        assert status == 0xA900 and answers == []


def Dataset_without_level():
    identifier = Dataset()
    identifier.PatientName = ""
    return identifier


def test_any_attribute_of_the_header_can_be_returned(matching_archive):
    answer, = find(matching_archive, query("IMAGE", StudyInstanceUID="1.2.3", Rows=None, Manufacturer="", SeriesDescription="",
                                           ContentDate=""))
    assert (answer.Rows, answer.Manufacturer, answer.SeriesDescription, answer.ContentDate) == \
        (32, "Fermata tests", "Lung", "20240102")


def test_unknown_keys_and_group_lengths_are_ignored(matching_archive):
    identifier = query("STUDY", StudyInstanceUID="", PatientID="P1")
    identifier.add_new(0x00090010, "LO", "SOMEBODY")
    identifier.add_new(0x00091001, "LO", "")
    assert len(find(matching_archive, identifier)) == 1


CHARSETS = sorted(CHARSET_FILES.glob("*.dcm"))


@pytest.mark.parametrize("path", CHARSETS, ids=[p.name for p in CHARSETS])
def test_names_in_every_character_set_come_back_as_the_right_text(charset_archive, path):
    original = pydicom.dcmread(path, force=True)
    original.decode()
    image = pydicom.dcmread(path, force=True)
    uid = generate_uid()
    image.SOPClassUID, image.SOPInstanceUID = CT, uid
    image.StudyInstanceUID, image.SeriesInstanceUID = generate_uid(), generate_uid()
    from upper_layer import encode
    store(charset_archive, [(uid, encode(image, EXPLICIT))])
    answer, = find(charset_archive, query("STUDY", StudyInstanceUID=image.StudyInstanceUID, PatientName=""))
    answer.decode()
    expected = [g.rstrip("^ ") for g in str(original.get("PatientName", "")).split("=")]
    assert [g.rstrip("^ ") for g in str(answer.PatientName).split("=")] == expected


@pytest.fixture(scope="module")
def charset_archive(tmp_path_factory):
    from conftest import Archive
    archive = Archive(tmp_path_factory.mktemp("charsets")).start()
    yield archive
    assert archive.stop() == 0


def test_the_same_instance_again(archive):
    study, series = generate_uid(), generate_uid()
    uid, data = ct_bytes(study, series, 1)
    store(archive, [(uid, data)])
    before = archive.objects()
    store(archive, [(uid, data)])
    _, other = ct_bytes(study, series, 2, instance=uid, PatientName="Doe^Other")
    store(archive, [(uid, other)])
    assert archive.objects() == before
    with archive.associate([(STUDY_ROOT_GET, [EXPLICIT]), (CT, [EXPLICIT])]) as a:
        got = []
        assert a.retrieve(C_GET, STUDY_ROOT_GET, query("STUDY", StudyInstanceUID=study),
                          on_store=lambda c, m, d: got.append(d)).Status == 0
    assert got == [data]
    archive.stop()
    text = archive.log.read_text()
    assert "the first one is kept" in text and "Doe" not in text
    assert re.search(r"archive: counters identical_total=1 kept_first_total=1 stored_total=1", text)


def test_bad_objects_are_refused_and_the_association_goes_on(archive):
    study, series = generate_uid(), generate_uid()
    uid, good = ct_bytes(study, series, 1)
    with archive.associate([(CT, [EXPLICIT]), (VERIFICATION, [IMPLICIT]), ("1.2.840.10008.5.1.4.1.1.4", [EXPLICIT])]) as a:
        cases = {}
        for missing in ("SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID", "SOPClassUID"):
            data_set = decode(good, EXPLICIT)
            delattr(data_set, missing)
            from upper_layer import encode
            cases["without " + missing] = (1, CT, uid, encode(data_set, EXPLICIT))
        for cut in (3, 100, len(good) // 2, len(good) - 1):
            cases[f"cut at {cut}"] = (1, CT, uid, good[:cut])
        cases["another SOP class"] = (5, "1.2.840.10008.5.1.4.1.1.4", uid, good)
        cases["another instance"] = (1, CT, generate_uid(), good)
        cases["noise"] = (1, CT, uid, bytes(range(256)) * 20)
        for name, (context, sop_class, instance, data) in cases.items():
            response = a.store(context, sop_class, instance, data)
            assert response.Status >> 12 in (0xA, 0xC) or response.Status in (0x0110, 0x0122), (name, hex(response.Status))
            assert response.get("ErrorComment"), name
            assert archive.objects() == [], name
        assert a.echo() == 0
        assert a.store(1, CT, uid, good).Status == 0
    assert len(archive.objects()) == 1
    assert len(list(archive.data.rglob("incoming/*"))) == 0


def test_retrieve_with_a_list_of_instances_and_no_series(archive):
    study, series = generate_uid(), generate_uid()
    objects = [ct_bytes(study, series, n) for n in range(1, 21)]
    store(archive, objects)
    wanted = [uid for uid, _ in objects[::2]]
    for model in (STUDY_ROOT_GET, PATIENT_ROOT_GET):
        with archive.associate([(model, [EXPLICIT]), (CT, [EXPLICIT])]) as a:
            got = {}
            final = a.retrieve(C_GET, model, query("IMAGE", SOPInstanceUID=wanted),
                               on_store=lambda c, m, d: got.__setitem__(m.AffectedSOPInstanceUID, d))
            assert final.Status == 0 and final.NumberOfCompletedSuboperations == 10
            assert got == dict(objects[::2])


def test_move_to_an_unknown_ae(archive):
    store(archive, [ct_bytes("1.2.7", "1.2.7.1", 1)])
    with archive.associate([(STUDY_ROOT_MOVE, [IMPLICIT])]) as a:
        final = a.retrieve(C_MOVE, STUDY_ROOT_MOVE, query("STUDY", StudyInstanceUID="1.2.7"), destination="NOBODY")
        assert final.Status == 0xA801


def test_retrieve_of_nothing_succeeds_with_zero_counts(archive):
    with archive.associate([(STUDY_ROOT_GET, [IMPLICIT]), (CT, [EXPLICIT])]) as a:
        final = a.retrieve(C_GET, STUDY_ROOT_GET, query("STUDY", StudyInstanceUID="1.9.9"))
        assert final.Status == 0 and final.get("NumberOfCompletedSuboperations", 0) == 0


def test_reindex_and_verify(archive):
    study, series = generate_uid(), generate_uid()
    store(archive, [ct_bytes(study, series, n) for n in range(1, 31)])
    assert archive.stop() == 0
    assert archive.run("verify").returncode == 0
    archive.run("reindex")
    archive.start()
    answer, = find(archive, query("STUDY", StudyInstanceUID=study, NumberOfStudyRelatedInstances=None))
    assert answer.NumberOfStudyRelatedInstances == 30
    archive.stop()
    victim = archive.objects()[7]
    content = bytearray(victim.read_bytes())
    content[-10] ^= 1
    victim.chmod(0o640)
    victim.write_bytes(content)
    damaged = archive.run("verify", check=False)
    assert damaged.returncode == 1 and victim.name in damaged.stdout + damaged.stderr
    archive.start()
