"""Compares the blobs in a store's folder with what blob_writer has acknowledged."""

import os


def find(lines, folder):
    """What is wrong, as sentences, and how many blobs were acknowledged."""
    words = [line.split(" ") for line in lines]
    kept = {key for what, key in words if what == "kept"}
    dropping = {key for what, key in words if what == "dropping"}
    gone = {key for what, key in words if what == "gone"}
    faults, present = [], set()
    objects = os.path.join(folder, "objects")
    for path, _, files in os.walk(objects):
        for name in files:
            key = os.path.relpath(os.path.join(path, name), objects)
            present.add(key)
            if not is_whole(os.path.join(path, name), key):
                faults.append(f"{key} is not whole")
    faults += [f"{key} was acknowledged and is lost" for key in kept - dropping - present]
    faults += [f"{key} was removed and is back" for key in gone & present]
    return faults, len(kept)


def is_whole(path, key):
    length = int(key.rsplit(".", 1)[1])
    line = key.encode() + b"\n"
    with open(path, "rb") as file:
        return file.read() == (line * (length // len(line) + 1))[:length]
