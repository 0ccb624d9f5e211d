"""Every record that may cross the border, and the envelope it travels in. See README.md."""
