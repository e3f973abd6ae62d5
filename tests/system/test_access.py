"""Who can do what over HTTP: every route of the built program is tried as nobody and as each role, and docs/access.md has to say
the same.

FERMATA_WRITE_DOCS=1 writes the page anew."""

import base64
import http.client
import json
import os
import re

import pytest

from conftest import ROOT

PAGE = ROOT / "docs" / "access.md"
PASSWORD = "a password for the tests"
SENDERS = ["nobody", "viewer", "technician", "clinician", "auditor", "administrator"]
HEAD = """# Who may do what over HTTP

<!-- Made by tests/system/test_access.py, which tries every route of the running program as each of these. -->

*yes*: the request got as far as its handler. *login*: 401, a login is asked for. Empty: 403, the account lacks the permission.
Which studies somebody sees can be restricted further for each account. DICOM nodes are admitted by AE title and address and
have nothing to do with this table.

| route | permission | {} |
|---|---|{}
"""


@pytest.fixture
def archive(make_archive):
    running = make_archive(FERMATA_ACCOUNTS="yes", FERMATA_ADMIN_PASSWORD=PASSWORD).start()
    running.wait_until_ready()
    yield running
    assert running.stop() == 0, running.log.read_text()


def ask(archive, method, path, sender=None, body=None):
    headers = {"Content-Type": "application/json"}
    if sender:
        headers["Authorization"] = "Basic " + base64.b64encode(f"{sender}:{PASSWORD}".encode()).decode()
    connection = http.client.HTTPConnection("127.0.0.1", archive.http_port, timeout=60)
    connection.request(method, path, json.dumps(body or {}) if method in ("POST", "PUT", "PATCH") else None, headers)
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    return answer.status, text


def accounts_for_every_role(archive):
    """The administrator of the environment has to choose a password first; then one account for each role, of its name."""
    status, text = ask(archive, "POST", "/api/session", body={"name": "admin", "password": PASSWORD})
    assert status == 200, text
    status, text = ask(archive, "PUT", "/api/session/password", "admin", {"old": PASSWORD, "new": PASSWORD + "!"})
    assert status == 204, text
    credentials = "Basic " + base64.b64encode(f"admin:{PASSWORD}!".encode()).decode()
    for role in SENDERS[1:]:
        connection = http.client.HTTPConnection("127.0.0.1", archive.http_port, timeout=60)
        connection.request("POST", "/api/users", json.dumps({"name": role, "role": role, "password": PASSWORD,
                                                             "must_change_password": False}),
                           {"Content-Type": "application/json", "Authorization": credentials})
        answer = connection.getresponse()
        assert answer.status == 201, answer.read()
        connection.close()


def outcome(status):
    return {401: "login", 403: ""}.get(status, "yes")


def test_every_route_is_open_to_whom_the_page_says(archive):
    accounts_for_every_role(archive)
    status, text = ask(archive, "GET", "/api/openapi.json", "administrator")
    assert status == 200, text
    rows = []
    for path, methods in json.loads(text)["paths"].items():
        tried = re.sub(r"\{\w+\}", "1.2.3.4", path)
        for method, operation in methods.items():
            cells = [outcome(ask(archive, method.upper(), tried, None if sender == "nobody" else sender)[0])
                     for sender in SENDERS]
            rows.append(f"| `{method.upper()} {path}` | {operation.get('x-permission', '')} | {' | '.join(cells)} |")
    assert len(rows) > 80
    made = HEAD.format(" | ".join(SENDERS), "---|" * len(SENDERS)) + "\n".join(sorted(rows)) + "\n"
    if os.environ.get("FERMATA_WRITE_DOCS"):
        PAGE.write_text(made)
    assert PAGE.read_text() == made


def test_the_page_lets_nobody_in_without_a_login_but_where_that_is_meant():
    public = {"GET /healthz", "GET /readyz", "GET /", "GET /{path}", "GET /DICOMNodes.plist", "GET /api/session", "POST /api/session",
              "DELETE /api/session", "GET /api/setup", "POST /api/setup"}
    for row in re.findall(r"^\| `(.*?)` \| .*? \| (\w*) \|", PAGE.read_text(), re.M):
        assert (row[1] == "yes") == (row[0] in public), row
