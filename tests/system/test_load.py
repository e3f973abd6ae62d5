"""Many at once, big ones, slow ones: memory stays bounded and nobody waits for a neighbour."""

import os
import socket
import struct
import threading
import time

import pytest

from objects import ct
from upper_layer import CT, EXPLICIT, IMPLICIT, VERIFICATION, command, C_STORE, encode

BIG = int(os.environ.get("FERMATA_BIG_OBJECT_MIB", "24")) << 20
SENDERS = int(os.environ.get("FERMATA_BIG_SENDERS", "50"))


def big_object(number, length):
    """A CT object as its header and the length of its pixel data, which is made while it is sent."""
    image = ct("1.2.90", "1.2.90.1", number, side=16)
    del image.PixelData
    header = encode(image, EXPLICIT)
    return image.SOPInstanceUID, header + struct.pack("<HH2sHI", 0x7FE0, 0x0010, b"OW", 0, length)


def test_an_idle_archive_is_small(archive):
    time.sleep(1)
    now, _ = archive.rss()
    print(f"\nidle: {now:.0f} MiB")
    if "asan" not in os.environ.get("FERMATA_BUILD", "") and "tsan" not in os.environ.get("FERMATA_BUILD", ""):
        assert now < 60


def test_fifty_associations_with_big_objects_stay_in_bounded_memory(archive):
    statuses = []
    block = os.urandom(1 << 17)

    def one(number):
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
            statuses.append(a.receive()[1].Status)

    threads = [threading.Thread(target=one, args=(n + 1,)) for n in range(SENDERS)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    now, highest = archive.rss()
    print(f"\n{SENDERS} x {BIG >> 20} MiB: now {now:.0f} MiB, highest {highest:.0f} MiB")
    assert statuses == [0] * SENDERS
    if "asan" not in os.environ.get("FERMATA_BUILD", "") and "tsan" not in os.environ.get("FERMATA_BUILD", ""):
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
