"""How often codes may be tried. Whoever tries many may not learn which of them are right; a class must still get in.

Wrong codes alone are counted, for each network (an IPv4 address, the /48 of an IPv6 address) and in all, by the minute.
Past a network's limit a code passes only where it was rightly used from that network before: so the class that sits
behind one address gets in while one of it guesses, and the answer says nothing of any other code. Past the limit in
all each network has one wrong code a minute left: whoever comes with the right code still gets in at once.

There are 31^6 = 887,503,681 codes. At 10 a minute one network needs 169 years to try them all; a hundred networks
together, held to 60 and one more each, 11 years. With 50 rooms open one of them is found in a fiftieth of that.
"""

from ipaddress import IPv6Address, IPv6Network, ip_address

from django.core.cache import cache

WINDOW_S = 60
FOR_A_NETWORK = 10
IN_ALL = 60
LEFT_TO_EACH = 1
KNOWN_FOR_S = 12 * 3600


class TooManyGuesses(Exception):
    """Nothing was looked up."""


class Guesses:
    """The wrong ones of one kind, such as codes or passwords, in Django's cache."""

    def __init__(self, kind: str) -> None:
        self._kind = kind

    def are_left(self, network: str) -> bool:
        counted = cache.get_many([self._of(network), self._of("all")])
        is_flooded = counted.get(self._of("all"), 0) >= IN_ALL
        return bool(counted.get(self._of(network), 0) < (LEFT_TO_EACH if is_flooded else FOR_A_NETWORK))

    def count(self, network: str) -> None:
        for key in (self._of(network), self._of("all")):
            cache.add(key, 0, WINDOW_S)
            try:
                cache.incr(key)
            except ValueError:  # the minute has just ended
                cache.set(key, 1, WINDOW_S)

    def _of(self, whose: str) -> str:
        return f"wrong {self._kind}:{whose}".replace(" ", "-")


codes = Guesses("code")
passwords = Guesses("password")


def knock(network: str, code: str) -> None:
    """Raises TooManyGuesses where this code may not be tried now."""
    if not codes.are_left(network) and not cache.get(_known(network, code)):
        raise TooManyGuesses


def answer(network: str, code: str, *, is_open: bool) -> None:
    """What a code that was tried turned out to be."""
    if is_open:
        cache.set(_known(network, code), 1, KNOWN_FOR_S)
    else:
        codes.count(network)


def network_of(address: str) -> str:
    """Who counts as one: an IPv4 address, or the /48 that an IPv6 address is from, which a site is given (RFC 6177)."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(IPv6Network((found, 48), strict=False).network_address)


def _known(network: str, code: str) -> str:
    return f"known-code:{network}:{code}"
