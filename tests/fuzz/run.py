#!/usr/bin/python3
"""usage: tests/fuzz/run.py [--build BUILD] [--seconds N] [--jobs N] [--write-docs] [harness...]

Runs the fuzzers of the preset `fuzz` on their corpora, each for so many seconds, and prints executions and coverage of each. What
they find on the way is kept in BUILD/fuzz-corpus, and goes on from there the next time; what breaks them, in BUILD/fuzz-found.
Exits with 1 if anything does. --write-docs puts the rows of those that ran into the table of docs/fuzzing.md.
"""

import argparse
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
CORPUS = ROOT / "tests" / "fuzz" / "corpus"
PAGE = ROOT / "docs" / "fuzzing.md"
BEGIN, END = "<!-- table: tests/fuzz/run.py --write-docs -->", "<!-- end of table -->"
ENVIRONMENT = {**os.environ, "UBSAN_OPTIONS": "print_stacktrace=1",
               "LSAN_OPTIONS": f"suppressions={ROOT}/tests/leaks.supp"}
# DCMTK's upper layer leaks a little with many inputs (tests/leaks.supp). To look for leaks after each one, as libFuzzer would, takes
# ten times as long as the input: here that happens at the end, and a long run begins anew before leaks fill the memory.
LEAKING = {"association_request", "dimse_messages"}
LONGEST_WHILE_LEAKING = 300


class Result:
    def __init__(self, name, output, failed):
        self.name, self.failed, self.output = name, failed, output
        self.executions = sum(self._all(r"stat::number_of_executed_units:\s+(\d+)"))
        self.edges = self._all(r"cov: (\d+)")[-1]
        self.corpus = self._all(r"corp: (\d+)/")[-1]
        self.slowest = max(self._all(r"stat::slowest_unit_time_sec:\s+(\d+)"))
        self.memory = max(self._all(r"stat::peak_rss_mb:\s+(\d+)"))

    def _all(self, pattern):
        return [int(found) for found in re.findall(pattern, self.output)] or [0]


def run(build, name, seconds):
    at_once = LONGEST_WHILE_LEAKING if name in LEAKING else seconds
    output, failed = "", False
    while seconds > 0 and not failed:
        said, failed = run_once(build, name, min(at_once, seconds))
        output += said
        seconds -= at_once
    return Result(name, output, failed)


def run_once(build, name, seconds):
    """What it says, and whether something broke."""
    kept, found = build / "fuzz-corpus" / name, build / "fuzz-found" / name
    for folder in (kept, found):
        folder.mkdir(parents=True, exist_ok=True)
    done = subprocess.run([
        str(build / "bin" / f"fuzz_{name}"), f"-max_total_time={seconds}", "-timeout=10", "-rss_limit_mb=2048",
        "-max_len=16384", "-print_final_stats=1", f"-detect_leaks={0 if name in LEAKING else 1}",
        f"-artifact_prefix={found}/", str(kept), str(CORPUS / name)],
        capture_output=True, text=True, errors="replace", env=ENVIRONMENT, cwd=build)
    return done.stdout + done.stderr, done.returncode != 0


def row(r):
    what = (ROOT / "tests" / "fuzz" / f"{r.name}.cpp").read_text().splitlines()[0].removeprefix("// ")
    return f"| {r.name} | {what} | {r.executions:,} | {r.edges:,} | {r.corpus:,} | {r.slowest} s | {r.memory} MiB |"


def table(rows):
    return "\n".join(["| harness | what it tries | executions | edges covered | inputs kept | slowest | memory |",
                      "|---|---|---|---|---|---|---|", *rows])


def write_page(results, built):
    """Those that did not run keep their rows; those that are gone lose them."""
    text = PAGE.read_text()
    before, rest = text.split(BEGIN)
    old, after = rest.split(END)
    rows = {line.split("|")[1].strip(): line for line in old.splitlines() if line.startswith("| ")}
    rows = {name: line for name, line in rows.items() if name in built} | {r.name: row(r) for r in results}
    PAGE.write_text(before + BEGIN + "\n\n" + table(rows[name] for name in sorted(rows)) + "\n\n" + END + after)


def main():
    parser = argparse.ArgumentParser(usage=__doc__.splitlines()[0].removeprefix("usage: "), description=__doc__.split("\n\n", 1)[1])
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "fuzz")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--write-docs", action="store_true")
    parser.add_argument("harness", nargs="*")
    options = parser.parse_args()
    build = options.build.resolve()
    built = sorted(p.name.removeprefix("fuzz_") for p in (build / "bin").glob("fuzz_*") if os.access(p, os.X_OK) and p.is_file())
    names = options.harness or built
    if not names or set(names) - set(built):
        sys.exit(f"not built: {', '.join(sorted(set(names) - set(built))) or 'any fuzzer'}; run `cmake --preset fuzz` and "
                 "`cmake --build --preset fuzz --target fuzzers`")
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        results = list(pool.map(lambda name: run(build, name, options.seconds), names))
    print(table(row(result) for result in results))
    for result in results:
        if result.failed:
            print(f"\n{result.name} failed; the input is in {build}/fuzz-found/{result.name}:\n" + result.output[-6000:])
    if options.write_docs:
        write_page(results, built)
    return 1 if any(result.failed for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())
