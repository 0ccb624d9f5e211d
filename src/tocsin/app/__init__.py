"""The command line and the server: the shell around everything. Imports all rooms; nothing imports it."""
