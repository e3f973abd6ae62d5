"""Many at once, big ones, slow ones: memory stays bounded and nobody waits for a neighbour."""

import http.client
import json
import os
import re
import socket
import struct
import threading
import time

import pytest

from conftest import ROOT
from dicomweb import DicomWeb
from objects import ct, ct_bytes
from upper_layer import CT, EXPLICIT, IMPLICIT, VERIFICATION, command, C_STORE, encode

BIG = int(os.environ.get("FERMATA_BIG_OBJECT_MIB", "24")) << 20
SENDERS = int(os.environ.get("FERMATA_BIG_SENDERS", "50"))


def big_object(number, length):
    """A CT object as its header and the length of its pixel data, which is made while it is sent."""
    image = ct("1.2.90", "1.2.90.1", number, side=16)
    del image.PixelData
    header = encode(image, EXPLICIT)
    return image.SOPInstanceUID, header + struct.pack("<HH2sHI", 0x7FE0, 0x0010, b"OW", 0, length)


def watched(preset=os.environ.get("FERMATA_BUILD", "")):
    """A sanitizer takes memory of its own."""
    return not any(sanitizer in preset for sanitizer in ("asan", "tsan"))


def test_an_idle_archive_is_small(archive):
    time.sleep(1)
    now, _ = archive.rss()
    print(f"\nidle: {now:.0f} MiB")
    if watched():
        assert now < 60


def send_big(archive, number, block):
    """Sends one big object and returns the status of its C-STORE."""
    uid, head = big_object(number, BIG)
    with archive.associate([(CT, [EXPLICIT])], timeout=600) as a:
        a.send_fragments(1, True, command(AffectedSOPClassUID=CT, CommandField=C_STORE, MessageID=1, Priority=0,
                                          CommandDataSetType=1, AffectedSOPInstanceUID=uid))
        a.send_pdv(1, False, False, head)
        room = (a.maximum_pdu - 12) & ~1
        left = BIG
        while left:
            piece = block[:min(room, left)]
            left -= len(piece)
            a.send_pdv(1, False, left == 0, piece)
        return a.receive()[1].Status


def all_at_once(count, work):
    results = []
    threads = [threading.Thread(target=lambda n=n: results.append(work(n + 1))) for n in range(count)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return results


def test_fifty_associations_with_big_objects_stay_in_bounded_memory(archive):
    block = os.urandom(1 << 17)
    statuses = all_at_once(SENDERS, lambda number: send_big(archive, number, block))
    now, highest = archive.rss()
    print(f"\n{SENDERS} x {BIG >> 20} MiB: now {now:.0f} MiB, highest {highest:.0f} MiB")
    assert statuses == [0] * SENDERS
    if watched():
        assert highest < 300


def large_header(number, length):
    """A CT object without pixels, with text in a sequence: all of it is header."""
    image = ct("1.2.91", "1.2.91.1", number, side=16)
    del image.PixelData
    item = struct.pack("<HH2sHI", 0x0040, 0x0280, b"UT", 0, length) + b"x" * length
    sequence = struct.pack("<HHI", 0xFFFE, 0xE000, len(item)) + item
    image = encode(image, EXPLICIT) + struct.pack("<HH2sHI", 0x0040, 0x0260, b"SQ", 0, len(sequence)) + sequence
    return image


def part10(data):
    syntax = EXPLICIT.encode() + b"\0" * (len(EXPLICIT) % 2)
    meta = struct.pack("<HH2sH", 0x0002, 0x0010, b"UI", len(syntax)) + syntax
    return bytes(128) + b"DICM" + struct.pack("<HH2sHI", 0x0002, 0x0000, b"UL", 4, len(meta)) + meta + data


def metric(archive, name):
    found = re.search(rf"^{re.escape(name)} (\S+)$", DicomWeb(archive.url).get("/metrics").body.decode(), re.M)
    return float(found[1]) if found else 0


def test_large_headers_of_many_senders_share_one_memory_and_others_go_on(make_archive):
    archive = make_archive()
    archive.config = archive.folder / "headers.yaml"
    text = (ROOT / "config" / "quickstart.yaml").read_text()
    archive.config.write_text(text.replace("  archive:\n    config:\n", "  archive:\n    config:\n      maximum_header: 8MiB\n"
                                           "      maximum_headers: 32MiB\n", 1))
    archive.start()
    archive.wait_until_ready()
    before, _ = archive.rss()
    senders, length, waiting = 24, 7 << 20, []
    for number in range(1, senders + 1):  # each sends all but its last bytes
        data = large_header(number, length)
        a = archive.associate([(CT, [EXPLICIT])], timeout=60)
        a.send_fragments(1, True, command(AffectedSOPClassUID=CT, CommandField=C_STORE, MessageID=1, Priority=0, CommandDataSetType=1))
        room = (a.maximum_pdu - 12) & ~1
        for start in range(0, length, room):
            a.send_pdv(1, False, False, data[start:start + room])
        waiting.append((a, data[start + room:]))
    refused = 'fermata_limit_headers_total{plugin="archive"}'
    end = time.monotonic() + 30
    while metric(archive, refused) < senders - 2:  # each is counted twice: two have room
        assert time.monotonic() < end, metric(archive, refused)
        time.sleep(0.05)
    with archive.associate([(CT, [EXPLICIT])]) as a:
        assert a.store(1, CT, *ct_bytes("1.2.92", "1.2.92.1", 1)).Status == 0
    file = part10(large_header(50, length))
    web = DicomWeb(archive.url + "/dicom-web")
    answer = web.get("/studies", "application/dicom+json", "POST", file, Content_Type="application/dicom")
    assert answer.status == 503 and int(answer.headers["Retry-After"]) > 0, (answer.status, answer.body)
    upload = web.get("//api/upload?name=x.dcm", None, "POST", file)
    assert "send it again later" in json.loads(upload.body)["results"][0]["reason"]
    _, highest = archive.rss()
    responses = []
    for a, rest in waiting:
        a.send_pdv(1, False, True, rest)
        responses.append(a.receive()[1])
        a.release()
    statuses = [response.Status for response in responses]
    assert statuses.count(0) == 2 and statuses.count(0xA700) == senders - 2, statuses
    assert {r.ErrorComment for r in responses if r.Status} == {"too many large headers at a time: send it again later"}
    if watched():
        assert highest - before < 120, (before, highest)
    archive.wait_for_log("take all the memory that `maximum_headers` allows")
    assert web.get("/studies", "application/dicom+json", "POST", file, Content_Type="application/dicom").status == 200
    assert archive.stop() == 0


def test_ten_clients_that_pull_a_big_study_stay_in_bounded_memory(archive):
    block = os.urandom(1 << 17)
    objects, clients = 4, 10
    assert [send_big(archive, number + 1, block) for number in range(objects)] == [0] * objects

    def pull(_):
        connection = http.client.HTTPConnection("127.0.0.1", archive.http_port, timeout=600)
        connection.request("GET", "/dicom-web/studies/1.2.90",
                           headers={"Accept": 'multipart/related; type="application/dicom"; transfer-syntax=*'})
        answer = connection.getresponse()
        assert answer.status == 200
        size = 0
        while piece := answer.read(1 << 20):
            size += len(piece)
        connection.close()
        return size

    sizes = all_at_once(clients, pull)
    now, highest = archive.rss()
    print(f"\n{clients} clients, each {sizes[0] >> 20} MiB: now {now:.0f} MiB, highest {highest:.0f} MiB")
    assert len(sizes) == clients and len(set(sizes)) == 1 and sizes[0] > objects * BIG
    if watched():
        assert highest < 300


def test_two_hundred_associations_at_once(archive):
    open_ones = [archive.associate([(VERIFICATION, [IMPLICIT])]) for _ in range(200)]
    for a in open_ones:
        assert a.echo() == 0
    with pytest.raises(Exception):
        archive.associate([(VERIFICATION, [IMPLICIT])])
    for a in open_ones:
        a.release()
        a.socket.close()
    time.sleep(0.5)
    with archive.associate([(VERIFICATION, [IMPLICIT])]) as a:
        assert a.echo() == 0


def test_a_peer_that_says_nothing_or_half_a_word_holds_up_nobody(archive):
    silent = [socket.create_connection(("127.0.0.1", archive.port)) for _ in range(20)]
    for s in silent[:10]:
        s.sendall(b"\x01\x00\x00\x00\x01")
    for _ in range(5):
        with archive.associate([(VERIFICATION, [IMPLICIT])], timeout=5) as a:
            assert a.echo() == 0
    for s in silent:
        s.close()


def test_answers_do_not_wait_for_delayed_acknowledgements(archive):
    """With Nagle's algorithm on, every answer would come 40 ms late."""
    with archive.associate([(VERIFICATION, [IMPLICIT])]) as a:
        times = []
        for _ in range(30):
            begin = time.monotonic()
            assert a.echo() == 0
            times.append(time.monotonic() - begin)
        assert sorted(times)[15] < 0.03
