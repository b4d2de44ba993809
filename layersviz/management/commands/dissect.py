"""`manage.py dissect FILE`: what is in a capture, as JSON lines keyed by Wireshark's names.

Knows nothing of formats and protocols: files/ reads, survey/ understands.
"""

import os
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Iterator
from pathlib import Path
from textwrap import fill
from typing import Any

import msgspec
from django.core.management.base import BaseCommand

from layersviz.core.tcp_findings import SENTENCES
from layersviz.files import Capture, open_capture
from layersviz.survey.index import Index

DAMAGED = 2
"""The exit status where the file could not be read, or not to its end; tshark has the same."""

LINES_AT_ONCE = 64


class Command(BaseCommand):
    help = "Print each frame of a capture as one JSON object on a line, keyed by Wireshark's field names."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = "What the analysis of TCP finds:\n" + "\n".join(
            fill(f"{name}: {sentence}", 100, initial_indent="  ", subsequent_indent="    ")
            for name, sentence in SENTENCES.items()
        )
        parser.add_argument("file", type=Path, help="a capture: pcap or pcapng, gzipped or not")
        parser.add_argument(
            "--conversations",
            action="store_true",
            help="print each TCP, UDP and ICMP conversation instead of each frame",
        )

    def handle(self, *args: Any, file: Path, conversations: bool, **options: Any) -> None:
        try:
            with open_capture(file) as capture:
                _print(conversation_lines(capture) if conversations else frame_lines(capture))
                problem = capture.problem
        except BrokenPipeError:
            # Whoever read our output has enough. Python would complain once more when it flushes at its end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return
        except OSError as error:
            problem = f"{file} can't be read: {error.strerror or error}."
        if problem:
            self.stderr.write(problem)
            sys.exit(DAMAGED)


def frame_lines(capture: Capture) -> Iterator[bytes]:
    """One JSON object for each frame."""
    from layersviz.survey.fields import fields  # Scapy's import costs more than many a capture's conversations
    from layersviz.survey.survey import Survey

    survey = Survey()
    for packet in capture:
        yield msgspec.json.encode(fields(survey.feed(packet)))


def conversation_lines(capture: Capture) -> Iterator[bytes]:
    """One JSON object for each conversation, in the order in which they began."""
    index = Index()
    for packet in capture:
        index.feed(packet)
    for conversation in index.conversations():
        yield msgspec.json.encode(conversation)


def _print(lines: Iterator[bytes]) -> None:
    """Lines as octets, some at once; what was read is out before anything is said of damage."""
    out = sys.stdout.buffer
    waiting: list[bytes] = []
    for line in lines:
        waiting.append(line)
        if len(waiting) >= LINES_AT_ONCE:
            out.write(b"\n".join(waiting) + b"\n")
            waiting.clear()
    if waiting:
        out.write(b"\n".join(waiting) + b"\n")
    out.flush()
