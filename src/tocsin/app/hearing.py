"""Datagrams over UDP, multicast or to this machine: heard for a while, and kept as a capture file."""

import ipaddress
import socket
import struct
import time
from collections.abc import Iterable, Iterator

from tocsin.errors import BadEvidence, Outage

LARGEST = 65_535
RECEIVE_BYTES = 4_000_000
Packet = tuple[int, bytes]


def heard(address: str, interface: str, seconds: float) -> Iterator[Packet]:
    """(POSIX nanoseconds, payload) of everything that comes within so many seconds. Raises Outage, BadEvidence."""
    host, port = parsed(address)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ear:
        ear.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        ear.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BYTES)
        try:
            ear.bind((host, port))
            if ipaddress.ip_address(host).is_multicast:
                request = socket.inet_aton(host) + (socket.inet_aton(interface) if interface else bytes(4))
                ear.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, request)
        except OSError as error:
            raise Outage(f"{address}: {error.strerror}; an address that can be listened to was expected") from error
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            ear.settimeout(left)
            try:
                data, _ = ear.recvfrom(LARGEST)
            except TimeoutError:
                return
            yield time.time_ns(), data


def parsed(address: str) -> tuple[str, int]:
    """Host and port of an IPv4 address."""
    host, _, port = address.rpartition(":")
    try:
        ipaddress.IPv4Address(host)
        number = int(port)
    except ValueError as error:
        raise BadEvidence(f"{address}: ADDRESS:PORT was expected, such as 232.1.1.12:8600") from error
    if not 0 < number < 65_536:
        raise BadEvidence(f"{address}: a port from 1 to 65535 was expected")
    return host, number


def pcap(packets: Iterable[Packet]) -> bytes:
    """A capture file (raw IPv4, nanoseconds) of payloads; addresses are not kept."""
    parts = [struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 262_144, 101)]
    for t_ns, data in packets:
        header = struct.pack(">BBHHHBBH8s", 0x45, 0, 28 + len(data), 0, 0, 1, 17, 0, b"\0" * 8)
        frame = header + struct.pack(">HHHH", 0, 0, 8 + len(data), 0) + data
        parts.append(struct.pack("<IIII", t_ns // 10**9, t_ns % 10**9, len(frame), len(frame)) + frame)
    return b"".join(parts)
