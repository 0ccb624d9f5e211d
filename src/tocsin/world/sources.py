"""Which sources a compiled kernel was made from. Numba keeps kernels on disk by the source of their own file alone: a
kernel that inlines a function of another file would still be loaded after that one has changed, by an edit or by an
update of the package, and compute the old thing.
"""

import re
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
_IMPORT = re.compile(rb"^[ \t]*from (tocsin[\w.]*) import (\([^)]*\)|[^\n]*)", re.MULTILINE)
_NAME = re.compile(rb"\w+")


def tie(dispatcher: Any, module: str) -> Any:
    """Let a kernel that is kept on disk stand for the sources of its module and of all that this one imports."""
    dispatcher._cache._cache_file._source_stamp = stamp(module)
    return dispatcher


@cache
def stamp(module: str, root: Path = ROOT) -> str:
    """SHA-256, in hex, over the sources of a module of the package at `root` and of all that it imports from there."""
    found: dict[str, bytes] = {}
    waiting = [module]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name], imported = _read(name, root)
            waiting += imported
    digest = sha256()
    for name in sorted(found):
        digest.update(name.encode() + b"\0" + found[name])
    return digest.hexdigest()


@cache
def _read(module: str, root: Path) -> tuple[bytes, tuple[str, ...]]:
    """Hash of a module's source, and what it imports from the package; of a name that is no module, nothing."""
    path = root.joinpath(*module.split(".")[1:])
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    if not path.is_file():
        return b"", ()
    text = path.read_bytes()
    names = []
    for where, what in _IMPORT.findall(text):
        names.append(where.decode())
        if root.joinpath(*names[-1].split(".")[1:]).is_dir():
            names += [f"{where.decode()}.{name.decode()}" for name in _NAME.findall(what)]
    return sha256(text).digest(), tuple(names)
