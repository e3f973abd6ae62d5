"""What the C headers of the SDK promise in binary: recorded once, compared ever after.

A probe library takes every table and record by pointer, for on a plugin's library abidiff would see nothing: there, tables
hide behind `const void*`. Constants and service ids, which leave no trace in a library, are kept as text beside it.

    abi.py check  [INCLUDE]   tells what breaks plugins that were built against the recorded headers; exit code 1 if any
    abi.py record [INCLUDE]   writes the baseline anew
"""

import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
INCLUDE = HERE.parents[1] / "sdk" / "include"
BASELINE = HERE / "baseline"
GROWS = {"FERMATA_ABI_MINOR"}  # constants that are meant to change


def headers(include):
    return sorted((include / "fermata" / "c").glob("*.h"))


def text_of(include):
    """All headers in one text, without comments."""
    text = "\n".join(header.read_text() for header in headers(include))
    return re.sub(r"/\*.*?\*/", " ", text, flags=re.DOTALL)


def includes(include):
    return "".join(f'#include "fermata/c/{header.name}"\n' for header in headers(include))


def compile_c(source, include, output, *options):
    path = output.with_suffix(".c")
    path.write_text(source)
    subprocess.run(["cc", "-std=c11", "-g", "-O0", *options, "-I", include, path, "-o", output], check=True)


def build_probe(include, folder):
    types = sorted(set(re.findall(r"}\s*(fermata_\w+)\s*;", text_of(include))))
    functions = "".join(f"void probe_{name}({name}* it) {{ (void)it; }}\n" for name in types)
    library = folder / "probe.so"
    compile_c(includes(include) + functions, include, library, "-shared", "-fPIC")
    return library


def constants(include, folder):
    """{"FERMATA_NOT_FOUND": "4", ...}: every enumerator, and every macro with a value."""
    text = text_of(include)
    names = [name for body in re.findall(r"\benum\s*\w*\s*{(.*?)}", text, flags=re.DOTALL)
             for name in re.findall(r"\b(FERMATA_\w+)\b\s*(?:=|,|$)", body)]
    names += re.findall(r"^#define[ \t]+(FERMATA_\w+)[ \t]+\S", text, flags=re.MULTILINE)
    lines = "".join(f'  printf(_Generic(({name}), char*: "{name} %s\\n", default: "{name} %d\\n"), {name});\n'
                    for name in sorted(set(names) - GROWS))
    program = folder / "constants"
    compile_c(f"#include <stdio.h>\n{includes(include)}int main(void) {{\n{lines}  return 0;\n}}\n", include, program,
              "-Wno-format")
    printed = subprocess.run([program], check=True, capture_output=True, text=True).stdout
    return dict(line.split(" ", 1) for line in printed.splitlines())


def growable(tables):
    """Types that begin with their size, or carry it, so that the other side sees how much of them there is."""
    found = set()
    for name, body in re.findall(r"<class-decl name='(fermata_\w+)'[^>]*>(.*?)</class-decl>", tables, flags=re.DOTALL):
        size = re.search(r"<var-decl name='size' type-id='([^']+)'", body)
        if size and f"<typedef-decl name='uint32_t' type-id='" in tables:
            uint32 = re.search(r"<typedef-decl name='uint32_t' type-id='[^']+'[^>]* id='([^']+)'", tables)
            if uint32.group(1) == size.group(1):
                found.add(name)
    return found


def breaks_in_report(report, may_grow):
    """The changes of abidiff's report that are more than members appended to a type that may grow."""
    found = []
    blocks = re.split(r"\n(?='|\d+ (?:Removed|Changed|removed|changed))", report)
    for block in blocks[1:]:
        changed = re.match(r"'struct (\w+)' changed:\n  type size changed from (\d+) to \d+ \(in bits\)\n"
                           r"  \d+ data member insertions?:\n((?:    '.*', at offset \d+ \(in bits\)\n?)+)\s*$", block)
        if changed:
            name, old_size, added = changed.groups()
            offsets = [int(offset) for offset in re.findall(r"at offset (\d+) \(in bits\)", added)]
            if name in may_grow and min(offsets) >= int(old_size):
                continue
        found.append(block.strip())
    return found


def compare(include, baseline=BASELINE):
    """Sentences about everything that breaks a plugin built against the baseline."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        found = []
        now = constants(include, folder)
        for line in (baseline / "constants.txt").read_text().splitlines():
            name, value = line.split(" ", 1)
            if now.get(name) != value:
                found.append(f"{name} was {value} and is {now.get(name, 'gone')}")
        tables = baseline / "tables.abi"
        done = subprocess.run(["abidiff", "--leaf-changes-only", "--harmless", "--no-show-locs", "--no-architecture",
                               "--no-show-relative-offset-changes", tables,
                               build_probe(include, folder)], capture_output=True, text=True)
        if done.returncode & 3:
            raise RuntimeError(f"abidiff has failed:\n{done.stdout}{done.stderr}")
        return found + breaks_in_report(done.stdout, growable(tables.read_text()))


def record(include, baseline=BASELINE):
    baseline.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        values = constants(include, folder)
        (baseline / "constants.txt").write_text("".join(f"{name} {value}\n" for name, value in sorted(values.items())))
        subprocess.run(["abidw", "--no-corpus-path", "--no-comp-dir-path", "--no-show-locs", "--no-elf-needed",
                        "--no-architecture", "--no-parameter-names", "--no-write-default-sizes", "--type-id-style", "hash",
                        "--out-file", baseline / "tables.abi", build_probe(include, folder)], check=True)


def main(verb, include=INCLUDE):
    include = pathlib.Path(include)
    if verb == "record":
        record(include)
        return 0
    found = compare(include)
    for sentence in found:
        print(sentence, end="\n\n")
    if found:
        print("Plugins that were built before this change would break. Append instead, or give the service a new id:\n"
              "docs/abi-policy.md says how.")
    return 1 if found else 0


if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in ("check", "record"):
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
