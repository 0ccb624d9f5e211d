"""Kernels kept on disk stand for every source that they were made from."""

from importlib import import_module

from numba import njit
from numba.core.dispatcher import Dispatcher

from tocsin.world.sources import ROOT, stamp

CHAIN = {
    "kernels.py": "from tocsin.rooms.pieces import a, b\n",
    "pieces.py": "from tocsin.rooms import (\n    none,\n    deep,\n)\n",
    "deep.py": "X = 1\n",
    "other.py": "Y = 1\n",
}


def test_a_stamp_changes_with_all_that_is_imported_and_with_nothing_else(tmp_path):
    def stamped(name, **changes):
        root = tmp_path / name
        (root / "rooms").mkdir(parents=True)
        for file, text in (CHAIN | {f"{k}.py": v for k, v in changes.items()}).items():
            (root / "rooms" / file).write_text(text)
        return stamp("tocsin.rooms.kernels", root)

    before = stamped("before")
    assert stamped("same") == before
    assert stamped("unused", other="Y = 2\n") == before
    assert stamped("far", deep="X = 2\n") != before
    assert stamped("near", pieces="from tocsin.rooms import deep\nZ = 3\n") != before


def unstamped(module):
    """Kernels of a module that Numba would load although a source has changed from which they were made."""
    kept = [
        (name, one)
        for name, one in vars(module).items()
        if isinstance(one, Dispatcher) and hasattr(one._cache, "_cache_file")
    ]
    return [name for name, one in kept if one._cache._cache_file._source_stamp != stamp(one.__module__)]


def test_every_kept_kernel_is_stamped():
    paths = [path for room in ("track", "assure") for path in sorted((ROOT / room).glob("*.py"))]
    modules = [import_module(f"tocsin.{path.parent.name}.{path.stem}") for path in paths]
    assert [found for module in modules for found in unstamped(module)] == []


def test_a_kernel_without_a_stamp_is_found(monkeypatch):
    module = import_module("tocsin.track.mixing")
    monkeypatch.setattr(module, "forgotten", njit(cache=True)(module.advance), raising=False)
    assert unstamped(module) == ["forgotten"]
