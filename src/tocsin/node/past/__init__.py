"""A finished run, read again from its exported logs: when each entry was held where, and a centre as it then stood."""

from tocsin.node.past.centre import Past, PastClock
from tocsin.node.past.dating import Seen, heads_of, held_ns, logged_ns
from tocsin.node.past.run import PastRun, past_run

__all__ = ["Past", "PastClock", "PastRun", "Seen", "heads_of", "held_ns", "logged_ns", "past_run"]
