"""axe-core in a page under its own strict policy: through the debugger, since the page allows no foreign script."""

import json
from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

SOURCE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def violations(page: Page) -> list[str]:
    """What breaks WCAG A or AA on the page as it stands: rule, and where."""
    session = page.context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": SOURCE.read_text(encoding="utf-8")})
    run = f"axe.run(document, {{runOnly: {json.dumps(RULES)}}}).then(r => JSON.stringify(r.violations))"
    answer = session.send("Runtime.evaluate", {"expression": run, "awaitPromise": True, "returnByValue": True})
    session.detach()
    found = json.loads(answer["result"]["value"])
    return [f"{one['id']}: {node['target']} {node['failureSummary'][:200]}" for one in found for node in one["nodes"]]
