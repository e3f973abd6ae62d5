"""The other side of fault_injector.so and failing_memory.so: rules for a program that runs."""

import ctypes
import errno
import mmap

WRITE, SYNC, RENAME, UNLINK, CREATE, READ, OPEN, SYNC_ALL = (1 << bit for bit in range(8))
CHANGES = WRITE | SYNC | SYNC_ALL | RENAME | UNLINK | CREATE
FAIL, SHORT, KILL_BEFORE, KILL_HALF, KILL_AFTER = range(1, 6)
ALWAYS = 1 << 62


class _Rules(ctypes.Structure):
    _fields_ = [("armed", ctypes.c_uint32), ("calls", ctypes.c_uint32), ("action", ctypes.c_uint32), ("error", ctypes.c_int32),
                ("passing", ctypes.c_int64), ("times", ctypes.c_int64), ("seen", ctypes.c_uint64), ("fired", ctypes.c_uint64),
                ("clock_offset", ctypes.c_int64), ("path", ctypes.c_char * 200), ("root", ctypes.c_char * 200)]


class _Memory(ctypes.Structure):
    _fields_ = [("armed", ctypes.c_uint64), ("smallest", ctypes.c_uint64), ("passing", ctypes.c_int64), ("times", ctypes.c_int64),
                ("fired", ctypes.c_uint64)]


def _mapped(path, structure):
    path.write_bytes(bytes(ctypes.sizeof(structure)))
    with open(path, "r+b") as file:
        return structure.from_buffer(mmap.mmap(file.fileno(), ctypes.sizeof(structure)))


class Injector:
    """Rules for the files below `root` of an archive that is started after this."""

    def __init__(self, archive, programs, root=None):
        self._rules = _mapped(archive.folder / "rules", _Rules)
        self._rules.root = str(root or archive.data).encode()
        archive.environment.update(LD_PRELOAD=str(programs / "fault_injector.so"), FERMATA_INJECT=str(archive.folder / "rules"))

    def arm(self, action, calls, path="", after=0, times=1, error=errno.EIO):
        """Acts on `times` of these calls on paths with `path` in them, after `after` that pass."""
        rules = self._rules
        rules.armed = 0
        rules.calls, rules.action, rules.error, rules.path = calls, action, error, path.encode()
        rules.passing, rules.times, rules.seen, rules.fired = after, times, 0, 0
        rules.armed = 1

    def disarm(self):
        self._rules.armed = 0

    @property
    def fired(self):
        return self._rules.fired

    @property
    def seen(self):
        return self._rules.seen

    def set_clock(self, seconds_ahead):
        self._rules.clock_offset = seconds_ahead


class Memory:
    """Lets allocations of an archive that is started after this fail."""

    def __init__(self, archive, programs):
        self._control = _mapped(archive.folder / "memory", _Memory)
        archive.environment.update(LD_PRELOAD=str(programs / "failing_memory.so"), FERMATA_MEMORY=str(archive.folder / "memory"))

    def arm(self, smallest=1, after=0, times=1):
        control = self._control
        control.armed = 0
        control.smallest, control.passing, control.times, control.fired = smallest, after, times, 0
        control.armed = 1

    def disarm(self):
        self._control.armed = 0

    @property
    def fired(self):
        return self._control.fired
