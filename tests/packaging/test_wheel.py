"""The wheel: the same bytes from any folder, complete in an empty environment, and with a bill of what is inside."""

import io
import json
import os
import re
import subprocess
import sys
import venv
import zipfile
from contextlib import redirect_stdout
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tocsin.app import fingerprint as prints
from tocsin.app.main import main

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tools.package.build import commit_time, git, sha256, wheel  # noqa: E402
from tools.package.sbom import bill, python_components  # noqa: E402

INSIDE = """
import sys
from importlib import resources
import tocsin
from pathlib import Path
package = Path(tocsin.__file__).parent
assert str(package).startswith(sys.argv[1]), package
from tocsin.sim.scenario import shipped
from tocsin import regime
pages = package / "console" / "pages"
print(len(shipped()), len(regime.SHIPPED), (pages / "index.html").exists(), len(list(pages.rglob("*.js"))),
      len(list(pages.rglob("*.woff2"))), len(list((package / "report").rglob("*.woff2"))),
      (package / "py.typed").exists())
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Two wheels of the last commit, from two folders."""
    return [wheel("HEAD", tmp_path_factory.mktemp(name)) for name in ("one", "another")]


@pytest.fixture(scope="module")
def installed(built, tmp_path_factory):
    """An empty environment with the wheel alone; it sees the locked dependencies of this one, not our sources."""
    place = tmp_path_factory.mktemp("environment")
    venv.create(place, with_pip=False)
    python = place / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "--disable-pip-version-check", "install"]
    subprocess.run([*pip, "-q", "--no-deps", "--no-index", "--no-compile", str(built[0])], check=True)
    home = next((place / "lib").glob("python*/site-packages"))
    (home / "locked.pth").write_text(str(Path(pytest.__file__).parents[1]) + "\n")
    return place, home


def run(place, *words, cwd):
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run([str(place / "bin" / words[0]), *words[1:]], cwd=cwd, env=clean, capture_output=True,
                          text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_two_builds_are_identical_and_times_are_the_commits(built):
    assert sha256(built[0]) == sha256(built[1])
    with zipfile.ZipFile(built[0]) as archive:
        assert len({one.date_time for one in archive.infolist()}) == 1
        assert archive.testzip() is None


@pytest.mark.slow
def test_the_installed_wheel_is_complete_and_runs(installed, tmp_path):
    place, home = installed
    assert "compare" in run(place, "tocsin", "--help", cwd=tmp_path)
    found = run(place, "python", "-c", INSIDE, str(home), cwd=tmp_path).split()
    cases, regimes, page, scripts, fonts, report_fonts, typed = found
    assert (int(cases) >= 20, int(regimes) >= 5, page, typed) == (True, True, "True", "True")
    assert int(scripts) >= 3
    assert int(fonts) >= 4
    assert int(report_fonts) >= 4


@pytest.mark.slow
def test_every_file_of_the_commit_is_in_the_wheel(built):
    listed = git("ls-tree", "-r", "--name-only", "-z", "HEAD", "src/tocsin").decode().rstrip("\0").split("\0")
    with zipfile.ZipFile(built[0]) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert names == {name.removeprefix("src/") for name in listed}


@pytest.mark.slow
def test_every_asset_that_the_pages_name_is_in_the_wheel(built):
    with zipfile.ZipFile(built[0]) as archive:
        names = set(archive.namelist())
        pages = [name for name in names if name.startswith("tocsin/console/pages/") and name.endswith(".html")]
        assert pages
        for page in pages:
            for asset in re.findall(r"""(?:src|href)="[./]*(assets/[^"]+)""", archive.read(page).decode()):
                assert f"tocsin/console/pages/{asset}" in names, f"{page} names {asset}"


@pytest.mark.slow
def test_fingerprint_of_the_installation_is_that_of_the_wheel(built, installed, tmp_path):
    place, _ = installed
    printed = run(place, "tocsin", "fingerprint", cwd=tmp_path).splitlines()
    with zipfile.ZipFile(built[1]) as archive:
        archive.extractall(tmp_path / "unpacked")
    assert printed == prints.lines(prints.hashes(tmp_path / "unpacked" / "tocsin"))
    (tmp_path / "theirs").write_text("\n".join(printed) + "\n")
    assert "Identical" in run(place, "tocsin", "fingerprint", "--against", str(tmp_path / "theirs"), cwd=tmp_path)


def said(*words):
    with redirect_stdout(io.StringIO()) as out, pytest.raises(SystemExit) as ended:
        main(words)
    return ended.value.code, out.getvalue()


def test_one_changed_byte_is_named(tmp_path):
    code, text = said("fingerprint")
    assert code == 0
    lines = text.splitlines()
    wrong = ["0" * 64 + line[64:] if line.endswith("  errors.py") else line for line in lines]
    (tmp_path / "theirs").write_text("\n".join(wrong))
    assert said("fingerprint", "--against", str(tmp_path / "theirs")) == (1, "errors.py: differs\n")
    cut = [line for line in lines if not line.endswith("  errors.py")]
    (tmp_path / "theirs").write_text("\n".join(cut))
    assert said("fingerprint", "--against", str(tmp_path / "theirs")) == (1, "errors.py: only here\n")
    (tmp_path / "theirs").write_text("\n".join([*lines[:-1], "1" * 64 + "  tocsin"]))
    assert said("fingerprint", "--against", str(tmp_path / "theirs"))[0] == 1
    (tmp_path / "theirs").write_text("no list")
    assert said("fingerprint", "--against", str(tmp_path / "theirs"))[0] == 2
    assert said("fingerprint", "--short")[1].splitlines() == lines[-1:]


def test_completion_knows_every_command():
    from tocsin.app.main import COMMANDS, built

    for shell in ("bash", "zsh", "fish"):
        script = built().generate_completion(prog_name="tocsin", shell=shell)
        assert all(name in script for _, name, _, _ in COMMANDS)


def made():
    texts = [(ROOT / name).read_text() for name in ("pyproject.toml", "requirements.lock", "web/package-lock.json")]
    return bill(*texts, commit_time("HEAD"), "ab" * 32)


def test_bill_of_materials_obeys_the_standards_schema():
    text = json.dumps(made())
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text.replace('"SHA-256"', '"SHA-255"')) is not None


def test_bill_of_materials_holds_every_locked_package_with_its_hashes():
    lock = (ROOT / "requirements.lock").read_text()
    found = python_components(lock)
    assert len(found) == len(re.findall(r"(?m)^\S+==", lock))
    assert sum(len(one["hashes"]) for one in found) == lock.count("--hash=sha256:")
    assert all(one["hashes"] for one in made()["components"])
    assert {"svelte", "uplot", "internmap", "numpy"} <= {one["name"] for one in made()["components"]}
    assert json.dumps(made()) == json.dumps(made())
