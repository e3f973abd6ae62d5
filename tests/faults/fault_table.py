"""What the tests of faults have seen, for docs/faults.md: a line for each fault.

A test notes what it did and what came of it, once it has checked that. With FERMATA_FAULT_NOTES=FILE the notes are kept there,
and `tests/faults/fault_table.py FILE` makes the document of them.
"""

import json
import os
import pathlib
import sys

DOCUMENT = pathlib.Path(__file__).resolve().parents[2] / "docs" / "faults.md"
HEAD = """# What goes wrong, and what becomes of it

This page is made by the tests that cause these faults: `tests/faults/README.md` says how. Every line was checked when it was
written: the program runs on or is started again, every object whose receipt was acknowledged is there byte for byte, the counts
of studies are right, and no incoming file is left over.

| fault | where | times | outcome | what the administrator reads |
|---|---|---|---|---|
"""


def note(fault, where, times, outcome, message=""):
    file = os.environ.get("FERMATA_FAULT_NOTES")
    if file:
        with open(file, "a") as notes:
            notes.write(json.dumps([fault, where, times, outcome, message]) + "\n")


def document(notes):
    lines = {}
    for fault, where, times, outcome, message in notes:
        key = (fault, where, outcome, message)
        lines[key] = lines.get(key, 0) + times
    return HEAD + "".join(f"| {fault} | {where} | {times:,} | {outcome} | {message} |\n"
                          for (fault, where, outcome, message), times in sorted(lines.items()))


if __name__ == "__main__":
    DOCUMENT.write_text(document(map(json.loads, pathlib.Path(sys.argv[1]).read_text().splitlines())))
