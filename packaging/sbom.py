#!/usr/bin/python3
"""usage: packaging/sbom.py BUILD [OUTPUT]

Writes what a build of Fermata is made of as a CycloneDX 1.5 document in JSON: the Debian packages of all libraries that program
and plugins load, those of the headers that were compiled into them, and the npm packages in the web pages that they serve.
Equal builds on equal machines give equal documents. Needs Debian, `ldd` and `ninja`.
"""

import base64
import json
import pathlib
import re
import subprocess
import sys
import uuid

ROOT = pathlib.Path(__file__).resolve().parents[1]
NAMESPACE = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")  # of URLs (RFC 4122)
FIELDS = ("Package", "Version", "Architecture", "source:Package", "source:Version", "Maintainer")


def output_of(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def version():
    text = (ROOT / "sdk" / "include" / "fermata" / "implementation.hpp").read_text()
    return re.search(r'kVersion = "([^"]*)"', text)[1]


def programs(build):
    return [build / "bin" / "fermata", *sorted((build / "lib" / "fermata" / "plugins").glob("*.so"))]


def libraries_of(program):
    """The files that the loader takes for it, directly and for others."""
    found = re.findall(r"=> (/\S+)|^\s*(/\S+)", output_of("ldd", str(program)), re.MULTILINE)
    return {pathlib.Path(a or b).resolve() for a, b in found}


def headers_of_all(build):
    """{name: the system's headers that were compiled into the program or this plugin}"""
    headers, name = {}, None
    for line in output_of("ninja", "-C", str(build), "-t", "deps").splitlines():
        if not line.startswith(" "):
            part = line.split("/")
            name = "fermata" if part[0] == "host" else part[1] if part[0] == "plugins" and len(part) > 1 else None
            if "-tests.dir/" in line or "/tests/" in line or part[:2] == ["host", "plugin-check"]:
                name = None
        elif name and line.strip().startswith("/usr/"):
            headers.setdefault(name, set()).add(line.strip())
    return {name: {pathlib.Path(path).resolve() for path in paths} for name, paths in headers.items()}


def packages_of(files):
    """{file: Debian package}; what belongs to none is left out, such as a library built by hand."""
    paths = {}
    for file in files:
        for name in (str(file), str(file).removeprefix("/usr")):  # as packages name it, wherever /lib points
            paths[name] = file
    if not paths:
        return {}
    done = subprocess.run(["dpkg-query", "--search", *sorted(paths)], capture_output=True, text=True)
    found = {}
    for line in done.stdout.splitlines():
        package, separator, path = line.partition(": ")
        if separator and path in paths and not package.startswith("diversion"):
            found[paths[path]] = package.split(",")[0].split(":")[0]
    return found


def debian_component(package):
    template = "\t".join("${%s}" % field for field in FIELDS)
    name, version_, architecture, source, source_version, maintainer = output_of(
        "dpkg-query", "--show", f"--showformat={template}\n", package).splitlines()[0].split("\t")
    return {
        "type": "library", "bom-ref": f"deb:{name}", "name": name, "version": version_,
        "supplier": {"name": re.sub(r"\s*<.*>", "", maintainer)},
        "purl": f"pkg:deb/debian/{name}@{version_.replace('+', '%2B')}?arch={architecture}&distro=debian-12",
        "properties": [{"name": "debian:source", "value": f"{source} {source_version}"}],
    }


def npm_components(lock):
    """The packages of a lock file that end up in a page: not those that only build or test it."""
    components = []
    for path, package in json.loads(lock.read_text())["packages"].items():
        if not path or package.get("dev") or package.get("optional"):
            continue
        name = path.rpartition("node_modules/")[2]
        component = {
            "type": "library", "bom-ref": f"npm:{name}@{package['version']}", "name": name, "version": package["version"],
            "purl": f"pkg:npm/{name.replace('@', '%40')}@{package['version']}",
        }
        if "license" in package:
            component["licenses"] = [{"expression": package["license"]}]
        algorithm, _, digest = package.get("integrity", "").partition("-")
        if digest:
            content = base64.b64decode(digest).hex()
            component["hashes"] = [{"alg": algorithm.upper().replace("SHA", "SHA-"), "content": content}]
        components.append(component)
    return components


def document(build):
    components, dependencies = {}, {}
    of_fermata = f"fermata@{version()}"

    def add(component):
        return components.setdefault(component["bom-ref"], component)["bom-ref"]

    parts, headers = [], headers_of_all(build)
    for program in programs(build):
        name = program.stem
        files = libraries_of(program) | headers.get(name, set())
        packages = sorted(set(packages_of(files).values()))
        uses = {add(debian_component(package)) for package in packages}
        lock = ROOT / "plugins" / name / "web" / "package-lock.json"
        for lock in (lock, ROOT / "plugins" / name / "package-lock.json"):
            if lock.exists():
                uses |= {add(component) for component in npm_components(lock)}
        kind = "application" if name == "fermata" else "library"
        part = f"part:{name}"
        add({"type": kind, "bom-ref": part, "name": name if name == "fermata" else f"fermata plugin {name}", "version": version()})
        dependencies[part] = sorted(uses)
        parts.append(part)
    dependencies[of_fermata] = parts
    body = {
        "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
        "metadata": {"component": {
            "type": "application", "bom-ref": of_fermata, "name": "fermata", "version": version(),
            "licenses": [{"license": {"id": "Apache-2.0"}}]}},
        "components": [components[reference] for reference in sorted(components)],
        "dependencies": [{"ref": reference, "dependsOn": dependencies[reference]} for reference in sorted(dependencies)],
    }
    return {"serialNumber": f"urn:uuid:{uuid.uuid5(NAMESPACE, json.dumps(body, sort_keys=True))}", **body}


def main():
    if len(sys.argv) not in (2, 3) or sys.argv[1] in ("-h", "--help"):
        print(__doc__.strip())
        return 64
    text = json.dumps(document(pathlib.Path(sys.argv[1]).resolve()), indent=1) + "\n"
    if len(sys.argv) == 3:
        pathlib.Path(sys.argv[2]).write_text(text)
    else:
        sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
