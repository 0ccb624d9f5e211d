"""House rules as tests: who may import whom, nothing ambient, files and functions short.

Each rule has a canary: a small source text that breaks it and must be caught.
"""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "tocsin"

# docs/design: the table of rooms. `errors` is the floor everyone stands on.
ROOMS: dict[str, set[str]] = {
    "world": set(),
    "track": {"world"},
    "wire": set(),
    "regime": {"wire"},
    "release": {"world", "track", "wire", "regime"},
    "log": set(),
    "mirror": {"log"},
    "fuse": {"world", "wire", "mirror"},
    "assess": {"world", "wire", "regime", "fuse"},
    "decide": {"wire", "regime", "mirror"},
    "crosscheck": {"world", "track", "fuse"},
    "formats": {"world", "wire", "fuse"},
    "assure": {"world"},
}
ROOMS["node"] = set(ROOMS) - {"assure"}
ROOMS["sim"] = {"node", "world", "wire", "log", "mirror", "fuse", "decide", "regime"}
ROOMS["study"] = {"sim", "node", "assure", "world", "wire", "regime", "decide", "log", "mirror"}
ROOMS["report"] = {"study", "assure", "node", "wire"}
ROOMS["console"] = {"node", "wire"}
ROOMS["exercise"] = {"sim", "node", "console", "report", "study", "world", "wire", "regime", "release", "log"}
ROOMS["client"] = {"console"}
ROOMS["app"] = set(ROOMS)

# Rooms that may touch the world outside: disks, clocks, networks, chance.
SHELLS = ("node/adapters/", "app/", "client/", "exercise/", "console/routes")
AMBIENT_CALLS = {
    "time.time", "time.time_ns", "time.monotonic", "time.perf_counter", "time.sleep", "datetime.now",
    "datetime.utcnow", "datetime.datetime.now", "datetime.date.today", "date.today", "os.urandom", "os.getenv",
    "uuid.uuid4", "open", "input", "print", "socket.socket", "np.random.default_rng", "numpy.random.default_rng",
}  # fmt: skip
AMBIENT_MODULES = {"random", "secrets", "socket", "subprocess", "sqlite3", "asyncio", "threading", "httpx", "requests"}
NO_NUMBA = {"wire", "regime", "log", "mirror", "fuse", "assess", "decide"}

MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 70
# The ratchet: these may only fall. Median file and share of functions over 40 lines.
MEDIAN_FILE_LINES = 200
LONG_FUNCTION_SHARE = 0.06
# Generated text, and the one program that delegations read as a whole (and the one before it, which is not touched).
EXEMPT_FILES = {"assure/checker/check_bound.py", "assure/checker/check_bound_2.py"}


def sources() -> list[tuple[str, str]]:
    return [(str(p.relative_to(SOURCE)), p.read_text()) for p in sorted(SOURCE.rglob("*.py"))]


def imports(tree: ast.AST) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            if node.module == "tocsin":
                found |= {f"tocsin.{alias.name}" for alias in node.names}
    return found


def wrong_imports(path: str, text: str) -> list[str]:
    room = path.split("/", maxsplit=1)[0]
    if room not in ROOMS:
        return [] if "/" not in path else [f"{path}: room {room} is not in the table"]
    allowed = ROOMS[room] | {room, "errors"}
    wrong = []
    for name in imports(ast.parse(text)):
        parts = name.split(".")
        if parts[0] == "tocsin" and len(parts) > 1 and parts[1] not in allowed and parts[1] != "__version__":
            wrong.append(f"{path}: {room} may not import {name}")
        if parts[0] == "numba" and room in NO_NUMBA:
            wrong.append(f"{path}: {room} runs without numba")
    return wrong


def dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return ""


def ambient(path: str, text: str) -> list[str]:
    if path.startswith(SHELLS) or path in EXEMPT_FILES:
        return []
    tree = ast.parse(text)
    wrong = [f"{path}: imports {name}" for name in imports(tree) if name.split(".")[0] in AMBIENT_MODULES]
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and dotted(node.func) in AMBIENT_CALLS:
            if dotted(node.func).endswith("default_rng") and node.args:
                continue  # a seeded generator is not ambient
            wrong.append(f"{path}:{node.lineno}: {dotted(node.func)} is ambient; take it as a port")
    return wrong


def too_long(path: str, text: str) -> list[str]:
    if path in EXEMPT_FILES:
        return []
    wrong = []
    if text.count("\n") > MAX_FILE_LINES:
        wrong.append(f"{path}: {text.count(chr(10))} lines, at most {MAX_FILE_LINES}")
    for name, length in functions(text):
        if length > MAX_FUNCTION_LINES:
            wrong.append(f"{path}: {name} has {length} lines, at most {MAX_FUNCTION_LINES}")
    return wrong


def functions(text: str) -> list[tuple[str, int]]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    nodes = (node for node in ast.walk(ast.parse(text)) if isinstance(node, kinds))
    return [(node.name, (node.end_lineno or node.lineno) - node.lineno + 1) for node in nodes]


@pytest.mark.parametrize("rule", [wrong_imports, ambient, too_long])
def test_every_source_file_obeys(rule):
    assert [line for path, text in sources() for line in rule(path, text)] == []


def test_ratchet_on_length():
    texts = [text for path, text in sources() if path not in EXEMPT_FILES]
    lengths = sorted(text.count("\n") for text in texts)
    every = [length for text in texts for _, length in functions(text)]
    assert lengths[len(lengths) // 2] <= MEDIAN_FILE_LINES
    assert sum(length > 40 for length in every) <= LONG_FUNCTION_SHARE * len(every)


@pytest.mark.parametrize(
    ("rule", "path", "text"),
    [
        (wrong_imports, "fuse/a.py", "from tocsin.track import Tracker"),
        (wrong_imports, "log/a.py", "import tocsin.wire"),
        (wrong_imports, "wire/a.py", "from tocsin import world"),
        (wrong_imports, "decide/a.py", "import numba"),
        (wrong_imports, "cellar/a.py", "x = 1"),
        (ambient, "node/centre.py", "import time\nnow = time.time()"),
        (ambient, "sim/a.py", "import random"),
        (ambient, "fuse/a.py", "data = open('x').read()"),
        (ambient, "sim/b.py", "import numpy as np\nr = np.random.default_rng()"),
        (too_long, "log/a.py", "x = 1\n" * (MAX_FILE_LINES + 1)),
        (too_long, "log/a.py", "def f():\n" + "    x = 1\n" * (MAX_FUNCTION_LINES + 1)),
    ],
)
def test_canaries_are_caught(rule, path, text):
    assert rule(path, text)


def test_every_room_has_a_readme_and_is_in_the_table():
    rooms = [p.name for p in SOURCE.iterdir() if p.is_dir() and p.name != "__pycache__"]
    assert [room for room in rooms if room not in ROOMS] == []
    assert [room for room in rooms if not (SOURCE / room / "README.md").exists()] == []
