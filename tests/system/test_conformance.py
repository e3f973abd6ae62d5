"""The tables of the DICOM Conformance Statement, docs/conformance.md: what the built program accepts and answers when it is asked
for one thing after the other.

FERMATA_WRITE_DOCS=1 writes the tables anew; the text around them is written by people."""

import json
import os
import re
import subprocess
import urllib.request

import pytest
from pydicom._uid_dict import UID_dictionary
from pydicom.datadict import tag_for_keyword
from pydicom.dataset import Dataset

from conftest import BUILD, ROOT, Archive
from objects import ct, ct_bytes
from upper_layer import (BIG_ENDIAN, C_GET, C_MOVE, C_STORE, CT, EXPLICIT, IMPLICIT, PATIENT_ROOT_FIND, STUDY_ROOT_FIND,
                         STUDY_ROOT_GET, STUDY_ROOT_MOVE, VERIFICATION, Rejected, command, encode)

PAGE = ROOT / "docs" / "conformance.md"
STUDY, SERIES = "1.2.826.0.1.3680043.9.7.1", "1.2.826.0.1.3680043.9.7.1.1"
JPEG_LOSSLESS = "1.2.840.10008.1.2.4.70"
BLOCK = r"(<!-- made: {} -->\n).*?(<!-- end -->)"


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    running = Archive(tmp_path_factory.mktemp("conformance")).start()
    running.wait_until_ready()
    with running.associate([(CT, [EXPLICIT])]) as a:
        for number in (1, 2):
            uid, data = ct_bytes(STUDY, SERIES, number, f"{SERIES}.{number}")
            assert a.store(a.context(CT), CT, uid, data).Status == 0
    yield running
    assert running.stop() == 0


def table(head, rows):
    lines = [f"| {' | '.join(row)} |" for row in (head, *rows)]
    return "\n".join([lines[0], "|" + "---|" * len(head), *lines[1:]])


def check(block, made):
    """The page has this between the block's marks."""
    text = PAGE.read_text()
    pattern = re.compile(BLOCK.format(block), re.S)
    assert pattern.search(text), f"docs/conformance.md has no block {block}"
    expected = pattern.sub(lambda marks: marks[1] + made + "\n" + marks[2], text)
    if os.environ.get("FERMATA_WRITE_DOCS"):
        PAGE.write_text(expected)
    assert PAGE.read_text() == expected


def known_to_dicom(kind):
    """UID and name of everything of this kind, retired or not, in the order of the UIDs' numbers."""
    named = ((uid, re.sub(r" SOP Class$|: .*", "", entry[0]) + (" (retired)" if entry[3] else ""))
             for uid, entry in UID_dictionary.items() if entry[1] == kind and entry[0])
    return sorted(named, key=lambda pair: [int(part) for part in pair[0].split(".")])


def accepted(archive, offers):
    """The transfer syntax agreed for each Presentation Context offered, None if it was refused."""
    agreed = []
    for start in range(0, len(offers), 128):
        some = offers[start:start + 128]
        with archive.associate(some) as a:
            agreed += [a.contexts.get(2 * number + 1, (None, None))[1] for number in range(len(some))]
    return agreed


def accepted_classes(archive):
    """Of all that DICOM defines: [(uid, name)] of the Storage SOP Classes, which may be compressed, and of the others."""
    classes = known_to_dicom("SOP Class") + known_to_dicom("Meta SOP Class")
    plain = accepted(archive, [(uid, [IMPLICIT]) for uid, _ in classes])
    compressed = accepted(archive, [(uid, [JPEG_LOSSLESS]) for uid, _ in classes])
    storage = [pair for pair, syntax in zip(classes, compressed) if syntax]
    return storage, [pair for pair, syntax in zip(classes, plain) if syntax and pair not in storage]


def test_the_sop_classes_are_those_that_are_accepted(archive):
    storage, services = accepted_classes(archive)
    assert len(storage) > 150 and (CT, "CT Image Storage") in storage and len(services) > 12
    check("services", table(["SOP Class", "UID"], [(name, f"`{uid}`") for uid, name in services]))
    check("storage", table(["SOP Class", "UID"], [(name, f"`{uid}`") for uid, name in storage]))


def test_the_transfer_syntaxes_are_those_that_are_accepted(archive):
    syntaxes = known_to_dicom("Transfer Syntax")
    storage = accepted(archive, [(CT, [uid]) for uid, _ in syntaxes])
    services = accepted(archive, [(STUDY_ROOT_FIND, [uid]) for uid, _ in syntaxes])
    check("transfer-syntaxes", table(
        ["Transfer Syntax", "UID", "Storage", "other services"],
        [(name, f"`{uid}`", "yes" if stored else "no", "yes" if served else "no")
         for (uid, name), stored, served in zip(syntaxes, storage, services)]))


def test_the_choice_between_transfer_syntaxes_is_the_one_that_is_made(archive):
    names = {EXPLICIT: "Explicit VR LE", IMPLICIT: "Implicit VR LE", BIG_ENDIAN: "Explicit VR BE", JPEG_LOSSLESS: "JPEG lossless"}
    rows = []
    for service, extra in (("Storage", []), ("Storage, beside a context for C-GET", [(STUDY_ROOT_GET, [IMPLICIT])]),
                           ("Query/Retrieve", None)):
        for offer in ([IMPLICIT, EXPLICIT], [EXPLICIT, IMPLICIT], [JPEG_LOSSLESS, EXPLICIT], [BIG_ENDIAN, IMPLICIT],
                      [BIG_ENDIAN], [JPEG_LOSSLESS]):
            context = (CT if extra is not None else STUDY_ROOT_FIND, offer)
            agreed = accepted(archive, [context, *(extra or [])])[0]
            rows.append((service, ", ".join(names[uid] for uid in offer), names.get(agreed, "refused")))
    check("choices", table(["Presentation Context for", "offered in this order", "accepted"], rows))


# What the study that was stored has, and a value that it has not.
MATCHED = [
    ("PATIENT", "PatientName", "Doe^Jane", "Roe^Jane"), ("PATIENT", "PatientID", "P1", "P2"),
    ("PATIENT", "PatientBirthDate", "19700101", "19710101"), ("PATIENT", "PatientSex", "F", "M"),
    ("STUDY", "StudyInstanceUID", STUDY, "1.2.9"), ("STUDY", "StudyDate", "20240102", "20230102"),
    ("STUDY", "StudyTime", "101112", "091112"), ("STUDY", "AccessionNumber", "A1", "B1"), ("STUDY", "StudyID", "S1", "T1"),
    ("STUDY", "ModalitiesInStudy", "CT", "MR"), ("STUDY", "StudyDescription", "Thorax", "Knee"),
    ("STUDY", "ReferringPhysicianName", "Ref^Erring", "Nobody"), ("STUDY", "InstitutionName", "Hospital", "Practice"),
    ("STUDY", "PatientName", "Doe^Jane", "Roe^Jane"), ("STUDY", "PatientID", "P1", "P2"),
    ("STUDY", "PatientBirthDate", "19700101", "19710101"),
    ("SERIES", "SeriesInstanceUID", SERIES, "1.2.9"), ("SERIES", "Modality", "CT", "MR"), ("SERIES", "SeriesNumber", "1", "2"),
    ("SERIES", "SeriesDescription", "Lung", "Bone"), ("SERIES", "Manufacturer", "Fermata tests", "Somebody"),
    ("IMAGE", "SOPInstanceUID", f"{SERIES}.1", "1.2.9"), ("IMAGE", "SOPClassUID", CT, "1.2.9"),
    ("IMAGE", "InstanceNumber", "1", "9"), ("IMAGE", "ContentDate", "20240102", "20230102"), ("IMAGE", "Rows", 32, 64),
]


def matches(a, level, **keys):
    identifier = Dataset()
    identifier.QueryRetrieveLevel = level
    for number, keyword in enumerate(("PatientID", "StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID")):
        if number <= ("PATIENT", "STUDY", "SERIES", "IMAGE").index(level):
            setattr(identifier, keyword, "")
    for keyword, value in keys.items():
        setattr(identifier, keyword, value)
    answers, status = a.find(identifier, PATIENT_ROOT_FIND)
    assert status == 0
    return answers


def kinds_of_matching(a, level, keyword, value, other):
    """The kinds (PS3.4 C.2.2.2) that find what is there and do not find what is not."""
    tried = {"single value": (value, other)}
    if isinstance(value, str) and not keyword.endswith("UID") and not value.isdigit():
        tried["wildcard"] = (value[:-1] + "?", other[:1] + "*")
    if "Date" in keyword or "Time" in keyword:
        tried["range"] = (f"{value}-{value}", f"{other}-{other}")
    if keyword.endswith("UID"):
        tried["list of UIDs"] = (f"1.2.8\\{value}", f"1.2.8\\{other}")
    if keyword in ("ModalitiesInStudy", "Modality"):
        tried["list of values"] = (f"XA\\{value}", f"XA\\{other}")
    return [kind for kind, (hit, miss) in tried.items()
            if matches(a, level, **{keyword: hit}) and not matches(a, level, **{keyword: miss})]


def test_the_matching_keys_are_those_that_find(archive):
    rows = []
    with archive.associate([(PATIENT_ROOT_FIND, [EXPLICIT])]) as a:
        for level, keyword, value, other in MATCHED:
            tag = tag_for_keyword(keyword)
            rows.append((level, keyword, f"({tag >> 16:04X},{tag & 0xffff:04X})",
                         ", ".join(kinds_of_matching(a, level, keyword, value, other))))
    assert all(row[-1] for row in rows), rows
    check("keys", table(["Level", "Attribute", "Tag", "Matching, beside universal"], rows))


def test_the_attributes_made_by_the_archive_are_those_that_are_returned(archive):
    made = {"PATIENT": ["NumberOfPatientRelatedStudies", "NumberOfPatientRelatedSeries", "NumberOfPatientRelatedInstances"],
            "STUDY": ["NumberOfStudyRelatedSeries", "NumberOfStudyRelatedInstances", "ModalitiesInStudy", "SOPClassesInStudy",
                      "RetrieveAETitle", "InstanceAvailability"],
            "SERIES": ["NumberOfSeriesRelatedInstances", "RetrieveAETitle", "InstanceAvailability"],
            "IMAGE": ["RetrieveAETitle", "InstanceAvailability"]}
    rows = []
    with archive.associate([(PATIENT_ROOT_FIND, [EXPLICIT])]) as a:
        for level, keywords in made.items():
            for keyword in keywords:
                answer = matches(a, level, **{keyword: None})[0]
                if answer.get(keyword) not in (None, ""):
                    tag = tag_for_keyword(keyword)
                    rows.append((level, keyword, f"({tag >> 16:04X},{tag & 0xffff:04X})"))
    assert len(rows) > 8, rows
    check("made-attributes", table(["Level", "Attribute", "Tag"], rows))


def stores(archive):
    """What is answered to objects in different states of decay."""
    whole = ct(STUDY, SERIES, 3, f"{SERIES}.3")
    good = encode(whole, EXPLICIT)
    del whole.StudyInstanceUID
    offers = [(CT, [EXPLICIT])]

    def send(data, uid=f"{SERIES}.3", sop_class=CT):
        with archive.associate(offers) as a:
            return a.store(a.context(CT), sop_class, uid, data).Status

    yield "stored", send(good)
    yield "the same object again", send(good)
    yield "another object under the same SOP Instance UID (`on_duplicate`: the first is kept)", \
        send(ct_bytes(STUDY, SERIES, 4, f"{SERIES}.3")[1])
    yield "no Study Instance UID", send(encode(whole, EXPLICIT))
    yield "a SOP Instance UID other than in the command", send(good, uid="1.2.9")
    yield "a SOP Class other than the Presentation Context's", send(good, sop_class="1.2.9")
    yield "a data set that is cut short", send(ct_bytes(STUDY, SERIES, 5, "1.2.8")[1][:-100], uid="1.2.8")


def queries(archive):
    identifier = Dataset()
    identifier.PatientName = ""
    with archive.associate([(STUDY_ROOT_FIND, [EXPLICIT]), (PATIENT_ROOT_FIND, [EXPLICIT])]) as a:
        yield "C-FIND", "no Query/Retrieve Level", a.find(identifier)[1]
        identifier.QueryRetrieveLevel = "PATIENT"
        yield "C-FIND", "a level that the model does not have", a.find(identifier)[1]
        identifier.QueryRetrieveLevel = "STUDY"
        yield "C-FIND", "all matches are sent", a.find(identifier)[1]
        identifier.PatientID = "nobody"
        yield "C-FIND", "nothing matches", a.find(identifier)[1]
        context = a.context(STUDY_ROOT_FIND)
        a.send(context, command(AffectedSOPClassUID=STUDY_ROOT_FIND, CommandField=C_STORE, MessageID=9, Priority=0,
                                CommandDataSetType=1), encode(identifier, EXPLICIT))
        yield "C-FIND", "another command than C-FIND", a.receive()[1].Status


def retrievals(archive):
    identifier = Dataset()
    identifier.QueryRetrieveLevel = "STUDY"
    identifier.StudyInstanceUID = STUDY
    nothing = Dataset()
    nothing.QueryRetrieveLevel = "STUDY"
    nothing.StudyInstanceUID = "1.2.9"
    incomplete = Dataset()
    incomplete.QueryRetrieveLevel = "STUDY"
    with archive.associate([(STUDY_ROOT_MOVE, [EXPLICIT])]) as a:
        yield "C-MOVE", "a destination that is no node", a.retrieve(C_MOVE, STUDY_ROOT_MOVE, identifier, "NOBODY").Status
    gets = [(STUDY_ROOT_GET, [EXPLICIT]), (CT, [EXPLICIT])]
    with archive.associate(gets) as a:
        yield "C-GET", "all instances are sent", a.retrieve(C_GET, STUDY_ROOT_GET, identifier).Status
        yield "C-GET", "nothing matches", a.retrieve(C_GET, STUDY_ROOT_GET, nothing).Status
        yield "C-GET", "the unique key of the level is missing", a.retrieve(C_GET, STUDY_ROOT_GET, incomplete).Status
        refused = iter([0xA700])
        yield "C-GET", "the receiver refuses some instances", \
            a.retrieve(C_GET, STUDY_ROOT_GET, identifier, on_store=lambda *_: next(refused, 0)).Status
        yield "C-GET", "the receiver refuses all instances", \
            a.retrieve(C_GET, STUDY_ROOT_GET, identifier, on_store=lambda *_: 0xA700).Status
    with archive.associate([(STUDY_ROOT_GET, [EXPLICIT]), ("1.2.840.10008.5.1.4.1.1.4", [EXPLICIT])]) as a:
        yield "C-GET", "no Presentation Context for any instance", a.retrieve(C_GET, STUDY_ROOT_GET, identifier).Status


def test_the_statuses_are_those_that_are_answered(archive):
    with archive.associate([(VERIFICATION, [IMPLICIT])]) as a:
        rows = [("C-ECHO", "always", a.echo())]
    rows += [("C-STORE", what, status) for what, status in stores(archive)]
    rows += [*queries(archive), *retrievals(archive)]
    check("statuses", table(["Operation", "What happened", "Status"], [(o, w, f"{s:04X}") for o, w, s in rows]))


NAMES = {
    "ISO_IR 100": "Äneas^Rüdiger", "ISO_IR 101": "Wałęsa^Łukasz", "ISO_IR 109": "Ĉapelo^Ĝoja", "ISO_IR 110": "Āboliņš^Jānis",
    "ISO_IR 144": "Люксембург^Роза", "ISO_IR 127": "قباني^لنزار", "ISO_IR 126": "Διονυσιος^Α", "ISO_IR 138": "שרון^דבורה",
    "ISO_IR 148": "Çavuşoğlu^İğdır", "ISO_IR 166": "นามสกุล^ชื่อ", "ISO_IR 13": "ﾔﾏﾀﾞ^ﾀﾛｳ", "ISO_IR 192": "王^小东",
    "GB18030": "王^小东", "GBK": "王^小东", "ISO 2022 IR 87": "山田^太郎", "ISO 2022 IR 159": "丂丄^丅", "ISO 2022 IR 149": "김희중",
    "ISO 2022 IR 58": "王^小东",
}


def comes_back(archive, number, term, name):
    terms = ["", term] if term.startswith("ISO 2022") else term
    if term == "ISO 2022 IR 13":  # replaces the default repertoire, and is of use only together with another set
        terms = [term, "ISO 2022 IR 87"]
    study = f"{STUDY}.9.{number}"
    image = ct(study, f"{study}.1", 1, f"{study}.1.1", SpecificCharacterSet=terms, PatientName=name)
    with archive.associate([(CT, [EXPLICIT]), (STUDY_ROOT_FIND, [EXPLICIT])]) as a:
        assert a.store(a.context(CT), CT, image.SOPInstanceUID, encode(image, EXPLICIT)).Status == 0
        identifier = Dataset()
        identifier.QueryRetrieveLevel = "STUDY"
        identifier.StudyInstanceUID = study
        identifier.PatientName = ""
        answer = a.find(identifier)[0][0]
    answer.decode()
    return str(answer.PatientName) == name


def test_the_character_sets_are_those_that_are_understood(archive):
    names = dict(NAMES)
    for term, name in NAMES.items():  # those with code extensions have the same characters
        if term.startswith("ISO_IR ") and term != "ISO_IR 192":
            names[term.replace("ISO_IR", "ISO 2022 IR")] = name
    right = [term for number, (term, name) in enumerate(names.items()) if comes_back(archive, number, term, name)]
    assert right == list(names)
    check("character-sets", ", ".join(f"`{term}`" for term in ("ISO_IR 6", "ISO 2022 IR 6", *right)))


def test_the_web_services_are_those_that_are_served(archive):
    request = urllib.request.Request(f"{archive.url}/dicom-web/", headers={"Accept": "application/json"})
    with urllib.request.urlopen(request) as answer:
        resources = json.load(answer)["resources"]
    rows = [(f"`{method['name']} {resource['path']}`", *(", ".join(f"`{m}`" for m in method.get(way, []))
                                                         for way in ("request", "response")))
            for resource in resources for method in resource["methods"]]
    assert len(rows) > 25
    check("web", table(["Request", "Body", "Answers in"], rows))


def test_the_settings_are_those_of_the_program(archive):
    made = subprocess.run([BUILD / "bin" / "fermata", "config-docs", "--config", archive.config], env=archive.environment,
                          capture_output=True, text=True, check=True).stdout
    section = re.search(r"## The plugin `dimse`\n.*?(\| Option .*?)\n(?:\n|\Z)", made, re.S)
    check("settings", section[1])


def test_the_implementation_is_the_one_that_answers(archive):
    with archive.associate([(VERIFICATION, [IMPLICIT])]) as a:
        items = re.search(rb"\x52\x00..([\d.]+)\x55\x00..([ -~]+)", a.answer)
    check("implementation", f"Implementation Class UID `{items[1].decode()}`, Implementation Version Name `{items[2].decode()}`.")


def test_a_caller_that_is_not_known_may_only_verify(make_archive):
    strict = make_archive()
    configuration = strict.folder / "strict.yaml"
    configuration.write_text(strict.config.read_text().replace('[127.0.0.0/8, "::1"]', "[]"))
    strict.config = configuration
    strict.start()
    with strict.associate([(VERIFICATION, [IMPLICIT])]) as a:
        assert a.echo() == 0
    with pytest.raises(Rejected) as rejected:
        strict.associate([(CT, [EXPLICIT])])
    assert (rejected.value.result, rejected.value.source, rejected.value.reason) == (1, 1, 3)
    assert strict.stop() == 0
