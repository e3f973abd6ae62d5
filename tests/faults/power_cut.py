#!/usr/bin/env python3
"""Builds the folder as it may be after a power cut, from what unsynced_recorder.so has recorded.

    power_cut.py --log LOG_FOLDER --model posix|journal --out NEW_FOLDER [--survivors SEED]

Without --survivors everything that need not survive is lost; with it, a random part of that survives as well.
README.md describes the two models.
"""

import argparse
import os
import random
import shutil
import sys
from dataclasses import dataclass, field


@dataclass
class Event:
    """One recorded change: of a name (set, clear, move), of a file's size (size, back, synced), of bytes in place (over), or
    of a time (touch)."""

    kind: str
    position: int  # of its record in the log
    begin: int  # how far the log reached when the call began
    inodes: tuple  # all that the change touches
    folder: str = ""
    name: str = ""
    to_folder: str = ""
    to_name: str = ""
    inode: str = ""
    is_folder: bool = False
    offset: int = 0
    size: int = 0
    old: int = 0  # where the bytes are that were overwritten
    lost: set = field(default_factory=set)  # the folders whose part of the change need not survive


@dataclass
class Sync:
    position: int
    begin: int
    inode: str
    data_only: bool
    written: int
    everything: bool = False


class Recording:
    """The log, with a new identity for each folder that is made: the kernel gives inode numbers out again."""

    def __init__(self, log_folder):
        self.keep = os.path.join(log_folder, "keep")
        self.old = os.path.join(log_folder, "old")
        self.base = []  # (folder, inode, is_folder, size, name) of what was there at the start
        self.steps = []  # events and syncs, as recorded
        self.overwritten = {}  # by inode: events that no name and no size depends on
        self._folders = {}
        self._made = 0
        with open(os.path.join(log_folder, "log"), "rb") as log:
            self._parse(log.read())

    def _parse(self, data):
        position = 0
        for line in data.split(b"\n")[:-1]:
            fields = os.fsdecode(line).split("\t")
            getattr(self, "_" + fields[0])(position, *fields[1:])
            position += len(line) + 1
        self.end = position

    def _id(self, inode):
        return self._folders.get(inode, inode)

    def _new_folder(self, inode):
        self._made += 1
        self._folders[inode] = f"{inode}#{self._made}"
        return self._folders[inode]

    def _root(self, _position, inode):
        self.root = self._new_folder(inode)

    def _base(self, _position, folder, inode, kind, size, name):
        is_folder = kind == "d"
        inode = self._new_folder(inode) if is_folder else inode
        self.base.append((self._id(folder), inode, is_folder, int(size), name))

    def _set(self, position, begin, folder, inode, kind, name):
        folder, is_folder = self._id(folder), kind == "d"
        if is_folder:
            inode = self._new_folder(inode)
        else:
            self._folders.pop(inode, None)  # of a folder that is gone
        self.steps.append(Event("set", position, int(begin), (folder, inode), folder=folder, name=name, inode=inode,
                                is_folder=is_folder, lost={folder}))

    def _clear(self, position, begin, folder, name):
        folder = self._id(folder)
        self.steps.append(Event("clear", position, int(begin), (folder,), folder=folder, name=name, lost={folder}))

    def _move(self, position, begin, folder, to_folder, inode, kind, name, to_name):
        folder, to_folder, inode = self._id(folder), self._id(to_folder), self._id(inode)
        self.steps.append(Event("move", position, int(begin), (folder, to_folder, inode), folder=folder, name=name,
                                to_folder=to_folder, to_name=to_name, inode=inode, is_folder=kind == "d",
                                lost={folder, to_folder}))

    def _touch(self, position, begin, inode):
        self.steps.append(Event("touch", position, int(begin), (self._id(inode),)))

    def _size(self, position, begin, inode, size):
        self.steps.append(Event("size", position, int(begin), (inode,), inode=inode, size=int(size)))

    def _back(self, position, begin, inode, offset, end):
        self.steps.append(Event("back", position, int(begin), (inode,), inode=inode, offset=int(offset),
                                size=int(end), lost={inode}))

    def _over(self, position, begin, inode, offset, end, old):
        self.overwritten.setdefault(inode, []).append(
            Event("over", position, int(begin), (inode,), inode=inode, offset=int(offset), size=int(end) - int(offset),
                  old=int(old), lost={inode}))

    def _sync(self, position, begin, inode, size, kind, written):
        inode = self._id(inode)
        self.steps.append(Sync(position, int(begin), inode, kind == "data", int(written)))
        self.steps.append(Event("synced", position, int(begin), (), inode=inode, size=int(size)))

    def _all(self, position, begin):
        self.steps.append(Sync(position, int(begin), "", False, int(begin), everything=True))

    def kept_size(self, inode):
        try:
            return os.stat(os.path.join(self.keep, inode)).st_size
        except FileNotFoundError:
            return 0


def settle_overwritten(recording):
    """Bytes that were overwritten in place are the new ones once their own file was synced, on every file system."""
    for step in recording.steps:
        if isinstance(step, Event):
            continue
        for inode in list(recording.overwritten) if step.everything else [step.inode]:
            for event in recording.overwritten.get(inode, []):
                if event.position < step.begin:
                    event.lost.clear()


def settle_posix(recording):
    """A change of a folder survives if that folder was synced after it; written-back data alone never does."""
    pending = {}
    for step in recording.steps:
        if isinstance(step, Event):
            if step.kind == "back":
                continue
            for folder in step.lost:
                pending.setdefault(folder, []).append(step)
            continue
        for folder in list(pending) if step.everything else [step.inode]:
            rest = []
            for event in pending.pop(folder, []):
                if event.position < step.begin:
                    event.lost.discard(folder)
                else:
                    rest.append(event)
            if rest:
                pending[folder] = rest


def settle_journal(recording):
    """A change survives if the journal was committed after it; a sync commits up to the last change of its file.

    Which changes share a transaction is not known. Certain is only: a sync commits the last change of its own file (or
    folder), and everything that had happened before that change began."""
    changes = {}  # by inode
    covered = 0
    for step in recording.steps:
        if isinstance(step, Event):
            for inode in step.inodes:
                changes.setdefault(inode, []).append(step)
            continue
        if step.everything:
            covered = max(covered, step.begin)
            continue
        covered = max(covered, step.written)
        for event in changes.pop(step.inode, []):
            if event.position >= step.begin or (step.data_only and not changes_data(event, step.inode)):
                changes.setdefault(step.inode, []).append(event)
                continue
            covered = max(covered, event.begin)
            event.lost.clear()
    for step in recording.steps:
        if isinstance(step, Event) and step.position < covered:
            step.lost.clear()
    return covered


def changes_data(event, inode):
    """Whether fdatasync of `inode` waits for this change: its creation or a new size, but no new name or time."""
    return event.inode == inode and event.kind in ("set", "size")


def let_some_survive(recording, model, covered, seed):
    """What need not survive sometimes does: in a journal a further stretch of it, in the other model any part."""
    chance = random.Random(seed)
    reach = chance.randint(covered, recording.end)
    for step in recording.steps:
        if not isinstance(step, Event):
            continue
        if model == "journal" and step.position < reach:
            step.lost.clear()
        if model == "posix" and step.kind != "back":
            step.lost = {folder for folder in sorted(step.lost) if chance.random() < 0.5}
    return chance


def final_sizes(recording, model, chance):
    sizes = {inode: size for _, inode, is_folder, size, _ in recording.base if not is_folder}
    for step in recording.steps:
        if not isinstance(step, Event):
            continue
        size = sizes.get(step.inode, 0)
        if step.kind == "synced" or (step.kind == "back" and model == "journal" and not step.lost
                                     and step.offset <= size):
            sizes[step.inode] = max(size, step.size)
        elif step.kind == "size":
            sizes[step.inode] = min(size, step.size)
    if chance is not None:
        for inode in sorted(os.listdir(recording.keep)):
            least = sizes.get(inode, 0)
            sizes[inode] = chance.randint(least, max(least, recording.kept_size(inode)))
    return sizes


def final_tree(recording):
    tree = {}
    for folder, inode, is_folder, _, name in recording.base:
        tree.setdefault(folder, {})[name] = (inode, is_folder)
    for event in recording.steps:
        if not isinstance(event, Event):
            continue
        if event.kind == "set" and event.folder not in event.lost:
            tree.setdefault(event.folder, {})[event.name] = (event.inode, event.is_folder)
        elif event.kind in ("clear", "move") and event.folder not in event.lost:
            tree.get(event.folder, {}).pop(event.name, None)
        if event.kind == "move" and event.to_folder not in event.lost:
            tree.setdefault(event.to_folder, {})[event.to_name] = (event.inode, event.is_folder)
    return tree


SECTOR = 512  # what a device writes as a whole


def undo_lost(recording, inode, path, chance):
    """Gives the file back what it had where a change need not survive: each sector is the new or an old one."""
    with open(path, "r+b") as file, open(recording.old, "rb") as old:
        length, survivors = os.fstat(file.fileno()).st_size, set()
        for event in reversed(recording.overwritten[inode]):
            for sector in range(event.offset // SECTOR, (event.offset + event.size - 1) // SECTOR + 1):
                if sector in survivors:
                    continue
                if not event.lost or (chance is not None and chance.random() < 0.5):
                    survivors.add(sector)
                    continue
                begin = max(event.offset, sector * SECTOR)
                end = min(event.offset + event.size, (sector + 1) * SECTOR, length)
                if begin < end:
                    old.seek(event.old + begin - event.offset)
                    file.seek(begin)
                    file.write(old.read(end - begin))


def write_tree(recording, tree, sizes, chance, folder, path, counts):
    os.makedirs(path, exist_ok=True)
    for name, (inode, is_folder) in sorted(tree.get(folder, {}).items()):
        target = os.path.join(path, name)
        if is_folder:
            counts["folders"] += 1
            write_tree(recording, tree, sizes, chance, inode, target, counts)
            continue
        size, whole = sizes.get(inode, 0), recording.kept_size(inode)
        counts["files"] += 1
        counts["shortened"] += size < whole
        copy_start(os.path.join(recording.keep, inode), target, size)
        if inode in recording.overwritten:
            undo_lost(recording, inode, target, chance)


def copy_start(source, target, size):
    with open(target, "wb") as new:
        if os.path.exists(source):
            with open(source, "rb") as old:
                shutil.copyfileobj(old, new)
        new.truncate(min(size, new.tell()))


def cut(log_folder, model, out, seed=None):
    """Builds `out`, and returns how many folders, files and shortened files it has."""
    recording = Recording(log_folder)
    settle_overwritten(recording)
    covered = 0
    if model == "posix":
        settle_posix(recording)
    else:
        covered = settle_journal(recording)
    chance = None if seed is None else let_some_survive(recording, model, covered, seed)
    counts = {"folders": 0, "files": 0, "shortened": 0}
    write_tree(recording, final_tree(recording), final_sizes(recording, model, chance), chance, recording.root, out, counts)
    return counts


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--log", required=True, help="the folder that was given to the recorder as FERMATA_FAULT_LOG")
    parser.add_argument("--model", required=True, choices=["posix", "journal"])
    parser.add_argument("--out", required=True, help="a new or empty folder")
    parser.add_argument("--survivors", type=int, metavar="SEED", help="let a random part of the unsynced survive")
    arguments = parser.parse_args()
    if os.path.exists(arguments.out) and os.listdir(arguments.out):
        sys.exit(f"{arguments.out} is not empty")
    counts = cut(arguments.log, arguments.model, arguments.out, arguments.survivors)
    print(", ".join(f"{count} {what}" for what, count in counts.items()))


if __name__ == "__main__":
    main()
