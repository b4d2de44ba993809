"""What the log looks like: plain lines for a terminal, or one JSON object a line for a collector of logs.

Neither ever shows a token, a cookie, a password or what follows the question mark of an address.
"""

import json
import logging
import re
from datetime import UTC, datetime
from typing import Any

_NAMED = r"(?i)\b(\w*(?:token|password|secret|secret_key|sessionid|cookie|authorization))(\s*[=:]\s*).+"
_SECRETS = (
    (re.compile(r"(?<=/)([^\s?\"'<>]*)\?[^\s\"'<>]+|(?<=/)\?[^\s\"'<>]+"), r"\1?..."),  # the query of an address
    (re.compile(_NAMED), r"\1\2..."),
    (re.compile(r"://[^\s/@]+@"), "://...@"),  # the user and password of a database or of Redis
)


def without_secrets(text: str) -> str:
    """The text, line by line, with three dots for whatever nobody may read in a log."""
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    return text


LONGEST_EXCEPTION = 8_000
"""Characters of a traceback in JSON, the last ones: collectors of logs cut long lines, and with them their JSON."""


class PlainLines(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("%(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        return without_secrets(super().format(record))


class JsonLines(logging.Formatter):
    """An object with time (RFC 3339, UTC), level, logger, process, message, and exception where there is one."""

    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "process": self._process,
            "pid": record.process,
            "message": without_secrets(record.getMessage()),
        }
        if record.exc_info:
            line["exception"] = without_secrets(self.formatException(record.exc_info))[-LONGEST_EXCEPTION:]
        return json.dumps(line, ensure_ascii=False)


def process_kind(arguments: list[str]) -> str:
    """What this process is, by its command line: "web", "worker", or the name of manage.py's command."""
    command = next(iter(arguments[1:]), "")
    return {"serve": "web", "runserver": "web", "runworker": "worker"}.get(command, command or "python")


def logging_settings(form: str, level: str, process: str) -> dict[str, Any]:
    """Django's LOGGING. `form` is "plain" or "json"; `level` holds for our own loggers, others say warnings at most."""
    ours = level.upper()
    others = ours if logging.getLevelNamesMapping()[ours] > logging.WARNING else "WARNING"
    plain, as_json = {"()": "config.logs.PlainLines"}, {"()": "config.logs.JsonLines", "process": process}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"chosen": as_json if form == "json" else plain},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "chosen"}},
        "root": {"handlers": ["console"], "level": others},
        "loggers": {
            "layersviz": {"level": ours},
            "django.request": {"level": "ERROR"},  # a page that isn't there is not worth a line to the operator
        },
    }
