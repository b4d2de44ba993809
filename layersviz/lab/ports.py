"""The client's source ports: another one for each run, so that a connection in TIME-WAIT never blocks the next."""

import errno
import socket

LAST_PORT = 60_999  # the end of Linux's own range of ephemeral ports


class SourcePorts:
    """Counts up from the first port and starts again there after the last."""

    def __init__(self, first: int) -> None:
        self._range = range(first, max(first, LAST_PORT) + 1)
        self._next = 0

    def __contains__(self, port: int) -> bool:
        return port in self._range

    @property
    def ends(self) -> tuple[int, int]:
        """The first and the last one."""
        return self._range[0], self._range[-1]

    def bind(self, connection: socket.socket, ip: str) -> int:
        """Bind to the next port that is not in use."""
        for _each in self._range:
            port = self._range[self._next]
            self._next = (self._next + 1) % len(self._range)
            try:
                connection.bind((ip, port))
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise
            else:
                return port
        raise OSError(errno.EADDRINUSE, "every source port is in use")
