"""Images that say which one they are: of a grid of squares one is bright, and a mark shows which corner is the first.

`image(n)` makes the n-th of a series; `read` finds n again in a picture of a screen.
"""

import pathlib
import subprocess

import numpy
from PIL import Image
from pydicom.dataset import FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import generate_uid

from objects import ct
from upper_layer import EXPLICIT, IMPLICIT, encode, read_part10

SIDE = 256
COLUMNS, ROWS = 5, 4
COUNT = COLUMNS * ROWS
CELL = 36       # pixels
LEFT, TOP = 38, 56
BRIGHT, MARK = 240, 120  # of 255
HTJ2K = "1.2.840.10008.1.2.4.201"


def pixels(number):
    """`number` counts from 1, line by line."""
    out = numpy.zeros((SIDE, SIDE), numpy.uint8)
    row, column = divmod(number - 1, COLUMNS)
    top, left = TOP + row * CELL, LEFT + column * CELL
    out[top + 3:top + CELL - 3, left + 3:left + CELL - 3] = BRIGHT
    out[8:40, 64:80] = MARK
    return out


def image(study, series, number, **attributes):
    """A CT image of 8 bits, so that every codec takes it; slices lie a millimetre apart."""
    made = ct(study, series, number, side=SIDE, **attributes)
    made.BitsAllocated, made.BitsStored, made.HighBit = 8, 8, 7
    made.PixelData = pixels(number).tobytes()
    made["PixelData"].VR = "OB"
    made.WindowCenter, made.WindowWidth = 128, 256
    made.RescaleIntercept, made.RescaleSlope = 0, 1
    made.PixelSpacing = [1, 1]
    made.SliceThickness = 1
    made.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    made.ImagePositionPatient = [0, 0, -number]  # from the head down, as viewers order them
    made.FrameOfReferenceUID = study
    return made


def write(data_set, path):
    data_set.file_meta = FileMetaDataset()
    data_set.file_meta.MediaStorageSOPClassUID = data_set.SOPClassUID
    data_set.file_meta.MediaStorageSOPInstanceUID = data_set.SOPInstanceUID
    data_set.file_meta.TransferSyntaxUID = EXPLICIT
    data_set.is_little_endian, data_set.is_implicit_VR = True, False
    data_set.save_as(path, write_like_original=False)


def compressed_by(*command):
    def compress(data_set, folder):
        plain, small = folder / "plain.dcm", folder / "small.dcm"
        write(data_set, plain)
        small.unlink(missing_ok=True)
        subprocess.run([*command, str(plain), str(small)], check=True, capture_output=True, timeout=60)
        meta, data = read_part10(small)
        return str(meta.TransferSyntaxUID), data
    return compress


def htj2k(data_set, folder):
    """No tool of Debian writes HTJ2K into DICOM: the code stream comes from OpenJPH, its encapsulation from here."""
    grey, stream = folder / "image.pgm", folder / "image.j2c"
    grey.write_bytes(b"P5 %d %d 255\n" % (SIDE, SIDE) + data_set.PixelData)
    subprocess.run(["ojph_compress", "-i", str(grey), "-o", str(stream), "-reversible", "true"], check=True,
                   capture_output=True, timeout=60)
    data_set.PixelData = encapsulate([stream.read_bytes()])
    data_set["PixelData"].VR, data_set["PixelData"].is_undefined_length = "OB", True
    return HTJ2K, encode(data_set, EXPLICIT)


# How each transfer syntax comes about: data set, folder for work -> UID, bytes
TRANSFER_SYNTAXES = {
    "Explicit VR Little Endian": lambda data_set, _: (EXPLICIT, encode(data_set, EXPLICIT)),
    "Implicit VR Little Endian": lambda data_set, _: (IMPLICIT, encode(data_set, IMPLICIT)),
    "RLE Lossless": compressed_by("dcmcrle", "-ll", "fatal"),
    "JPEG Baseline": compressed_by("dcmcjpeg", "--uid-never", "+eb", "+q", "95"),
    "JPEG Lossless": compressed_by("dcmcjpeg", "+e1"),
    "JPEG-LS Lossless": compressed_by("dcmcjpls", "+el"),
    "JPEG-LS Near-Lossless": compressed_by("dcmcjpls", "--uid-never", "+en"),
    "JPEG 2000 Lossless": compressed_by("gdcmconv", "--j2k"),
    "HTJ2K Lossless": htj2k,
}


def read(screen, box):
    """The number of the image that fills the height of `box` on the screen, upright; None if no image, or several, or
    something else, is there. `screen`: the path of a picture, or its grey values."""
    if isinstance(screen, (str, pathlib.Path)):
        screen = numpy.asarray(Image.open(screen).convert("L"))
    side = min(box["width"], box["height"])
    scale = side / SIDE
    left = box["x"] + (box["width"] - side) / 2
    top = box["y"] + (box["height"] - side) / 2

    def brightness(y, x, height, width):
        rows = slice(int(top + y * scale) + 1, int(top + (y + height) * scale) - 1)
        columns = slice(int(left + x * scale) + 1, int(left + (x + width) * scale) - 1)
        return float(screen[rows, columns].mean())

    inset = 9
    cells = [brightness(TOP + row * CELL + inset, LEFT + column * CELL + inset, CELL - 2 * inset, CELL - 2 * inset)
             for row in range(ROWS) for column in range(COLUMNS)]
    bright = [n for n, value in enumerate(cells, 1) if value > 200]
    dark = [n for n, value in enumerate(cells, 1) if value < 40]
    mark = brightness(14, 68, 20, 8)
    if len(bright) == 1 and len(dark) == COUNT - 1 and 80 < mark < 160:
        return bright[0]
    return None
