"""`tocsin doctor`: what is missing here, and how to get it. It changes nothing."""

import platform
import shutil
import sys
import tempfile
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import tocsin

OLDEST = (3, 11)
FREE_BYTES = 1_000_000_000
NEEDED = ("cryptography", "litestar", "msgspec", "numba", "numpy", "scipy", "sgp4", "uvicorn")
# What comes with an extra: package, extra, what for.
EXTRAS = (
    ("pyarrow", "parquet", "tables for analysts"),
    ("stonesoup", "stonesoup", "detections and tracks of Stone Soup"),
    ("distributed", "dask", "studies on a cluster"),
    ("nats-py", "nats", "distribution inside a party"),
    ("psycopg", "postgresql", "a store on a server"),
)
Finding = tuple[bool, str, str]


def doctor() -> int:
    """What is missing here, and how to get it. Exit 0 if nothing that every command needs is missing."""
    checks: tuple[Callable[[], Finding], ...] = (_python, _packages, _kernels, _writable, _space, _clock)
    findings = [check() for check in checks]
    for good, what, advice in findings:
        print(f"{'ok  ' if good else 'MISS'} {what}" + (f": {advice}" if not good else ""))
    for package, extra, purpose in EXTRAS:
        found = _version(package)
        state = f"{package} {found}" if found else f"not here; pip install 'tocsin[{extra}]' brings it"
        print(f"     for {purpose}: {state}")
    bad = sum(not good for good, _, _ in findings)
    print(f"tocsin {tocsin.__version__}: " + ("nothing that is needed is missing." if not bad else f"{bad} missing."))
    return 0 if not bad else 1


def _python() -> Finding:
    found = platform.python_version()
    return sys.version_info >= OLDEST, f"Python {found}", f"{OLDEST[0]}.{OLDEST[1]} or newer is needed"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _packages() -> Finding:
    away = [name for name in NEEDED if not _version(name)]
    return not away, f"{len(NEEDED) - len(away)} of {len(NEEDED)} packages", f"{', '.join(away)}: install tocsin again"


def _kernels() -> Finding:
    folder = Path(tocsin.__file__).parent / "track" / "__pycache__"
    found = any(folder.glob("*.nbi")) if folder.is_dir() else False
    return found, "tracking kernels compiled", "the first track will take some 20 s; run tocsin kernels"


def _writable() -> Finding:
    try:
        with tempfile.NamedTemporaryFile(dir="."):
            return True, "this folder can be written", ""
    except OSError as error:
        return False, "this folder can be written", f"{error.strerror}; results go to --out"


def _space() -> Finding:
    free = shutil.disk_usage(".").free
    return free >= FREE_BYTES, f"{free / 1e9:.1f} GB free here", "a long run writes some hundred megabytes"


def _clock() -> Finding:
    import time

    return time.time() > 1.7e9, "the clock is set", "it stands before November 2023; every signature would be refused"
