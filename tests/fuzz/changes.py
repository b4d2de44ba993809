"""Changes sound octets in the ways in which files and frames go wrong. The same seed gives the same change."""

from collections.abc import Sequence
from random import Random

NUMBERS = tuple(
    number.to_bytes(size, order)
    for size in (1, 2, 4)
    for number in (0, 1, (1 << 8 * size - 1) - 1, 1 << 8 * size - 1, (1 << 8 * size) - 1)
    for order in ("little", "big")
)
MOST_CHANGES = 6
LONGEST_PIECE = 64


def changed(random: Random, samples: Sequence[bytes]) -> bytes:
    """One of the samples after a few changes."""
    octets = bytearray(random.choice(samples))
    for _each in range(random.randint(1, MOST_CHANGES)):
        random.choice(CHANGES)(random, octets, samples)
    return bytes(octets)


def _turn_a_bit(random: Random, octets: bytearray, samples: Sequence[bytes]) -> None:
    if octets:
        octets[random.randrange(len(octets))] ^= 1 << random.randrange(8)


def _write_a_number(random: Random, octets: bytearray, samples: Sequence[bytes]) -> None:
    number = random.choice(NUMBERS)
    at = random.randint(0, len(octets))
    octets[at : at + len(number)] = number


def _write_noise(random: Random, octets: bytearray, samples: Sequence[bytes]) -> None:
    first, last = _piece(random, octets)
    octets[first:last] = random.randbytes(last - first)


def _leave_out(random: Random, octets: bytearray, samples: Sequence[bytes]) -> None:
    first, last = _piece(random, octets)
    del octets[first:last]


def _double(random: Random, octets: bytearray, samples: Sequence[bytes]) -> None:
    first, last = _piece(random, octets)
    octets[first:first] = octets[first:last]


def _cut_short(random: Random, octets: bytearray, samples: Sequence[bytes]) -> None:
    del octets[random.randint(0, len(octets)) :]


def _put_in_another(random: Random, octets: bytearray, samples: Sequence[bytes]) -> None:
    other = random.choice(samples)
    first, last = _piece(random, other)
    at = random.randint(0, len(octets))
    octets[at : at + random.randint(0, last - first)] = other[first:last]


CHANGES = (_turn_a_bit, _write_a_number, _write_noise, _leave_out, _double, _cut_short, _put_in_another)


def _piece(random: Random, octets: bytes | bytearray) -> tuple[int, int]:
    first = random.randint(0, len(octets))
    return first, min(len(octets), first + random.randint(0, LONGEST_PIECE))
