"""`tocsin kernels`: compile ahead, and never keep machine code of other sources.

The compiler judges a kept kernel by the file that it stands in alone. A kernel takes pieces of other files into itself,
so a change there would be missed: a stamp over all files of the package decides instead.
"""

import hashlib
import subprocess
import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

STAMP = "kernels.stamp"
KEPT = ("*.nbi", "*.nbc")


def kernels(*, everything: Annotated[bool, Parameter(negative=())] = False) -> int:
    """Compile the tracking kernels ahead, so that the first run starts at once.

    Parameters
    ----------
    everything
        Those of `tocsin assure`, too.
    """
    import tocsin.track as track

    put_aside(Path(track.__file__).parent)
    rest = _rest() if everything else None
    words = [sys.executable, "-c", "from tocsin.track.compiling import filters; filters()"]
    with subprocess.Popen(words, stderr=subprocess.DEVNULL) as other:  # noqa: S603 - our words
        for step in track.compile():
            print(f"  compiled {step}", flush=True)
        other.terminate()  # what it was about to make is made
    return 0 if rest is None else rest.wait()


def _rest() -> subprocess.Popen[bytes]:
    """The kernels of `assure`, by a process of their own: two cores then have work to the end."""
    import tocsin.assure as assure

    put_aside(Path(assure.__file__).parent)
    words = "from tocsin.assure.compiling import compile\nfor step in compile(): print('  compiled', step, flush=True)"
    return subprocess.Popen([sys.executable, "-c", words])  # noqa: S603 - our words


def put_aside(package: Path) -> int:
    """Remove kept machine code that was made of other sources than these; how many files went."""
    kept = package / "__pycache__"
    sources = sorted(package.glob("*.py"))
    now = hashlib.sha256(b"".join(hashlib.sha256(path.read_bytes()).digest() for path in sources)).hexdigest()
    stamp = kept / STAMP
    if stamp.is_file() and stamp.read_text(encoding="ascii", errors="replace") == now:
        return 0
    old = [path for pattern in KEPT for path in kept.glob(pattern)]
    for path in old:
        path.unlink(missing_ok=True)
    kept.mkdir(exist_ok=True)
    stamp.write_text(now, encoding="ascii")
    return len(old)
