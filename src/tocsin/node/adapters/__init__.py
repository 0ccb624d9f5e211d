"""The only real input and output of a party: disk, network, clock, keys."""
