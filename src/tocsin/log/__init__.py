"""A Merkle log of opaque entries in C2SP formats, as pure code over ports. See README.md."""
