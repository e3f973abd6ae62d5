"""The OHIF viewer in a real browser: judged by what is on the screen, not by what does not complain."""

import time
import warnings
from urllib.error import HTTPError
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

# Without the notice that lies over the image for who comes for the first time. There is no introduction that would.
HAS_BEEN_HERE = """if (location.protocol === 'http:') {
  sessionStorage.setItem('investigationalUseDialog', 'hidden');
}"""
ENCAPSULATED_PDF = "1.2.840.10008.5.1.4.1.1.104.1"
WHITE_PAGE = (b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
              b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
              b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")

pytestmark = pytest.mark.skipif(not FILES.is_dir(),
                                reason="the viewer is not here: cmake --build BUILD --target viewer-ohif-files")


def store(archive, objects):
    """Objects are (SOP class, transfer syntax, SOP instance, bytes)."""
    contexts = sorted({(sop_class, syntax) for sop_class, syntax, _, _ in objects})
    with archive.associate([(sop_class, [syntax]) for sop_class, syntax in contexts]) as a:
        for sop_class, syntax, uid, data in objects:
            assert a.store(a.context(sop_class, syntax), sop_class, uid, data).Status == 0


def made(data_set, syntax=EXPLICIT, data=None):
    """`data`, or the data set as it is, which may be encapsulated."""
    return data_set.SOPClassUID, syntax, data_set.SOPInstanceUID, data or encode(data_set, EXPLICIT)


class Viewer:
    """The viewer on the screen of a browser, with one study open."""

    def __init__(self, browser, archive):  # noqa: F811
        self.browser = browser
        self.browser.before_pages(script=HAS_BEEN_HERE)
        self.archive = archive
        self.box = None

    def open(self, study, prefix=""):
        self.browser.open(url=f"{self.archive.url}{prefix}/viewer?StudyInstanceUIDs={study}")
        self.find_image()

    def find_image(self):
        self.browser.until_shown(selector="canvas")
        self.box = self.browser.box(selector="canvas")

    def screen(self, name="last"):
        SCREENS.mkdir(parents=True, exist_ok=True)
        path = SCREENS / f"{name}.png"
        self.browser.screenshot(path=str(path))
        return path

    def number(self):
        return patterns.read(self.screen(), self.box)

    def until(self, condition, seconds=60):
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                seen = self.browser.seen()
                said = [*seen["failures"], *seen["errors"], *seen["violations"]]
                raise AssertionError(f"not seen; the screen is in {self.screen('failed')}; the browser said: {said}")
            time.sleep(0.2)

    def shows(self, number):
        self.until(lambda: self.number() == number)

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

    def steady(self):
        """The middle of the image as soon as it is there and stays the same."""
        pictures = []

        def same_again():
            time.sleep(0.8)
            pictures.append(self.middle())
            return len(pictures) > 1 and numpy.array_equal(pictures[-1], pictures[-2]) and pictures[-1].max() > 50 and \
                "Loading" not in self.browser.text()

        self.until(same_again)
        return pictures[-1]

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
    store(archive, [made(patterns.image(study, series, number)) for number in range(1, patterns.COUNT + 1)])

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


LOSSY = {"1.2.840.10008.1.2.4.50"}
SAME_IMAGES = {
    "grey": ["MR_small.dcm", "MR_small_RLE.dcm", "MR_small_jp2klossless.dcm", "MR_small_jpeg_ls_lossless.dcm"],
    "colour": ["SC_rgb_rle.dcm", "SC_rgb_jpeg_gdcm.dcm", "SC_rgb_jpeg_dcmtk.dcm"],
}


@pytest.mark.parametrize("kind", SAME_IMAGES)
def test_files_of_other_peoples_encoders_look_the_same(viewer, archive, kind):
    study, series = generate_uid(), generate_uid()
    objects, syntaxes = [], []
    for number, name in enumerate(SAME_IMAGES[kind], 1):
        image = pydicom.dcmread(PYDICOM_FILES / name)
        image.StudyInstanceUID, image.SeriesInstanceUID, image.SOPInstanceUID = study, series, generate_uid()
        image.InstanceNumber = number
        syntaxes.append(str(image.file_meta.TransferSyntaxUID))
        objects.append(made(image, syntaxes[-1]))
    store(archive, objects)

    viewer.open(study)
    first = viewer.steady()
    assert first.max() - first.min() > 100, "an image of one brightness"
    for number, name in enumerate(SAME_IMAGES[kind][1:], 2):
        viewer.scroll()
        viewer.says(f"({number}/{len(objects)})")
        difference = numpy.abs(viewer.steady() - first)
        viewer.screen(name.removesuffix(".dcm"))
        assert difference.mean() < (6 if syntaxes[number - 1] in LOSSY else 0.5), name
    viewer.is_well()


def test_the_study_list_shows_the_patient_and_opens_the_study(viewer, archive):
    study, series = generate_uid(), generate_uid()
    store(archive, [made(patterns.image(study, series, 7, PatientName="Listed^Lena", PatientID="L77"))])
    page = viewer.browser
    page.open(url=f"{archive.url}/viewer")
    page.wait_for(text="Listed, Lena")
    page.click(text="Listed, Lena")
    page.wait_for(text="L77")
    page.wait_for(text="Basic Viewer")
    viewer.screen("study list")
    assert "Thorax" in page.text()
    page.click(text="Listed, Lena", twice=True)
    viewer.find_image()
    viewer.shows(7)
    viewer.is_well()


def test_a_pdf_document_is_shown(viewer, archive):
    """By the browser itself, from inside the page: what a strict policy easily forbids."""
    study = generate_uid()
    document = patterns.image(study, generate_uid(), 1, Modality="DOC")
    for element in [e for e in document if e.tag.group in (0x0028, 0x7FE0)]:
        del document[element.tag]
    document.SOPClassUID, document.MIMETypeOfEncapsulatedDocument = ENCAPSULATED_PDF, "application/pdf"
    document.EncapsulatedDocument = WHITE_PAGE + b"\n" * (len(WHITE_PAGE) % 2)
    store(archive, [made(document)])

    viewer.browser.open(url=f"{archive.url}/viewer?StudyInstanceUIDs={study}")
    viewer.box = viewer.browser.box(selector="object")
    viewer.until(lambda: (viewer.middle() > 250).mean() > 0.2)
    viewer.screen("document")
    viewer.is_well()


def test_behind_a_proxy_with_a_path_of_its_own_everything_is_found(browser, make_archive, tmp_path):  # noqa: F811
    config = tmp_path / "with-prefix.yaml"
    text = (ROOT / "config" / "quickstart.yaml").read_text()
    config.write_text(text.replace("  http:\n    config:\n", "  http:\n    config:\n      prefix: /pacs\n"))
    archive = make_archive(config=config).start()
    study = generate_uid()
    syntaxes = patterns.TRANSFER_SYNTAXES
    image = patterns.image(study, generate_uid(), 9)
    store(archive, [made(image, *syntaxes["JPEG-LS Lossless"](image, tmp_path))])

    viewer = Viewer(browser, archive)
    viewer.open(study, prefix="/pacs")
    viewer.shows(9)
    viewer.is_well()
    asked = [urlsplit(request["url"]) for request in browser.seen()["requests"]]
    assert [url for url in asked if url.scheme == "http" and not url.path.startswith("/pacs/")] == []


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


def test_without_its_files_the_archive_runs_and_says_how_to_get_them(make_archive, tmp_path):
    config = tmp_path / "without-files.yaml"
    text = (ROOT / "config" / "quickstart.yaml").read_text()
    config.write_text(text.replace("  viewer-ohif:\n", f"  viewer-ohif:\n    config: {{files: {tmp_path}/none}}\n"))
    archive = make_archive(config=config).start()
    assert f"plugins/viewer-ohif/fetch.sh {tmp_path}/none" in archive.log.read_text()
    with pytest.raises(HTTPError) as refused:
        urlopen(f"{archive.url}/viewer", timeout=10)
    assert refused.value.code == 404
    assert archive.stop() == 0
