"""ML-DSA-44 signing that gives the same bytes every time, for simulation: one seed replays a run to the last signature.

FIPS 204 (August 2024), the deterministic variant of algorithm 2 (`rnd` is zero) with an empty context. The library's
own signer is randomised, as a real one should be. NEVER for a real key: nothing here hides its timing.
Polynomials are int64 arrays (..., 256) of coefficients modulo Q.
"""

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.int64]

Q = 8380417
D = 13  # dropped bits of t
TAU = 39  # +-1 coefficients of the challenge
GAMMA1 = 1 << 17
GAMMA2 = (Q - 1) // 88
K = L = 4
ETA = 2
BETA = TAU * ETA
OMEGA = 80
N = 256
_ROOT = 1753  # a 512th root of unity modulo Q
_ZETAS = np.array([pow(_ROOT, int(f"{k:08b}"[::-1], 2), Q) for k in range(N)], dtype=np.int64)


def _shake(data: bytes, length: int) -> bytes:
    return hashlib.shake_256(data).digest(length)


def ntt(poly: Array) -> Array:
    """Algorithm 41, over the last axis. Sums are reduced at the end only: nine times Q stays far below 2**40."""
    out, blocks = poly % Q, 1
    while blocks < N:
        pairs = out.reshape(*poly.shape[:-1], blocks, 2, N // blocks // 2)
        low, high = pairs[..., 0, :], pairs[..., 1, :] * _ZETAS[blocks : 2 * blocks, None] % Q
        out = np.empty_like(pairs)
        np.add(low, high, out=out[..., 0, :])
        np.subtract(low, high, out=out[..., 1, :])
        blocks *= 2
    return out.reshape(poly.shape) % Q


def inverse_ntt(poly: Array) -> Array:
    """Algorithm 42, over the last axis; coefficients 0 to Q-1. Sums stay below 256 Q, products below 2**55."""
    out, blocks = poly, N // 2
    while blocks >= 1:
        pairs = out.reshape(*poly.shape[:-1], blocks, 2, N // blocks // 2)
        low, high = pairs[..., 0, :], pairs[..., 1, :]
        out = np.empty_like(pairs)
        np.add(low, high, out=out[..., 0, :])
        np.multiply(high - low, _ZETAS[2 * blocks - 1 : blocks - 1 : -1, None], out=out[..., 1, :])
        out[..., 1, :] %= Q
        blocks //= 2
    return out.reshape(poly.shape) % Q * 8347681 % Q


def _centred(poly: Array, modulus: int = Q) -> Array:
    """Coefficients from -(modulus-1)//2 to modulus//2."""
    return (poly + (modulus - 1) // 2) % modulus - (modulus - 1) // 2


def _pack(values: Array, bits: int) -> bytes:
    """Algorithm 16: little-endian bits of non-negative values."""
    unpacked = (values.reshape(-1, 1) >> np.arange(bits)) & 1
    return np.packbits(unpacked.astype(np.uint8).ravel(), bitorder="little").tobytes()


def _unpack(data: bytes, bits: int) -> Array:
    unpacked = np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little").reshape(-1, bits)
    return unpacked.astype(np.int64) @ (1 << np.arange(bits, dtype=np.int64))


def _decompose(poly: Array) -> tuple[Array, Array]:
    """Algorithm 36: high and low bits."""
    values = poly % Q
    low = _centred(values, 2 * GAMMA2)
    high = (values - low) // (2 * GAMMA2)
    wrapped = values - low == Q - 1
    return np.where(wrapped, 0, high), np.where(wrapped, low - 1, low)


def _uniform(seed: bytes) -> Array:
    """Algorithm 30: a polynomial in the NTT domain."""
    raw = np.frombuffer(hashlib.shake_128(seed).digest(3 * 2 * N), np.uint8).astype(np.int64).reshape(-1, 3)
    values = raw[:, 0] | raw[:, 1] << 8 | (raw[:, 2] & 127) << 16
    return values[values < Q][:N]


def _bounded(seed: bytes) -> Array:
    """Algorithm 31: a polynomial with coefficients from -ETA to ETA."""
    raw = np.frombuffer(_shake(seed, 2 * N), np.uint8).astype(np.int64)
    halves = np.stack((raw & 15, raw >> 4), axis=-1).ravel()
    return ETA - halves[halves < 15][:N] % 5


def _challenge(seed: bytes) -> Array:
    """Algorithm 29: TAU coefficients of +-1."""
    stream = _shake(seed, 8 + 4 * N)
    signs, at = int.from_bytes(stream[:8], "little"), 8
    out = np.zeros(N, dtype=np.int64)
    for index in range(N - TAU, N):
        while stream[at] > index:
            at += 1
        out[index] = out[stream[at]]
        out[stream[at]] = 1 - 2 * (signs & 1)
        signs, at = signs >> 1, at + 1
    return out


def _hints(hint: Array) -> bytes:
    """Algorithm 20."""
    places = [np.flatnonzero(row) for row in hint]
    flat = np.concatenate(places).astype(np.uint8).tobytes()
    ends = np.cumsum([len(row) for row in places]).astype(np.uint8).tobytes()
    return flat.ljust(OMEGA, b"\0") + ends


@dataclass(frozen=True, slots=True)
class ReplayableKey:
    """Private key whose signatures are a function of key and message. Make one with `replayable_key`."""

    public: bytes
    _matrix: Array
    _parts: Array
    _secret: bytes
    _tr: bytes

    def sign(self, message: bytes) -> bytes:
        """Algorithm 7 with rnd = 0; 2,420 bytes."""
        mu = _shake(self._tr + b"\0\0" + message, 64)
        seed = _shake(self._secret + bytes(32) + mu, 64)
        kappa = 0
        while True:
            signature = self._attempt(mu, seed, kappa)
            if signature is not None:
                return signature
            kappa += L

    def _attempt(self, mu: bytes, seed: bytes, kappa: int) -> bytes | None:
        masks = [_shake(seed + (kappa + row).to_bytes(2, "little"), 32 * 18) for row in range(L)]
        y = GAMMA1 - np.stack([_unpack(mask, 18) for mask in masks])
        w = inverse_ntt((self._matrix * ntt(y)).sum(axis=1) % Q)
        high, _ = _decompose(w)
        tilde = _shake(mu + _pack(high, 6), 32)
        cs1, cs2, ct0 = _centred(inverse_ntt(ntt(_challenge(tilde)) * self._parts % Q))
        z, rest = y + cs1, w - cs2
        high, low = _decompose(rest)
        if np.abs(z).max() >= GAMMA1 - BETA or np.abs(low).max() >= GAMMA2 - BETA:
            return None
        hint = _decompose(rest + ct0)[0] != high
        if np.abs(ct0).max() >= GAMMA2 or hint.sum() > OMEGA:
            return None
        return tilde + _pack(GAMMA1 - z, 18) + _hints(hint)


def replayable_key(seed: bytes) -> ReplayableKey:
    """The key of FIPS 204 seed `seed` (32 bytes): the same public key as the library's (algorithm 6)."""
    if len(seed) != 32:
        raise AssertionError(f"a key seed has 32 bytes, not {len(seed)}")
    expanded = _shake(seed + bytes([K, L]), 128)
    rho, rho_prime, secret = expanded[:32], expanded[32:96], expanded[96:]
    matrix = np.stack([np.stack([_uniform(rho + bytes([s, r])) for s in range(L)]) for r in range(K)])
    short = np.stack([_bounded(rho_prime + r.to_bytes(2, "little")) for r in range(K + L)])
    s1, s2 = short[:L], short[L:]
    t = (inverse_ntt((matrix * ntt(s1)).sum(axis=1) % Q) + s2) % Q
    t0 = _centred(t, 1 << D)
    public = rho + _pack((t - t0) >> D, 10)
    return ReplayableKey(public, matrix, ntt(np.stack((s1, s2, t0))), secret, _shake(public, 64))
