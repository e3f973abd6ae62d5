#!/usr/bin/python3
"""usage: packaging/tidy.py [--seconds N] [--jobs N] [--root FOLDER] [source...]

clang-tidy, Clang's static analyzer included, on what is compiled in host/ and plugins/, but for tests, with the headers of the SDK
that are included there; build/dev has to be up to date.

A source that passed is looked at again only when something has changed that clang-tidy reads: the source, a header that it
includes, the command that compiles it, .clang-tidy, or clang-tidy itself. build/tidy/passed remembers that.

With --seconds no further source is begun after so long. Those that the last commits are about come first, then others at
random, so that runs which never have the time for all look at different ones. What was left out is said. Exits with 1 if
clang-tidy found something.
"""

import argparse
import concurrent.futures
import functools
import hashlib
import json
import os
import pathlib
import random
import re
import shlex
import subprocess
import sys
import time

FOLDERS = ("host", "plugins")
COMMITS = 20  # whose files come first
TOGETHER = 10  # sources whose headers are read once
KEPT_DAYS = 60  # what passed, and was of no use for so long, is forgotten


class Tree:
    """The sources of a folder, and what was recorded when they were compiled."""

    def __init__(self, root):
        self.root = root
        self.build = root / "build" / "dev"
        commands = json.loads((self.build / "compile_commands.json").read_text())
        self.commands = {}  # one for each source: some are compiled into several programs
        for command in commands:
            self.commands.setdefault(self.name(command["file"]), command)
        self.headers = self._headers()

    def name(self, path):
        """Within the root if it is there, so that another folder's results are worth the same."""
        path = os.path.normpath(self.build / path)
        return path[len(f"{self.root}/"):] if path.startswith(f"{self.root}/") else path

    def sources(self):
        return sorted(name for name in self.commands
                      if name.startswith(tuple(f"{folder}/" for folder in FOLDERS)) and "/tests/" not in name
                      and name.endswith(".cpp"))

    def _headers(self):
        """Of each object file, what its compiler read."""
        listed = subprocess.run(["ninja", "-C", str(self.build), "-t", "deps"], capture_output=True, text=True, check=True)
        found, lines = {}, []
        for line in listed.stdout.splitlines():
            if line.startswith("    "):
                lines.append(line[4:])
            elif line.endswith("(VALID)"):
                lines = found.setdefault(line.split(": #deps")[0], [])
            else:
                lines = []
        return found

    @functools.cache
    def digest(self, path):
        file = self.build / path
        return f"{self.name(path)} {hashlib.sha256(file.read_bytes()).hexdigest() if file.exists() else 'gone'}"

    def read(self, source):
        """The files that clang-tidy reads for it, or nothing if it was not compiled yet."""
        words = shlex.split(self.commands[source]["command"])
        return self.headers.get(words[words.index("-o") + 1])

    def key(self, source, settings):
        """Of everything that the result depends on."""
        files = self.read(source)
        if files is None:
            return None
        command = self.commands[source]["command"].replace(str(self.root), "")
        everything = "\n".join([settings, command, *sorted(map(self.digest, files))])
        return hashlib.sha256(everything.encode()).hexdigest()

    def git(self, *arguments):
        done = subprocess.run(["git", "-C", str(self.root), *arguments], capture_output=True, text=True)
        return set(done.stdout.splitlines())

    def in_order(self, sources):
        changed = self.git("log", f"-{COMMITS}", "--format=", "--name-only") | self.git("diff", "--name-only", "HEAD")

        def rank(source):
            own = source in changed
            header = not own and any(self.name(file) in changed for file in self.read(source) or [])
            return (0 if own else 1 if header else 2), random.random()

        return sorted(sources, key=rank)


class Passed:
    """Keys of sources that passed."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        oldest = time.time() - KEPT_DAYS * 86400
        for file in folder.iterdir():
            if file.stat().st_mtime < oldest:
                file.unlink()

    def knows(self, key):
        if key is None or not (self.folder / key).exists():
            return False
        os.utime(self.folder / key)
        return True

    def add(self, key):
        if key is not None:
            (self.folder / key).touch()


def together(tree, sources):
    """Lists of sources that one unit can include: of one folder, compiled by the same command, with names that differ."""
    groups = {}
    for source in sources:
        command = tree.commands[source]
        lists = groups.setdefault((os.path.dirname(source), command["directory"], tuple(flags(command))), [])
        names = own_names((tree.root / source).read_text())
        for members, taken in lists:
            if len(members) < TOGETHER and not names & taken:
                members.append(source)
                taken |= names
                break
        else:
            lists.append(([source], names))
    return [members for lists in groups.values() for members, _ in lists]


def own_names(text):
    """What a source calls its own: it stands at the beginning of a line in a namespace without a name."""
    return {name for block in re.findall(r"^namespace \{$(.*?)^\}", text, re.M | re.S)
            for name in re.findall(r"^(?=\w)(?!using namespace|namespace)(?:[\w:<>,&*\[\]. ]+[ &*])(\w+)(?=[({;]| [={:]|\[)", block, re.M)}


def flags(command):
    """Without the compiler, the source, and what it is compiled to."""
    words = shlex.split(command["command"])
    words = words[next(at for at, word in enumerate(words) if word.startswith("-")):]
    return [word for at, word in enumerate(words)
            if word not in ("-c", "-MD", "-o", "-MF", "-MT", command["file"]) and words[at - 1] not in ("-o", "-MF", "-MT")]


def look_at(tree, folder, sources):
    """What clang-tidy finds in each; nothing is best.

    Reading headers is nearly all that takes time. So they are read once for several sources, which are looked at one by one only
    where something is found, or where two have the same name for something of their own.
    """
    command = tree.commands[sources[0]]
    file = tree.root / sources[0]
    if len(sources) > 1:
        file = folder / f"{hashlib.sha256(' '.join(sources).encode()).hexdigest()}.cpp"
        file.write_text("".join(f'#include "{tree.root / source}"\n' for source in sources))
    done = subprocess.run(["clang-tidy", "--quiet", "--checks=-bugprone-suspicious-include", str(file), "--", *flags(command)],
                          capture_output=True, text=True, errors="replace", cwd=command["directory"])
    if done.returncode == 0:
        return {source: "" for source in sources}
    if len(sources) == 1:
        return {sources[0]: done.stdout or done.stderr or f"{sources[0]}: clang-tidy ended with {done.returncode}"}
    middle = len(sources) // 2
    return {**look_at(tree, folder, sources[:middle]), **look_at(tree, folder, sources[middle:])}


def main():
    parser = argparse.ArgumentParser(usage=__doc__.splitlines()[0].removeprefix("usage: "), description=__doc__.split("\n\n", 1)[1])
    parser.add_argument("--seconds", type=int)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parents[1])
    parser.add_argument("source", nargs="*")
    options = parser.parse_args()

    tree = Tree(options.root.resolve())
    folder = tree.root / "build" / "tidy"
    passed = Passed(folder / "passed")
    sources = options.source or tree.sources()
    version = subprocess.run(["clang-tidy", "--version"], capture_output=True, text=True, check=True).stdout
    settings = "\n".join([version, (tree.root / ".clang-tidy").read_text()])
    keys = {source: tree.key(source, settings) for source in sources}
    unknown = tree.in_order([source for source in sources if not passed.knows(keys[source])])

    end = time.monotonic() + options.seconds if options.seconds is not None else None
    looked_at = failed = 0

    def findings(group):
        return {} if end is not None and time.monotonic() >= end else look_at(tree, folder, group)

    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for result in concurrent.futures.as_completed([pool.submit(findings, group) for group in together(tree, unknown)]):
            for source, found in result.result().items():
                looked_at += 1
                if found:
                    failed += 1
                    print(found, flush=True)
                else:
                    passed.add(keys[source])
    print(f"{len(sources)} sources: {len(sources) - len(unknown)} passed before and are unchanged, {looked_at} were looked at, "
          f"{failed} of them failed; {len(unknown) - looked_at} were left out for want of time")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
