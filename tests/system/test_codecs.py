"""Images in whatever transfer syntax a receiver takes: compared with what GDCM and pydicom make of the same files."""

import functools
import subprocess
import time
import warnings

import numpy
import pydicom
import pytest
from pydicom.encaps import encapsulate
from pydicom.encoders.native import _encode_row
from pydicom.pixel_data_handlers.rle_handler import _rle_decode_frame
from pydicom.uid import generate_uid

from objects import PYDICOM_FILES, ct
from test_store_find_get import query
from upper_layer import C_GET, EXPLICIT, IMPLICIT, STUDY_ROOT_GET, decode, encode, read_part10

warnings.filterwarnings("ignore")

BIG_ENDIAN, DEFLATED = "1.2.840.10008.1.2.2", "1.2.840.10008.1.2.1.99"
JPEG_LOSSLESS, JPEG_LS, RLE = "1.2.840.10008.1.2.4.70", "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.5"
JPEG_2000, HTJ2K_RPCL = "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.202"
MULTI_FRAME_WORDS = "1.2.840.10008.5.1.4.1.1.7.3"

COMPRESSED = ["693_J2KI.dcm", "GDCMJ2K_TextGBR.dcm", "JPEG-lossy.dcm", "JPEG2000.dcm", "MR_small_RLE.dcm",
              "MR_small_jpeg_ls_lossless.dcm", "MR_small_jp2klossless.dcm", "SC_rgb_jpeg_gdcm.dcm",
              "SC_rgb_rle_2frame.dcm", "rtdose_rle.dcm"]


def get(archive, data_set, syntax):
    """The object as C-GET gives it to somebody who takes nothing but this transfer syntax; None if it can't be had."""
    got = []
    with archive.associate([(STUDY_ROOT_GET, [EXPLICIT]), (data_set.SOPClassUID, [syntax])]) as a:
        final = a.retrieve(C_GET, STUDY_ROOT_GET,
                           query("IMAGE", StudyInstanceUID=data_set.StudyInstanceUID,
                                 SeriesInstanceUID=data_set.SeriesInstanceUID, SOPInstanceUID=data_set.SOPInstanceUID),
                           on_store=lambda context, message, data: got.append(data))
    assert (final.Status == 0) == (len(got) == 1)
    return got[0] if got else None


def raw_by_gdcm(path, folder):
    """Explicit VR Little Endian; GDCM is a decoder that has nothing in common with those of the archive but OpenJPEG."""
    out = folder / "raw.dcm"
    subprocess.run(["gdcmconv", "--raw", str(path), str(out)], check=True, timeout=60, capture_output=True)
    return pydicom.dcmread(out)


def write(path, data, syntax):
    meta = pydicom.filewriter.write_file_meta_info
    with open(path, "wb") as f:
        f.write(b"\0" * 128 + b"DICM")
        file_meta = pydicom.dataset.FileMetaDataset()
        file_meta.TransferSyntaxUID = syntax
        file_meta.MediaStorageSOPClassUID = MULTI_FRAME_WORDS
        file_meta.MediaStorageSOPInstanceUID = "1.2.3"
        meta(f, file_meta, enforce_standard=True)
        f.write(data)


@pytest.mark.parametrize("name", COMPRESSED)
def test_a_compressed_file_leaves_in_every_transfer_syntax_with_the_pixels_that_gdcm_sees(archive, tmp_path, name):
    path = PYDICOM_FILES / name
    data_set = pydicom.dcmread(path)
    meta, data = read_part10(path)
    with archive.associate([(data_set.SOPClassUID, [meta.TransferSyntaxUID])]) as a:
        assert a.store(1, data_set.SOPClassUID, data_set.SOPInstanceUID, data).Status == 0
    expected = raw_by_gdcm(path, tmp_path)
    for syntax in (EXPLICIT, IMPLICIT):
        plain = decode(get(archive, data_set, syntax), syntax)
        assert (syntax, plain.PixelData == expected.PixelData) == (syntax, True)
        assert plain.PhotometricInterpretation == expected.PhotometricInterpretation
        assert plain.get("PatientName") == data_set.get("PatientName") and plain.SOPInstanceUID == data_set.SOPInstanceUID
    for syntax in (JPEG_LOSSLESS, JPEG_LS, JPEG_2000, RLE):
        got = get(archive, data_set, syntax)
        if data_set.BitsAllocated == 32 and syntax != RLE:
            assert got is None  # there is no place for 32 bits in these, and nothing is lost on the way
            continue
        write(tmp_path / "got.dcm", got, syntax)
        assert (syntax, raw_by_gdcm(tmp_path / "got.dcm", tmp_path).PixelData == expected.PixelData) == (syntax, True)
    if data_set.BitsAllocated != 32:
        assert get(archive, data_set, HTJ2K_RPCL) is not None


@pytest.mark.parametrize("name", ["SC_rgb_rle_16bit_2frame.dcm", "SC_rgb_rle_32bit.dcm", "MR_small_RLE.dcm"])
def test_rle_is_decoded_as_by_pydicom(archive, name):
    path = PYDICOM_FILES / name
    data_set = pydicom.dcmread(path)
    meta, data = read_part10(path)
    with archive.associate([(data_set.SOPClassUID, [meta.TransferSyntaxUID])]) as a:
        assert a.store(1, data_set.SOPClassUID, data_set.SOPInstanceUID, data).Status == 0
    plain = decode(get(archive, data_set, EXPLICIT), EXPLICIT)
    frames = int(data_set.get("NumberOfFrames", 1))
    shape = (frames, data_set.Rows, data_set.Columns, data_set.SamplesPerPixel)
    pixels = numpy.frombuffer(plain.PixelData, f"<u{data_set.BitsAllocated // 8}")[:numpy.prod(shape)].reshape(shape)
    for number, fragment in enumerate(pydicom.encaps.generate_pixel_data_frame(data_set.PixelData, frames)):
        planes = numpy.frombuffer(_rle_decode_frame(fragment, data_set.Rows, data_set.Columns, data_set.SamplesPerPixel,
                                                    data_set.BitsAllocated), pixels.dtype)
        expected = planes.reshape(data_set.SamplesPerPixel, data_set.Rows, data_set.Columns).transpose(1, 2, 0)
        assert (pixels[number] == expected).all()


def test_an_image_goes_through_every_transfer_syntax_and_comes_back(archive):
    image = ct(generate_uid(), generate_uid(), 1, side=96)
    with archive.associate([(image.SOPClassUID, [EXPLICIT])]) as a:
        assert a.store(1, image.SOPClassUID, image.SOPInstanceUID, encode(image, EXPLICIT)).Status == 0
    study = image.StudyInstanceUID
    for syntax in (IMPLICIT, BIG_ENDIAN, DEFLATED, JPEG_LOSSLESS, JPEG_LS, JPEG_2000, HTJ2K_RPCL, RLE):
        data = get(archive, image, syntax)
        assert data is not None, syntax
        # Into the archive once more, under UIDs of its own: the bytes are replaced, which have the same length.
        fresh = {uid: generate_uid()[:len(uid)].ljust(len(uid), "1") for uid in (image.SOPInstanceUID, study)}
        if syntax == DEFLATED:
            continue
        for old, new in fresh.items():
            assert data.count(old.encode()) == 1
            data = data.replace(old.encode(), new.encode())
        with archive.associate([(image.SOPClassUID, [syntax])]) as a:
            assert a.store(1, image.SOPClassUID, fresh[image.SOPInstanceUID], data).Status == 0
        again = ct(fresh[study], image.SeriesInstanceUID, 1, instance=fresh[image.SOPInstanceUID], side=96)
        plain = decode(get(archive, again, EXPLICIT), EXPLICIT)
        assert (syntax, plain.PixelData == image.PixelData) == (syntax, True)


def test_a_damaged_frame_costs_its_object_and_nothing_else(archive):
    study = generate_uid()
    path = PYDICOM_FILES / "JPGExtended.dcm"
    damaged = pydicom.dcmread(path)
    damaged.StudyInstanceUID = study
    frame = next(pydicom.encaps.generate_pixel_data_frame(damaged.PixelData, 1))
    damaged.PixelData = encapsulate([frame[:len(frame) // 4 * 2]])
    image = ct(study, damaged.SeriesInstanceUID, 2)
    with archive.associate([(damaged.SOPClassUID, [damaged.file_meta.TransferSyntaxUID]), (image.SOPClassUID, [EXPLICIT])]) as a:
        assert a.store(1, damaged.SOPClassUID, damaged.SOPInstanceUID,
                       encode(damaged, damaged.file_meta.TransferSyntaxUID)).Status == 0
        assert a.store(3, image.SOPClassUID, image.SOPInstanceUID, encode(image, EXPLICIT)).Status == 0
    got = []
    with archive.associate([(STUDY_ROOT_GET, [EXPLICIT]), (damaged.SOPClassUID, [EXPLICIT]),
                            (image.SOPClassUID, [EXPLICIT])]) as a:
        final = a.retrieve(C_GET, STUDY_ROOT_GET, query("STUDY", StudyInstanceUID=study),
                           on_store=lambda context, message, data: got.append(message.AffectedSOPInstanceUID))
    assert (final.Status, final.NumberOfFailedSuboperations, got) == (0xB000, 1, [image.SOPInstanceUID])
    archive.wait_for_log("can't be decoded")


@functools.lru_cache(maxsize=None)
def rle_row(row):
    return bytes(_encode_row(row))


def test_an_object_of_hundreds_of_frames_is_decoded_and_encoded_in_the_memory_of_a_few(archive):
    frames, side = 300, 1024
    image = ct(generate_uid(), generate_uid(), 1, side=side, SOPClassUID=MULTI_FRAME_WORDS, NumberOfFrames=frames)
    plain = numpy.zeros((side, side), "<u2")
    pixels = []
    for number in range(frames):
        plain[:] = number
        plain[number, :] = numpy.arange(side)
        high, low = (plain >> 8).astype("u1"), plain.astype("u1")
        segments = [b"".join(rle_row(row.tobytes()) for row in plane) for plane in (high, low)]
        segments = [s + b"\0" * (len(s) % 2) for s in segments]
        header = numpy.array([2, 64, 64 + len(segments[0])] + [0] * 13, "<u4").tobytes()
        pixels.append(header + b"".join(segments))
    image.PixelData = encapsulate(pixels, has_bot=False)
    image["PixelData"].VR = "OB"
    image["PixelData"].is_undefined_length = True
    with archive.associate([(image.SOPClassUID, [RLE])]) as a:
        assert a.store(1, image.SOPClassUID, image.SOPInstanceUID, encode(image, RLE)).Status == 0
    for syntax in (EXPLICIT, JPEG_LS):
        begin = time.monotonic()
        data = get(archive, image, syntax)
        now, highest = archive.rss()
        print(f"\n{syntax}: {len(data) / 1e6:.0f} MB in {time.monotonic() - begin:.1f} s; RSS {now:.0f} MiB, at most {highest:.0f} MiB")
        assert highest < 200
        if syntax == EXPLICIT:
            values = numpy.frombuffer(decode(data, syntax).PixelData, "<u2").reshape(frames, side, side)
            assert all((values[n, n] == numpy.arange(side)).all() and values[n, (n + 1) % side, 5] == n
                       for n in range(frames))
