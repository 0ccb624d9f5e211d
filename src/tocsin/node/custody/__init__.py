"""Who may sign, and with which keys: pure rules over what parties logged about keys and officers (docs/keys.md)."""
