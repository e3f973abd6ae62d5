"""Rules about what comes in, with the built program: DCMTK's storescu sends, and the stored files are read."""

import json
import re
import subprocess

import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.uid import generate_uid

from conftest import ROOT
from objects import ct, ct_bytes
from upper_layer import CT, EXPLICIT, STUDY_ROOT_FIND

PLUGINS = """
plugins:
  storage-filesystem:
    config: {root: "${FERMATA_DATA}/blobs"}
  index-rocksdb:
    config: {path: "${FERMATA_DATA}/index"}
  archive:
  application-entities:
    config: {trusted_networks: [127.0.0.0/8]}
  dimse:
    config: {bind: 127.0.0.1, port: "${FERMATA_DIMSE_PORT}"}
  http:
    config: {port: "${FERMATA_HTTP_PORT}"}
  dicomweb:
"""
RULES = """
  ingest-rules:
    config:
      rules:
        - name: test patients
          when: {attributes: {PatientName: "test^*"}}
          then: {refuse: no test patients here}
        - name: the other hospital
          when: {calling_ae_title: ["OH_*"], from_network: [127.0.0.0/8]}
          unless: {absent: [PatientID]}
          then:
            add_prefix: {PatientID: OH-}
            set: {IssuerOfPatientID: Other Hospital, InstitutionName: "Krankenhaus Süd"}
            label: [other-hospital, night]
        - name: comments
          then: {remove: [PatientComments]}
"""


@pytest.fixture
def configured(make_archive, tmp_path):
    """An archive with these rules, not started."""

    def make(rules=RULES):
        config = tmp_path / "rules.yaml"
        config.write_text(PLUGINS + rules)
        return make_archive(config=config)

    return make


def image(**attributes):
    return ct(generate_uid(), generate_uid(), 1, **attributes)


def storescu(archive, folder, data_set, calling="CT1"):
    """What DCMTK's storescu says about it, and whether it counts it as sent."""
    path = folder / f"{data_set.SOPInstanceUID}.dcm"
    data_set.file_meta = pydicom.dataset.FileMetaDataset()
    data_set.file_meta.TransferSyntaxUID = EXPLICIT
    data_set.file_meta.MediaStorageSOPClassUID = data_set.SOPClassUID
    data_set.file_meta.MediaStorageSOPInstanceUID = data_set.SOPInstanceUID
    pydicom.dcmwrite(path, data_set, write_like_original=False)
    done = subprocess.run(["storescu", "-d", "-aet", calling, "-aec", "FERMATA", "127.0.0.1", str(archive.port), str(path)],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", timeout=60)
    return done.stdout


def found(archive, **keys):
    """What a query at the level of images returns."""
    identifier = Dataset()
    identifier.QueryRetrieveLevel = "IMAGE"
    identifier.SOPInstanceUID = None
    label = keys.pop("label", None)
    for name, value in keys.items():
        setattr(identifier, name, value)
    if label:
        identifier.private_block(0x0013, "FERMATA INGEST RULES", create=True).add_new(0x01, "LO", label)
    with archive.associate([(STUDY_ROOT_FIND, [EXPLICIT])]) as a:
        answers, status = a.find(identifier)
    assert status == 0
    return [answer.SOPInstanceUID for answer in answers]


def stored(archive, data_set):
    found = [pydicom.dcmread(path) for path in archive.objects()]
    return next((f for f in found if f.SOPInstanceUID == data_set.SOPInstanceUID), None)


def test_rules_set_prefix_label_and_remove_what_comes_in(configured, tmp_path):
    archive = configured().start()
    sent = image(PatientName="Müller^Eva", PatientComments="secret")
    assert re.search(r"DIMSE Status +: 0x0000: Success", storescu(archive, tmp_path, sent, calling="OH_CT"))
    kept = stored(archive, sent)
    assert (kept.PatientID, kept.IssuerOfPatientID, kept.InstitutionName) == ("OH-P1", "Other Hospital", "Krankenhaus Süd")
    assert kept.SpecificCharacterSet == "ISO_IR 192" and kept.PatientName == "Müller^Eva"
    assert "PatientComments" not in kept
    assert kept.private_block(0x0013, "FERMATA INGEST RULES")[0x01].value == ["other-hospital", "night"]
    assert kept.PixelData == sent.PixelData

    image_of = {"StudyInstanceUID": sent.StudyInstanceUID, "SeriesInstanceUID": sent.SeriesInstanceUID}
    assert found(archive, **image_of, PatientID="OH-P1", label="night") == [sent.SOPInstanceUID]
    assert found(archive, **image_of, label="day") == []
    assert archive.stop() == 0
    assert archive.run("verify").returncode == 0


def test_what_no_rule_changes_is_stored_as_it_came(configured):
    archive = configured().start()
    uid, data = ct_bytes(generate_uid(), generate_uid(), 1, SpecificCharacterSet="ISO_IR 100", PatientName="Müller^Eva")
    with archive.associate([(CT, [EXPLICIT])]) as a:
        assert a.store(1, CT, uid, data).Status == 0
    path, = archive.objects()
    assert path.read_bytes().endswith(data)
    assert archive.stop() == 0


def test_a_rule_that_refuses_tells_the_sender_why(configured, tmp_path):
    archive = configured().start()
    sent = image(PatientName="TEST^Phantom")
    said = storescu(archive, tmp_path, sent)
    assert re.search(r"DIMSE Status\s+: 0x0124", said), said
    assert re.search(r"\(0000,0902\) LO \[no test patients here", said), said
    assert archive.objects() == []
    answer = stow(archive, tmp_path, image(PatientName="Test^Phantom"))
    failed, = answer["00081198"]["Value"]
    assert failed["00081197"]["Value"] == [0x0124]
    assert archive.objects() == []
    archive.wait_for_log("an object is refused by a rule")
    assert "Phantom" not in archive.log.read_text()
    assert archive.stop() == 0


def stow(archive, folder, data_set):
    path = folder / "stow.dcm"
    data_set.file_meta = pydicom.dataset.FileMetaDataset()
    data_set.file_meta.TransferSyntaxUID = EXPLICIT
    pydicom.dcmwrite(path, data_set, write_like_original=False)
    body = folder / "body"
    body.write_bytes(b"--b\r\nContent-Type: application/dicom\r\n\r\n" + path.read_bytes() + b"\r\n--b--\r\n")
    done = subprocess.run(["curl", "-sS", "-H", 'Content-Type: multipart/related; type="application/dicom"; boundary=b',
                           "-H", "Accept: application/dicom+json", "--data-binary", f"@{body}",
                           archive.url + "/dicom-web/studies"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_program_lists_and_checks_the_plugin(configured):
    archive = configured()
    listed = archive.run("plugins").stdout
    line, = [line for line in listed.splitlines() if line.startswith("ingest-rules ")]
    assert re.search(r"ingest-rules +\d+\.\d+\.\d+ +enabled +fermata\.ingest-hook/1", line), line
    assert archive.run("check").stdout.startswith("OK: ")


@pytest.mark.parametrize("rule, said", [
    ("then: {set: {PatientsID: X}}", 'there is no attribute "PatientsID"'),
    ("then: {set: {StudyDate: yesterday}}", 'StudyDate can\'t have the value "yesterday"'),
    ('then: {remove: ["(0009,1001)"]}', "write whose it is"),
    ("when: {from_network: [127.0.0.1/8]}\n          then: {label: [x]}", "127.0.0.0/8"),
    ('when: {attributes: {PatientName: "*"}}\n          then: {label: [x]}', "would match every object"),
    ("then: {remove: [StudyInstanceUID]}", "says which object it is"),
    ("then: {refuse: no, label: [x]}", 'give "refuse" alone'),
    ("then: {}", "says nothing to do"),
])
def test_mistakes_in_rules_are_found_before_the_start_and_the_rule_is_named(configured, rule, said):
    archive = configured(f"  ingest-rules:\n    config:\n      rules:\n        - name: third floor\n          {rule}\n")
    done = archive.run("check", check=False)
    assert done.returncode != 0
    assert 'the rule "third floor"' in done.stderr and said in done.stderr, done.stderr


def test_words_that_no_rule_knows_are_found_with_their_line(configured):
    archive = configured("  ingest-rules:\n    config:\n      rules:\n        - name: x\n          than: {refuse: no}\n")
    done = archive.run("check", check=False)
    assert done.returncode == 78 and re.search(r"rules\.yaml:\d+:\d+: .*than", done.stderr), done.stderr


def test_the_example_of_the_readme_is_a_configuration(configured):
    text = (ROOT / "plugins" / "ingest-rules" / "README.md").read_text()
    example = re.search(r"```yaml\nplugins:\n(.*?)```", text, re.S)[1]
    assert configured(example).run("check").stdout.startswith("OK: ")
