"""The console over HTTP: the only part of this room that touches clocks, chance, files and sockets."""
