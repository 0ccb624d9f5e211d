"""ASTERIX, the surveillance data format of EUROCONTROL: categories 001, 002, 021, 034, 048, 062, 065."""
