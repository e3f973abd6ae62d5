"""The web application in a real browser, on a real archive: what people do with it, and that nothing keeps them out."""

import gzip
import http.client
import json
import os
import pathlib
import re
import shutil
import subprocess
import time
import urllib.parse

import pytest
from pydicom.uid import generate_uid

import patterns
from chromium import browser  # noqa: F401  (a fixture)
from conftest import BUILD, PLUGINS_OF_AN_ARCHIVE, ROOT, free_port

FILES = BUILD / "share" / "fermata" / "admin"
VIEWER = BUILD / "share" / "fermata" / "viewer-ohif"
SCREENS = pathlib.Path(os.environ.get("FERMATA_WEB_SCREENS", ROOT / "build" / "test-results" / "web"))
PASSWORD = "correct horse battery"
SECONDS = 30
GERMAN = "Object.defineProperty(navigator, 'languages', {get: () => ['de-DE', 'en']})"

CONFIG = """
drain_deadline: 5s
""" + PLUGINS_OF_AN_ARCHIVE + """\
  application-entities:
    config:
      trusted_networks: []
  codecs:
  dimse:
    config:
      bind: 127.0.0.1
      port: ${FERMATA_DIMSE_PORT}
  http:
    config:
      port: ${FERMATA_HTTP_PORT}
  dicomweb:
  audit:
  jobs:
  transfers:
  worklist:
  accounts:
    config:
      admin_password: "${FERMATA_ADMIN_PASSWORD:-}"
      admin_must_change: false
  admin:
    config:
      dimse_port: ${FERMATA_DIMSE_PORT}
  viewer-ohif:
    required: false
"""

pytestmark = [
    pytest.mark.skipif(not (FILES / "index.html").is_file(),
                       reason="the web application is not here: cmake --build BUILD --target admin-web"),
    pytest.mark.skipif(shutil.which("storescu") is None, reason="DCMTK's tools are not installed"),
]


class Api:
    """The same archive for the test itself, past the browser."""

    def __init__(self, url):
        self.server = urllib.parse.urlsplit(url)
        self.cookie = None

    def __call__(self, method, path, body=None):
        connection = http.client.HTTPConnection(self.server.hostname, self.server.port, timeout=60)
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if self.cookie:
            headers["Cookie"] = self.cookie
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        assert answer.status < 300, (method, path, answer.status, content)
        if "Set-Cookie" in answer.headers:
            self.cookie = answer.headers["Set-Cookie"].split(";")[0]
        return json.loads(content) if content else None


class Site:
    """The application on the screen."""

    def __init__(self, page, archive, prefix=""):
        self.page = page
        self.address = archive.url + prefix
        self.archive = archive
        self.api = Api(archive.url)
        self.visits = 0

    def open(self, address="/"):
        # Another query each time: an address that differs in its fragment only would not be loaded anew.
        self.visits += 1
        self.page.open(url=f"{self.address}/?visit={self.visits}#{address}")

    def sign_in(self, name="admin", password=PASSWORD):
        self.page.fill(label="Name", text=name, timeout=SECONDS * 1000)
        self.page.fill(label="Password", text=password)
        self.page.press(key="Enter")

    def enter(self, name="admin"):
        self.open()
        self.sign_in(name)
        self.page.until_shown(selector="nav a", timeout=SECONDS * 1000)

    def says(self, text):
        self.page.wait_for(text=text, timeout=SECONDS * 1000)

    def until(self, condition, what):
        end = time.monotonic() + SECONDS
        while not (value := condition()):
            assert time.monotonic() < end, f"{what} was not seen; the screen is in {self.screen('failed')}"
            time.sleep(0.1)
        return value

    def screen(self, name):
        SCREENS.mkdir(parents=True, exist_ok=True)
        path = SCREENS / f"{name}.png"
        self.page.screenshot(path=str(path))
        return path

    def storescu(self, *files, title="MODALITY", called="FERMATA"):
        return subprocess.run(["storescu", "-aet", title, "-aec", called, "127.0.0.1", str(self.archive.port), *map(str, files)],
                              capture_output=True, text=True, timeout=60)

    def is_well(self, expected=("501",)):
        """Nothing was asked of anybody else, and the page's policy and its scripts had nothing to complain about.

        501 is how this archive says that it does not look around for stations."""
        assert self.page.hosts() == {urllib.parse.urlsplit(self.archive.url).netloc}
        seen = self.page.seen()
        assert seen["violations"] == []
        assert [error for error in seen["errors"] if not any(text in error for text in expected)] == []


@pytest.fixture
def start(browser, make_archive, tmp_path):  # noqa: F811
    def make(password=PASSWORD, text=CONFIG, prefix=""):
        config = tmp_path / "web.yaml"
        config.write_text(text)
        archive = make_archive(config=config, FERMATA_ADMIN_PASSWORD=password)
        archive.log.write_text("")
        archive.start()
        site = Site(browser, archive, prefix)
        site.until(lambda: "host: ready" in archive.log.read_text(), "an archive that is ready")
        if password:
            site.api("POST", "/api/session", {"name": "admin", "password": password})
        return site

    return make


@pytest.fixture
def site(start):
    return start()


def write(path, number=1, study=None, series=None, **attributes):
    """An image as a file."""
    patterns.write(patterns.image(study or generate_uid(), series or generate_uid(), number, **attributes), path)
    return path


def fill_with_studies(site, folder):
    """Some studies, of somebody who is let in for that."""
    site.api("PUT", "/api/nodes/FILLER", {"host": "127.0.0.1", "port": 104, "rights": ["echo", "store"]})
    files = []
    for person, modality in (("Müller^Anna", "CT"), ("Doe^Jane", "MR"), ("García^Luis", "DX")):
        study, series = generate_uid(), generate_uid()
        for number in range(1, 4):
            files.append(write(folder / f"{len(files)}.dcm", number, study, series, PatientName=person, PatientID=f"P{len(files)}",
                               Modality=modality, StudyDescription="Follow-up", SpecificCharacterSet="ISO_IR 192"))
    assert site.storescu(*files, title="FILLER").returncode == 0
    return files


def test_the_first_administrator_comes_with_the_link_from_the_log(start):
    site = start(password="")
    token = site.until(lambda: re.search(r"setup=([\w.~-]+)", site.archive.log.read_text()), "the link").group(1)
    page = site.page
    site.open()
    site.says("Nobody has an account yet")
    page.open(url=f"{site.archive.url}/?setup={token}")
    site.says("Set up the first administrator")
    page.fill(label="Name to sign in with", text="jane doe")
    page.fill(label="Full name", text="Jane Doe")
    page.fill(label="Password", text="short")
    page.fill(label="Password again", text="short")
    page.press_button(name="Create account")
    site.says("At least 10 characters.")
    page.fill(label="Password", text=PASSWORD)
    page.fill(label="Password again", text=PASSWORD)
    page.press_button(name="Create account")
    site.says("without spaces.")
    page.fill(label="Name to sign in with", text="jane")
    assert page.barriers() == []
    site.screen("setup")
    page.open(url=f"{site.archive.url}/?setup=guessed")
    site.says("start the archive again, and its log shows a new link")
    page.open(url=f"{site.archive.url}/?setup={token}")
    page.fill(label="Name to sign in with", text="jane", timeout=SECONDS * 1000)
    page.fill(label="Full name", text="Jane Doe")
    page.fill(label="Password", text=PASSWORD)
    page.fill(label="Password again", text=PASSWORD)
    page.press_button(name="Create account")
    site.says("No studies yet")
    assert "setup=" not in page.address()
    site.until(lambda: page.run(script="[...document.querySelectorAll('main code')].map(value => value.textContent)")[:1] == ["FERMATA"], "what to tell other machines")
    assert str(site.archive.port) in page.run(script="[...document.querySelectorAll('main code')].map(value => value.textContent)")
    assert page.barriers() == []

    page.press_button(name="Jane Doe")
    page.press_button(name="Sign out", role="menuitem")
    site.sign_in("jane", "wrong password")
    site.says("Name or password is wrong")
    site.sign_in("jane")
    site.says("No studies yet")
    page.open(url=f"{site.archive.url}/?setup={token}")
    site.says("This link has ended")
    site.says("Ask an administrator for a new one")
    site.is_well(expected=["401", "403", "404"])


def test_a_modality_that_knocks_is_let_in_and_its_study_is_seen_at_once(site, tmp_path):
    page = site.page
    image = write(tmp_path / "image.dcm", 7, PatientName="Knocking^Kim", PatientID="K1")
    site.enter()
    assert site.storescu(image).returncode != 0
    site.says("1 caller was refused")
    page.click(selector='nav a[href*="nodes"]')
    site.says("MODALITY")
    site.screen("knocking")
    page.press_button(name="Let in: MODALITY")
    site.says("MODALITY is let in")
    page.until_gone(text="These machines tried to connect", timeout=SECONDS * 1000)

    page.click(selector='nav a[href*="studies"]')
    site.says("No studies yet")
    loaded = len([request for request in page.seen()["requests"] if request["url"].endswith(".css")])
    assert site.storescu(image).returncode == 0
    site.says("Knocking, Kim")
    assert len([request for request in page.seen()["requests"] if request["url"].endswith(".css")]) == loaded, "a reload"

    page.click(text="Knocking, Kim")
    shown = "document.querySelector('aside img')?.naturalWidth"
    site.until(lambda: page.run(script=shown), "a thumbnail")
    site.screen("study")
    assert page.barriers() == []
    if VIEWER.is_dir():
        page.press_button(name="Open in viewer", role="link")
        site.until(lambda: any("/viewer?StudyInstanceUIDs=" in url for url in page.addresses()), "the viewer")
    site.is_well()


def test_a_folder_is_uploaded(site, tmp_path):
    folder = tmp_path / "to upload" / "CD"
    folder.mkdir(parents=True)
    study, series = generate_uid(), generate_uid()
    for number in range(1, 6):
        write(folder / f"IM{number}", number, study, series, PatientName="Upload^Ulla")
    (folder / "read me.txt").write_text("not an image")
    page = site.page
    site.enter()
    page.choose_files(selector='[data-upload="folder"]', paths=str(folder.parent))
    site.says("Upload finished with problems")
    site.says("5 stored · 1 not DICOM")
    site.says("Upload, Ulla")
    assert page.barriers() == []
    site.screen("upload")
    assert len(site.archive.objects()) == 5
    page.choose_files(selector='[data-upload="files"]', paths=[str(folder / "IM1")])
    site.says("1 was there already")
    site.is_well()


def test_a_study_is_sent_with_progress(site, tmp_path):
    port = free_port()
    arrived = tmp_path / "arrived"
    arrived.mkdir()
    study, series = generate_uid(), generate_uid()
    site.api("PUT", "/api/nodes/FILLER", {"host": "127.0.0.1", "port": 104, "rights": ["echo", "store"]})
    files = [write(tmp_path / f"{n}.dcm", n, study, series, PatientName="Sent^Sam") for n in range(1, 9)]
    assert site.storescu(*files, title="FILLER").returncode == 0
    site.api("PUT", "/api/nodes/WORKSTATION", {"host": "127.0.0.1", "port": port, "rights": ["echo"], "description": "Room 2"})
    page = site.page
    with subprocess.Popen(["storescp", "-aet", "WORKSTATION", "-od", str(arrived), str(port)], stderr=subprocess.DEVNULL) as peer:
        site.enter()
        page.click(text="Sent, Sam")
        page.press_button(name="Send", exact=True)
        page.click(selector='label:has-text("WORKSTATION")')
        site.screen("send")
        page.click(selector='[role="dialog"] button[type="submit"]')
        site.says("Sent to WORKSTATION")
        site.screen("sent")
        assert len(list(arrived.iterdir())) == len(files)
        peer.terminate()
    page.click(text="Show in queue")
    site.says("Done")
    assert page.barriers() == []
    site.is_well()


def test_a_study_that_was_deleted_comes_back(site, tmp_path):
    fill_with_studies(site, tmp_path)
    page = site.page
    site.enter()
    page.click(text="Doe, Jane")
    page.press_button(name="More actions")
    page.press_button(name="Delete", role="menuitem")
    site.says("Study moved to the trash")
    page.until_gone(text="Doe, Jane", timeout=SECONDS * 1000)
    page.press_button(name="Undo")
    site.says("Restored")
    site.says("Doe, Jane")

    page.click(text="Doe, Jane")
    page.press_button(name="More actions")
    page.press_button(name="Delete", role="menuitem")
    site.says("Study moved to the trash")
    page.click(selector='nav a[href*="trash"]')
    page.press_button(name="Restore: Doe, Jane")
    site.says("The trash is empty")
    site.is_well()


def test_with_the_keyboard_alone_a_study_is_found_and_opened(site, tmp_path):
    fill_with_studies(site, tmp_path)
    page = site.page
    site.enter()
    site.says("Doe, Jane")
    page.press(key="/")
    for key in "muller":
        page.press(key=key)
    page.until_gone(text="Doe, Jane", timeout=SECONDS * 1000)
    page.press(key="ArrowDown")
    page.press(key="Enter")
    site.until(lambda: page.run(script="document.activeElement.textContent") == "Müller, Anna", "the heading of the study")
    page.press(key="Escape")
    site.until(lambda: page.run(script="document.activeElement.getAttribute('role')") == "grid", "the list")
    site.is_well()


def test_studies_are_put_in_order_by_their_headings(site, tmp_path):
    site.api("PUT", "/api/nodes/FILLER", {"host": "127.0.0.1", "port": 104, "rights": ["echo", "store"]})
    files = [write(tmp_path / f"{date}.dcm", PatientName=person, StudyDate=date, StudyTime="1200")
             for person, date in (("Zander^Ute", "20240103"), ("Adams^Zoe", "20240101"), ("Doe^Jane", "20240102"), ("", "20240104"))]
    assert site.storescu(*files, title="FILLER").returncode == 0
    page = site.page
    listed = lambda: page.run(script="[...document.querySelectorAll('[role=row][aria-selected] [class*=first]')].map(name => name.textContent)")  # noqa: E731
    is_listed = lambda *names: site.until(lambda: listed() == list(names), f"{names} in this order")  # noqa: E731
    sorted_by = lambda: page.run(script="[...document.querySelectorAll('[role=columnheader][aria-sort]')].map(heading => `${heading.textContent} ${heading.ariaSort}`)")  # noqa: E731
    site.enter()
    is_listed("No name", "Zander, Ute", "Doe, Jane", "Adams, Zoe")
    assert sorted_by() == ["Date descending"]
    page.press_button(name="Patient", exact=True)
    is_listed("Adams, Zoe", "Doe, Jane", "Zander, Ute", "No name")
    assert sorted_by() == ["Patient ascending"] and "order=patient_name" in page.address()
    page.press(key="Enter")
    is_listed("Zander, Ute", "Doe, Jane", "Adams, Zoe", "No name")
    assert page.run(script="document.activeElement.textContent") == "Patient"
    site.screen("order")
    page.press_button(name="Date", exact=True)
    page.press_button(name="Date", exact=True)
    is_listed("Adams, Zoe", "Doe, Jane", "Zander, Ute", "No name")
    assert sorted_by() == ["Date ascending"]
    page.click(text="Zander, Ute")
    page.until_shown(selector="aside h3", timeout=SECONDS * 1000)
    assert "order=oldest_first" in page.address()
    site.open("/studies?order=oldest_first")
    is_listed("Adams, Zoe", "Doe, Jane", "Zander, Ute", "No name")
    site.is_well()


def scheduled(site):
    """Whom the modality finds on its worklist."""
    found = subprocess.run(["findscu", "-W", "-aet", "MODALITY", "-aec", "FERMATA", "127.0.0.1", str(site.archive.port), "-k", "PatientName"],
                           capture_output=True, text=True, timeout=60)
    assert found.returncode == 0, found.stderr
    return re.findall(r"PN \[(.*?)\s*\]", found.stdout + found.stderr)


def test_an_examination_is_scheduled_by_hand_cancelled_and_removed(site):
    site.api("PUT", "/api/nodes/MODALITY", {"host": "127.0.0.1", "port": 104, "rights": ["echo", "query"]})
    page = site.page
    site.enter()
    page.click(selector='nav a[href*="worklist"]')
    site.says("Nothing is scheduled")
    page.press_button(name="Add entry")
    focused = "document.activeElement.labels?.[0]?.textContent"
    site.until(lambda: page.run(script=focused) == "Family name", "the first field")
    page.fill(label="Family name", text="Doe")
    page.press(key="Enter")
    site.says("This is needed.")
    site.until(lambda: page.run(script=focused) == "Patient ID", "the first field that is wrong")
    for label, text in (("Given name", "Jane"), ("Patient ID", "4711"), ("Modality", "mr"), ("AE title", "MR1"), ("Description", "Knee")):
        page.fill(label=label, text=text)
    page.press(key="Enter")
    site.says("Doe, Jane is on the worklist")
    site.says("entered by admin")
    site.screen("worklist")
    assert scheduled(site) == ["Doe^Jane"]
    page.press_button(name="Cancel examination: Doe, Jane")
    site.says("The examination of Doe, Jane is cancelled")
    assert scheduled(site) == []
    page.press_button(name="Undo", exact=True)
    site.says("The examination of Doe, Jane is scheduled again")
    assert scheduled(site) == ["Doe^Jane"]
    page.press_button(name="More actions: Doe, Jane")
    page.press_button(name="Remove from the list", role="menuitem")
    site.says("It is gone for good.")
    page.press_button(name="Remove", exact=True)
    site.says("Nothing is scheduled")
    assert scheduled(site) == []
    details = [entry["detail"] for entry in site.api("GET", "/api/audit?action=worklist.change")["items"]]
    assert details == ["removed", "status SCHEDULED", "status DISCONTINUED", "added"]
    site.is_well()


def test_an_administrator_lets_a_doctor_upload(site):
    site.api("POST", "/api/users", {"name": "dora", "display_name": "", "email": "", "role": "clinician", "password": PASSWORD,
                                      "must_change_password": False})
    page = site.page
    can_upload = lambda: page.run(script="[...document.querySelectorAll('main button')].some(button => button.textContent === 'Upload')")  # noqa: E731
    site.enter("dora")
    site.says("Nothing has arrived yet")
    assert not can_upload()
    page.forget()
    site.enter()
    site.open("/users")
    page.press_button(name="Edit: dora")
    page.press_button(name="Upload studies", role="checkbox")
    page.press_button(name="Save", exact=True)
    site.says("also: Upload studies")
    page.forget()
    site.enter("dora")
    site.says("drop files, folders or ZIPs here")
    assert can_upload()
    site.is_well()


def test_on_a_phone_the_pages_are_behind_a_button_with_their_names(site):
    page = site.page
    page.size(width=390, height=844)
    site.open()
    site.sign_in()
    site.says("No studies yet")
    shown = lambda: page.run(script="[...document.querySelectorAll('nav a')].filter(link => link.checkVisibility()).map(link => link.innerText.trim())")  # noqa: E731
    assert shown() == []
    page.press_button(name="Menu")
    assert shown()[:4] == ["Studies", "Worklist", "Nodes", "Queue"]
    assert page.barriers() == []
    page.click(selector='nav a[href*="nodes"]')
    site.until(lambda: shown() == [], "the page instead of the menu")
    page.press_button(name="Menu")
    page.press(key="Tab")
    page.press(key="Escape")
    assert shown() == [] and page.run(script="document.activeElement.textContent") == "Menu"
    site.is_well()


def test_a_single_series_is_sent(site, tmp_path):
    port = free_port()
    arrived = tmp_path / "arrived"
    arrived.mkdir()
    study = generate_uid()
    site.api("PUT", "/api/nodes/FILLER", {"host": "127.0.0.1", "port": 104, "rights": ["echo", "store"]})
    files = []
    for series, description in ((generate_uid(), "Localizer"), (generate_uid(), "Thorax")):
        files += [write(tmp_path / f"{description}{n}.dcm", n, study, series, PatientName="Sent^Sam", SeriesDescription=description)
                  for n in range(1, 4)]
    assert site.storescu(*files, title="FILLER").returncode == 0
    site.api("PUT", "/api/nodes/WORKSTATION", {"host": "127.0.0.1", "port": port, "rights": ["echo"]})
    page = site.page
    with subprocess.Popen(["storescp", "-aet", "WORKSTATION", "-od", str(arrived), str(port)], stderr=subprocess.DEVNULL) as peer:
        site.enter()
        page.click(text="Sent, Sam")
        page.press_button(name="Send series Thorax")
        site.says("Send 1 series")
        page.click(selector='label:has-text("WORKSTATION")')
        page.click(selector='[role="dialog"] button[type="submit"]')
        site.says("Sent to WORKSTATION")
        assert len(list(arrived.iterdir())) == 3
        peer.terminate()
    site.is_well()


def test_what_came_is_seen_by_day_node_and_modality(site, tmp_path):
    fill_with_studies(site, tmp_path)
    site.api("PUT", "/api/nodes/MR1", {"host": "127.0.0.1", "port": 104, "rights": ["echo", "store"]})
    assert site.storescu(write(tmp_path / "mr.dcm", Modality="MR"), title="MR1").returncode == 0
    site.until(lambda: sum(row["instances"] for row in site.api("GET", "/api/statistics")["items"]) == 10, "statistics of all images")
    page = site.page
    site.enter()
    page.click(selector='nav a[href*="statistics"]')
    site.says("Received per day")
    assert page.run(script="document.querySelectorAll('figure svg g').length") == 30
    tables = """Object.fromEntries([...document.querySelectorAll('main table:has(caption)')].map(table =>
        [table.caption.textContent, [...table.tBodies[0].rows].map(row => [...row.cells].map(cell => cell.textContent))]))"""
    found = page.run(script=tables)
    today = time.strftime("%d/%m/%Y", time.gmtime())
    assert [row[:3] for row in found["Per node"]] == [["FILLER", today, "9"], ["MR1", today, "1"]]
    assert [(row[0], row[1], row[3]) for row in found["Per modality"]] == [("MR", "4", "40%"), ("CT", "3", "30%"), ("DX", "3", "30%")]
    page.click(text="365 days")
    site.says("Received per week")
    assert page.run(script="document.querySelectorAll('figure svg g').length") == 52
    page.click(text="As a table")
    assert page.text(selector="figure tbody tr").split()[-3] == "10"
    assert page.barriers() == []
    saved = page.download(name="CSV file")
    lines = saved["text"].removeprefix("\ufeff").splitlines()
    assert saved["name"].endswith(".csv") and lines[0] == "Day,Node,Modality,Images,Bytes" and len(lines) == 5
    assert sum(int(line.split(",")[3]) for line in lines[1:]) == 10
    site.is_well()


def test_a_connection_is_checked_both_ways(site):
    port = free_port()
    site.api("PUT", "/api/nodes/WORKSTATION", {"host": "127.0.0.1", "port": port, "rights": ["echo", "query", "retrieve"]})
    page = site.page
    with subprocess.Popen(["storescp", "-aet", "WORKSTATION", "--ignore", str(port)], stderr=subprocess.DEVNULL) as peer:
        site.enter()
        site.open("/nodes")
        page.press_button(name="Check connection")
        site.says("The other side answers no queries")
        page.click(text="Send a test image there and back")
        page.press_button(name="Check again")
        site.says("The test image has arrived")
        site.says("Searched (C-FIND): never")
        assert page.barriers() == []
        site.screen("connection")
        peer.terminate()
    site.is_well()


def test_a_page_of_a_plugin_is_shown_within_the_application(start):
    site = start(text=f"plugin_directories: [{BUILD}/tests/plugins/echo-http]\n" + CONFIG + "  echo-http:\n")
    page = site.page
    site.enter()
    page.click(text="Mirror")
    frame = "document.querySelector('iframe[title=Mirror]')?.contentDocument?.body?.textContent"
    site.until(lambda: "path=/mirror/page" in (page.run(script=frame) or ""), "the plugin's page in its frame")
    assert page.barriers() == []
    site.is_well()


def test_an_administrator_has_the_index_made_anew_and_everything_verified(start, tmp_path):
    site = start(text=CONFIG + f"  backup: {{config: {{folder: '{tmp_path / 'backup'}'}}}}\n")
    fill_with_studies(site, tmp_path)
    page = site.page
    site.enter()
    page.click(selector='nav a[href*="storage"]')
    for button, question, title in (("Make the index anew …", "A new list of all studies is made from the 9 stored objects", "Make it anew"),
                                    ("Verify all objects …", "Each of the 9 stored objects is read again", "Verify")):
        page.press_button(name=button)
        site.says(question)
        assert page.barriers() == []
        page.press_button(name="Cancel", exact=True)
        page.until_gone(selector="[role=alertdialog]", timeout=SECONDS * 1000)
        page.press_button(name=button)
        site.says(question)
        if title == "Verify":
            site.screen("maintenance")
        page.press_button(name=title, exact=True)
        site.says("It has begun")
    jobs = lambda: {job["kind"]: job for job in site.api("GET", "/api/jobs")["items"]}  # noqa: E731
    site.until(lambda: [job["state"] for job in jobs().values()] == ["done", "done"], "both jobs done")
    assert "9 instances in 3 studies are in the new index" in jobs()["reindex"]["message"]
    assert {job["user"] for job in jobs().values()} == {"admin"}
    page.click(selector='nav a[href*="queue"]')
    site.says("9 instances in 3 studies are in the new index")
    events = [(event["user"], event["object"]) for event in site.api("GET", "/api/audit?action=system.maintain")["items"]]
    assert sorted(events) == [("admin", "index"), ("admin", "stored objects")]
    page.before_pages(script=GERMAN)
    site.open("/queue")
    site.says("9 Bilder in 3 Studien stehen im neuen Index")
    site.says("Index neu anlegen")
    site.says("0 Probleme offen")
    page.click(selector='nav a[href*="studies"]')
    site.says("Doe, Jane")
    site.is_well()


def test_who_guesses_passwords_sees_how_long_to_wait(site):
    page = site.page
    site.api("POST", "/api/users", {"name": "nils", "display_name": "", "email": "", "role": "viewer", "password": PASSWORD,
                                      "must_change_password": False})
    site.open()
    page.until_shown(selector="input[name=username]", timeout=SECONDS * 1000)
    waits = "document.querySelector('[role=timer]')?.textContent"

    def guess():
        site.sign_in("nils", "guess")
        site.until(lambda: page.run(script=waits) or page.run(script="document.body.innerText.includes('Name or password is wrong')"),
                   "an answer")
        return page.run(script=waits)

    for _ in range(9):
        first = guess()
        if first:
            break
    assert first and re.search(r"\d+", first), first
    assert page.run(script="document.querySelector('button[type=submit]').disabled")
    site.until(lambda: page.run(script=waits) != first, "the seconds going down")
    site.until(lambda: page.run(script="!document.querySelector('button[type=submit]').disabled"), "the end of the wait")
    site.is_well(expected=["401", "429"])


def test_below_the_path_of_a_proxy_everything_is_in_its_place(start, tmp_path):
    text = CONFIG.replace("      port: ${FERMATA_HTTP_PORT}\n", "      port: ${FERMATA_HTTP_PORT}\n      prefix: /pacs\n")
    site = start(text=text, prefix="/pacs")
    fill_with_studies(site, tmp_path)
    page = site.page
    site.enter()
    page.click(text="Doe, Jane")
    site.until(lambda: page.run(script="document.querySelector('aside img')?.naturalWidth"), "a thumbnail")
    if VIEWER.is_dir():
        page.press_button(name="Open in viewer", role="link")
        site.until(lambda: any(re.search(r"/pacs/viewer.*StudyInstanceUIDs=", url) for url in page.addresses()), "the viewer")
    for name in PAGES:
        site.open(f"/{name}")
        page.until_shown(selector="main h1", timeout=SECONDS * 1000)
    asked = [request["url"] for request in page.seen()["requests"]]
    outside = [url for url in asked if url.startswith("http") and not urllib.parse.urlsplit(url).path.startswith("/pacs/")]
    assert asked and outside == []  # blob: and data: are no addresses of a server
    site.is_well()


def test_what_this_archive_does_not_have_is_not_offered(start, tmp_path):
    text = CONFIG.replace("  audit:\n  jobs:\n  transfers:\n", "")
    site = start(text=text)
    fill_with_studies(site, tmp_path)
    page = site.page
    site.enter()
    page.click(text="Doe, Jane")
    page.until_shown(selector="aside h3", timeout=SECONDS * 1000)
    hashes = page.run(script="[...document.querySelectorAll('nav a')].map(a => a.hash)")
    assert "#/trash" in hashes and "#/queue" not in hashes and "#/audit" not in hashes
    assert page.run(script="[...document.querySelectorAll('button')].some(b => /Send/.test(b.textContent + b.ariaLabel))") is False
    site.is_well()


def test_people_see_what_their_role_allows(site, tmp_path):
    fill_with_studies(site, tmp_path)
    for name, role in (("nils", "viewer"), ("olga", "auditor")):
        site.api("POST", "/api/users", {"name": name, "display_name": "", "email": "", "role": role, "password": PASSWORD,
                                          "must_change_password": False})
    page = site.page
    site.enter("nils")
    site.says("Doe, Jane")
    pages = page.run(script="[...document.querySelectorAll('nav a')].map(a => a.hash)")
    assert [address for address in pages if not address.startswith("#/extensions")] == ["#/studies"]
    page.click(text="Doe, Jane")
    page.until_shown(selector="aside h3", timeout=SECONDS * 1000)
    assert page.run(script="[...document.querySelectorAll('button')].some(b => /Send|Upload|Delete/.test(b.textContent))") is False
    site.open("/users")
    site.says("You may not see this page")
    site.open("/nowhere")
    site.says("There is no such page")

    page.forget()
    site.enter("olga")
    site.says("Audit trail")
    hashes = page.run(script="[...document.querySelectorAll('nav a')].map(a => a.hash)")
    assert "#/studies" not in hashes and "#/audit" in hashes
    site.is_well()


def test_a_doctor_looks_after_what_they_have_sent_themselves(site, tmp_path):
    fill_with_studies(site, tmp_path)
    site.storescu(tmp_path / "0.dcm", title="STRANGER")
    site.api("PUT", "/api/nodes/WORKSTATION", {"host": "127.0.0.1", "port": free_port(), "rights": ["echo"]})
    site.api("POST", "/api/users", {"name": "dora", "display_name": "", "email": "", "role": "clinician", "password": PASSWORD,
                                      "must_change_password": False})
    uids = [study["study_instance_uid"] for study in site.api("GET", "/api/studies")["items"]]
    site.api("POST", "/api/send", {"studies": uids[:2], "series": [], "node": "WORKSTATION"})
    page = site.page
    site.enter("dora")
    page.click(text="Doe, Jane")
    page.press_button(name="Send", exact=True)
    page.click(selector='label:has-text("WORKSTATION")')
    page.click(selector='[role="dialog"] button[type="submit"]')
    site.says("Sending to WORKSTATION does not work at the moment")
    site.open("/queue")
    site.says("Send 2 studies to WORKSTATION")
    mine = "Cancel: Send 1 study to WORKSTATION"
    assert page.run(script="[...document.querySelectorAll('main td button')].map(button => button.ariaLabel)") == [mine]
    page.press_button(name=mine)
    page.press_button(name="Try again: Send 1 study")
    page.press_button(name=mine)
    page.press_button(name="Remove: Send 1 study")
    site.says("Removed from the queue")
    # Who knocks is let in by others: nothing calls a doctor to it.
    assert page.text(selector='nav a[href*="nodes"]').strip() == "Nodes"
    site.is_well()


def test_a_dialog_begins_at_its_first_field(site):
    page = site.page
    site.enter()
    site.open("/nodes")
    page.press_button(name="Add node")
    site.until(lambda: page.run(script="document.activeElement.labels?.[0]?.textContent") == "AE title", "the first field")
    page.press(key="Enter")
    site.says("1 to 16 characters, without backslash.")
    page.press(key="Escape")
    page.until_gone(selector="[role=dialog]", timeout=SECONDS * 1000)
    site.until(lambda: page.run(script="document.activeElement.textContent") == "Add node", "the button that it came from")
    site.is_well()


def test_the_keyboard_goes_on_where_something_has_gone(site, tmp_path):
    fill_with_studies(site, tmp_path)
    page = site.page
    focus = lambda: page.run(script="document.activeElement.ariaLabel ?? document.activeElement.id")  # noqa: E731
    press = lambda name: (page.run(script=f"document.querySelector('[aria-label=\"{name}\"]').focus()"), page.press(key="Enter"))  # noqa: E731
    site.api("PUT", "/api/nodes/WORKSTATION", {"host": "127.0.0.1", "port": free_port(), "rights": ["echo"]})
    for title in ("FIRST", "SECOND"):
        site.storescu(tmp_path / "0.dcm", title=title)
    site.enter()
    site.open("/nodes")
    site.says("SECOND")
    press("Echo: WORKSTATION")
    site.says("WORKSTATION: no answer")
    assert focus() == "Echo: WORKSTATION"
    press("Let in: SECOND")
    site.until(lambda: focus() == "Let in: FIRST", "the next one who knocks")
    page.press(key="Enter")
    site.until(lambda: focus() == "main", "the page")

    for study in site.api("GET", "/api/studies")["items"][:2]:
        site.api("DELETE", f"/api/studies/{study['study_instance_uid']}")
    site.open("/trash")
    page.until_shown(selector="main tbody tr + tr", timeout=SECONDS * 1000)
    first, second = page.run(script="[...document.querySelectorAll('[aria-label^=\"Restore: \"]')].map(button => button.ariaLabel)")
    press(first)
    site.until(lambda: focus() == second, "the next study")
    page.press(key="Enter")
    site.says("The trash is empty")
    site.until(lambda: focus() == "main", "the page")
    site.is_well()


def test_an_archive_without_import_says_so(site):
    site.enter()
    site.open("/imports")
    site.says("Import is switched off")
    site.is_well(expected=["404", "501"])


def end_session(site):
    """That of the browser; the test's own goes on."""
    for session in site.api("GET", "/api/users/admin/sessions")["items"]:
        if not session["current"] and "Chrome" in session["user_agent"]:
            site.api("DELETE", f"/api/users/admin/sessions/{session['id']}")


def test_who_is_signed_out_comes_back_to_the_same_place(site):
    page = site.page
    site.enter()
    site.open("/storage")
    site.says("In the archive")
    end_session(site)
    site.says("Your session has ended")
    page.fill(label="Password", text=PASSWORD)
    page.press(key="Enter")
    site.says("In the archive")
    site.until(lambda: page.run(script="document.activeElement.id") == "main", "the page in focus")
    site.is_well(expected=["401", "403"])


def test_what_was_typed_outlasts_the_end_of_the_session(site, tmp_path):
    page = site.page
    image = write(tmp_path / "image.dcm", PatientName="Upload^Ulla")
    typed = "document.querySelector('[role=dialog] input')?.value"
    focused = "document.activeElement.type"
    site.enter()
    site.open("/nodes")
    page.press_button(name="Add node")
    page.fill(label="AE title", nth=-1, text="HALF_FILLED")
    end_session(site)
    site.says("Your session has ended")
    assert page.run(script=focused) == "password"
    assert page.run(script="[...document.querySelectorAll('#main, [role=dialog]')].every(one => one.checkVisibility())")
    assert page.barriers() == []
    site.screen("signed out")
    for _ in range(3):
        page.press(key="Escape")
    assert page.run(script="document.querySelector('dialog').open")
    page.fill(label="Password", text="wrong password")
    page.press(key="Enter")
    site.says("Name or password is wrong")
    page.fill(label="Password", text=PASSWORD)
    page.press(key="Enter")
    page.until_gone(text="Your session has ended", timeout=SECONDS * 1000)
    assert page.run(script=typed) == "HALF_FILLED"
    site.until(lambda: page.run(script="document.activeElement.closest('[role=dialog]') !== null"), "the focus where it was")
    page.fill(label="Address", nth=-2, text="127.0.0.1", timeout=20000)

    # What is refused goes on by itself afterwards: the node that is being saved, and files that are on their way.
    end_session(site)
    page.run(script="document.querySelector('[role=dialog] button[type=submit]').click()")
    site.says("Your session has ended")
    page.fill(label="Password", text=PASSWORD)
    page.press(key="Enter")
    site.says("HALF_FILLED is saved")
    assert "HALF_FILLED" in [node["ae_title"] for node in site.api("GET", "/api/nodes")["items"]]
    site.open("/studies")
    page.until_shown(selector="main h1", timeout=SECONDS * 1000)
    end_session(site)
    page.choose_files(selector='[data-upload="files"]', paths=[str(image)])
    site.says("Your session has ended")
    page.fill(label="Password", text=PASSWORD)
    page.press(key="Enter")
    site.says("1 stored")
    site.is_well(expected=["401", "403", "501"])


def test_another_person_who_signs_in_finds_nothing_of_the_one_before(site, tmp_path):
    fill_with_studies(site, tmp_path)
    site.api("POST", "/api/users", {"name": "nils", "display_name": "", "email": "", "role": "administrator", "password": PASSWORD,
                                      "must_change_password": False})
    page = site.page
    site.enter()
    site.open("/nodes")
    page.press_button(name="Add node")
    page.fill(label="AE title", nth=-1, text="HALF_FILLED")
    end_session(site)
    site.says("Your session has ended")
    page.fill(label="Name", nth=-1, text="nils")
    page.fill(label="Password", text=PASSWORD)
    page.press(key="Enter")
    site.says("Doe, Jane")
    assert page.run(script="document.querySelector('[role=dialog], dialog')") is None
    assert page.run(script="location.hash").startswith("#/studies")
    site.is_well(expected=["401", "403", "501"])


def test_an_archive_that_is_away_is_waited_for(site):
    page = site.page
    site.enter()
    site.says("No studies yet")
    site.archive.kill()
    site.says("No connection to the archive")
    site.archive.start()
    page.until_gone(text="No connection to the archive", timeout=SECONDS * 1000)


def test_a_page_that_was_chosen_while_the_archive_was_away_comes_when_it_is_back(site):
    page = site.page
    site.enter()
    site.says("No studies yet")
    site.archive.kill()
    site.says("No connection to the archive")
    page.press_button(name="Administrator")
    page.press_button(name="Sign out", role="menuitem")
    site.says("The archive could not be reached.")
    page.click(selector='nav a[href*="users"]')
    page.until_shown(selector="main [role=status]", timeout=SECONDS * 1000)
    assert "went wrong" not in page.text(selector="main")
    site.archive.start()
    page.until_shown(selector="main h1", timeout=SECONDS * 1000)
    assert page.text(selector="main h1") == "Users"
    assert page.run(script="getComputedStyle(document.querySelector('main section')).borderStyle") == "solid", "the page's styles"


def test_sending_to_a_node_that_does_not_answer_says_so(site, tmp_path):
    fill_with_studies(site, tmp_path)
    site.api("PUT", "/api/nodes/WORKSTATION", {"host": "127.0.0.1", "port": free_port(), "rights": ["echo"]})
    page = site.page
    site.enter()
    page.click(text="Doe, Jane")
    page.press_button(name="Send", exact=True)
    site.says("Doe, Jane · To which node?")
    page.click(selector='label:has-text("WORKSTATION")')
    page.click(selector='[role="dialog"] button[type="submit"]')
    site.says("Sending to WORKSTATION does not work at the moment")
    site.says("nobody answers")
    site.screen("trouble")
    assert page.barriers() == []
    page.before_pages(script=GERMAN)
    site.open("/queue")
    site.says("1 Studie an WORKSTATION senden")
    page.click(selector='nav a[href*="nodes"]')
    page.press_button(name="Echo: WORKSTATION")
    site.says("WORKSTATION: keine Antwort")
    page.click(selector='[data-type="error"] button:has-text("Verbindung prüfen")')
    site.says("auf diesem Port nimmt niemand Verbindungen an")
    site.is_well()


def test_files_that_are_no_good_are_named_with_the_reason_in_the_language_of_the_page(site, tmp_path):
    whole = write(tmp_path / "whole.dcm").read_bytes()
    files = {"cut.dcm": whole[:len(whole) // 2], "empty.dcm": b"", "text.dcm": b"no image at all", "broken.zip": b"PK\x03\x04" + b"\xff" * 500}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    page = site.page
    page.before_pages(script=GERMAN)
    site.open()
    page.fill(label="Name", text="admin", timeout=SECONDS * 1000)
    page.fill(label="Passwort", text=PASSWORD)
    page.press(key="Enter")
    site.says("Noch keine Studien")
    gap = """(() => { const [title, text] = ['Noch keine Studien', 'So kommen Bilder'].map(words =>
        [...document.querySelectorAll('main p')].find(p => p.textContent.startsWith(words)).getBoundingClientRect());
        return text.top - title.bottom; })()"""
    assert page.run(script=gap) < 40, "what belongs together stands together"
    page.choose_files(selector='[data-upload="files"]', paths=[str(tmp_path / name) for name in files])
    site.says("Hochladen mit Problemen beendet")
    shown = page.text(selector="[data-uploads] [role=list]")
    assert "abgelehnt: die Datei ist abgeschnitten" in shown and "kein DICOM: das ist keine DICOM-Datei" in shown
    assert "abgelehnt: die ZIP-Datei ist nicht weiter lesbar" in shown
    site.is_well()


def test_what_is_to_be_looked_after_is_named_in_the_language_of_the_page(start):
    site = start(text=CONFIG + "  nowhere: {required: false}\n")
    page = site.page
    page.before_pages(script=GERMAN)
    site.open("/health")
    page.fill(label="Name", text="admin", timeout=SECONDS * 1000)
    page.fill(label="Passwort", text=PASSWORD)
    page.press(key="Enter")
    site.says("Ein Plugin fehlt")
    site.says("Das Programm läuft ohne nowhere")
    site.says("das Programm neu starten")
    assert page.barriers() == []
    page.click(selector='nav a[href*="settings"]')
    site.says("Adresse, an der gelauscht wird.")
    english = """[...document.querySelectorAll('main td:first-child span')].map(text => text.textContent)
        .filter(text => /\\b(the|which|of)\\b/.test(text.replace(/`[^`]*`/g, '')))"""
    assert page.run(script=english) == []
    site.is_well()


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_first_view_is_small(site, language):
    """What travels: bodies as they came, before the browser unpacked them."""
    page = site.page
    if language == "de":
        page.before_pages(script=GERMAN)
    travelled = """Object.fromEntries(performance.getEntriesByType('resource').filter(({name}) => name.endsWith('.js'))
        .map(({name, encodedBodySize}) => [name.split('/').pop(), encodedBodySize]))"""
    site.open()
    page.until_shown(selector="input[name=username]", timeout=SECONDS * 1000)
    before = page.run(script=travelled)
    assert 50_000 < sum(before.values()) < 200_000, before
    page.fill(label="Name", text="admin")
    page.fill(label="Passwor", text=PASSWORD)
    page.press(key="Enter")
    site.says("No studies yet" if language == "en" else "Noch keine Studien")
    sizes = page.run(script=travelled)
    assert set(before) <= set(sizes) and sum(sizes.values()) < 200_000, sizes
    assert not any(name.startswith("de-" if language == "en" else "en-") for name in sizes), "texts of another language"
    print("bytes of script that travelled:", sum(before.values()), "to sign in,", sum(sizes.values()), "with the studies")


def test_files_come_compressed_to_who_accepts_it(site):
    """Over the wire: what lies beside a file, the file itself, and neither again to who has it."""
    server = urllib.parse.urlsplit(site.archive.url)
    script = max(FILES.glob("assets/*.js"), key=lambda file: file.stat().st_size)
    beside = script.with_name(script.name + ".gz").read_bytes()
    assert gzip.decompress(beside) == script.read_bytes()

    def ask(method="GET", **fields):
        connection = http.client.HTTPConnection(server.hostname, server.port, timeout=60)
        connection.request(method, f"/assets/{script.name}", headers={name.replace("_", "-"): value for name, value in fields.items()})
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer, content

    small, content = ask(Accept_Encoding="gzip, br")
    assert (small.status, small.headers["Content-Encoding"], small.headers.get_all("Vary")) == (200, "gzip", ["Accept-Encoding"])
    assert content == beside and small.headers["Content-Length"] == str(len(beside))
    plain, content = ask(Accept_Encoding="identity")
    assert content == script.read_bytes() and plain.headers["Content-Encoding"] is None
    assert plain.headers.get_all("Vary") == ["Accept-Encoding"]
    assert small.headers["ETag"] != plain.headers["ETag"]
    head, content = ask("HEAD", Accept_Encoding="gzip")
    assert (head.headers["Content-Length"], head.headers["Content-Encoding"], content) == (str(len(beside)), "gzip", b"")
    kept, content = ask(Accept_Encoding="gzip", If_None_Match=small.headers["ETag"])
    assert (kept.status, kept.headers.get_all("Vary"), content) == (304, ["Accept-Encoding"], b"")
    other, content = ask(Accept_Encoding="identity", If_None_Match=small.headers["ETag"])
    assert (other.status, content) == (200, script.read_bytes())
    whole, content = ask(Accept_Encoding="gzip", Range="bytes=0-99")
    assert (whole.status, content) == (200, beside), "parts are not offered"


PAGES = ["studies", "worklist", "nodes", "queue", "trash", "health", "storage", "statistics", "settings", "users", "audit", "account"]


@pytest.mark.parametrize("look", ["light", "dark", "tablet"])
def test_nothing_keeps_people_out_of_any_page(site, tmp_path, look):
    """What axe-core finds serious. German on the tablet: its words are the longest."""
    fill_with_studies(site, tmp_path)
    site.storescu(tmp_path / "0.dcm", title="STRANGER")
    page = site.page
    page.colors(scheme="dark" if look == "dark" else "light")
    german = look == "tablet"
    if german:
        page.before_pages(script=GERMAN)
        page.size(width=820, height=1100)
    site.open()
    page.until_shown(selector="input[name=username]", timeout=SECONDS * 1000)
    site.screen(f"{look} login")
    barriers = {"login": page.barriers()}
    if german:
        site.says("Anmelden")
        page.fill(label="Name", text="admin")
        page.fill(label="Passwort", text=PASSWORD)
        page.press(key="Enter")
    else:
        site.sign_in()
    site.says("Doe, Jane")
    for name in PAGES:
        site.open(f"/{name}")
        page.until_shown(selector="main h1", timeout=SECONDS * 1000)
        page.until_gone(selector="main [class*=skeleton]", timeout=SECONDS * 1000)
        time.sleep(0.5)
        site.screen(f"{look} {name}")
        barriers[name] = page.barriers()
        for width in (390, 640, 1024, 1200, 820) if german else ():
            page.size(width=width, height=1100)
            assert page.run(script="document.documentElement.scrollWidth <= innerWidth"), f"{name} is wider than {width}"
            cut = page.run(script="[...document.querySelectorAll('main table')].filter(({parentElement: frame}) => frame.scrollWidth > frame.clientWidth).map(table => table.caption?.textContent)")
            assert cut == [], (name, width)
            assert name != "studies" or page.run(script="[...document.querySelectorAll('[role=row] button')].every(({offsetParent: row, offsetLeft, offsetWidth}) => offsetLeft + offsetWidth <= row.offsetWidth)"), width
    assert {name: found for name, found in barriers.items() if found} == {}
    wide = page.run(script="document.documentElement.scrollWidth <= innerWidth")
    assert wide, "the page is wider than the screen"
    site.is_well()


def test_the_language_is_chosen_and_remembered(site):
    page = site.page
    site.enter()
    page.press_button(name="admin")
    page.press_button(name="Deutsch", role="menuitemradio")
    site.says("Noch keine Studien")
    assert page.run(script="document.documentElement.lang") == "de"
    site.open("/health")
    site.says("Zustand")
    site.is_well()
