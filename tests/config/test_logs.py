import json
import logging
import logging.config
import sys

import pytest

from config.logs import JsonLines, PlainLines, logging_settings, process_kind, without_secrets


def record(message: str, *arguments: object, fault: BaseException | None = None) -> logging.LogRecord:
    told = (type(fault), fault, fault.__traceback__) if fault else None
    return logging.LogRecord("layersviz.web.x", logging.WARNING, "x.py", 1, message, arguments, told)


def test_a_record_is_one_line_of_json_with_its_time_level_logger_and_process() -> None:
    line = json.loads(JsonLines("worker").format(record("%d rooms\nare open", 3)))
    assert line["time"].endswith("+00:00")
    assert line["process"] == "worker"
    assert (line["level"], line["logger"], line["message"]) == ("warning", "layersviz.web.x", "3 rooms\nare open")
    assert "exception" not in line


def test_an_exception_stays_on_the_same_line() -> None:
    try:
        int("no")
    except ValueError as error:
        text = JsonLines("web").format(record("It failed.", fault=error))
    assert "\n" not in text
    assert json.loads(text)["exception"].startswith("Traceback")


@pytest.mark.parametrize(
    "text",
    [
        "GET /present/ABCDEF/?token=HIDDEN",
        "Not found: /?token=HIDDEN&page=2",
        "token=HIDDEN",
        "one_time_token: HIDDEN",
        "Cookie: sessionid=HIDDEN; csrftoken=HIDDEN",
        "Authorization: Basic HIDDEN",
        "sessionid=HIDDEN",
        "postgres://lv:HIDDEN@db/layersviz",
        "redis://:HIDDEN@redis:6379/0",
    ],
)
@pytest.mark.parametrize("lines", [PlainLines(), JsonLines("web")])
def test_what_opens_a_door_is_never_in_the_log(lines: logging.Formatter, text: str) -> None:
    assert "HIDDEN" not in lines.format(record(text))
    assert "HIDDEN" not in lines.format(record("It failed", fault=ValueError(text)))


def test_a_traceback_without_end_keeps_its_end() -> None:
    text = JsonLines("web").format(record("It failed.", fault=ValueError("x" * 100_000 + " and so on")))
    assert len(text) < 10_000
    assert json.loads(text)["exception"].endswith("and so on")


def test_what_is_no_secret_is_left_as_it_is() -> None:
    text = "Viewer 3 of room ABCDEF was behind: is it asleep? http://a.example/show/ABCDEF/ is open"
    assert without_secrets(text) == text


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        (["manage.py", "serve"], "web"),
        (["manage.py", "runworker", "capture"], "worker"),
        (["manage.py", "migrate"], "migrate"),
        (["uvicorn"], "python"),
    ],
)
def test_a_process_is_named_by_its_command(arguments: list[str], kind: str) -> None:
    assert process_kind(arguments) == kind


@pytest.mark.parametrize(
    ("level", "ours", "others"),
    [("debug", "DEBUG", "WARNING"), ("info", "INFO", "WARNING"), ("error", "ERROR", "ERROR")],
)
def test_the_level_is_for_our_own_loggers(level: str, ours: str, others: str) -> None:
    made = logging_settings("plain", level, "web")
    assert (made["loggers"]["layersviz"]["level"], made["root"]["level"]) == (ours, others)


@pytest.mark.parametrize("form", ["plain", "json"])
def test_python_s_logging_takes_the_settings(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    made = logging_settings(form, "info", "web")
    formatter = logging.config.DictConfigurator(made).configure_formatter(made["formatters"]["chosen"])
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    handler.handle(record("token=HIDDEN"))
    said = capsys.readouterr().err
    assert said
    assert "HIDDEN" not in said
