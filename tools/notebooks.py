"""Notebooks from plain text, so that their sources are read and compared as text:  python tools/notebooks.py

A source under notebooks/*.py holds cells that begin with `# %%` (code) or `# %% [markdown]`; the notebook beside it is
written without outputs. tests/notebooks executes them and holds both against each other.
"""

import json
import re
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "notebooks"
META = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def cells(text: str) -> list[dict[str, object]]:
    found = []
    for number, part in enumerate(re.split(r"(?m)^# %%", text)[1:]):
        head, _, body = part.partition("\n")
        lines = body.strip("\n").splitlines(keepends=True)
        if "[markdown]" in head:
            lines = [re.sub(r"^# ?", "", line) for line in lines]
            found.append({"cell_type": "markdown", "id": f"c{number}", "metadata": {}, "source": lines})
        else:
            cell = {"cell_type": "code", "id": f"c{number}", "metadata": {}, "source": lines}
            found.append({**cell, "execution_count": None, "outputs": []})
    return found


def notebook(text: str) -> str:
    document = {"cells": cells(text), "metadata": META, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(document, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    for source in sorted(FOLDER.glob("*.py")):
        source.with_suffix(".ipynb").write_text(notebook(source.read_text()))
        print(source.with_suffix(".ipynb"))
