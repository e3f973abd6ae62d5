"""The HTTP server of the built program, asked by curl and by plain sockets."""

import http.client
import json
import os
import pathlib
import re
import signal
import socket
import ssl
import subprocess
import threading
import time

import pytest

from conftest import BUILD, free_port

MIB = 1 << 20


class Server:
    """A program with nothing but the HTTP server and the plugin echo-http."""

    def __init__(self, folder, options="", extra="", drain="30s"):
        self.folder = pathlib.Path(folder)
        self.port = free_port()
        self.scheme = "https" if "tls:" in options else "http"
        self.url = f"{self.scheme}://localhost:{self.port}"
        self.config = self.folder / "http.yaml"
        self.log = self.folder / "log.txt"
        self.config.write_text(f"drain_deadline: {drain}\n"
                               f"plugin_directories: [{BUILD}/tests/plugins/echo-http]\n"
                               f"plugins:\n  http:\n    config:\n      port: {self.port}\n{options}\n  echo-http:\n{extra}")
        self.process = subprocess.Popen([str(BUILD / "bin" / "fermata"), "serve", "--config", str(self.config)],
                                        stdout=open(self.log, "ab"), stderr=subprocess.STDOUT, cwd=self.folder)

    def wait(self):
        end = time.monotonic() + 30
        while "host: ready" not in self.log.read_text():
            assert self.process.poll() is None and time.monotonic() < end, self.log.read_text()
            time.sleep(0.02)
        return self

    def curl(self, path, *options, check=True):
        done = subprocess.run(["curl", "--silent", "--show-error", "--max-time", "60", *options, self.url + path],
                              capture_output=True, timeout=90)
        if check:
            assert done.returncode == 0, done.stderr.decode() + self.log.read_text()
        return done

    def status(self, path, *options):
        return int(self.curl(path, "--output", "/dev/null", "--write-out", "%{http_code}", *options).stdout)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)

    def in_proc(self, name):
        return (pathlib.Path("/proc") / str(self.process.pid) / name)


@pytest.fixture
def serve(tmp_path):
    made = []

    def make(*arguments, **options):
        folder = tmp_path / f"server{len(made)}"
        folder.mkdir()
        made.append(Server(folder, *arguments, **options))
        return made[-1].wait()

    yield make
    for server in made:
        if server.process.poll() is None:
            assert server.stop() == 0, server.log.read_text()
        text = server.log.read_text()
        assert "Sanitizer" not in text and "runtime error" not in text, text


def get(url):
    done = subprocess.run(["curl", "--silent", "--include", "--max-time", "30", url], capture_output=True, text=True)
    head, body = done.stdout.replace("\r", "").split("\n\n", 1)
    return int(head.split()[1]), head, body


def metric(text, line):
    found = re.search("^" + re.escape(line) + " (.*)$", text, re.M)
    assert found, f"{line} is not in\n{text}"
    return float(found[1])


def test_an_archive_tells_how_it_is(make_archive):
    archive = make_archive(FERMATA_VIEWER="no").start()
    status, head, body = get(archive.url + "/healthz")
    assert (status, body) == (200, "ok\n")
    assert re.search(r"^Server: Fermata/[\d.]+$", head, re.M) and "X-Content-Type-Options: nosniff" in head

    status, _, body = get(archive.url + "/readyz")
    assert status == 200 and json.loads(body) == {"status": "ready"}

    status, head, body = get(archive.url + "/metrics")
    assert status == 200 and "Content-Type: text/plain; version=0.0.4" in head
    for plugin in ("storage-filesystem", "index-rocksdb", "archive", "application-entities", "dimse", "http"):
        assert re.search(rf'^fermata_plugin_serving{{plugin="{plugin}",version="[\d.]+"}} 1$', body, re.M)
    now, _ = archive.rss()
    assert abs(metric(body, "process_resident_memory_bytes") / MIB - now) < 20
    assert metric(body, "process_open_fds") > 10
    assert abs(metric(body, "process_start_time_seconds") - time.time()) < 60
    assert metric(body, 'fermata_http_requests_total{method="GET",status="2xx"}') == 2
    assert metric(body, 'fermata_http_request_duration_seconds_count{method="GET"}') == 2
    for line in body.splitlines():
        assert re.fullmatch(r'# (HELP|TYPE) \w+ .+|\w+({\w+="[^"]*"(,\w+="[^"]*")*})? [-+.\de]+', line), line
    assert archive.stop() == 0


def test_what_plugins_count_is_in_the_metrics(archive):
    for _ in range(2):
        assert get(archive.url + "/nowhere")[0] == 404
    with socket.create_connection(("127.0.0.1", archive.http_port)) as s:
        s.sendall(b"nonsense\r\n\r\n")
        assert b" 400 " in s.recv(1000)
    body = get(archive.url + "/metrics")[2]
    assert metric(body, 'fermata_refused_requests_total{plugin="http"}') == 1
    assert metric(body, 'fermata_http_requests_total{method="GET",status="4xx"}') == 2


def test_a_program_without_a_plugin_that_is_not_required_is_ready_and_tells_those_who_may_know_why(serve):
    server = serve(extra="  nowhere: {required: false}\n")
    assert server.status("/healthz") == 200
    answer = server.curl("/readyz", "--fail").stdout
    found = json.loads(answer)
    assert (found["status"], found["left_out"], list(found["reasons"])) == ("degraded", ["nowhere"], ["nowhere"])
    assert 'there is no plugin "nowhere" in ' in found["reasons"]["nowhere"]
    through_proxy = server.curl("/readyz", "--fail", "--header", "X-Forwarded-For: 192.0.2.1").stdout
    assert json.loads(through_proxy) == {"status": "degraded", "left_out": ["nowhere"]}


def test_a_program_that_stops_is_not_ready(serve):
    server = serve()
    with socket.create_connection(("127.0.0.1", server.port)) as busy, \
            socket.create_connection(("127.0.0.1", server.port)) as prober:
        busy.sendall(b"PUT /zeros HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n12345")
        probe = b"GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n"
        time.sleep(0.5)
        prober.sendall(probe[:-2])
        time.sleep(0.2)
        server.process.send_signal(signal.SIGTERM)
        end = time.monotonic() + 10
        while "host: stopping" not in server.log.read_text():
            assert time.monotonic() < end
            time.sleep(0.02)
        prober.sendall(probe[-2:])
        answer = prober.recv(4096)
        assert answer.startswith(b"HTTP/1.1 503 ") and b'{"status":"stopping"}' in answer, answer
        busy.sendall(b"67890")


def test_large_bodies_stream_in_bounded_memory(serve):
    server = serve()
    size = 400 * MIB
    done = subprocess.run(f"head -c {size} /dev/zero | curl -sS --data-binary @- -H 'Transfer-Encoding: chunked' -H 'Expect:' "
                          f"--request PUT {server.url}/zeros", shell=True, capture_output=True, text=True, timeout=120)
    # curl reads all of --data-binary before it sends; --upload-file does not.
    assert done.stdout == str(size), done.stderr
    done = subprocess.run(f"head -c {size} /dev/zero | curl -sS --upload-file - {server.url}/zeros", shell=True,
                          capture_output=True, text=True, timeout=120)
    assert done.stdout == str(size), done.stderr
    got = subprocess.run(f"curl -sS {server.url}/zeros/{size} | wc --bytes", shell=True, capture_output=True, text=True)
    assert int(got.stdout) == size
    highest = int(re.search(r"VmHWM:\s+(\d+)", server.in_proc("status").read_text())[1]) / 1024
    limit = 60 if "asan" not in str(BUILD) and "tsan" not in str(BUILD) else 1000
    assert highest < limit, f"{highest} MiB"


def test_ranges_conditions_and_compression(serve):
    server = serve()
    assert server.status("/zeros/1000", "--range", "10-19") == 206
    assert len(server.curl("/zeros/1000000", "--range", "999990-").stdout) == 10
    assert server.status("/zeros/1000", "--range", "1000-") == 416
    assert server.status("/mirror/x", "--header", 'If-None-Match: "mirror"') == 304
    packed = server.curl("/metrics", "--header", "Accept-Encoding: gzip").stdout
    assert packed[:2] == b"\x1f\x8b" and len(packed) < 4000
    assert b"fermata_build_info" in server.curl("/metrics", "--compressed").stdout
    head = server.curl("/zeros/1000", "--head").stdout.decode()
    assert "200 OK" in head and "Content-Length: 1000" in head


def test_a_stranger_gets_401_and_is_told_what_to_do(serve):
    server = serve("      anonymous_networks: [192.0.2.0/24]")
    done = server.curl("/private/x", "--include").stdout.decode()
    assert "401 Unauthorized" in done and "anonymous_networks" in done and "application/problem+json" in done
    assert server.status("/metrics") == 401
    assert server.status("/healthz") == 200


def test_a_proxy_is_believed_if_it_is_trusted(serve):
    forwarded = ("--header", "X-Forwarded-For: 127.0.0.9", "--header", "X-Forwarded-Proto: https",
                 "--header", "X-Forwarded-Host: pacs.example")
    trusting = serve("      trusted_proxies: [127.0.0.1, '::1']\n      prefix: /pacs")
    told = trusting.curl("/pacs/private/x", *forwarded).stdout.decode()
    assert "base_url=https://pacs.example/pacs\n" in told and "peer_address=127.0.0.9\n" in told
    assert "path=/private/x\n" in told
    assert trusting.status("/private/x", "--header", "X-Forwarded-For: 192.0.2.1") == 401

    careful = serve()
    for _ in range(3):
        assert careful.status("/private/x", *forwarded) == 401
    assert careful.log.read_text().count("trusted_proxies") == 1
    assert careful.status("/private/x") == 200


def test_web_pages_of_strangers_are_kept_out(serve):
    server = serve("      cors: {allowed_origins: ['https://viewer.example']}")
    assert server.status("/private/x", "--header", "Host: evil.example") == 403
    assert server.status("/private/echo", "--data", "x", "--header", "Origin: https://evil.example") == 403
    assert server.status("/private/echo", "--data", "x", "--header", f"Origin: {server.url}") == 200
    head = server.curl("/private/x", "--include", "--header", "Origin: https://viewer.example").stdout.decode()
    assert "Access-Control-Allow-Origin: https://viewer.example" in head
    preflight = server.curl("/private/echo", "--include", "--request", "OPTIONS", "--header", "Origin: https://viewer.example",
                            "--header", "Access-Control-Request-Method: POST",
                            "--header", "Access-Control-Request-Headers: content-type").stdout.decode()
    assert "204" in preflight and "Access-Control-Allow-Headers: content-type" in preflight
    assert re.search(r"Access-Control-Allow-Methods: .*POST", preflight)


def test_limits_are_told_and_counted(serve):
    server = serve("      limits: {body: 1MiB, head: 4KiB, connections: 20, connections_per_address: 10}\n"
                   "      timeouts: {head: 1s, stall: 1s}")
    assert server.status("/echo", "--data-binary", "@" + str(BUILD / "bin" / "fermata")) == 413
    assert server.status("/mirror/" + "a" * 5000) == 414
    assert server.status("/mirror/a", "--header", "A: " + "a" * 5000) == 431
    with socket.create_connection(("localhost", server.port)) as slow:
        slow.sendall(b"GET / HT")
        slow.settimeout(10)
        assert b" 408 " in slow.recv(1000)
    with socket.create_connection(("localhost", server.port)) as slow:
        slow.sendall(b"PUT /zeros HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n123")
        slow.settimeout(10)
        assert b" 408 " in slow.recv(1000)
    time.sleep(0.2)
    many = [http.client.HTTPConnection("localhost", server.port, timeout=10) for _ in range(11)]
    statuses = []
    for connection in many:
        connection.request("GET", "/healthz")
        response = connection.getresponse()
        statuses.append((response.status, response.getheader("Retry-After")))
        response.read()
    assert statuses == [(200, None)] * 10 + [(429, "10")]
    many[0].request("GET", "/metrics")
    metrics = many[0].getresponse().read().decode()
    assert metric(metrics, 'fermata_refused_connections_total{plugin="http"}') == 1
    assert metric(metrics, 'fermata_refused_requests_total{plugin="http"}') >= 3
    assert metric(metrics, 'fermata_stalled_requests_total{plugin="http"}') == 1
    for connection in many:
        connection.close()


def test_idle_connections_cost_no_threads(serve):
    server = serve("      limits: {connections_per_address: 1000}")
    assert server.status("/healthz") == 200
    before = len(list(server.in_proc("task").iterdir()))
    idle = [socket.create_connection(("localhost", server.port)) for _ in range(400)]
    half = [socket.create_connection(("localhost", server.port)) for _ in range(100)]
    for s in half:
        s.sendall(b"GET / HTTP/1.1\r\nHost: ")
    assert server.status("/healthz") == 200
    assert len(list(server.in_proc("task").iterdir())) <= before + 1
    for s in idle + half:
        s.close()


def make_certificate(folder, name):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                    "-subj", f"/CN={name}", "-addext", "subjectAltName=DNS:localhost", "-keyout", folder / "new.key",
                    "-out", folder / "new.pem"], check=True, capture_output=True)
    os.replace(folder / "new.key", folder / "server.key")
    os.replace(folder / "new.pem", folder / "server.pem")


def common_name(port):
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with socket.create_connection(("localhost", port)) as s, context.wrap_socket(s) as tls:
        return ssl.DER_cert_to_PEM_cert(tls.getpeercert(binary_form=True)), tls.version(), tls.cipher()[0]


def test_tls_and_a_new_certificate(serve, tmp_path):
    make_certificate(tmp_path, "first")
    server = serve(f"      tls: {{certificate: {tmp_path}/server.pem, key: {tmp_path}/server.key}}")
    trust = ("--cacert", str(tmp_path / "server.pem"))
    assert b"base_url=https://localhost:" in server.curl("/private/x", *trust).stdout
    assert server.curl("/healthz", *trust, "--tls-max", "1.1", check=False).returncode == 35
    big = server.curl(f"/zeros/{50 * MIB}", *trust).stdout
    assert len(big) == 50 * MIB
    assert server.curl("/echo", *trust, "--data-binary", "@" + str(server.config)).stdout == server.config.read_bytes()
    certificate, version, cipher = common_name(server.port)
    assert version == "TLSv1.3" and ("GCM" in cipher or "CHACHA20" in cipher)
    assert certificate == (tmp_path / "server.pem").read_text()
    make_certificate(tmp_path, "second")
    time.sleep(1.1)
    assert common_name(server.port)[0] == (tmp_path / "server.pem").read_text()
    assert "the certificate was read anew" in server.log.read_text()


def test_a_stop_lets_answers_end(serve):
    server = serve()
    size = 100 * MIB
    connection = http.client.HTTPConnection("localhost", server.port, timeout=60)
    connection.request("GET", f"/zeros/{size}?slowly")
    response = connection.getresponse()
    idle = socket.create_connection(("localhost", server.port))
    time.sleep(0.1)
    server.process.send_signal(signal.SIGTERM)
    idle.settimeout(10)
    assert idle.recv(1) == b""
    with pytest.raises(OSError):
        socket.create_connection(("localhost", server.port)).close()
    assert len(response.read()) == size
    assert server.process.wait(10) == 0


def test_a_stop_does_not_wait_for_a_client_that_takes_nothing(serve):
    server = serve(drain="2s")
    with socket.create_connection(("localhost", server.port)) as stuck:
        stuck.sendall(b"GET /zeros/10000000000 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        stuck.recv(1000)
        begin = time.monotonic()
        assert server.stop() == 0
        assert 0.5 < time.monotonic() - begin < 5


def test_a_port_that_is_taken_is_told(serve):
    server = serve()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        text = server.config.read_text().replace(str(server.port), str(port))
        config = server.folder / "taken.yaml"
        config.write_text(text)
        done = subprocess.run([str(BUILD / "bin" / "fermata"), "serve", "--config", str(config)], capture_output=True,
                              text=True, timeout=30)
    assert done.returncode == 69
    assert f"can't listen on 127.0.0.1 port {port}" in done.stderr and "Choose another `bind` or `port` for http" in done.stderr


def test_queries_are_logged_for_debugging_only(serve):
    server = serve()
    server.curl("/mirror/x?PatientName=SECRET%5EJANE", "--header", "X-Request-Id: here-1")
    server.stop()
    text = server.log.read_text()
    assert "method=GET path=/mirror/x status=200" in text and "id=here-1" in text and "SECRET" not in text


def test_many_clients_at_once(serve):
    server = serve()
    failures = []

    def client(n):
        connection = http.client.HTTPConnection("localhost", server.port, timeout=60)
        for i in range(100):
            body = f"{n}-{i}" * (i + 1)
            connection.request("POST", "/echo", body=body)
            if connection.getresponse().read().decode() != body:
                failures.append((n, i))

    threads = [threading.Thread(target=client, args=(n,)) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert metric(server.curl("/metrics").stdout.decode(), 'fermata_http_requests_total{method="POST",status="2xx"}') == 2000
