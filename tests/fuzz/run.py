#!/usr/bin/python3
"""usage: tests/fuzz/run.py [--build BUILD] [--seconds N] [--jobs N] [--write-docs] [harness...]

Runs the fuzzers of the preset `fuzz` on their corpora, each for so many seconds, and prints executions and coverage of each. What
they find on the way is kept in BUILD/fuzz-corpus, and goes on from there the next time; what breaks them, in BUILD/fuzz-found.
Exits with 1 if anything does. --write-docs puts the table into docs/fuzzing.md.
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


class Result:
    def __init__(self, name, output, failed):
        self.name, self.failed, self.output = name, failed, output
        self.executions = self._last(r"stat::number_of_executed_units:\s+(\d+)")
        self.edges = self._last(r"cov: (\d+)")
        self.corpus = self._last(r"corp: (\d+)/")
        self.slowest = self._last(r"stat::slowest_unit_time_sec:\s+(\d+)")
        self.memory = self._last(r"stat::peak_rss_mb:\s+(\d+)")

    def _last(self, pattern):
        found = re.findall(pattern, self.output)
        return int(found[-1]) if found else 0


def run(build, name, seconds):
    kept, found = build / "fuzz-corpus" / name, build / "fuzz-found" / name
    for folder in (kept, found):
        folder.mkdir(parents=True, exist_ok=True)
    done = subprocess.run([
        str(build / "bin" / f"fuzz_{name}"), f"-max_total_time={seconds}", "-timeout=10", "-rss_limit_mb=2048",
        "-max_len=16384", "-print_final_stats=1", f"-artifact_prefix={found}/", str(kept), str(CORPUS / name)],
        capture_output=True, text=True, errors="replace", env=ENVIRONMENT, cwd=build)
    return Result(name, done.stdout + done.stderr, done.returncode != 0)


def table(results):
    lines = ["| harness | what it tries | executions | edges covered | inputs kept | slowest | memory |", "|---|---|---|---|---|---|---|"]
    for r in results:
        what = (ROOT / "tests" / "fuzz" / f"{r.name}.cpp").read_text().splitlines()[0].removeprefix("// ")
        lines.append(f"| {r.name} | {what} | {r.executions:,} | {r.edges:,} | {r.corpus:,} | {r.slowest} s | {r.memory} MiB |")
    return "\n".join(lines)


def write_page(results):
    text = PAGE.read_text()
    before, rest = text.split(BEGIN)
    PAGE.write_text(before + BEGIN + "\n\n" + table(results) + "\n\n" + END + rest.split(END)[1])


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
    print(table(results))
    for result in results:
        if result.failed:
            print(f"\n{result.name} failed; the input is in {build}/fuzz-found/{result.name}:\n" + result.output[-6000:])
    if options.write_docs:
        write_page(results)
    return 1 if any(result.failed for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())
