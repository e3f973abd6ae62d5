"""Objects to send: the real files of Debian's python3-pydicom, and made ones."""

import pathlib

import numpy
import pydicom
from pydicom.dataset import Dataset
from pydicom.uid import generate_uid

from upper_layer import CT, EXPLICIT, encode

PYDICOM_FILES = pathlib.Path(pydicom.__file__).parent / "data" / "test_files"
CHARSET_FILES = pathlib.Path(pydicom.__file__).parent / "data" / "charset_files"


def ct(study, series, number, instance=None, side=32, **attributes):
    """A small CT image; the pixels differ from instance to instance."""
    image = Dataset()
    image.SpecificCharacterSet = "ISO_IR 192"
    image.SOPClassUID = CT
    image.SOPInstanceUID = instance or generate_uid()
    image.StudyDate = "20240102"
    image.StudyTime = "101112"
    image.ContentDate = "20240102"
    image.AccessionNumber = "A1"
    image.Modality = "CT"
    image.Manufacturer = "Fermata tests"
    image.InstitutionName = "Hospital"
    image.ReferringPhysicianName = "Ref^Erring"
    image.StudyDescription = "Thorax"
    image.SeriesDescription = "Lung"
    image.PatientName = "Doe^Jane"
    image.PatientID = "P1"
    image.PatientBirthDate = "19700101"
    image.PatientSex = "F"
    image.StudyInstanceUID = study
    image.SeriesInstanceUID = series
    image.StudyID = "S1"
    image.SeriesNumber = 1
    image.InstanceNumber = number
    image.SamplesPerPixel = 1
    image.PhotometricInterpretation = "MONOCHROME2"
    image.Rows = side
    image.Columns = side
    image.BitsAllocated = 16
    image.BitsStored = 12
    image.HighBit = 11
    image.PixelRepresentation = 0
    pixels = numpy.arange(side * side, dtype=numpy.uint16) + number
    image.PixelData = (pixels % 4096).astype("<u2").tobytes()
    image["PixelData"].VR = "OW"
    for name, value in attributes.items():
        setattr(image, name, value)
    return image


def ct_bytes(*args, **kwargs):
    image = ct(*args, **kwargs)
    return image.SOPInstanceUID, encode(image, EXPLICIT)


def valid_part10_files():
    """The files that are whole DICOM objects with everything an archive needs, and the others with the reason."""
    valid, others = [], []
    for path in sorted(PYDICOM_FILES.glob("*.dcm")):
        reason = None
        try:
            data_set = pydicom.dcmread(path, stop_before_pixels=False)
            meta = data_set.file_meta
            if not path.read_bytes()[128:132] == b"DICM":
                reason = "no preamble"
            elif "MediaStorageSOPClassUID" not in meta or "TransferSyntaxUID" not in meta:
                reason = "incomplete file meta information"
            elif "FileMetaInformationGroupLength" not in meta:
                reason = "file meta information without group length"
            elif meta.MediaStorageSOPClassUID == "1.2.840.10008.1.3.10":
                reason = "a DICOMDIR, not an instance"
            else:
                missing = [k for k in ("SOPClassUID", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID")
                           if not data_set.get(k)]
                if missing:
                    reason = "without " + ", ".join(missing)
        except Exception as error:  # whatever pydicom can't read is named with its message
            reason = f"{type(error).__name__}: {error}"
        (others if reason else valid).append((path, reason) if reason else path)
    return valid, others
