"""The field's own formats, in and out. See README.md and docs/formats.md."""
