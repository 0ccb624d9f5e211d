"""One centre, composed of the rooms. See README.md."""
