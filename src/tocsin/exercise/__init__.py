"""The exercise around the consoles: clock, injects, hidden truth, after-action report, scenario editor, seminar kit."""
