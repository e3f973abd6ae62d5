"""Writes what of this handbook is made from other files: a page for each interface from its header, the snippets of the
tutorial from the plugin that it builds, and the table of plugins that are built on the installed SDK alone: their lines are
counted, the processor time that templates take is what `tests/install/new_plugin_test.py KIND --record` has measured.

    generate.py           writes them
    generate.py --check   says what is not up to date; exit code 1 if anything
"""

import json
import pathlib
import re
import sys
import textwrap

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
HEADERS = ROOT / "sdk" / "include" / "fermata"
TUTORIAL_PLUGIN = ROOT / "tests" / "plugins" / "mirrored-store"
TEMPLATES = ROOT / "sdk" / "template"
BY_HAND = {"tests/plugins/mirrored-store": "two blob stores as one: the plugin of the tutorial",
           "tests/install/plugin": "a verb of the program"}
LANGUAGES = {".cpp": "cpp", ".hpp": "cpp", ".yaml": "yaml", ".txt": "cmake"}
NOT_SHOWN = re.compile(r"\s*(virtual ~\w+\(\) = default;|public:|static constexpr const char\* kId = .*)")


def service_id(header):
    """fermata.blob-store/1 of blob_store.hpp; nothing where the header declares no service."""
    macro = re.search(r"kId = (FERMATA_\w+_ID);", header.read_text())
    if not macro:
        return None
    for c_header in (HEADERS / "c").glob("*.h"):
        value = re.search(rf'#define {macro.group(1)} "(.*)"', c_header.read_text())
        if value:
            return value.group(1)
    raise LookupError(f"{macro.group(1)} is in no C header")


def declarations(text):
    """(comment, code) for everything declared in the namespace, in the order of the header."""
    body = text[text.index("namespace fermata {\n") + len("namespace fermata {\n"):text.index("\n}  // namespace fermata\n")]
    comment, code = [], []
    for line in body.splitlines():
        if not code and line.startswith("///"):
            comment.append(line[3:].strip())
        elif code or line.strip():
            code.append(line)
            ends = line.startswith("};") if re.match(r"(class|struct|enum) .*{$", code[0]) else line.endswith(";")
            if ends:
                yield comment, code
                comment, code = [], []
        else:
            comment = []


def shown(code):
    """A declaration without what only the compiler wants."""
    kept = []
    for line in code:
        if line.strip() == "private:":
            kept.append("};")
            break
        if NOT_SHOWN.fullmatch(line):
            continue
        line = re.sub(r"\bvirtual ", "", line)
        kept.append(line.replace(") = 0;", ");").replace("///", "//"))
    return kept


def prose(comment):
    """Paragraphs; each of the contract's parts is one of its own."""
    text = re.sub(r"\s+(\*\*[A-Z]\w*\*\*[:,]|\*Provided by\*)", r"\n\n\1", "\n".join(comment))
    paragraphs = [" ".join(paragraph.split()) for paragraph in text.split("\n\n")]
    return "\n\n".join(textwrap.fill(p, 120, break_long_words=False, break_on_hyphens=False) for p in paragraphs if p)


def interface_page(header):
    name = header.name
    parts = [f"# {service_id(header)}", f"<!-- Made by ../generate.py from the header: change that instead. -->",
             f"`#include \"fermata/{name}\"`"]
    for comment, code in declarations(header.read_text()):
        declared = re.match(r"(?:class|struct|enum class|enum) (\w+)", code[0])
        if declared and code[-1].startswith("};"):
            parts.append(f"## {declared.group(1)}")
        if comment:
            parts.append(prose(comment))
        parts.append("```cpp\n" + "\n".join(shown(code)) + "\n```")
    text = "\n\n".join(parts) + "\n"
    return text.replace("```\n\n```cpp\n", "")  # declarations that have nothing between them


def snippet(file, name):
    """What stands in a file of the tutorial's plugin between `tutorial: NAME` and `tutorial: end`."""
    lines = (TUTORIAL_PLUGIN / file).read_text().splitlines()
    starts = [i for i, line in enumerate(lines) if re.fullmatch(rf"\s*(//|#) tutorial: {name}", line)]
    if len(starts) != 1:
        raise LookupError(f"{file} has no place, or several, that is called \"tutorial: {name}\"")
    ends = [i for i, line in enumerate(lines) if i > starts[0] and re.fullmatch(r"\s*(//|#) tutorial: end", line)]
    return textwrap.dedent("\n".join(lines[starts[0] + 1:ends[0]])).strip("\n")


def with_snippets(text):
    def fresh(match):
        file, name = match.group(1), match.group(2)
        language = LANGUAGES[pathlib.Path(file).suffix]
        return f"<!-- snippet: {file} {name} -->\n```{language}\n{snippet(file, name)}\n```\n"
    return re.sub(r"<!-- snippet: (\S+) (\S+) -->\n```\w+\n.*?```\n", fresh, text, flags=re.DOTALL)


def lines_of(folder):
    """(code, tests) in C++, without blank lines."""
    def count(files):
        return sum(1 for file in files if file.suffix in (".cpp", ".hpp") for line in file.read_text().splitlines() if line.strip())
    tests = list((folder / "tests").rglob("*"))
    return count(file for file in folder.rglob("*") if file not in tests), count(tests)


def with_table(text):
    measured = json.loads((HERE / "measured.json").read_text())
    rows = []
    for folder in sorted(TEMPLATES.iterdir()):
        code, tests = lines_of(folder)
        name = folder.relative_to(ROOT)
        rows.append(f"| `{name}` | `--kind {folder.name}` | {code} | {tests} | {measured['seconds'][folder.name]} s |")
    for name, what in BY_HAND.items():
        code, tests = lines_of(ROOT / name)
        rows.append(f"| `{name}` | {what} | {code} | {tests} | |")
    table = "\n".join(["| plugin | what it is | lines of C++ | of its tests | processor time from the verb to green tests |", "|---|---|---|---|---|",
                       *rows, "", f"Measured on {measured['machine']}, without a compiler cache."])
    return re.sub(r"(<!-- table: begin -->\n).*?(<!-- table: end -->)", lambda m: m[1] + table + "\n" + m[2], text,
                  flags=re.DOTALL)


def pages():
    """{path: text} of everything that is made."""
    made = {}
    listed = []
    for header in sorted(HEADERS.glob("*.hpp")):
        if service_id(header):
            made[HERE / "interfaces" / f"{header.stem.replace('_', '-')}.md"] = interface_page(header)
            sentence = next(comment for comment, code in declarations(header.read_text())
                            if any("kId" in line for line in code))
            listed.append((service_id(header), header.stem.replace("_", "-"), " ".join(sentence).split(". ")[0].rstrip(".")))
    index = ["# Interfaces", "<!-- Made by ../generate.py from the headers. -->",
             "\n".join(["| service | what it is |", "|---|---|"] + [f"| [{id}]({stem}.md) | {what} |"
                                                                   for id, stem, what in listed])]
    made[HERE / "interfaces" / "README.md"] = "\n\n".join(index) + "\n"
    tutorial = HERE / "tutorial.md"
    made[tutorial] = with_snippets(tutorial.read_text())
    handbook = HERE / "README.md"
    made[handbook] = with_table(handbook.read_text())
    return made


def broken_links():
    for page in [*HERE.rglob("*.md"), ROOT / "docs" / "abi-policy.md"]:
        for target in re.findall(r"\]\(([^)#:]+)\)", re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)):
            if not (page.parent / target).exists():
                yield f"{page.relative_to(ROOT)} links to {target}, which is not there"


def main(check):
    made = pages()
    stale = [path for path, text in made.items() if not path.exists() or path.read_text() != text]
    stale += [path for path in (HERE / "interfaces").glob("*.md") if path not in made]
    for path in stale:
        if check:
            print(f"{path.relative_to(ROOT)} is not what its source says")
        elif path in made:
            path.write_text(made[path])
        else:
            path.unlink()
    if check and stale:
        print("Run docs/plugins/generate.py and look at what it has changed.")
    broken = list(broken_links())
    for sentence in broken:
        print(sentence)
    return 1 if broken or (check and stale) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] == ["--check"]))
