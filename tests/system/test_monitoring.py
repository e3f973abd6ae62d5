"""What an administrator watches: alarms by e-mail and web hook, the metrics, and the dashboard that shows them."""

import base64
import email
import email.policy
import http.server
import json
import re
import socket
import ssl
import subprocess
import threading
import time

import pytest

from conftest import PLUGINS_OF_AN_ARCHIVE, ROOT
from objects import ct_bytes
from upper_layer import CT, EXPLICIT

DASHBOARD = ROOT / "packaging" / "monitoring" / "grafana-dashboard.json"


class MailServer(threading.Thread):
    """Takes mail from those who speak TLS and know the password (RFC 5321, 3207, 4954), one after the other."""

    def __init__(self, certificate):
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate)
        self.mails, self.logins, self.recipients = [], [], []
        self.start()

    def run(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            try:
                self.serve(connection)
            except (OSError, ValueError):
                pass
            finally:
                connection.close()

    def serve(self, connection):
        stream = connection.makefile("rwb", buffering=0)
        say = lambda line: stream.write(line.encode() + b"\r\n")
        secure = logged_in = False
        say("220 test ESMTP")
        while line := stream.readline().decode().strip():
            verb = line.split(" ")[0].split(":")[0].upper()
            if verb == "EHLO":
                say("250-test")
                say("250 AUTH PLAIN" if secure else "250 STARTTLS")
            elif verb == "STARTTLS":
                say("220 go on")
                connection = self.context.wrap_socket(connection, server_side=True)
                stream, secure = connection.makefile("rwb", buffering=0), True
            elif verb == "AUTH" and secure:
                initial = line.split(" ")[2:]
                if not initial:
                    say("334 ")
                    initial = [stream.readline().decode().strip()]
                self.logins.append(base64.b64decode(initial[0]).decode().split("\0")[1:])
                logged_in = True
                say("235 welcome")
            elif verb == "RCPT" and logged_in:
                self.recipients.append(line)
                say("250 ok")
            elif verb == "DATA" and logged_in:
                say("354 go on")
                content = b""
                while not content.endswith(b"\r\n.\r\n"):
                    content += stream.read(1)
                self.mails.append(email.message_from_bytes(content[:-3], policy=email.policy.default))
                say("250 taken")
            elif verb == "QUIT":
                return say("221 bye")
            else:
                say("250 ok" if logged_in else "530 not like this")


class WebHook(threading.Thread):
    def __init__(self):
        super().__init__(daemon=True)
        self.received = []
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                owner.received.append((self.headers["Authorization"], body))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/alarm"
        self.start()

    def run(self):
        self.server.serve_forever()


@pytest.fixture
def certificate(tmp_path):
    path = tmp_path / "mail.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", path,
                    "-out", tmp_path / "certificate.pem", "-days", "2", "-subj", "/CN=localhost", "-addext",
                    "subjectAltName=DNS:localhost"], check=True, capture_output=True)
    path.write_text(path.read_text() + (tmp_path / "certificate.pem").read_text())
    return path


def configuration(tmp_path, server, hook, certificate, missing):
    text = PLUGINS_OF_AN_ARCHIVE + """
  application-entities:
  dimse:
    config:
      bind: "${FERMATA_BIND}"
      port: ${FERMATA_DIMSE_PORT}
""" + f"""
  alarms:
    config:
      name: Praxis Müller
      delay: 0s
      mail:
        server: localhost
        port: {server.port}
        ca_certificate: {certificate}
        user: pacs
        password: "a secret"
        from: pacs@example.org
        to: [doctor@example.org, admin@example.org]
      web_hook: {{url: "{hook.url}", authorization: Bearer of-news}}
""" + ("  nowhere: {required: false}\n" if missing else "")
    path = tmp_path / "alarms.yaml"
    path.write_text(text)
    return path


def until(condition, wait=40):
    end = time.monotonic() + wait
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


def test_a_missing_plugin_is_told_once_by_mail_and_web_hook_and_so_is_its_return(make_archive, tmp_path, certificate):
    server, hook = MailServer(certificate), WebHook()
    archive = make_archive(config=configuration(tmp_path, server, hook, certificate, missing=True))
    archive.start()
    until(lambda: server.mails and hook.received)
    mail = server.mails[0]
    assert mail["Subject"].startswith("Praxis Müller: Failing: The program runs without nowhere: "), mail["Subject"]
    assert "Put right what it says" in mail.get_content()
    assert (mail["From"], mail["To"]) == ("pacs@example.org", "doctor@example.org, admin@example.org")
    assert len(server.recipients) == 2 and server.logins == [["pacs", "a secret"]]
    authorization, body = hook.received[0]
    assert authorization == "Bearer of-news" and body["archive"] == "Praxis Müller"
    alarm, = body["alarms"]
    assert (alarm["kind"], alarm["plugin"], alarm["condition"], alarm["level"]) == ("raised", "nowhere", "left-out", "failing")
    assert archive.stop() == 0

    archive.start()  # what was told is remembered
    archive.wait_until_ready()
    assert archive.stop() == 0
    assert len(server.mails) == len(hook.received) == 1

    archive.config = configuration(tmp_path, server, hook, certificate, missing=False)
    archive.start()
    until(lambda: len(server.mails) == 2 and len(hook.received) == 2)
    assert "Over: The program runs without nowhere" in server.mails[1]["Subject"]
    assert hook.received[1][1]["alarms"][0]["kind"] == "resolved"
    assert archive.stop() == 0
    assert "a secret" not in archive.log.read_text()


def test_a_certificate_that_expires_soon_is_told_of(make_archive, tmp_path, certificate):
    server, hook = MailServer(certificate), WebHook()
    config = configuration(tmp_path, server, hook, certificate, missing=False)
    config.write_text(config.read_text() + f"  http:\n    config:\n      port: ${{FERMATA_HTTP_PORT}}\n      tls: {{certificate: {certificate}, key: {certificate}}}\n")
    archive = make_archive(config=config)
    archive.start()
    until(lambda: server.mails and hook.received)
    alarm, = hook.received[0][1]["alarms"]
    assert (alarm["plugin"], alarm["condition"], alarm["level"]) == ("http", "certificate", "warning")
    assert "The certificate for HTTPS (CN=localhost) expires in 1 day, on 20" in alarm["text"]
    assert str(certificate) in server.mails[0].get_content()
    assert archive.stop() == 0


def test_the_verb_says_which_channel_does_not_work(make_archive, tmp_path, certificate):
    server, hook = MailServer(certificate), WebHook()
    archive = make_archive(config=configuration(tmp_path, server, hook, certificate, missing=False))
    done = archive.run("test-alarm")
    assert done.stdout.splitlines() == ["mail: accepted", "web_hook: accepted"]
    assert "This is only a test" in server.mails[0].get_content()
    hook.server.shutdown()
    hook.server.server_close()
    done = archive.run("test-alarm", check=False)
    assert done.returncode == 1 and "mail: accepted" in done.stdout and "web_hook: the web hook: " in done.stdout


def test_a_mail_server_without_the_right_certificate_gets_no_password(make_archive, tmp_path, certificate):
    server, hook = MailServer(certificate), WebHook()
    config = configuration(tmp_path, server, hook, certificate, missing=False)
    config.write_text(config.read_text().replace(f"ca_certificate: {certificate}", "ca_certificate: /etc/ssl/certs/ca-certificates.crt"))
    done = make_archive(config=config).run("test-alarm", check=False)
    assert done.returncode == 1 and "certificate" in done.stdout
    assert server.logins == [] and server.mails == []


def metrics(archive):
    import urllib.request
    with urllib.request.urlopen(f"{archive.url}/metrics") as answer:
        return answer.read().decode()


def test_the_dashboard_shows_metrics_that_there_are(archive):
    archive.wait_until_ready()
    with archive.associate([(CT, [EXPLICIT])]) as a:
        uid, data = ct_bytes("1.2.3", "1.2.3.4", 1)
        assert a.store(a.context(CT), CT, uid, data).Status == 0
    until(lambda: "fermata_archive_instances{plugin=\"archive\"} 1\n" in metrics(archive))
    there = set(re.findall(r"^# TYPE (\S+)", metrics(archive), re.M))
    # Counters show when they have counted something, and gauges of TLS where there is TLS: those are looked up in the program's text.
    paths = [path for part in ("libraries", "plugins") for pattern in ("*/*.cpp", "*/*/*.cpp") for path in (ROOT / part).glob(pattern)]
    sources = "".join(path.read_text() for path in paths if path.parent.name != "tests")
    counted = {f"fermata_{name}" for name in re.findall(r'"(\w+_total)"', sources) + re.findall(r'\.gauge\("(\w+)"', sources)}
    shown = set()
    for panel in json.loads(DASHBOARD.read_text())["panels"]:
        for target in panel["targets"]:
            shown.update(re.findall(r"\b((?:fermata|process)_\w+)\{", target["expr"]))
    assert len(shown) > 20
    histograms = {name + part for name in there for part in ("_bucket", "_sum", "_count")}
    assert shown <= there | counted | histograms, shown - there - counted - histograms
