"""What is inside: a bill of materials (CycloneDX 1.6, JSON) from the lock files alone.

Python packages with the hashes under which they are installed, and the JavaScript that is built into the pages.
A package has one hash for every file in which it is published; the installer accepts any of them and nothing else.
"""

import base64
import json
import re
import tomllib
import uuid
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, metadata
from typing import Any

Json = dict[str, Any]
PINNED = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^ ;\\]+)(?: ; (?P<marker>[^\\]+?))?\s*\\?$")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
LISTED = {"Apache-2.0", "MIT", "BSD-3-Clause", "BSD-2-Clause", "ISC", "MPL-2.0", "PSF-2.0", "0BSD", "OFL-1.1"}
IN_PAGES = (
    "@fontsource/ibm-plex-mono", "@fontsource/ibm-plex-sans", "d3-geo", "d3-geo-projection", "d3-scale", "svelte",
    "topojson-client", "uplot", "world-atlas",
)  # fmt: skip
COMPILED = {"svelte"}  # brings a compiler, of which only the run time gets into the pages
STAY_OUT = {"commander"}  # of command lines that the libraries bring along


def normal(name: str) -> str:
    """A package's name as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def python_components(lock: str) -> list[Json]:
    """One component a pinned package, in the order of the lock file."""
    found: list[Json] = []
    for line in lock.splitlines():
        if pinned := PINNED.match(line):
            name, version = normal(pinned["name"]), pinned["version"]
            found.append(_component(name, version, f"pkg:pypi/{name}@{version}", "required", licence(name)))
            if pinned["marker"]:
                found[-1]["properties"] = [{"name": "tocsin:marker", "value": pinned["marker"]}]
        elif (hashed := HASH.search(line)) and found:
            found[-1]["hashes"].append({"alg": "SHA-256", "content": hashed[1]})
    return found


def page_components(lock: str) -> list[Json]:
    """What is built into the pages. What the compiler of the pages needs for itself stays out of them."""
    packages = {path.removeprefix("node_modules/"): one for path, one in json.loads(lock)["packages"].items() if path}
    wanted, due = set(IN_PAGES), list(IN_PAGES)
    while due:
        name = due.pop()
        more = {} if name in COMPILED else packages[name].get("dependencies", {})
        new = set(more) - wanted - STAY_OUT
        wanted |= new
        due += new
    found = []
    for name in sorted(wanted):
        package = packages[name]
        version = package["version"]
        purl = f"pkg:npm/{name.replace('@', '%40')}@{version}"
        one = _component(name, version, purl, "required", package.get("license", ""))
        kind, _, value = package.get("integrity", "").partition("-")
        if kind == "sha512":
            one["hashes"].append({"alg": "SHA-512", "content": base64.b64decode(value).hex()})
        found.append(one)
    return found


def licence(name: str) -> str:
    """As the installed package states it; empty if it is not installed here or says nothing short."""
    try:
        said = metadata(name)
    except PackageNotFoundError:
        return ""
    stated = said.get("License-Expression") or said.get("License") or ""
    return stated if 0 < len(stated) <= 80 and "\n" not in stated else ""


def _component(name: str, version: str, purl: str, scope: str, words: str) -> Json:
    one: Json = {"type": "library", "bom-ref": purl, "name": name, "version": version, "scope": scope, "purl": purl}
    one["hashes"] = []
    if words:
        one["licenses"] = [{"license": {"id": words} if words in LISTED else {"name": words}}]
    return one


def bill(project: str, lock: str, pages_lock: str, made_posix_s: int, wheel_sha256: str) -> Json:
    """The whole bill: the same for the same files, to the byte."""
    about = tomllib.loads(project)["project"]
    root = f"pkg:pypi/{about['name']}@{about['version']}"
    python, pages = python_components(lock), page_components(pages_lock)
    by_name = {one["name"]: one["bom-ref"] for one in python}
    direct = [by_name[normal(re.split(r"[<>=!~\[; ]", text)[0])] for text in about["dependencies"]]
    component = {
        "type": "application", "bom-ref": root, "name": about["name"], "version": about["version"], "purl": root,
        "licenses": [{"license": {"id": about["license"]}}],
        "hashes": [{"alg": "SHA-256", "content": wheel_sha256}],
    }  # fmt: skip
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, wheel_sha256)}",
        "version": 1,
        "metadata": {
            "timestamp": datetime.fromtimestamp(made_posix_s, UTC).isoformat().replace("+00:00", "Z"),
            "component": component,
        },
        "components": [*python, *pages],
        "dependencies": [{"ref": root, "dependsOn": sorted({*direct, *(one["bom-ref"] for one in pages)})}],
    }
