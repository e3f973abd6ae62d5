"""DICOM over TLS, with the tools and commands of docs/security.md: certificates of an authority, nodes bound to theirs."""

import json
import re
import shutil
import socket
import ssl
import subprocess
import time
import urllib.request

import pytest
from pydicom.dataset import Dataset, FileMetaDataset

from conftest import BUILD, PLUGINS_OF_AN_ARCHIVE, ROOT, free_port
from objects import ct
from upper_layer import C_MOVE, EXPLICIT, IMPLICIT, STUDY_ROOT_MOVE, VERIFICATION, Association, Rejected

PAGE = (ROOT / "docs" / "security.md").read_text()
BLOCK = re.compile(r"<!-- tested: (\w+) -->\n```\w+\n(.*?)```\n(?:\n```text\n(.*?)```\n)?", re.S)
BLOCKS = {name: (commands, output) for name, commands, output in BLOCK.findall(PAGE)}


def shell(folder, commands, check=True):
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", commands], cwd=folder, timeout=120, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True)
    assert not check or done.returncode == 0, f"{commands}\n{done.stdout}"
    return done


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where the reader of the page works: `tls` in it has the certificates."""
    made = tmp_path_factory.mktemp("page")
    shell(made, BLOCKS["certificates"][0])
    return made


class Secured:
    def __init__(self, make_archive, tmp_path, folder, name="secured", dimse="", nodes="[]", trusted="[127.0.0.0/8]", https=False):
        self.folder, self.https = folder, https
        self.port = free_port()
        tls = folder / "tls"
        web = f"tls: {{certificate: {tls}/archive.pem, key: {tls}/archive.key}}" if https else ""
        config = tmp_path / f"{name}.yaml"
        config.write_text(PLUGINS_OF_AN_ARCHIVE + f"""
  application-entities:
    config:
      nodes: {nodes}
      trusted_networks: {trusted}
  dimse:
    config:
      bind: 127.0.0.1
      port: ${{FERMATA_DIMSE_PORT}}
      tls:
        certificate: {tls}/archive.pem
        key: {tls}/archive.key
        authorities: {tls}/authority.pem
        port: {self.port}
        {dimse}
  http:
    config:
      bind: 127.0.0.1
      port: ${{FERMATA_HTTP_PORT}}
      {web}
""" + ("  admin:\n" if not https else ""))
        self.archive = make_archive(name, config=config)

    def tool(self, command, check=True):
        """A command of DCMTK in the folder of the certificates; `PORT` is the one for TLS."""
        return shell(self.folder / "tls", command.replace("PORT", str(self.port)), check)

    def echo(self, arguments, check=False):
        return self.tool(f"echoscu {arguments} +cf authority.pem localhost PORT", check).returncode

    def knocking(self, how_many=1):
        end = time.monotonic() + 10
        while True:
            items = json.load(urllib.request.urlopen(f"{self.archive.url}/api/knocking"))["items"]
            if len(items) >= how_many or time.monotonic() > end:
                return items
            time.sleep(0.05)

    def metrics(self):
        context = ssl.create_default_context(cafile=self.folder / "tls" / "authority.pem") if self.https else None
        url = f"{'https' if self.https else 'http'}://localhost:{self.archive.http_port}/metrics"
        return urllib.request.urlopen(url, context=context).read().decode()

    def counter(self, name):
        found = re.search(rf"^\S*{name}\S* (\d+)", self.metrics(), re.M)
        return int(found[1]) if found else 0


CT1 = "+tls ct1.key ct1.pem -aet CT1"


def test_the_page_turns_on_tls(make_archive, tmp_path, folder):
    secured = Secured(make_archive, tmp_path, folder, https=True)
    secured.archive.start()
    shell(folder, BLOCKS["echo"][0].replace("2762", str(secured.port)))
    printed = shell(folder, BLOCKS["names"][0]).stdout
    for line in BLOCKS["names"][1].splitlines():
        assert line in printed, printed
    answer = shell(folder, BLOCKS["curl"][0].replace("8080", str(secured.archive.http_port))).stdout
    assert answer
    assert "certificate:" in BLOCKS["https"][0]
    assert secured.archive.stop() == 0


def test_objects_go_over_tls_both_ways(make_archive, tmp_path, folder):
    port = free_port()
    secured = Secured(make_archive, tmp_path, folder, dimse="client_certificates: required",
                      nodes=f"[{{ae_title: CT1, host: localhost, port: {port}, certificate: 'CN=ct1,O=Hospital'}}]")
    secured.archive.start()
    images = tmp_path / "images"
    images.mkdir()
    for number in range(5):
        image = ct("1.2.40", "1.2.40.1", number + 1, side=512)
        image.file_meta = FileMetaDataset()
        image.file_meta.TransferSyntaxUID = EXPLICIT
        image.is_little_endian, image.is_implicit_VR = True, False
        image.save_as(images / f"{number}.dcm", write_like_original=False)
    secured.tool(f"storescu {CT1} +cf authority.pem localhost PORT +sd {images}")
    assert len(secured.archive.objects()) == 5

    # The node is reached with TLS, and shows the certificate that it has here.
    got = tmp_path / "got"
    got.mkdir()
    receiver = subprocess.Popen(["storescp", "+tls", "ct1.key", "ct1.pem", "+cf", "authority.pem", "-od", got, str(port)],
                                cwd=folder / "tls")
    try:
        time.sleep(0.5)
        wanted = Dataset()
        wanted.QueryRetrieveLevel, wanted.StudyInstanceUID = "STUDY", "1.2.40"
        ct1 = ssl.create_default_context(cafile=folder / "tls" / "authority.pem")  # DCMTK's movescu does not speak TLS
        ct1.load_cert_chain(folder / "tls" / "ct1.pem", folder / "tls" / "ct1.key")
        with Association(secured.port, [(STUDY_ROOT_MOVE, [EXPLICIT])], calling="CT1", tls=ct1) as a:
            final = a.retrieve(C_MOVE, STUDY_ROOT_MOVE, wanted, "CT1")
        assert (final.Status, final.NumberOfCompletedSuboperations) == (0, 5)
    finally:
        receiver.terminate()
        receiver.wait(10)
    assert len(list(got.iterdir())) == 5
    assert secured.archive.stop() == 0


def test_a_node_is_who_has_its_certificate(make_archive, tmp_path, folder):
    fingerprint = shell(folder, BLOCKS["names"][0]).stdout.splitlines()[1]
    secured = Secured(make_archive, tmp_path, folder, nodes=f"[{{ae_title: CT1, any_address: true, certificate: '{fingerprint}'}}, "
                            "{ae_title: CT2, any_address: true, tls: true}]", trusted="[]")
    secured.archive.start()
    find = "-S -k QueryRetrieveLevel=STUDY -k PatientID=X +cf authority.pem localhost"
    secured.tool(f"findscu {CT1} {find} PORT")
    secured.tool(f"findscu +tla -aet CT2 {find} PORT")
    refused = {"archive's": f"findscu +tls archive.key archive.pem -aet CT1 {find} PORT",
               "none": f"findscu +tla -aet CT1 {find} PORT",
               "plain": f"findscu -aet CT2 -S -k QueryRetrieveLevel=STUDY -k PatientID=X localhost {secured.archive.port}"}
    for command in refused.values():
        assert secured.tool(command, check=False).returncode != 0
    reasons = {(item["ae_title"], item["reason"]) for item in secured.knocking(2)}
    assert ("CT1", "its certificate is not the one that the node has") in reasons
    assert ("CT2", "this AE title has to use TLS") in reasons
    assert secured.archive.stop() == 0


def test_a_node_that_shows_the_certificate_of_another_host_is_not_talked_to(make_archive, tmp_path, folder):
    port = free_port()
    made = shell(folder / "tls", """
openssl req -newkey rsa:2048 -noenc -subj /O=Hospital/CN=elsewhere -addext subjectAltName=DNS:elsewhere.example -keyout elsewhere.key -out elsewhere.csr
openssl x509 -req -in elsewhere.csr -CA authority.pem -CAkey authority.key -CAcreateserial -days 2 -copy_extensions copy -out elsewhere.pem
openssl x509 -in elsewhere.pem -noout -fingerprint -sha256""").stdout.splitlines()
    fingerprint = made[-1].partition("=")[2]
    for name, dimse, known, works in [("checked", "", "", False), ("known", "", f", certificate: '{fingerprint}'", True),
                                      ("ignored", "node_names: ignored", "", True)]:
        secured = Secured(make_archive, tmp_path, folder, name, dimse=dimse,
                          nodes=f"[{{ae_title: CT1, host: localhost, port: {port}, tls: true{known}}}]")
        secured.archive.start()
        receiver = subprocess.Popen(["storescp", "+tls", "elsewhere.key", "elsewhere.pem", "+cf", "authority.pem", str(port)],
                                    cwd=folder / "tls")
        try:
            wait_until(lambda: is_open(port))
            request = urllib.request.Request(f"{secured.archive.url}/api/nodes/CT1/echo", b"", {"Content-Type": "application/json"})
            echo = json.load(urllib.request.urlopen(request))
            assert echo["ok"] == works, echo
            if not works:
                said = "its certificate, CN=elsewhere,O=Hospital, is not for localhost but for DNS:elsewhere.example: correct the node's host"
                remedy = fingerprint.replace(":", "").lower()
                assert said in echo["message"] and remedy in echo["message"]
                assert said in secured.archive.log.read_text()
        finally:
            receiver.terminate()
            receiver.wait(10)
        assert secured.archive.stop() == 0


def is_open(port):
    with socket.socket() as s:
        return s.connect_ex(("127.0.0.1", port)) == 0


def renew(secured, name, days):
    """Another certificate of the same name, from the same authority. The key stays."""
    secured.tool(f"openssl x509 -req -in {name}.csr -CA authority.pem -CAkey authority.key -days {days} -copy_extensions copy -out {name}.pem")


def wait_until(condition, wait=30):
    end = time.monotonic() + wait
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.1)


def condition(secured, name, plugin):
    metrics = secured.metrics()
    found = re.search(rf'^fermata_condition{{plugin="{plugin}",condition="{name}"}} (\d)', metrics, re.M)
    return int(found[1]) if found else 0


def test_certificates_that_expire_soon_are_told_of_and_others_are_not(make_archive, tmp_path, folder):
    shutil.copytree(folder / "tls", tmp_path / "tls")
    secured = Secured(make_archive, tmp_path, tmp_path, https=True)
    renew(secured, "archive", 2)
    renew(secured, "ct1", 5)
    secured.archive.start()
    assert secured.echo(CT1) == 0
    for plugin in ("http", "dimse"):
        wait_until(lambda: condition(secured, "certificate", plugin) == 1)
        left = float(re.search(rf'^fermata_certificate_seconds_left{{plugin="{plugin}"}} (\S+)', secured.metrics(), re.M)[1])
        assert 86400 < left < 2 * 86400 + 1
    wait_until(lambda: condition(secured, "node-certificates", "dimse") == 1)
    # Renewed, the warnings end without a restart.
    renew(secured, "archive", 90)
    renew(secured, "ct1", 90)
    assert secured.echo(CT1) == 0
    wait_until(lambda: all(condition(secured, "certificate", plugin) == 0 for plugin in ("http", "dimse")))
    wait_until(lambda: condition(secured, "node-certificates", "dimse") == 0)
    assert secured.archive.stop() == 0


def test_an_archive_with_an_expired_certificate_says_that_it_fails(make_archive, tmp_path, folder):
    shutil.copytree(folder / "tls", tmp_path / "tls")
    secured = Secured(make_archive, tmp_path, tmp_path)
    secured.tool("openssl x509 -req -in archive.csr -CA authority.pem -CAkey authority.key -days -1 -copy_extensions copy -out archive.pem")
    secured.archive.start()
    wait_until(lambda: condition(secured, "certificate", "dimse") == 2)
    health = json.load(urllib.request.urlopen(f"{secured.archive.url}/api/health"))
    [warning] = [warning for warning in health["warnings"] if warning["condition"] == "certificate"]
    assert warning["failing"] and "The certificate for DICOM over TLS (CN=archive,O=Hospital) has expired on 20" in warning["text"]
    assert "archive.pem" in warning["remedy"]
    ready = json.load(urllib.request.urlopen(f"{secured.archive.url}/readyz"))
    assert ready["status"] == "degraded" and "certificate" in ready["failing"]
    assert secured.archive.stop() == 0


def test_the_refused_are_told_from_each_other(make_archive, tmp_path, folder):
    secured = Secured(make_archive, tmp_path, folder)
    secured.archive.start()
    shell(folder / "tls", "openssl req -x509 -newkey rsa:2048 -noenc -days 2 -subj /CN=stranger -keyout stranger.key -out stranger.pem")
    assert secured.echo("+tls stranger.key stranger.pem -aet STRANGER") != 0
    [stranger] = secured.knocking()
    assert stranger["ae_title"] == "" and stranger["address"] == "127.0.0.1"
    assert "its certificate is not accepted: self-signed certificate (CN=stranger)" in stranger["reason"]

    with pytest.raises(Rejected):
        Association(secured.port, [(VERIFICATION, [IMPLICIT])], calling="PLAIN")
    assert shell(folder / "tls", f"echoscu +tla +cf authority.pem localhost {secured.archive.port}", check=False).returncode != 0
    end = time.monotonic() + 10
    while True:
        reasons = {item["ae_title"]: item["reason"] for item in secured.knocking(2)}
        if "plain port" in reasons.get("", "") or time.monotonic() > end:
            break
        time.sleep(0.05)
    assert reasons["PLAIN"] == "it speaks plain DICOM to the port for TLS"
    assert reasons[""] == "it speaks TLS to the plain port"
    secured.archive.wait_for_log("it speaks TLS to the plain port")
    secured.archive.wait_for_log("it speaks plain DICOM to the port for TLS")
    for counter in ("failed_handshakes_total", "plain_on_tls_port_total", "tls_on_plain_port_total"):
        assert secured.counter(counter) == 1, counter
    assert secured.archive.stop() == 0


def test_only_what_the_profile_allows_is_negotiated(make_archive, tmp_path, folder):
    """OpenSSL's client, with security level 0, offers what is old: it is the archive that has to refuse it."""
    secured = Secured(make_archive, tmp_path, folder, https=True)
    secured.archive.start()
    for port in (secured.port, secured.archive.http_port):
        offer = f"openssl s_client -connect 127.0.0.1:{port} -CAfile authority.pem -verify_return_error"
        for good in ("-tls1_3", "-tls1_2 -cipher ECDHE-RSA-AES128-GCM-SHA256", "-tls1_2 -cipher ECDHE-RSA-AES256-GCM-SHA384",
                     "-tls1_2 -cipher ECDHE-RSA-CHACHA20-POLY1305"):
            assert "Verification: OK" in shell(folder / "tls", f"{offer} {good} </dev/null").stdout, good
        for bad in ("-tls1", "-tls1_1", "-tls1_2 -cipher AES128-GCM-SHA256", "-tls1_2 -cipher ECDHE-RSA-AES128-SHA",
                    "-tls1_2 -cipher DHE-RSA-AES128-GCM-SHA256", "-tls1_2 -cipher NULL"):
            done = shell(folder / "tls", f"{offer} {bad}:@SECLEVEL=0 </dev/null" if "cipher" in bad else
                         f"{offer} {bad} -cipher ALL:@SECLEVEL=0 </dev/null", check=False)
            assert done.returncode != 0, (bad, done.stdout)
    for profile in ("--profile-bcp195", "--profile-bcp195-nd", "--profile-bcp195-ex"):
        assert secured.echo(f"+tla {profile}") == 0, profile
    assert secured.archive.stop() == 0


def test_a_new_certificate_is_taken_up_and_plain_dicom_can_be_turned_off(make_archive, tmp_path, folder):
    secured = Secured(make_archive, tmp_path, folder, dimse="only: true")
    log = open(secured.archive.log, "ab")
    command = [str(BUILD / "bin" / "fermata"), "serve", "--config", str(secured.archive.config)]
    secured.archive.process = subprocess.Popen(command, stdout=log, stderr=log, env=secured.archive.environment, cwd=secured.archive.folder, start_new_session=True)
    secured.archive.wait_until_ready()
    with pytest.raises(ConnectionRefusedError):
        secured.archive.associate([(VERIFICATION, [IMPLICIT])])
    show = f"openssl s_client -connect 127.0.0.1:{secured.port} </dev/null 2>/dev/null | openssl x509 -noout -serial"
    before = secured.tool(show).stdout
    try:
        secured.tool("cp archive.pem archive.kept && openssl x509 -req -in archive.csr -CA authority.pem -CAkey authority.key "
                     "-days 2 -out renewed.pem && mv renewed.pem archive.pem")
        time.sleep(1.1)
        assert secured.tool(show).stdout != before
        assert secured.echo(CT1) == 0
    finally:
        secured.tool("mv archive.kept archive.pem")
    assert secured.archive.stop() == 0
