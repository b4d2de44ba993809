"""`manage.py dissect FILE`: what is in a capture, as JSON lines keyed by Wireshark's names.

Knows nothing of formats and protocols: files/ reads, the survey understands. It needs nothing of Django either, whose
start takes as long as fifty thousand frames: `manage.py` runs it without.
"""

import gc
import os
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Iterator, Sequence
from pathlib import Path
from textwrap import fill

from layersviz.core.said import encoder
from layersviz.core.tcp_findings import SENTENCES
from layersviz.files import Capture, open_capture
from layersviz.survey.index import Index

HELP = "Print each frame of a capture as one JSON object on a line, keyed by Wireshark's field names."
DAMAGED = 2
"""The exit status where the file could not be read, or not to its end; tshark has the same."""

LINES_AT_ONCE = 64


def run(arguments: Sequence[str], program: str) -> int | None:
    """The command as a whole process; gives its exit status, or None where an argument is not one of its own."""
    parser = ArgumentParser(prog=program, description=HELP)
    add_arguments(parser)
    chosen, unknown = parser.parse_known_args(arguments)
    if unknown:
        return None
    gc.disable()  # what a capture leaves in memory is needed to the end, so looking for garbage is for nothing
    problem = print_capture(chosen.file, conversations=chosen.conversations)
    if problem:
        sys.stderr.write(f"{problem}\n")
    return DAMAGED if problem else 0


def add_arguments(parser: ArgumentParser) -> None:
    """What the command is told, and its help."""
    parser.formatter_class = RawDescriptionHelpFormatter
    parser.epilog = "What the analysis of TCP finds:\n" + "\n".join(
        fill(f"{name}: {sentence}", 100, initial_indent="  ", subsequent_indent="    ")
        for name, sentence in SENTENCES.items()
    )
    parser.add_argument("file", type=Path, help="a capture: pcap or pcapng, gzipped or not")
    parser.add_argument(
        "--conversations",
        action="store_true",
        help="print each conversation instead of each frame: TCP, UDP, ICMP, ARP, and what else there is",
    )


def print_capture(file: Path, *, conversations: bool) -> str:
    """Print what is in a file to standard output; gives one sentence where not all of it could be read, else ""."""
    try:
        with open_capture(file) as capture:
            _print(conversation_lines(capture) if conversations else frame_lines(capture))
            return capture.problem
    except BrokenPipeError:
        # Whoever read our output has enough. Python would complain once more when it flushes at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ""
    except OSError as error:
        return f"{file} can't be read: {error.strerror or error}."


def frame_lines(capture: Capture) -> Iterator[bytes]:
    """One JSON object for each frame."""
    from layersviz.survey.fields import fields  # Scapy's import costs more than many a capture's conversations
    from layersviz.survey.survey import Survey

    survey, encode = Survey(), encoder().encode
    for packet in capture:
        yield encode(fields(survey.feed(packet)))


def conversation_lines(capture: Capture) -> Iterator[bytes]:
    """One JSON object for each conversation, in the order in which they began."""
    index, encode = Index(), encoder().encode
    feed = index.feed
    for packet in capture:
        feed(packet)
    for conversation in index.conversations():
        yield encode(conversation)


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
