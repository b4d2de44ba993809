"""How often codes may be tried. Whoever tries many may not learn which of them are right; a class must still get in.

Wrong codes alone are counted, for each network (an IPv4 address, the /48 of an IPv6 address) and in all, by the minute.
Past a network's limit a code passes only where it was rightly used from that network before: so the class that sits
behind one address gets in while one of it guesses, and the answer says nothing of any other code. Past the limit in
all each network has one wrong code a minute left: whoever comes with the right code still gets in at once.

There are 31^6 = 887,503,681 codes. At 10 a minute one network needs 169 years to try them all; a hundred networks
together, held to 60 and one more each, 11 years. With 50 rooms open one of them is found in a fiftieth of that.
"""

from ipaddress import IPv6Address, IPv6Network, ip_address

from django.core.cache.backends.base import BaseCache

from layersviz.web.shared_cache import with_cache

WINDOW_S = 60
FOR_A_NETWORK = 10
IN_ALL = 60
LEFT_TO_EACH = 1
KNOWN_FOR_S = 12 * 3600
TRIED_FOR_S = 5


class TooManyGuesses(Exception):
    """Nothing was looked up."""


class Guesses:
    """The wrong ones of one kind, such as codes or passwords, counted in the cache.

    Each try counts as wrong from its begin, so that many at once are no more than many one after another.
    """

    def __init__(self, kind: str) -> None:
        self._kind = kind

    def take(self, network: str) -> bool:
        """Counts one try; False, and it does not count, where none is left."""
        in_all, own = (self._add(key, 1) for key in self._keys(network))
        if own <= (LEFT_TO_EACH if in_all > IN_ALL else FOR_A_NETWORK):
            return True
        self.give_back(network)
        return False

    def give_back(self, network: str) -> None:
        """The try was a right one."""
        for key in self._keys(network):
            self._add(key, -1)

    def _add(self, key: str, tries: int) -> int:
        def add(cache: BaseCache) -> int:
            cache.add(key, 0, WINDOW_S)
            try:
                return int(cache.incr(key, tries))
            except ValueError:  # the minute has just ended
                cache.set(key, max(tries, 0), WINDOW_S)
                return max(tries, 0)

        return with_cache(add)

    def _keys(self, network: str) -> tuple[str, str]:
        return self._of("all"), self._of(network)

    def _of(self, whose: str) -> str:
        return f"wrong {self._kind}:{whose}".replace(" ", "-")


codes = Guesses("code")
passwords = Guesses("password")


def knock(network: str, code: str) -> bool:
    """Whether this try is counted until its `answer`: one of a code that is known there, or is being tried, is not.

    Raises TooManyGuesses where this code may not be tried now.
    """
    if _is_let_in(network, code):
        return False
    if codes.take(network):
        with_cache(lambda cache: cache.set(_tried(network, code), 1, TRIED_FOR_S))
        return True
    if _is_let_in(network, code):  # a whole class has come at once
        return False
    raise TooManyGuesses


def answer(network: str, code: str, *, is_open: bool, is_counted: bool) -> None:
    """What a code that was tried turned out to be; `is_counted` is what `knock` has said."""
    if is_open:
        with_cache(lambda cache: cache.set(_known(network, code), 1, KNOWN_FOR_S))
    if is_counted:
        with_cache(lambda cache: cache.delete(_tried(network, code)))
    if is_counted and is_open:
        codes.give_back(network)


def _is_let_in(network: str, code: str) -> bool:
    keys = [_known(network, code), _tried(network, code)]
    return bool(with_cache(lambda cache: cache.get_many(keys)))


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


def _tried(network: str, code: str) -> str:
    return f"tried-code:{network}:{code}"
