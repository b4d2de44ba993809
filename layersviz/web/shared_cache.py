"""Django's cache as all processes share it; while that is out of reach, this process's own memory."""

import logging
from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache
from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.locmem import LocMemCache

logger = logging.getLogger(__name__)

Answer = TypeVar("Answer")

_own = LocMemCache("layersviz's own", {"OPTIONS": {"MAX_ENTRIES": 20_000}})
_is_away = False


def with_cache(deed: Callable[[BaseCache], Answer]) -> Answer:
    """Does it with the shared cache, or with our own; that it is away is logged once, until it is back."""
    global _is_away  # noqa: PLW0603 - said once for the whole process
    try:
        answer = deed(cache)
    except Exception as error:
        if not _is_away:
            logger.warning("The cache can't be reached, wrong codes are counted in this process alone: %s.", error)
        _is_away = True
        return deed(_own)
    _is_away = False
    return answer
