"""`tocsin fingerprint`: what is installed here, file by file, so that two delegations can compare it.

A line a file, as `sha256sum` prints them, sorted by path; the last line is the hash of the lines before it. Compiled
leftovers are left out: every machine makes its own from the files that are hashed.
"""

import hashlib
from pathlib import Path

import tocsin
from tocsin.errors import BadEvidence
from tocsin.node.adapters.tilefiles import read_file

LEFTOVERS = ("__pycache__", ".pyc", ".pyo", ".nbi", ".nbc")
ALL = "tocsin"


def hashes(package: Path) -> dict[str, str]:
    """SHA-256 of every file of the package by path below it, POSIX style."""
    files = (path for path in package.rglob("*") if path.is_file() and not _leftover(path.relative_to(package)))
    return {path.relative_to(package).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def lines(found: dict[str, str]) -> list[str]:
    """A line a file in the order of paths; then one for all."""
    listed = [f"{found[path]}  {path}" for path in sorted(found)]
    total = hashlib.sha256("".join(f"{line}\n" for line in listed).encode()).hexdigest()
    return [*listed, f"{total}  {ALL}"]


def differences(ours: list[str], theirs: list[str]) -> list[str]:
    """What differs, a sentence a file; the overall hash only where every file agrees."""
    here, there = _by_path(ours), _by_path(theirs)
    overall = here.pop(ALL, "") == there.pop(ALL, "")
    found = [f"{path}: only in the other" for path in sorted(set(there) - set(here))]
    found += [f"{path}: only here" for path in sorted(set(here) - set(there))]
    found += [f"{path}: differs" for path in sorted(set(here) & set(there)) if here[path] != there[path]]
    return found or ([] if overall else ["every file agrees, but not the overall hash: the list was cut or changed"])


def fingerprint(*, against: Path | None = None, short: bool = False) -> int:
    """Print the hash of every installed file, and one over all.

    Parameters
    ----------
    against
        What the other side printed, as a file: name what differs, and exit 1 if anything does.
    short
        Only the one hash over all, to read over the telephone.
    """
    found = lines(hashes(Path(tocsin.__file__).parent))
    if against is not None:
        wrong = differences(found, _parsed(against))
        print("\n".join(wrong) or f"Identical: {len(found) - 1} files, {found[-1].split()[0]}")
        return 1 if wrong else 0
    print("\n".join(found[-1:] if short else found))
    return 0


def _by_path(listed: list[str]) -> dict[str, str]:
    return {path: found for found, _, path in (line.partition("  ") for line in listed)}


def _parsed(path: Path) -> list[str]:
    text = read_file(path, "a list printed by tocsin fingerprint").decode("utf-8", "replace")
    given = text.splitlines()
    for number, line in enumerate(given, 1):
        if len(line.partition("  ")[0]) != 64 or not line.partition("  ")[2]:
            raise BadEvidence(f"{path}, line {number}: a hash, two blanks and a path expected", text.encode())
    return given


def _leftover(path: Path) -> bool:
    return LEFTOVERS[0] in path.parts or path.suffix in LEFTOVERS[1:]
