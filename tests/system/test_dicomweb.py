"""Studies over HTTP: QIDO-RS, WADO-RS and WADO-URI against what pydicom, DCMTK and the npm client make of the same objects."""

import copy
import hashlib
import http.client
import io
import json
import math
import pathlib
import shutil
import struct
import subprocess
import time
import urllib.parse
import warnings
import xml.etree.ElementTree
import zipfile

import pydicom
import pydicom.encaps
import pytest
from pydicom.uid import generate_uid

from conftest import BUILD, ROOT
from dicomweb import DicomWeb, dicom
from objects import CHARSET_FILES, ct, ct_bytes, valid_part10_files
from test_store_find_get import REFUSED, find, without_conflicts
from upper_layer import BIG_ENDIAN, CT, DEFLATED, EXPLICIT, IMPLICIT, encode, read_part10

warnings.filterwarnings("ignore")
PEERS = pathlib.Path(__file__).parent / "peers"
VALID = [path for path in valid_part10_files()[0] if path.name not in REFUSED]
BATCHES = without_conflicts(VALID)
RLE = "1.2.840.10008.1.2.5"
JPEG_LS = "1.2.840.10008.1.2.4.80"
HAS_CODECS = (BUILD / "lib/fermata/plugins/codecs.so").exists()
needs_codecs = pytest.mark.skipif(not HAS_CODECS, reason="the plugin codecs was not built")


@pytest.fixture
def web(archive):
    archive.web = DicomWeb(f"{archive.url}/dicom-web")
    return archive


def store(archive, objects, sop_class=CT, syntax=EXPLICIT):
    with archive.associate([(sop_class, [syntax])]) as a:
        for uid, data in objects:
            assert a.store(1, sop_class, uid, data).Status == 0


def store_batch(archive, batch):
    for uid, (path, data_set, syntax, data) in batch.items():
        store(archive, [(uid, data)], data_set.SOPClassUID, syntax)


def instance_path(data_set):
    return f"/studies/{data_set.StudyInstanceUID}/series/{data_set.SeriesInstanceUID}/instances/{data_set.SOPInstanceUID}"


# Metadata ------------------------------------------------------------------------------------------------------------


def equal(ours, theirs):
    """Whether two values of DICOM JSON are the same: numbers by their value, everything else as it is."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return ours.keys() == theirs.keys() and all(equal(ours[key], theirs[key]) for key in ours)
    if isinstance(ours, list) and isinstance(theirs, list):
        return len(ours) == len(theirs) and all(map(equal, ours, theirs))
    if isinstance(ours, (int, float)) and isinstance(theirs, (int, float)):
        return math.isclose(ours, theirs, rel_tol=1e-7)
    return ours == theirs


def compare(ours, theirs, path, allowed):
    """The differences that no clause of the standard explains."""
    found = []
    for tag in sorted(set(ours) | set(theirs)):
        a, b = ours.get(tag), theirs.get(tag)
        if a is not None and b is not None and a.get("vr") == b.get("vr") == "SQ":
            items = a.get("Value", []), b.get("Value", [])
            if len(items[0]) == len(items[1]):
                for i, (x, y) in enumerate(zip(*items)):
                    found += compare(x, y, f"{path}{tag}[{i}].", allowed)
                continue
        if not equal(a, b) and not any(rule(path + tag, a, b) for rule in allowed):
            found.append((path + tag, a, b))
    return found


def character_set(tag, ours, theirs):
    """PS3.18 F.2.1.2: JSON is UTF-8, and (0008,0005) says so where it is needed."""
    return tag.endswith("00080005") and ours in (None, {"vr": "CS", "Value": ["ISO_IR 192"]})


def padding_of_values(tag, ours, theirs):
    """PS3.5 6.2: spaces around a Code String mean nothing. pydicom keeps them in all values but the last."""
    return ours["vr"] == theirs["vr"] == "CS" and ours["Value"] == [value.strip(" ") for value in theirs["Value"]]


def padding_of_data_sets(tag, ours, theirs):
    """PS3.10 7.2: Data Set Trailing Padding has no meaning and is thrown away."""
    return tag == "FFFCFFFC" and ours is None


def no_number(tag, ours, theirs):
    """PS3.5 6.2: "1A" is no Integer String. pydicom can't write it at all; it is given as the text that it is."""
    return theirs is None and ours["vr"] == "IS" and not ours["Value"][0].isdecimal()


def unknown(tag, ours, theirs):
    """PS3.5 6.2.2: what a sender encodes as UN stays UN. pydicom has a dictionary of private attributes for it."""
    return ours["vr"] == "UN" and int(tag[:4], 16) % 2 == 1


RULES = [character_set, padding_of_data_sets, no_number, unknown, padding_of_values]


def check_metadata(web, data_set):
    answer = web.get(instance_path(data_set) + "/metadata")
    ours, = answer.json
    data_set.decode()
    theirs = json.loads(json.dumps(data_set.to_json_dict(bulk_data_threshold=1 << 40, suppress_invalid_tags=True)))
    theirs = {tag: value for tag, value in theirs.items() if not tag.endswith("0000")}
    for tag, value in list(ours.items()):
        if "BulkDataURI" not in value:
            continue
        element = data_set[int(tag, 16)]
        assert value["vr"] in ("OB", "OW", "UN", "OF", "OD", "OL", "OV"), (tag, value)
        if not data_set.file_meta.TransferSyntaxUID.is_compressed and data_set.is_little_endian:
            bulk = web.get(value["BulkDataURI"], "application/octet-stream")
            if bulk.status == 200:  # 501 without codecs
                assert bulk.body == element.value + b"\0" * (len(element.value) % 2), tag
            else:
                assert bulk.status == 501 and not HAS_CODECS
        theirs[tag] = value
    return compare(ours, theirs, "", RULES)


@pytest.mark.parametrize("batch", BATCHES, ids=lambda batch: f"{len(batch)}-files")
def test_metadata_is_what_pydicom_makes_of_the_same_files(web, batch):
    """Of all files of Debian's python3-pydicom that are whole objects."""
    store_batch(web, batch)
    wrong = {path.name: check_metadata(web.web, pydicom.dcmread(path)) for path, *_ in batch.values()}
    assert not any(wrong.values()), "\n".join(f"{name}: {d}" for name, ds in wrong.items() for d in ds)


def test_metadata_is_utf_8_whatever_the_character_set_was(web):
    wrong = {}
    for path in sorted(CHARSET_FILES.glob("*.dcm")):
        data_set = pydicom.dcmread(path)
        data_set.SOPClassUID = CT
        data_set.SOPInstanceUID = generate_uid()
        data_set.StudyInstanceUID = generate_uid()
        data_set.SeriesInstanceUID = generate_uid()
        store(web, [(data_set.SOPInstanceUID, encode(data_set, EXPLICIT))])
        wrong[path.name] = check_metadata(web.web, data_set)
    assert len(wrong) > 10 and not any(wrong.values()), "\n".join(f"{n}: {d}" for n, ds in wrong.items() for d in ds)


def test_metadata_as_xml_says_the_same(web):
    store_batch(web, {k: v for k, v in BATCHES[0].items() if v[0].name in ("CT_small.dcm", "rtplan.dcm")})
    for name in ("CT_small.dcm", "rtplan.dcm"):
        data_set = pydicom.dcmread(next(p for p in VALID if p.name == name))
        answer = web.web.get(instance_path(data_set) + "/metadata", 'multipart/related; type="application/dicom+xml"')
        (headers, content), = answer.parts
        assert headers["Content-Type"] == "application/dicom+xml"
        root = xml.etree.ElementTree.fromstring(content)
        here = {a.get("tag"): a for a in root if a.tag.endswith("DicomAttribute")}
        json_tags = web.web.get(instance_path(data_set) + "/metadata").json[0].keys()
        assert here.keys() == {tag[:4] + "00" + tag[6:] if int(tag[:4], 16) % 2 and tag[4:6] != "00" else tag
                               for tag in json_tags} or here.keys() == json_tags
        assert here["0020000D"][0].text == data_set.StudyInstanceUID


def test_metadata_of_a_long_series_opens_no_image_file(make_archive, tmp_path):
    if shutil.which("strace") is None or subprocess.run(["strace", "-o", "/dev/null", "true"]).returncode != 0:
        pytest.skip("strace is not installed, or not permitted here")
    trace = tmp_path / "trace"
    archive = make_archive().start(wrapper=["strace", "-f", "-qq", "-e", "trace=openat,open", "-o", str(trace)])
    web = DicomWeb(f"{archive.url}/dicom-web")
    study, series = generate_uid(), generate_uid()
    store(archive, [ct_bytes(study, series, i) for i in range(1000)])
    before = len(trace.read_text().splitlines())
    metadata = web.get(f"/studies/{study}/series/{series}/metadata").json
    time.sleep(0.2)
    opened = [line for line in trace.read_text().splitlines()[before:] if ".dcm" in line]
    assert [m["00200013"]["Value"][0] for m in metadata] == list(range(1000))
    assert opened == []
    web.get(f"/studies/{study}/series/{series}/instances/{metadata[0]['00080018']['Value'][0]}", dicom())
    time.sleep(0.2)
    assert any(".dcm" in line for line in trace.read_text().splitlines()[before:]), "the trace shows files that are opened"
    archive.kill()


# Objects -------------------------------------------------------------------------------------------------------------


def data_set_of(part10):
    """Transfer syntax and data set of a file in memory."""
    meta = pydicom.dcmread(io.BytesIO(part10), stop_before_pixels=True, specific_tags=[]).file_meta
    return meta.TransferSyntaxUID, part10[144 + meta.FileMetaInformationGroupLength:]


@pytest.mark.parametrize("batch", BATCHES, ids=lambda batch: f"{len(batch)}-files")
def test_what_came_by_c_store_goes_out_byte_for_byte(web, batch):
    store_batch(web, batch)
    for uid, (path, data_set, syntax, data) in batch.items():
        (headers, content), = web.web.get(instance_path(data_set), dicom(syntax)).parts
        assert headers["Content-Type"] == f"application/dicom; transfer-syntax={syntax}"
        assert data_set_of(content) == (syntax, data), path.name
        file = web.web.get(instance_path(data_set), f"application/dicom; transfer-syntax={syntax}")
        assert file.headers["Content-Length"] == str(len(file.body)) and file.body == content
        by_uri = wado_uri(web, data_set, "application/dicom", transferSyntax=syntax)
        assert by_uri.body == content
        if syntax not in (IMPLICIT, BIG_ENDIAN):
            (_, content), = web.web.get(instance_path(data_set), dicom()).parts
            assert data_set_of(content) == (syntax, data), path.name


@pytest.fixture
def study(web):
    """Two series of three and two images; `web.study` is its UID, `web.images` by path."""
    web.study = generate_uid()
    web.images = {}
    for series, count in ((generate_uid(), 3), (generate_uid(), 2)):
        for i in range(1, count + 1):
            image = ct(web.study, series, i)
            web.images[instance_path(image)] = image
    store(web, [(image.SOPInstanceUID, encode(image, EXPLICIT)) for image in web.images.values()])
    return web


def test_a_study_comes_in_parts_or_as_a_zip_file(study):
    parts = study.web.get(f"/studies/{study.study}", dicom()).parts
    assert {headers["Content-Location"] for headers, _ in parts} == {study.web.root + path for path in study.images}
    for headers, content in parts:
        image = study.images[headers["Content-Location"].removeprefix(study.web.root)]
        assert data_set_of(content) == (EXPLICIT, encode(image, EXPLICIT))
    answer = study.web.get(f"/studies/{study.study}", "application/zip")
    with zipfile.ZipFile(io.BytesIO(answer.body)) as archive:
        assert archive.testzip() is None
        assert {name.split("/")[1] for name in archive.namelist()} == \
            {f"{image.SOPInstanceUID}.dcm" for image in study.images.values()}
        assert all(info.compress_type == zipfile.ZIP_STORED for info in archive.infolist())


def test_other_programs_read_the_zip_file(study, tmp_path):
    if shutil.which("unzip") is None:
        pytest.skip("unzip is not installed")
    (tmp_path / "study.zip").write_bytes(study.web.get(f"/studies/{study.study}", "application/zip").body)
    subprocess.run(["unzip", "-tq", str(tmp_path / "study.zip")], check=True)


def test_an_object_that_is_lost_cuts_the_answer(web):
    """Nobody may take half a study for a whole one."""
    uid, series = generate_uid(), generate_uid()
    store(web, [ct_bytes(uid, series, i, side=512) for i in range(4)])
    web.objects()[2].unlink()
    with pytest.raises((http.client.IncompleteRead, ConnectionError)):
        web.web.get(f"/studies/{uid}", dicom())
    web.wait_for_log("nothing after it")
    assert web.web.get(f"/studies/{uid}/metadata").status == 200


def test_ranges_conditions_and_heads(study):
    path = next(iter(study.images))
    whole = study.web.get(path, "application/dicom")
    part = study.web.get(path, "application/dicom", Range="bytes=100-199")
    assert (part.status, part.body) == (206, whole.body[100:200])
    assert study.web.get(path, "application/dicom", If_None_Match=whole.headers["ETag"]).status == 304
    head = study.web.get(path, "application/dicom", method="HEAD")
    assert (head.status, head.headers["Content-Length"], head.body) == (200, whole.headers["Content-Length"], b"")
    pixels = study.images[path].PixelData
    bulk = study.web.get(path + "/bulkdata/7FE00010", "application/octet-stream", Range="bytes=-10")
    assert (bulk.status, bulk.body) == (206, pixels[-10:])


def test_what_is_not_there_is_404_and_what_can_not_be_is_406(study):
    path = next(iter(study.images))
    for missing in ("/studies/1.2", f"/studies/{study.study}/series/1.2", path + "9", path + "9/metadata", path + "9/rendered",
                    path + "9/frames/1", path + "/bulkdata/00420011", f"/studies/1.2/{path.split('/', 3)[3]}"):
        assert study.web.get(missing).status == 404, missing
    for accept in ("image/gif", "text/html", 'multipart/related; type="image/gif"'):
        for target in ("", "/metadata", "/rendered", "/thumbnail"):
            answer = study.web.get(path + target, accept)
            assert answer.status == 406, (target, accept)
            assert answer.type == "application/problem+json" and "available" in json.loads(answer.body)["detail"]


# Pixels --------------------------------------------------------------------------------------------------------------


def frames_of(path):
    """The frames' bytes as PS3.5 8.1 lays them out; None where pydicom needs more than numpy to decode them, or more than
    the pixels decide how they are laid out (planes of colours)."""
    data_set = pydicom.dcmread(path)
    syntax = data_set.file_meta.TransferSyntaxUID
    if path.name == "badVR.dcm":  # its Number of Frames is "1A"
        return None
    if "PixelData" not in data_set or data_set.BitsAllocated % 8 or data_set.SamplesPerPixel != 1:
        return None
    if syntax.is_compressed and syntax not in (RLE, DEFLATED):
        return None
    if syntax == BIG_ENDIAN and data_set.BitsAllocated > 16:  # OW is words of 16 bits (PS3.5 6.2); pydicom swaps whole pixels
        return None
    frames = data_set.pixel_array.astype(data_set.pixel_array.dtype.newbyteorder("<"))
    return [frame.tobytes() for frame in (frames if int(data_set.get("NumberOfFrames") or 1) > 1 else [frames])]


@needs_codecs
@pytest.mark.parametrize("batch", BATCHES, ids=lambda batch: f"{len(batch)}-files")
def test_frames_are_the_pixels_that_pydicom_sees(web, batch):
    store_batch(web, batch)
    for path, data_set, *_ in batch.values():
        expected = frames_of(path)
        if expected is None:
            continue
        numbers = ",".join(str(i + 1) for i in range(len(expected)))
        parts = web.web.get(f"{instance_path(data_set)}/frames/{numbers}").parts
        assert [headers["Content-Type"] for headers, _ in parts] == \
            [f"application/octet-stream; transfer-syntax={EXPLICIT}"] * len(expected)
        assert [content[:len(frame)] == frame for (_, content), frame in zip(parts, expected)] == [True] * len(expected), path
        assert web.web.get(f"{instance_path(data_set)}/frames/{len(expected) + 1}").status == 404


@needs_codecs
def test_frames_come_as_they_are_stored_where_that_is_accepted(web):
    """What the OHIF viewer asks for."""
    for name, syntax, own in (("SC_rgb_rle.dcm", RLE, "image/dicom-rle"), ("693_J2KI.dcm", "1.2.840.10008.1.2.4.91", "image/jp2")):
        path = next(p for p in VALID if p.name == name)
        data_set = pydicom.dcmread(path)
        store(web, [(data_set.SOPInstanceUID, read_part10(path)[1])], data_set.SOPClassUID, syntax)
        first = next(pydicom.encaps.generate_pixel_data_frame(data_set.PixelData, int(data_set.get("NumberOfFrames") or 1)))
        for accept, media_type in (("multipart/related; type=application/octet-stream; transfer-syntax=*", "application/octet-stream"),
                                   (f'multipart/related; type="{own}"', own), ("multipart/related; transfer-syntax=*", own)):
            (headers, content), = web.web.get(instance_path(data_set) + "/frames/1", accept).parts
            assert headers["Content-Type"] == f"{media_type}; transfer-syntax={syntax}"
            assert content.rstrip(b"\0") == first.rstrip(b"\0")
        alone = web.web.get(instance_path(data_set) + "/frames/1", own)
        assert (alone.type, alone.body) == (f"{own}; transfer-syntax={syntax}", content)


@needs_codecs
def test_pictures_of_everything(study):
    path, image = next(iter(study.images.items()))
    for target in (path, path + "/frames/1", path.rpartition("/instances")[0], f"/studies/{study.study}"):
        for accept, magic in (("image/jpeg", b"\xff\xd8\xff"), ("image/png", b"\x89PNG"), ("*/*", b"\xff\xd8\xff")):
            for kind in ("rendered", "thumbnail"):
                picture = study.web.get(f"{target}/{kind}", accept)
                assert picture.status == 200 and picture.body.startswith(magic), (target, kind)
                assert picture.headers["Content-Length"] == str(len(picture.body))
    assert len(study.web.get(f"/studies/{study.study}/rendered", 'multipart/related; type="image/png"').parts) == 5
    small = study.web.get(path + "/rendered?viewport=8,8&window=100,50,linear&quality=80", "image/png").body
    assert struct.unpack(">II", small[16:24]) == (8, 8)
    assert study.web.get(path + "/rendered?viewport=8").status == 400


@needs_codecs
def test_objects_change_their_transfer_syntax(web):
    path = next(p for p in VALID if p.name == "MR_small_RLE.dcm")
    data_set = pydicom.dcmread(path)
    store(web, [(data_set.SOPInstanceUID, read_part10(path)[1])], data_set.SOPClassUID, RLE)
    (headers, content), = web.web.get(instance_path(data_set), 'multipart/related; type="application/dicom"').parts
    assert headers["Content-Type"] == f"application/dicom; transfer-syntax={EXPLICIT}"
    decoded = pydicom.dcmread(io.BytesIO(content))
    assert (decoded.pixel_array == data_set.pixel_array).all()
    (headers, content), = web.web.get(instance_path(data_set), dicom(JPEG_LS)).parts
    assert headers["Content-Type"] == f"application/dicom; transfer-syntax={JPEG_LS}"
    assert web.web.get(instance_path(data_set), dicom("1.2.840.10008.1.2.4.100")).status == 406


# Searching -----------------------------------------------------------------------------------------------------------


def test_searches_find_what_c_find_finds(web):
    store_batch(web, BATCHES[0])
    query = pydicom.Dataset()
    query.QueryRetrieveLevel = "STUDY"
    for name in ("PatientName", "PatientID", "StudyInstanceUID", "NumberOfStudyRelatedInstances", "ModalitiesInStudy"):
        setattr(query, name, "")
    for parameter, value in (("PatientName", ""), ("PatientName", "CompressedSamples*"), ("StudyDate", "20040101-20041231"),
                             ("ModalitiesInStudy", "MR"), ("StudyDate", "-20031231"), ("PatientID", "4MR1")):
        wanted = copy.deepcopy(query)
        setattr(wanted, parameter, value)
        theirs = {a.StudyInstanceUID: int(a.NumberOfStudyRelatedInstances) for a in find(web, wanted)}
        ours = web.web.get(f"/studies?{urllib.parse.urlencode({parameter: value})}").json
        assert {a["0020000D"]["Value"][0]: a["00201208"]["Value"][0] for a in ours} == theirs and theirs, (parameter, value)


def test_searches_walk_down_from_study_to_instance(study):
    series = study.web.get(f"/studies/{study.study}/series").json
    assert sorted(s["00201209"]["Value"][0] for s in series) == [2, 3]
    found = []
    for one in series:
        url = one["00081190"]["Value"][0]
        found += [i["00081190"]["Value"][0] for i in study.web.get(url + "/instances").json]
    assert sorted(found) == sorted(study.web.root + path for path in study.images)
    assert sorted(i["00081190"]["Value"][0] for i in study.web.get("/instances").json) == sorted(found)
    assert len(study.web.get(f"/studies/{study.study}/instances?limit=2&offset=4").json) == 1
    everything = study.web.get(f"/studies/{study.study}/instances?includefield=all&limit=1").json[0]
    assert everything["00080070"]["Value"] == ["Fermata tests"] and "BulkDataURI" in everything["7FE00010"]


def test_a_wrong_search_is_refused_with_the_parameter_named(web):
    for query, name in (("PatientNam=x", "PatientNam"), ("limit=many", "limit"), ("StudyDate=2024-01-01", "0008,0020"),
                        ("includefield=Nonsense", "includefield")):
        answer = web.web.get("/studies?" + query)
        assert answer.status == 400 and name in json.loads(answer.body)["detail"], query
    assert web.web.get("/studies?PatientID=nobody").json == []


def test_a_search_that_ends_at_the_limit_or_ignores_a_wish_says_so_in_a_warning(make_archive, tmp_path):
    config = tmp_path / "limited.yaml"
    text = (ROOT / "config" / "quickstart.yaml").read_text()
    config.write_text(text.replace("  dicomweb:\n", "  dicomweb:\n    config: {maximum_results: 3}\n"))
    archive = make_archive(config=config, FERMATA_VIEWER="no").start()
    store(archive, [ct_bytes(generate_uid(), generate_uid(), 1) for _ in range(5)])
    web = DicomWeb(f"{archive.url}/dicom-web")

    def warning(query):
        answer = web.get(f"/studies?{query}")
        return len(answer.json), answer.headers.get("Warning", "")

    assert warning("") == (3, f'299 {web.root} "There are 2 additional results that can be requested."')
    assert warning("offset=3") == (2, "")
    assert warning("limit=2")[0] == 2
    count, said = warning("fuzzymatching=true&limit=1")
    assert count == 1 and said.startswith(f"299 {web.root} ") and "fuzzy" in said.lower()
    assert archive.stop() == 0


# WADO-URI ------------------------------------------------------------------------------------------------------------


def wado_uri(web, data_set, content_type, **parameters):
    """With the slash of the content type as viewers of the OsiriX family send it."""
    query = "".join(f"&{name}={value}" for name, value in parameters.items())
    return web.web.get(f"//wado?requestType=WADO&studyUID={data_set.StudyInstanceUID}&seriesUID={data_set.SeriesInstanceUID}"
                       f"&objectUID={data_set.SOPInstanceUID}&contentType={content_type}{query}")


def test_wado_uri_as_viewers_of_the_osirix_family_ask(study):
    image = next(iter(study.images.values()))
    answer = wado_uri(study, image, "application/dicom", useOrig="true")
    assert answer.status == 200 and answer.type.startswith("application/dicom")
    assert answer.headers["Content-Length"] == str(len(answer.body))
    assert data_set_of(answer.body) == (EXPLICIT, encode(image, EXPLICIT))
    missing = study.web.get("//wado?requestType=WADO&studyUID=1&seriesUID=1&objectUID=1&contentType=application/dicom&useOrig=true")
    assert missing.status == 404
    assert study.web.get("//wado?requestType=WADO&studyUID=1").status == 400


@needs_codecs
def test_wado_uri_makes_pictures(study):
    image = next(iter(study.images.values()))
    small = wado_uri(study, image, "image/png", rows=16, columns=16, windowCenter=100, windowWidth=200, region="0,0,0.5,0.5")
    assert (small.status, small.type, struct.unpack(">II", small.body[16:24])) == (200, "image/png", (16, 16))
    assert wado_uri(study, image, "image/jpeg", frameNumber=2).status == 400


# Others --------------------------------------------------------------------------------------------------------------


def test_dicomweb_client_of_npm_searches_and_retrieves(study):
    if shutil.which("node") is None or not (PEERS / "node_modules" / "dicomweb-client").is_dir():
        pytest.skip("dicomweb-client is not installed: run npm ci in tests/system/peers")
    path, image = next(iter(study.images.items()))
    done = subprocess.run(["node", str(PEERS / "dicomweb_peer.mjs"), study.web.root, study.study, image.SeriesInstanceUID,
                           image.SOPInstanceUID], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout.splitlines()[-1])
    instances = sorted(i.SOPInstanceUID for i in study.images.values())
    assert result["studies"] == [study.study]
    assert sorted(result["series"]) == sorted({i.SeriesInstanceUID for i in study.images.values()})
    assert sorted(result["instances"]) == instances and sorted(result["metadata"]) == instances
    file = study.web.get(path, "application/dicom").body
    sha = lambda data: hashlib.sha256(data).hexdigest()
    assert result["instance"] == sha(file) and sha(file) in result["study"] and sha(file) in result["one_series"]
    assert (len(result["study"]), result["bulk"]) == (5, [sha(image.PixelData)])
    if HAS_CODECS:
        assert (result["frames"], result["rendered"]) == ([sha(image.PixelData)], "ffd8ff")
    else:
        assert (result["frames"], result["rendered"]) == ("status 501", "status 501")
