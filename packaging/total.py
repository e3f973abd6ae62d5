#!/usr/bin/python3
"""usage: total.py FOLDER

Adds up what test.sh left in a folder: JUnit reports, and checks.txt with a line "passed NAME" or "failed NAME" each.
Names what failed and what was skipped; the last line is "N passed, N failed". Exits with 1 if anything failed or nothing ran.
"""

import pathlib
import sys
import xml.etree.ElementTree


def outcomes(folder):
    """(outcome, name) of every test."""
    checks = folder / "checks.txt"
    for line in checks.read_text().splitlines() if checks.exists() else []:
        yield tuple(line.split(" ", 1))
    for report in sorted(folder.glob("*.xml")):
        for case in xml.etree.ElementTree.parse(report).iter("testcase"):
            yield outcome(case), f"{report.stem}: {case.get('name')}"


def outcome(case):
    if case.find("failure") is not None or case.find("error") is not None:
        return "failed"
    if case.find("skipped") is not None or case.get("status") in ("notrun", "disabled"):
        return "skipped"
    return "passed"


def main():
    found = list(outcomes(pathlib.Path(sys.argv[1])))
    count = {kind: sum(1 for o, _ in found if o == kind) for kind in ("passed", "failed", "skipped")}
    for kind in ("skipped", "failed"):
        for name in (n for o, n in found if o == kind):
            print(kind, name)
    print(f"{count['passed']} passed, {count['failed']} failed")
    return 1 if count["failed"] or not count["passed"] else 0


sys.exit(main())
