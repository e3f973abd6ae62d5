"""Ports for tests, which two runs of tests on one machine never share.

The kernel's own choice (port 0) is free only at that moment: until the program under test listens there, another run may be given
the same one, or a connection to somewhere may begin from it. These are outside of the kernel's range, and taken a block at a time.
"""

import pathlib
import random
import socket
import threading

EPHEMERAL = pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range")
LOWEST = 15000  # below are those that programs are known for
BLOCK = 100


def blocks():
    """First ports of blocks outside of the range that the kernel chooses from, or of all if it chooses from everything."""
    first, last = map(int, EPHEMERAL.read_text().split())
    starts = range(LOWEST, 65536 - BLOCK, BLOCK)
    return [start for start in starts if start + BLOCK <= first or start > last] or list(starts)


def claimed():
    """The first port of a block that is this process's, and the socket that says so to others for as long as it is open."""
    starts = blocks()
    random.shuffle(starts)
    for start in starts:
        # Abstract: it is gone with the process, leaves no file, and is known where the ports are, in this network namespace.
        claim = socket.socket(socket.AF_UNIX)
        try:
            claim.bind(f"\0fermata-test-ports-{start}")
            return start, claim
        except OSError:
            claim.close()
    raise RuntimeError("every block of ports is taken by runs of tests: wait for one of them to end")


def is_free(port):
    with socket.socket() as s:
        try:
            s.bind(("", port))
            return True
        except OSError:
            return False


def of_claimed_blocks():
    claims = []
    while True:
        start, claim = claimed()
        claims.append(claim)
        yield from filter(is_free, range(start, start + BLOCK))


_ports = of_claimed_blocks()
_one_at_a_time = threading.Lock()


def free_port():
    """Each is given out once."""
    with _one_at_a_time:
        return next(_ports)
