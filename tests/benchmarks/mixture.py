"""A capture like that of somebody who browses: names are asked for, pages and pictures come, some of it goes wrong.

Made here from a seed, so that it is the same each time; tests/benchmarks/captures.py measures with it.
"""

import struct
from collections.abc import Iterator
from heapq import merge
from itertools import islice
from pathlib import Path
from random import Random

from layersviz.core.checksum import internet_checksum
from layersviz.core.packet import Packet
from layersviz.files import PcapngWriter

HOLDS = (
    "DNS, then HTTP or TLS-like bytes with one to four requests each, answers in full segments, delayed ACKs; "
    "1 % of full segments lost and sent again, 4 % of connections reset, 2 % refused, 1 % unanswered"
)
MSS = 1448
TLS_OCTETS = 16_384
SERVERS, CLIENTS = 400, 12
AT_A_TIME = 24
LOST, RESET, REFUSED, SILENT = 0.01, 0.04, 0.02, 0.01
FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
MILLISECOND = 1_000_000

Timed = tuple[int, bytes]


def make(path: Path, frames: int) -> tuple[int, float]:
    """Write so many frames; gives their number and their mean length."""
    chance = Random(7)
    octets = 0
    with path.open("wb") as file:
        writer = PcapngWriter(file)
        everybody = merge(*(_browser(Random(chance.random()), number) for number in range(AT_A_TIME)))
        for number, (time_ns, frame) in enumerate(islice(everybody, frames), start=1):
            writer.write(Packet(number=number, octets=frame, length=len(frame), time_ns=time_ns))
            octets += len(frame)
    return frames, octets / frames


def _browser(chance: Random, number: int) -> Iterator[Timed]:
    """One page after the other, without an end."""
    now = 1_700_000_000_000_000_000 + chance.randrange(10**9)
    client = bytes((192, 168, 1, 10 + number % CLIENTS))
    port = 20_000 + number * 1_500
    for page in range(10**9):
        server = bytes((203, 0, *divmod(chance.randrange(SERVERS), 200)))
        for time_ns, frame in _names(chance, client, server, page, now):
            yield time_ns, frame
            now = time_ns
        connection = _Connection(chance, client, server, port + page % 1_500, chance.choice((80, 443)), now)
        yield from connection.run()
        now = connection.now + chance.randrange(300) * MILLISECOND


def _names(chance: Random, client: bytes, server: bytes, page: int, now: int) -> Iterator[Timed]:
    """A question and its answer."""
    name = b"\x03www\x07site%03d\x07example\0" % chance.randrange(1000)
    head = struct.pack("!6H", page & 0xFFFF, 0x0100, 1, 0, 0, 0)
    question = head + name + b"\0\x01\0\x01"
    answer = struct.pack("!6H", page & 0xFFFF, 0x8180, 1, 1, 0, 0) + question[12:]
    answer += b"\xc0\x0c\0\x01\0\x01\0\0\1\0\0\4" + server
    resolver, port = bytes((192, 168, 1, 1)), chance.randrange(1024, 65_536)
    yield now, _udp(client, resolver, port, 53, question)
    yield now + chance.randrange(1, 30) * MILLISECOND, _udp(resolver, client, 53, port, answer)


class _Connection:
    """One TCP connection, frame by frame; `now` is the clock."""

    def __init__(self, chance: Random, client: bytes, server: bytes, port: int, service: int, now: int) -> None:
        self.chance, self.now, self.service = chance, now, service
        self.addresses, self.ports = (client, server), (port, service)
        self.sequence = [chance.randrange(1 << 32), chance.randrange(1 << 32)]
        self.trip = chance.randrange(2, 60) * MILLISECOND
        self.fate = chance.random()

    def run(self) -> Iterator[Timed]:
        yield self._send(0, SYN)
        if self.fate < SILENT:
            for _ in range(3):
                self.now += 1_000 * MILLISECOND
                yield self._send(0, SYN, again=True)
            return
        self.now += self.trip
        if self.fate < SILENT + REFUSED:
            yield self._send(1, RST | ACK)
            return
        yield self._send(1, SYN | ACK)
        yield self._send(0, ACK)
        for _ in range(self.chance.choice((1, 1, 1, 2, 4))):
            yield from self._exchange()
        if self.fate > 1 - RESET:
            yield self._send(0, RST | ACK)
            return
        yield self._send(0, FIN | ACK)
        self.now += self.trip
        yield self._send(1, FIN | ACK)
        yield self._send(0, ACK)

    def _exchange(self) -> Iterator[Timed]:
        request, answer = self._texts()
        yield self._send(0, PSH | ACK, request)
        self.now += self.trip
        yield self._send(1, ACK)
        pieces = [answer[at : at + MSS] for at in range(0, len(answer), MSS)]
        for place, piece in enumerate(pieces):
            last = place + 1 == len(pieces)
            if len(piece) == MSS and not last and self.chance.random() < LOST:
                yield from self._lose(piece, pieces[place + 1])
                pieces[place + 1] = b""
            elif piece:
                yield self._send(1, PSH | ACK if last else ACK, piece)
            if place % 2 or last:
                yield self._send(0, ACK)

    def _lose(self, piece: bytes, following: bytes) -> Iterator[Timed]:
        """A segment does not arrive, so the next one makes the client repeat itself, and the segment is sent again."""
        lost_at = self.sequence[1]
        acknowledged = self._acknowledge_of(0)
        self.sequence[1] = (lost_at + len(piece)) & 0xFFFFFFFF
        yield self._send(1, ACK, following)
        for _ in range(3):
            yield self._send(0, ACK, acknowledgment=acknowledged)
        behind, self.sequence[1] = self.sequence[1], lost_at
        self.now += self.trip
        yield self._send(1, ACK, piece)
        self.sequence[1] = behind

    def _texts(self) -> tuple[bytes, bytes]:
        body = self.chance.randbytes(min(60_000, int(self.chance.expovariate(1 / 2_200)) + 40))
        if self.service == 443:
            return _sealed(self.chance.randbytes(480)), _sealed(body)
        request = b"GET /%s HTTP/1.1\r\nHost: www.example\r\nUser-Agent: somebody\r\nAccept: */*\r\nCookie: %s\r\n\r\n"
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: %d\r\n\r\n" % len(body)
        return request % (b"a" * self.chance.randrange(40), self.chance.randbytes(150).hex().encode()), head + body

    def _acknowledge_of(self, side: int) -> int:
        return self.sequence[1 - side]

    def _send(
        self, side: int, flags: int, data: bytes = b"", *, acknowledgment: int | None = None, again: bool = False
    ) -> Timed:
        self.now += self.chance.randrange(20_000, 400_000)
        if again:
            self.sequence[side] = (self.sequence[side] - 1) & 0xFFFFFFFF  # the SYN's own number once more
        sequence = self.sequence[side]
        heard = self._acknowledge_of(side) if acknowledgment is None else acknowledgment
        clock = struct.pack("!II", self.now // MILLISECOND & 0xFFFFFFFF, 0)
        options = b"\1\1\x08\x0a" + clock
        if flags & SYN:
            options = b"\2\4\x05\xb4\4\2\x08\x0a" + clock + b"\1\3\3\7"
        elif flags & RST:
            options = b""
        words = (20 + len(options)) // 4
        head = struct.pack(
            "!HHIIHHHH",
            *(self.ports if side == 0 else self.ports[::-1]),
            sequence,
            heard if flags & ACK else 0,
            words << 12 | flags,
            0 if flags & RST else 64_240 if flags & SYN else 501,
            0,
            0,
        )
        self.sequence[side] = (sequence + len(data) + (1 if flags & (SYN | FIN) else 0)) & 0xFFFFFFFF
        ends = self.addresses if side == 0 else self.addresses[::-1]
        return self.now, _frame(*ends, 6, head + options + data, 16)


def _sealed(octets: bytes) -> bytes:
    """As TLS records of application data."""
    pieces = [octets[at : at + TLS_OCTETS] for at in range(0, len(octets), TLS_OCTETS)]
    return b"".join(b"\x17\x03\x03" + len(piece).to_bytes(2) + piece for piece in pieces)


def _udp(source: bytes, destination: bytes, source_port: int, destination_port: int, data: bytes) -> bytes:
    head = struct.pack("!HHHH", source_port, destination_port, 8 + len(data), 0)
    return _frame(source, destination, 17, head + data, 6)


def _frame(source: bytes, destination: bytes, protocol: int, carried: bytes, checksum_at: int) -> bytes:
    """Ethernet and IPv4 around it, with true checksums."""
    pseudo = source + destination + struct.pack("!HH", protocol, len(carried))
    checksum = internet_checksum(pseudo + carried).to_bytes(2)
    carried = carried[:checksum_at] + checksum + carried[checksum_at + 2 :]
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(carried), 0, 0x4000, 64, protocol, 0) + source + destination
    head = head[:10] + internet_checksum(head).to_bytes(2) + head[12:]
    return b"\2\0" + destination + b"\2\0" + source + b"\x08\0" + head + carried
