"""The OHIF viewer in a real browser: judged by what is on the screen, not by what does not complain."""

import time
import warnings
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import numpy
import pydicom
import pytest
from PIL import Image
from pydicom.uid import generate_uid

import patterns
from chromium import browser  # noqa: F401  (a fixture)
from conftest import BUILD, ROOT
from objects import PYDICOM_FILES
from upper_layer import EXPLICIT, encode

warnings.filterwarnings("ignore")
SCREENS = ROOT / "build" / "test-results" / "viewer"
FILES = BUILD / "share" / "fermata" / "viewer-ohif"

pytestmark = pytest.mark.skipif(not FILES.is_dir(),
                                reason="the viewer is not here: cmake --build BUILD --target viewer-ohif-files")


def store(archive, objects):
    """Objects are (SOP class, transfer syntax, SOP instance, bytes)."""
    contexts = sorted({(sop_class, syntax) for sop_class, syntax, _, _ in objects})
    with archive.associate([(sop_class, [syntax]) for sop_class, syntax in contexts]) as a:
        for sop_class, syntax, uid, data in objects:
            assert a.store(a.context(sop_class, syntax), sop_class, uid, data).Status == 0


def made(data_set, syntax=EXPLICIT, data=None):
    return data_set.SOPClassUID, syntax, data_set.SOPInstanceUID, data or encode(data_set, syntax)


class Viewer:
    """The viewer on the screen of a browser, with one study open."""

    def __init__(self, browser, archive):  # noqa: F811
        self.browser = browser
        self.archive = archive
        self.box = None

    def open(self, study):
        self.browser.open(url=f"{self.archive.url}/viewer?StudyInstanceUIDs={study}")
        self.browser.until_shown(selector="canvas")
        for text in ("Confirm and hide", "Skip all"):  # of a notice and an introduction for those who come first
            self.browser.click_if_shown(text=text)
        self.box = self.browser.box(selector="canvas")
        return self

    def screen(self, name="last"):
        SCREENS.mkdir(parents=True, exist_ok=True)
        path = SCREENS / f"{name}.png"
        self.browser.screenshot(path=str(path))
        return path

    def number(self):
        return patterns.read(self.screen(), self.box)

    def shows(self, number, seconds=60):
        end = time.monotonic() + seconds
        while (seen := self.number()) != number:
            assert time.monotonic() < end, f"{seen} instead of {number}; see {SCREENS}\n{self.browser.seen()}"
            time.sleep(0.2)

    def scroll(self, by=1):
        x, y = self.box["x"] + self.box["width"] / 2, self.box["y"] + self.box["height"] / 2
        self.browser.wheel(x=x, y=y, by=100 * by)

    def middle(self):
        """The middle of the image, in colours: what is written around it is left out."""
        side = min(self.box["width"], self.box["height"]) * 0.7
        x, y = self.box["x"] + self.box["width"] / 2, self.box["y"] + self.box["height"] / 2
        area = [int(v) for v in (x - side / 2, y - side / 2, x + side / 2, y + side / 2)]
        return numpy.asarray(Image.open(self.screen()).convert("RGB").crop(area), numpy.int16)

    def says(self, text):
        self.browser.wait_for(text=text)

    def steady(self, seconds=60):
        """The middle of the image as soon as it is there and stays the same."""
        end = time.monotonic() + seconds
        last = self.middle()
        while True:
            time.sleep(1)
            now = self.middle()
            if numpy.array_equal(now, last) and now.max() > 50 and "Loading" not in self.browser.text():
                return now
            assert time.monotonic() < end, f"nothing steady; see {SCREENS}\n{self.browser.seen()}"
            last = now

    def is_well(self):
        """Nothing was asked of anybody but the archive, and nothing was refused, by it or by the page's policy."""
        assert self.browser.hosts() == {urlsplit(self.archive.url).netloc}
        seen = self.browser.seen()
        assert (seen["violations"], seen["failures"], seen["errors"]) == ([], [], [])


@pytest.fixture
def viewer(browser, archive):  # noqa: F811
    return Viewer(browser, archive)


def test_a_series_is_seen_and_scrolled(viewer, archive):
    study, series = generate_uid(), generate_uid()
    images = [patterns.image(study, series, n, PatientName="Skroll^Anna", PatientID="SC1") for n in range(1, patterns.COUNT + 1)]
    store(archive, [made(image) for image in images])

    viewer.open(study)
    viewer.shows(1)
    viewer.screen("series")
    for number in range(2, 6):
        viewer.scroll()
        viewer.shows(number)
    viewer.scroll(by=-1)
    viewer.shows(4)
    viewer.browser.press(key="ArrowDown")
    viewer.shows(5)
    viewer.browser.press(key="End")
    viewer.shows(patterns.COUNT)
    viewer.screen("end of the series")

    thumbnail = viewer.browser.box(selector='[data-cy="study-browser-thumbnail"] img')
    assert patterns.read(viewer.screen(), thumbnail) in range(1, patterns.COUNT + 1)
    viewer.is_well()


def test_every_transfer_syntax_is_decoded(viewer, archive, tmp_path):
    study, series = generate_uid(), generate_uid()
    objects = []
    for number, encoded in enumerate(patterns.TRANSFER_SYNTAXES.values(), 1):
        image = patterns.image(study, series, number)
        objects.append(made(image, *encoded(image, tmp_path)))
    assert len({syntax for _, syntax, _, _ in objects}) == len(patterns.TRANSFER_SYNTAXES)
    store(archive, objects)

    viewer.open(study)
    viewer.shows(1)
    for number, name in enumerate(patterns.TRANSFER_SYNTAXES, 1):
        viewer.shows(number)
        viewer.screen(name.removesuffix(".dcm"))
        viewer.scroll()
    viewer.is_well()


SAME_IMAGES = {
    "grey": ["MR_small.dcm", "MR_small_RLE.dcm", "MR_small_jp2klossless.dcm", "MR_small_jpeg_ls_lossless.dcm"],
    "colour": ["SC_rgb_rle.dcm", "SC_rgb_jpeg_gdcm.dcm", "SC_rgb_jpeg_dcmtk.dcm"],
}


@pytest.mark.parametrize("kind", SAME_IMAGES)
def test_files_of_other_peoples_encoders_look_the_same(viewer, archive, kind):
    study, series = generate_uid(), generate_uid()
    objects = []
    for number, name in enumerate(SAME_IMAGES[kind], 1):
        image = pydicom.dcmread(PYDICOM_FILES / name)
        image.StudyInstanceUID, image.SeriesInstanceUID, image.SOPInstanceUID = study, series, generate_uid()
        image.InstanceNumber = number
        syntax = str(image.file_meta.TransferSyntaxUID)
        objects.append(made(image, syntax, encode(image, EXPLICIT)))
    store(archive, objects)

    viewer.open(study)
    first = viewer.steady()
    assert first.max() - first.min() > 100, "an image of one brightness"
    for number, name in enumerate(SAME_IMAGES[kind][1:], 2):
        viewer.scroll()
        viewer.says(f"({number}/{len(objects)})")
        difference = numpy.abs(viewer.steady() - first)
        viewer.screen(name.removesuffix(".dcm"))
        assert difference.mean() < (6 if "lossy" in name or "dcmtk" in name else 0.5), name
    viewer.is_well()


def test_the_study_list_shows_the_patient_and_opens_the_study(viewer, archive):
    study, series = generate_uid(), generate_uid()
    store(archive, [made(patterns.image(study, series, 7, PatientName="Listed^Lena", PatientID="L77"))])
    page = viewer.browser
    page.open(url=f"{archive.url}/viewer")
    page.wait_for(text="Listed")
    text = page.text()
    assert "L77" in text and "Thorax" in text and "CT" in text
    viewer.screen("study list")
    viewer.is_well()


def test_files_may_be_kept_for_ever_but_the_page_is_asked_for_again(archive):
    def get(path, **headers):
        with urlopen(Request(archive.url + path, headers=headers), timeout=10) as answer:
            return answer.headers, answer.read().decode()

    headers, page = get("/viewer")
    assert headers["Cache-Control"] == "no-cache"
    version = next(FILES.joinpath("static").iterdir()).name
    assert f"/viewer/{version}/app.bundle" in page and "http" not in page
    headers, configuration = get("/viewer/app-config.js")
    assert headers["Content-Type"].startswith("text/javascript") and "'/dicom-web'" in configuration
    headers, _ = get(f"/viewer/{version}/manifest.json")
    assert "immutable" in headers["Cache-Control"]
