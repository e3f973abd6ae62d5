"""Who may do what over HTTP, with accounts: the built program, and clients that log in."""

import base64
import http.client
import io
import json
import re
import subprocess
import time
import urllib.parse

import pytest
from pydicom.dataset import FileMetaDataset

from conftest import BUILD, PLUGINS_OF_AN_ARCHIVE
from objects import ct
from upper_layer import EXPLICIT

CONFIG = """
drain_deadline: 5s
""" + PLUGINS_OF_AN_ARCHIVE + """\
  application-entities:
  dimse:
    config:
      bind: 127.0.0.1
      port: ${FERMATA_DIMSE_PORT}
  http:
    config:
      port: ${FERMATA_HTTP_PORT}
HTTP_OPTIONS
  dicomweb:
  accounts:
    config:
      admin_password: "${FERMATA_ADMIN_PASSWORD:-}"
      admin_must_change: ${ADMIN_MUST_CHANGE:-false}
"""
PASSWORD = "correct horse"
FIND_STUDIES = "/dicom-web/studies?includefield=ModalitiesInStudy"


class Client:
    """A browser, or a program: keeps one cookie, and sends the same headers each time."""

    def __init__(self, url, **headers):
        self.server = urllib.parse.urlsplit(url)
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        self.cookie = None

    def ask(self, method, path, body=None, **headers):
        sent = {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        if self.cookie:
            sent["Cookie"] = self.cookie
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            sent["Content-Type"] = "application/json"
        connection = http.client.HTTPConnection(self.server.hostname, self.server.port, timeout=60)
        connection.request(method, path, body, sent)
        response = connection.getresponse()
        self.answer, self.text = response, response.read().decode("utf-8", "replace")
        connection.close()
        if "Set-Cookie" in response.headers:
            self.cookie = response.headers["Set-Cookie"].split(";")[0]
        return response.status

    def json(self, method, path, body=None):
        status = self.ask(method, path, body)
        assert 200 <= status < 300, (status, self.text)
        return json.loads(self.text)

    def log_in(self, name, password=PASSWORD):
        return self.ask("POST", "/api/session", {"name": name, "password": password})

    @property
    def user(self):
        user = self.json("GET", "/api/session")["user"]
        return user and user["name"]


def basic(name, password=PASSWORD):
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


def serve(archive):
    archive.log.write_text("")
    archive.start()
    archive.wait_until_ready()
    return archive


@pytest.fixture
def start(make_archive, tmp_path):
    def make(http_options="", password="admin's password", **environment):
        config = tmp_path / "accounts.yaml"
        config.write_text(CONFIG.replace("HTTP_OPTIONS", http_options))
        made = make_archive(config=config, FERMATA_ADMIN_PASSWORD=password, **environment)
        return serve(made)

    return make


@pytest.fixture
def archive(start):
    return start()


@pytest.fixture
def admin(archive):
    return logged_in(archive, "admin", "admin's password")


def logged_in(archive, name, password=PASSWORD):
    client = Client(archive.url)
    assert client.log_in(name, password) == 200, client.text
    return client


def add_user(admin, name, role, **members):
    body = {"name": name, "role": role, "password": PASSWORD, "must_change_password": False, **members}
    assert admin.ask("POST", "/api/users", body) == 201, admin.text


def file_of(image):
    image.file_meta = FileMetaDataset()
    image.file_meta.TransferSyntaxUID = EXPLICIT
    image.is_little_endian, image.is_implicit_VR = True, False
    out = io.BytesIO()
    image.save_as(out, write_like_original=False)
    return out.getvalue()


def store(client, study, modality="CT"):
    return client.ask("POST", "/dicom-web/studies", file_of(ct(study, study + ".1", 1, study + ".1.1", Modality=modality)),
                      Content_Type="application/dicom")


def link_of(text):
    return re.findall(r"Set up the first administrator: http://127\.0\.0\.1:8080/\?setup=([\w-]{43})", text)


def test_nobody_gets_in_without_a_login(archive):
    stranger = Client(archive.url)
    for path in ("/dicom-web/studies", "/metrics", "/api/users", "/api/session/tokens"):
        assert stranger.ask("GET", path) == 401, path
    assert stranger.json("GET", "/api/session") == {"setup_needed": False, "user": None}
    assert stranger.ask("GET", "/healthz") == 200
    # A browser that asks for a page is sent to where people log in.
    assert stranger.ask("GET", "/dicom-web/studies", Sec_Fetch_Mode="navigate", Sec_Fetch_Dest="document") == 303
    assert stranger.answer.headers["Location"].endswith("/?next=/dicom-web/studies")


def test_the_link_of_the_first_start_makes_an_administrator_once(start):
    archive = start(password="")
    tokens = link_of(archive.log.read_text())
    assert len(set(tokens)) == 1 and len(tokens) == 2  # in the log, and on standard error in plain form
    assert f"\nSet up the first administrator: http://127.0.0.1:8080/?setup={tokens[0]}\n" in archive.log.read_text()
    archive.stop()
    serve(archive)
    old, token = tokens[0], link_of(archive.log.read_text())[0]
    assert token != old

    client = Client(archive.url)
    assert client.json("GET", "/api/session")["setup_needed"] is True
    body = {"token": old, "name": "root", "display_name": "Root", "password": PASSWORD}
    assert client.ask("POST", "/api/setup", body) == 404
    body["token"] = token
    assert client.json("GET", f"/api/setup?token={token}") == {"name": None, "display_name": ""}
    assert client.json("POST", "/api/setup", body)["user"]["role"] == "administrator"
    assert client.user == "root"
    assert client.ask("GET", "/dicom-web/studies") == 200
    assert Client(archive.url).ask("POST", "/api/setup", {**body, "name": "second"}) == 404
    archive.stop()
    serve(archive)
    assert not link_of(archive.log.read_text())
    for path in archive.data.rglob("*"):
        if path.is_file():
            assert PASSWORD.encode() not in path.read_bytes() and token.encode() not in path.read_bytes()


def test_a_session_is_a_cookie_that_survives_a_restart_until_it_is_ended(archive, admin):
    cookie = admin.cookie
    assert admin.user == "admin"
    assert archive.stop() == 0
    serve(archive)
    assert admin.user == "admin"
    assert admin.ask("GET", "/dicom-web/studies") == 200
    sessions = admin.json("GET", "/api/session/sessions")["items"]
    assert [(s["current"], s["address"]) for s in sessions] == [(True, "127.0.0.1")]
    assert admin.ask("DELETE", "/api/session") == 204
    admin.cookie = cookie
    assert admin.ask("GET", "/dicom-web/studies") == 401
    assert admin.user is None


def test_a_page_of_another_site_can_do_nothing_with_the_cookie(admin):
    for headers in ({"Origin": "https://evil.example"}, {"Sec_Fetch_Site": "cross-site"}):
        assert admin.ask("POST", "/api/users", {"name": "x", "role": "viewer"}, **headers) == 403
    assert admin.ask("POST", "/api/users", b'{"name":"x","role":"viewer"}', Content_Type="text/plain") == 415


def test_programs_use_access_tokens_or_name_and_password(archive, admin):
    add_user(admin, "robot", "technician")
    robot = logged_in(archive, "robot")
    made = robot.json("POST", "/api/session/tokens", {"label": "scanner", "expires_days": 30})
    read = robot.json("POST", "/api/session/tokens", {"label": "reader", "permissions": ["studies.read"]})

    scanner = Client(archive.url, Authorization=f"Bearer {made['token']}")
    assert store(scanner, "1.2.3") == 200
    reader = Client(archive.url, Authorization=f"Bearer {read['token']}")
    assert reader.ask("GET", "/dicom-web/studies") == 200
    assert store(reader, "1.2.4") == 403
    assert reader.ask("POST", "/api/session/tokens", {"label": "more"}) == 403
    assert archive.stop() == 0
    serve(archive)
    assert scanner.ask("GET", "/dicom-web/studies") == 200
    assert robot.json("GET", "/api/session/tokens")["items"][0]["last_used"]
    assert robot.ask("DELETE", f"/api/session/tokens/{made['id']}") == 204
    assert scanner.ask("GET", "/dicom-web/studies") == 401

    begin = time.monotonic()
    client = Client(archive.url, Authorization=basic("robot"))
    for _ in range(50):
        assert client.ask("GET", "/dicom-web/studies") == 200
    assert time.monotonic() - begin < 5
    assert Client(archive.url, Authorization=basic("robot", "wrong")).ask("GET", "/dicom-web/studies") == 401


def test_a_password_is_not_taken_where_others_can_listen(start):
    archive = start("      trusted_proxies: [127.0.0.1]")
    forwarded = {"X_Forwarded_For": "192.0.2.9", "X_Forwarded_Host": "pacs.example"}
    client = Client(archive.url, Authorization=basic("admin", "admin's password"), **forwarded)
    assert client.ask("GET", "/dicom-web/studies", X_Forwarded_Proto="http") == 401
    assert "HTTPS" in json.loads(client.text)["detail"]
    assert client.ask("GET", "/dicom-web/studies", X_Forwarded_Proto="https") == 200

    browser = Client(archive.url, X_Forwarded_Proto="https", **forwarded)
    assert browser.log_in("admin", "admin's password") == 200
    cookie = browser.answer.headers["Set-Cookie"]
    assert all(part in cookie for part in ("; Secure", "; HttpOnly", "; SameSite=Strict", "; Path=/"))


def test_roles_say_what_somebody_may(archive, admin):
    assert store(admin, "1.2.3") == 200
    for name in ("viewer", "technician", "clinician", "auditor"):
        add_user(admin, name, name)
    may = {}
    for name in ("viewer", "technician", "clinician", "auditor"):
        client = logged_in(archive, name)
        may[name] = [client.ask("GET", "/dicom-web/studies"), store(client, "1.2.4"),
                     client.ask("DELETE", "/dicom-web/studies/1.2.3"), client.ask("GET", "/api/users")]
    assert may == {"viewer": [200, 403, 403, 403], "technician": [200, 200, 403, 403],
                   "clinician": [200, 403, 403, 403], "auditor": [403, 403, 403, 403]}
    assert admin.ask("DELETE", "/dicom-web/studies/1.2.3") == 204
    # A role that changes counts at once, and so does an account that is disabled.
    viewer = logged_in(archive, "viewer")
    assert admin.ask("PATCH", "/api/users/viewer", {"role": "auditor"}) == 200
    assert viewer.ask("GET", "/dicom-web/studies") == 403
    assert admin.ask("PATCH", "/api/users/viewer", {"enabled": False}) == 200
    assert viewer.ask("GET", "/dicom-web/studies") == 401
    assert admin.ask("PATCH", "/api/users/admin", {"enabled": False}) == 409


def test_a_password_of_the_configuration_has_to_be_changed_first(start):
    archive = start(ADMIN_MUST_CHANGE="true")
    admin = logged_in(archive, "admin", "admin's password")
    assert admin.ask("GET", "/dicom-web/studies") == 403
    assert "new password" in json.loads(admin.text)["detail"]
    assert admin.ask("GET", "/api/users") == 403
    assert admin.ask("PUT", "/api/session/password", {"old": "admin's password", "new": PASSWORD}) == 204
    assert admin.ask("GET", "/dicom-web/studies") == 200
    assert "admin's password" not in archive.log.read_text()


def test_whoever_guesses_passwords_has_to_wait_and_keeps_nobody_out(archive, admin):
    add_user(admin, "jane", "viewer")
    stranger = Client(archive.url)
    statuses = [stranger.log_in("jane", f"guess {i}") for i in range(8)]
    assert statuses[0] == 401 and statuses[-1] == 429
    assert int(stranger.answer.headers["Retry-After"]) >= 1
    assert stranger.log_in("jane") == 429  # the right one is not even looked at
    program = Client(archive.url, Authorization=basic("jane", "guess"))
    assert program.ask("GET", "/dicom-web/studies") == 429
    assert int(program.answer.headers["Retry-After"]) >= 1
    # The administrator has logged in from this address before.
    for i in range(3):
        stranger.log_in("admin", f"guess {i}")
    assert admin.ask("GET", "/api/users") == 200
    assert logged_in(archive, "admin", "admin's password")


@pytest.mark.parametrize("running", [True, False], ids=["while the archive runs", "while it is stopped"])
def test_the_console_gets_somebody_back_in(archive, admin, running):
    add_user(admin, "jane", "viewer")
    if not running:
        assert archive.stop() == 0

    def user(*words, typed=None):
        return subprocess.run([str(BUILD / "bin" / "fermata"), "user", "--config", str(archive.config), *words],
                              env=archive.environment, cwd=archive.folder, capture_output=True, text=True, input=typed, timeout=60)

    listed = user("list")
    assert listed.returncode == 0 and re.search(r"^  jane +viewer", listed.stdout, re.M), listed.stdout + listed.stderr
    assert user("password", "admin", typed="found again\n").returncode == 0
    added = user("add", "second", "--role", "administrator", "--display-name", "The other", typed="short\n")
    assert added.returncode == 1 and "10 characters" in added.stderr
    assert user("add", "second", "--role", "administrator", "--display-name", "The other", typed=PASSWORD).returncode == 0
    assert user("disable", "jane").returncode == 0
    link = user("reset", "jane")
    token = re.search(r"\?setup=([\w-]{43})$", link.stdout, re.M)[1]

    if not running:
        serve(archive)
    assert admin.ask("GET", "/api/users") == 401
    assert admin.user is None  # the sessions from before are over
    again = logged_in(archive, "admin", "found again")
    assert logged_in(archive, "second").user == "second"
    client = Client(archive.url)
    body = {"token": token, "name": "jane", "password": "a new password"}
    assert client.ask("POST", "/api/setup", body) == 404  # disabled
    assert again.ask("PATCH", "/api/users/jane", {"enabled": True}) == 200
    assert client.ask("POST", "/api/setup", body) == 200
    assert client.user == "jane"


def test_a_study_that_somebody_may_not_see_is_not_there(archive, admin):
    assert store(admin, "1.2.3", "CT") == 200
    assert store(admin, "1.2.9", "MR") == 200
    rules = {"all_of": [{"attribute": "modality", "values": ["CT", "X*"]}]}
    add_user(admin, "jane", "viewer", visibility=rules)
    add_user(admin, "deleter", "administrator", visibility=rules)
    jane = logged_in(archive, "jane")
    assert jane.json("GET", "/api/session")["user"]["sees_all_studies"] is False

    def found(client, query):
        return [s["0020000D"]["Value"][0] for s in client.json("GET", query)]

    assert sorted(found(admin, FIND_STUDIES)) == ["1.2.3", "1.2.9"]
    assert found(jane, FIND_STUDIES) == ["1.2.3"]
    assert found(jane, "/dicom-web/instances") == ["1.2.3"]
    assert found(jane, "/dicom-web/studies?StudyInstanceUID=1.2.9") == []
    for path in ("", "/metadata", "/series/1.2.9.1/metadata", "/series/1.2.9.1/instances/1.2.9.1.1", "/rendered"):
        assert jane.ask("GET", f"/dicom-web/studies/1.2.9{path}", Accept="*/*") == 404, path
    assert jane.ask("GET", "/wado?requestType=WADO&studyUID=1.2.9&seriesUID=1.2.9.1&objectUID=1.2.9.1.1") == 404
    assert jane.ask("GET", "/dicom-web/studies/1.2.3/metadata") == 200
    deleter = logged_in(archive, "deleter")
    assert deleter.ask("DELETE", "/dicom-web/studies/1.2.9") == 404
    assert deleter.ask("DELETE", "/dicom-web/studies/1.2.3") == 204
    assert found(admin, FIND_STUDIES) == ["1.2.9"]
    # Rules that change count at once.
    assert admin.ask("PATCH", "/api/users/jane", {"visibility": None}) == 200
    assert found(jane, FIND_STUDIES) == ["1.2.9"]
