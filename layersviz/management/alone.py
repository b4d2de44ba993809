"""One server to a folder: two without a Redis know nothing of each other, and would take each other's classes away."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management.base import CommandError


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Keep the folder until the end, however that comes: the kernel gives a dead process's lock back.

    Raises CommandError where another server has it; where the file system knows no locks all is as without.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".serving").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CommandError(
                f"Another server keeps its classes in {folder}: end that one, or give this one a folder of its own, "
                f"such as VAR_DIR={folder}2."
            ) from None
        except OSError:
            pass
        yield
