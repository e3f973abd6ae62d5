"""Pictures of frames, asked over DICOMweb from the built program, beside those that other software makes: DCMTK's dcm2pnm
and its relatives, and the formulas of the standard in NumPy. Where nothing else is said they may differ by one grey level:
DCMTK cuts fractions off, Fermata rounds."""

import io
import random
import subprocess
import warnings
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import numpy
import pydicom
import pytest
from PIL import Image
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import generate_uid

from conftest import Archive
from objects import ct, valid_part10_files
from upper_layer import EXPLICIT, encode, read_part10

warnings.filterwarnings("ignore")

DEFLATED = "1.2.840.10008.1.2.1.99"
JPEG_2000 = ("1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91")
JPEG_LS = ("1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81")


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    running = Archive(tmp_path_factory.mktemp("archive")).start()
    yield running
    assert running.stop() == 0, running.log.read_text()


def store(archive, data_set, syntax=EXPLICIT, data=None):
    data = data or encode(data_set, EXPLICIT)
    with archive.associate([(data_set.SOPClassUID, [syntax])]) as a:
        assert a.store(a.context(data_set.SOPClassUID, syntax), data_set.SOPClassUID, data_set.SOPInstanceUID, data).Status == 0


def get(archive, data_set, frame=1, accept="image/png", **query):
    """(status, media type, content)"""
    url = (f"{archive.url}/dicom-web/studies/{data_set.StudyInstanceUID}/series/{data_set.SeriesInstanceUID}/instances/"
           f"{data_set.SOPInstanceUID}/frames/{frame}/rendered")
    if query:
        url += "?" + "&".join(f"{name}={value}" for name, value in query.items())
    try:
        with urlopen(Request(url, headers={"Accept": accept}), timeout=60) as answer:
            return answer.status, answer.headers["Content-Type"], answer.read()
    except HTTPError as error:
        return error.code, error.headers["Content-Type"], error.read()


def rendered(archive, data_set, frame=1, accept="image/png", **query):
    status, media_type, content = get(archive, data_set, frame, accept, **query)
    assert status == 200, content
    assert media_type == accept
    picture = Image.open(io.BytesIO(content))
    picture.load()
    assert picture.format == {"image/png": "PNG", "image/jpeg": "JPEG"}[accept]
    assert picture.mode in ("L", "RGB")
    return numpy.asarray(picture).astype(int)


def written(data_set, folder):
    """A file that DCMTK's programs read."""
    path = folder / "image.dcm"
    copy = pydicom.dcmread(io.BytesIO(encode(data_set, EXPLICIT)), force=True)
    copy.file_meta = pydicom.dataset.FileMetaDataset()
    copy.file_meta.TransferSyntaxUID = EXPLICIT
    copy.file_meta.MediaStorageSOPClassUID = data_set.SOPClassUID
    copy.file_meta.MediaStorageSOPInstanceUID = data_set.SOPInstanceUID
    copy.is_little_endian, copy.is_implicit_VR = True, False
    copy.save_as(path, write_like_original=False)
    return path


def peer_picture(path, folder, *options, program="dcm2pnm", frame=1):
    """What DCMTK makes of it."""
    out = folder / "peer.pnm"
    done = subprocess.run([program, "--write-raw-pnm", "--frame", str(frame), *options, str(path), str(out)],
                          capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and out.is_file(), done.stderr
    return numpy.asarray(Image.open(out)).astype(int)


def assert_alike(ours, theirs, tolerance=1):
    assert ours.shape == theirs.shape
    difference = numpy.abs(ours - theirs)
    assert difference.max() <= tolerance, f"{(difference > tolerance).sum()} of {difference.size} differ, by up to {difference.max()}"


def image(pixels, **attributes):
    """An image of 16 bits without window, with these pixels."""
    pixels = numpy.asarray(pixels)
    made = ct(generate_uid(), generate_uid(), 1)
    made.Rows, made.Columns = pixels.shape[-2:]
    made.BitsStored, made.HighBit = 16, 15
    made.PixelRepresentation = int(pixels.dtype.kind == "i")
    made.PixelData = pixels.astype("<i2" if pixels.dtype.kind == "i" else "<u2").tobytes()
    for name, value in attributes.items():
        setattr(made, name, value)
    return made


def ramp(first, last, dtype=numpy.uint16):
    return numpy.linspace(first, last, 64 * 64).round().astype(dtype).reshape(64, 64)


# The files of pydicom ------------------------------------------------------------------------------------------------

LEFT_OUT = {
    "JPEG2000-embedded-sequence-delimiter.dcm": "nothing here makes its picture but Fermata",
    "MR_truncated.dcm": "the archive does not take it: it is cut short",
    "SC_rgb_jpeg.dcm": "the archive does not take it: compressed, but said not to be",
}


def files_with_pixels():
    return [p for p in valid_part10_files()[0]
            if p.name not in LEFT_OUT and "Rows" in pydicom.dcmread(p, stop_before_pixels=True)]


def is_grey(data_set):
    return data_set.PhotometricInterpretation.startswith("MONOCHROME")


def has_window(data_set):
    width = data_set.get("WindowWidth")
    return width is not None and float(width[0] if isinstance(width, pydicom.multival.MultiValue) else width) > 0


def default_options(data_set):
    """How DCMTK is told to do what Fermata does without being told."""
    if not is_grey(data_set):
        return []
    if has_window(data_set):
        return ["--use-window", "1"]
    return [] if 1 < data_set.BitsStored <= 8 and "RescaleSlope" not in data_set else ["--min-max-window"]


def peer_of(path, data_set, folder):
    """The program of DCMTK that reads a file, and the file as it reads it."""
    syntax = data_set.file_meta.TransferSyntaxUID
    if syntax in JPEG_2000:
        raw = folder / "raw.dcm"
        subprocess.run(["gdcmconv", "--raw", str(path), str(raw)], check=True, capture_output=True, timeout=60)
        return "dcm2pnm", raw
    if syntax in JPEG_LS:
        return "dcml2pnm", path
    return "dcmj2pnm" if syntax.startswith("1.2.840.10008.1.2.4.") else "dcm2pnm", path


@pytest.mark.parametrize("path", files_with_pixels(), ids=lambda p: p.name)
def test_sample_files_look_like_those_of_dcmtk(archive, path, tmp_path):
    data_set = pydicom.dcmread(path)
    program, readable = peer_of(path, data_set, tmp_path)
    meta, content = read_part10(path)
    if meta.TransferSyntaxUID != DEFLATED:  # some of the files are the same instance in other encodings
        uid = "2.25.1" + "".join(random.choices("0123456789", k=len(data_set.SOPInstanceUID) - 6))
        content = content.replace(data_set.SOPInstanceUID.encode(), uid.encode())
        data_set.SOPInstanceUID = uid
    store(archive, data_set, meta.TransferSyntaxUID, content)
    frames = 1 if path.name == "badVR.dcm" else int(data_set.get("NumberOfFrames", 1))
    for frame in {1, (frames + 1) // 2, frames}:
        theirs = peer_picture(readable, tmp_path, *default_options(data_set), program=program, frame=frame)
        assert_alike(rendered(archive, data_set, frame), theirs)
    if is_grey(data_set):
        for center, width, function, option in ((500, 1000, "linear", "+Wfl"), (100, 333, "sigmoid", "+Wfs")):
            theirs = peer_picture(readable, tmp_path, "+Ww", str(center), str(width), option, program=program)
            assert_alike(rendered(archive, data_set, window=f"{center},{width},{function}"), theirs)


# The grey scale ------------------------------------------------------------------------------------------------------

def test_signed_values_with_rescale(archive, tmp_path):
    made = image(ramp(-1000, 3000, numpy.int16), RescaleSlope="0.5", RescaleIntercept="-24", WindowCenter="40",
                 WindowWidth="400")
    store(archive, made)
    assert_alike(rendered(archive, made), peer_picture(written(made, tmp_path), tmp_path, "--use-window", "1"))


def test_bits_of_overlays_beside_the_values_are_not_shown(archive, tmp_path):
    values = ramp(0, 4095) | (numpy.arange(4096).reshape(64, 64) % 16 << 12).astype(numpy.uint16)
    made = image(values, BitsStored=12, HighBit=11)
    store(archive, made)
    assert_alike(rendered(archive, made), peer_picture(written(made, tmp_path), tmp_path, "--min-max-window"))


@pytest.mark.parametrize("interpretation", ["MONOCHROME1", "MONOCHROME2"])
def test_polarity(archive, tmp_path, interpretation):
    made = image(ramp(100, 1000), PhotometricInterpretation=interpretation, WindowCenter="500", WindowWidth="600")
    store(archive, made)
    assert_alike(rendered(archive, made), peer_picture(written(made, tmp_path), tmp_path, "--use-window", "1"))


def lut(first, entries, bits):
    item = Dataset()
    item.add_new("LUTDescriptor", "US" if first >= 0 else "SS", [len(entries), first, bits])
    item.add_new("LUTData", "OW", numpy.asarray(entries, dtype="<u2").tobytes())
    return Sequence([item])


@pytest.mark.parametrize("bits", [8, 10, 12, 16])
def test_voi_lut(archive, tmp_path, bits):
    curve = (numpy.linspace(0, 1, 3000) ** 2.2 * (2 ** bits - 1)).round()
    made = image(ramp(0, 4095), BitsStored=12, HighBit=11)
    made.VOILUTSequence = lut(500, curve, bits)
    store(archive, made)
    assert_alike(rendered(archive, made), peer_picture(written(made, tmp_path), tmp_path, "--use-voi-lut", "1"))


def test_modality_lut(archive, tmp_path):
    made = image(ramp(0, 1023), BitsStored=10, HighBit=9, WindowCenter="3000", WindowWidth="5000")
    made.ModalityLUTSequence = lut(10, (numpy.linspace(0, 90, 900) ** 2).round(), 16)
    made.ModalityLUTSequence[0].ModalityLUTType = "US"
    store(archive, made)
    assert_alike(rendered(archive, made), peer_picture(written(made, tmp_path), tmp_path, "--use-window", "1"))


def test_linear_exact_by_its_formula(archive):
    """DCMTK of this version does not know it: PS3.3 C.11.2.1.3.2."""
    values = ramp(0, 1000)
    made = image(values)
    store(archive, made)
    center, width = 300.5, 222.25
    expected = numpy.clip((values - center) / width + 0.5, 0, 1) * 255
    assert_alike(rendered(archive, made, window=f"{center},{width},linear-exact"), expected.round().astype(int), 0)


def test_padding_does_not_count_where_there_is_no_window(archive):
    values = ramp(100, 1120, numpy.int16)
    values[:10] = -2000
    made = image(values)
    made.add_new("PixelPaddingValue", "SS", -2000)
    store(archive, made)
    visible = values[10:].astype(float)
    expected = (visible - visible.min()) / (visible.max() - visible.min()) * 255
    picture = rendered(archive, made)
    assert_alike(picture[10:], expected.round().astype(int), 0)
    assert (picture[:10] == 0).all()


def test_each_frame_of_an_enhanced_image_has_its_window(archive):
    made = image(numpy.stack([ramp(0, 1000)] * 3), NumberOfFrames=3)
    made.SOPClassUID = "1.2.840.10008.5.1.4.1.1.2.1"
    groups = []
    for center in (200, 500, 800):
        window, rescale, group = Dataset(), Dataset(), Dataset()
        window.WindowCenter, window.WindowWidth = center, 100
        rescale.RescaleIntercept, rescale.RescaleSlope, rescale.RescaleType = 10, 1, "HU"
        group.FrameVOILUTSequence = Sequence([window])
        group.PixelValueTransformationSequence = Sequence([rescale])
        groups.append(group)
    made.PerFrameFunctionalGroupsSequence = Sequence(groups)
    store(archive, made)
    for frame, center in enumerate((200, 500, 800), 1):
        x = ramp(0, 1000) + 10.0
        expected = numpy.clip((x - (center - 0.5)) / 99 + 0.5, 0, 1) * 255
        assert_alike(rendered(archive, made, frame), expected.round().astype(int), 0)


def test_one_bit_per_pixel(archive):
    mask = numpy.indices((2, 5, 7)).sum(axis=0) % 3 == 0  # frames do not begin at a byte
    made = image(mask[0], NumberOfFrames=2, BitsAllocated=1, BitsStored=1, HighBit=0)
    made.PixelData = numpy.packbits(mask.ravel(), bitorder="little").tobytes() + b"\0"
    store(archive, made)
    for frame in (1, 2):
        assert (rendered(archive, made, frame) == mask[frame - 1] * 255).all()


def test_floating_point_pixel_data(archive):
    values = numpy.linspace(-0.5, 1.5, 64 * 64, dtype=numpy.float32).reshape(64, 64)
    made = image(ramp(0, 1), BitsAllocated=32)
    for name in ("PixelData", "BitsStored", "HighBit", "PixelRepresentation"):
        delattr(made, name)
    made.add_new(0x7FE00008, "OF", values.tobytes())
    store(archive, made)
    assert_alike(rendered(archive, made), ((values + 0.5) / 2 * 255).round().astype(int), 0)
    exact = numpy.clip((values - 0.25) / 0.5 + 0.5, 0, 1) * 255
    assert_alike(rendered(archive, made, window="0.25,0.5,linear-exact"), exact.round().astype(int), 1)


# Colours -------------------------------------------------------------------------------------------------------------

def colours():
    y, x = numpy.indices((64, 64))
    return numpy.stack([x * 4, y * 4, (x * y) % 256], axis=-1).astype(numpy.uint8)


def colour_image(samples, **attributes):
    return image(ramp(0, 1), **{"SamplesPerPixel": 3, "PlanarConfiguration": 0, "BitsAllocated": 8, "BitsStored": 8,
                                "HighBit": 7, "PixelData": samples.tobytes(), **attributes})


@pytest.mark.parametrize("planar", [0, 1])
def test_colours(archive, tmp_path, planar):
    samples = colours().transpose(2, 0, 1) if planar else colours()
    made = colour_image(samples, PhotometricInterpretation="RGB", PlanarConfiguration=planar)
    store(archive, made)
    assert_alike(rendered(archive, made), peer_picture(written(made, tmp_path), tmp_path), 0)


def rgb_of_ybr(samples):
    """By pydicom: DCMTK cuts off fractions more than once."""
    return pydicom.pixel_data_handlers.util.convert_color_space(samples, "YBR_FULL", "RGB").astype(int)


@pytest.mark.parametrize("planar", [0, 1])
def test_luminance_and_chrominance(archive, planar):
    samples = colours().transpose(2, 0, 1) if planar else colours()
    made = colour_image(samples, PhotometricInterpretation="YBR_FULL", PlanarConfiguration=planar)
    store(archive, made)
    assert_alike(rendered(archive, made), rgb_of_ybr(colours()))


def test_pixels_that_share_chrominance(archive):
    c = colours()
    packed = numpy.stack([c[:, 0::2, 0], c[:, 1::2, 0], c[:, 0::2, 1], c[:, 0::2, 2]], axis=-1)
    made = colour_image(packed, PhotometricInterpretation="YBR_FULL_422")
    store(archive, made)
    c[:, 1::2, 1:] = c[:, 0::2, 1:]
    assert_alike(rendered(archive, made), rgb_of_ybr(c))


def palette_image(values, bits, tables, descriptor=None, segmented=False):
    made = image(values, PhotometricInterpretation="PALETTE COLOR", BitsAllocated=values.dtype.itemsize * 8)
    made.PixelData = values.tobytes()
    made.BitsStored = made.BitsAllocated
    made.HighBit = made.BitsAllocated - 1
    for name, table in zip(("Red", "Green", "Blue"), tables):
        made.add_new(f"{name}PaletteColorLookupTableDescriptor", "US", descriptor or [len(table) % 65536, 0, bits])
        name = f"Segmented{name}" if segmented else name
        made.add_new(f"{name}PaletteColorLookupTableData", "OW", numpy.asarray(table, "<u1" if bits == 8 else "<u2").tobytes())
    return made


@pytest.mark.parametrize("entries, cells", [(256, numpy.uint8), (4096, numpy.uint16), (65536, numpy.uint16)])
def test_palettes(archive, tmp_path, entries, cells):
    """One of 65536 entries is longer than what headers keep."""
    curve = numpy.linspace(0, 1, entries)
    tables = [(f * 65535).round() for f in (curve, 1 - curve, curve ** 2)]
    made = palette_image(ramp(0, min(entries + 10, numpy.iinfo(cells).max), cells), 16, tables)
    store(archive, made)
    assert_alike(rendered(archive, made), peer_picture(written(made, tmp_path), tmp_path))


def test_palette_of_8_bits(archive, tmp_path):
    curve = numpy.arange(256)
    made = palette_image(ramp(0, 255, numpy.uint8), 8, [curve, 255 - curve, curve // 2])
    store(archive, made)
    assert_alike(rendered(archive, made), peer_picture(written(made, tmp_path), tmp_path), 0)


def test_segmented_palette(archive):
    """Beside pydicom's own expansion: DCMTK's programs of this version do not all know it."""
    segments = [0, 2, 0, 1000, 1, 126, 65535, 1, 64, 300, 0, 1, 7, 1, 63, 40000]
    made = palette_image(ramp(0, 255, numpy.uint8), 16, [segments] * 3, [256, 0, 16], segmented=True)
    store(archive, made)
    made.file_meta = pydicom.dataset.FileMetaDataset()
    made.is_little_endian, made.is_implicit_VR = True, False
    expected = pydicom.pixel_data_handlers.util.apply_color_lut(ramp(0, 255, numpy.uint8), made) >> 8
    assert_alike(rendered(archive, made), expected.astype(int))


# Size and place ------------------------------------------------------------------------------------------------------

def test_a_thumbnail_is_the_average_of_what_it_covers(archive):
    values = numpy.random.default_rng(1).integers(0, 256, (96, 64)).astype(numpy.uint16)
    made = image(values, WindowCenter="128", WindowWidth="256")
    store(archive, made)
    expected = values.reshape(12, 8, 8, 8).mean(axis=(1, 3))
    picture = rendered(archive, made, viewport="12,12")
    assert_alike(picture, expected.round().astype(int))


def test_a_region_is_cut_out_mirrored_and_enlarged(archive):
    values = numpy.arange(64 * 64).reshape(64, 64).astype(numpy.uint16) % 251
    made = image(values, WindowCenter="128", WindowWidth="256")
    store(archive, made)
    assert (rendered(archive, made, viewport="20,10,5,6,20,10") == values[6:16, 5:25]).all()
    assert (rendered(archive, made, viewport="20,10,5,6,-20,10") == values[6:16, 5:25][:, ::-1]).all()
    assert (rendered(archive, made, viewport="20,10,5,6,20,-10") == values[6:16, 5:25][::-1]).all()
    assert rendered(archive, made, viewport="200,200,5,6,20,10").shape == (100, 200)


def test_pixels_that_are_no_squares(archive):
    made = image(ramp(0, 1000), PixelSpacing=["0.5", "1"])
    store(archive, made)
    assert rendered(archive, made).shape == (64, 128)
    assert rendered(archive, made, viewport="64,64").shape == (32, 64)


def test_the_smallest_and_the_largest_viewport(archive):
    made = image(ramp(0, 1000))
    store(archive, made)
    assert rendered(archive, made, viewport="1,1").shape == (1, 1)
    assert max(rendered(archive, made, accept="image/jpeg", viewport="16384,100").shape) == 100


def test_a_jpeg_looks_like_the_png(archive):
    for made, tolerance in ((image(ramp(0, 1000)), 3), (colour_image(colours(), PhotometricInterpretation="RGB"), 60)):
        store(archive, made)
        jpeg = rendered(archive, made, accept="image/jpeg", quality=95)
        png = rendered(archive, made)
        assert_alike(jpeg, png, tolerance)
        assert numpy.abs(jpeg - png).mean() < 6


# What can't be -------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("query", [dict(window="40,0,linear"), dict(window="40,-5,sigmoid"), dict(window="nan,100,linear"),
                                   dict(window="40"), dict(viewport="100,100,500,0,10,10"), dict(viewport="0,0"),
                                   dict(quality="0"), dict(quality="101")])
def test_wishes_that_contradict_themselves_are_bad_requests(archive, query):
    made = image(ramp(0, 1000))
    store(archive, made)
    assert get(archive, made, **query)[0] == 400


def test_frames_and_forms_that_there_are_not(archive):
    made = image(ramp(0, 1000))
    store(archive, made)
    assert get(archive, made, frame=2)[0] == 404
    assert get(archive, made, accept="image/gif")[0] == 406


@pytest.mark.parametrize("attributes, expected", [
    (dict(Rows=0), 406), (dict(Columns=0), 406), (dict(BitsAllocated=64, BitsStored=64, HighBit=63, Rows=16), 406),
    (dict(PhotometricInterpretation="CMYK", SamplesPerPixel=4, PlanarConfiguration=0, Rows=16), 406),
    (dict(PhotometricInterpretation="PALETTE COLOR"), 500), (dict(Rows=65535), 500)],
    ids=["no rows", "no columns", "64 bits", "CMYK", "no palette", "cut short"])
def test_objects_of_which_there_is_no_picture_do_no_harm(archive, attributes, expected):
    made = image(ramp(0, 1000), **attributes)
    store(archive, made)
    status, _, content = get(archive, made)
    assert status == expected, content


@pytest.mark.parametrize("attributes", [dict(WindowCenter="40", WindowWidth="0"), dict(WindowCenter="40", WindowWidth="-1"),
                                        dict(RescaleSlope="0", RescaleIntercept="5"), dict(PixelSpacing=["0", "1"]),
                                        dict(PixelSpacing=["1", "0.000001"]), dict(BitsStored=40), dict(HighBit=3)])
def test_attributes_that_lie_do_no_harm(archive, attributes):
    made = image(ramp(0, 1000))
    store(archive, made)
    other = image(ramp(0, 1000), **attributes)
    store(archive, other)
    assert (rendered(archive, other) == rendered(archive, made)).all()


@pytest.mark.parametrize("descriptor, data", [([0, 0, 16], b"\1\0"), ([9, 0, 16], b""), ([4, 0, 77], b"\0\0\1\0\2\0\3\0"),
                                              ([65535, 65535, 0], b"\0\0"), ([4, 0], b"\0\0")])
def test_lookup_tables_that_lie_do_no_harm(archive, descriptor, data):
    for name in ("VOILUTSequence", "ModalityLUTSequence"):
        made = image(ramp(0, 1000))
        item = Dataset()
        item.add_new("LUTDescriptor", "US", descriptor)
        item.add_new("LUTData", "OW", data)
        setattr(made, name, Sequence([item]))
        store(archive, made)
        assert rendered(archive, made).shape == (64, 64)
