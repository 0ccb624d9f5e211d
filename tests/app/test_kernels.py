"""Machine code that is kept belongs to the sources as they are, all of them."""

from tocsin.app.kernels import KEPT, put_aside


def code(package):
    return sorted(path.name for pattern in KEPT for path in (package / "__pycache__").glob(pattern))


def make(package):
    for name in ("a.f-1.py311.nbi", "a.f-1.py311.1.nbc"):
        (package / "__pycache__" / name).write_bytes(b"code")


def test_a_change_in_any_file_puts_all_kept_code_aside(tmp_path):
    (tmp_path / "a.py").write_text("import b")
    (tmp_path / "b.py").write_text("x = 1")
    assert put_aside(tmp_path) == 0
    make(tmp_path)
    assert put_aside(tmp_path) == 0 and len(code(tmp_path)) == 2  # the same sources: kept
    (tmp_path / "b.py").write_text("x = 2")  # as long as before, and not the file of the kernel
    assert put_aside(tmp_path) == 2 and code(tmp_path) == []
