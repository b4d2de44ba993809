"""Captures as we write them: a handshake of the lab, and any packets."""

import io

from layersviz.core.packet import Packet
from layersviz.files import PcapngWriter
from tests.recorded import recorded_run

FRAMES = recorded_run("handshake-cold").frames


def written(*packets, comment="", **told):
    file = io.BytesIO()
    writer = PcapngWriter(file, comment=comment)
    for packet in packets:
        writer.write(packet, **told)
    return file.getvalue()


def handshake():
    return [
        Packet(
            number=frame.number,
            octets=frame.octets,
            length=len(frame.octets),
            time_ns=frame.time_ns,
            interface=0,
            comments=(f"step {frame.number} →", "second") if frame.number % 2 else (),
        )
        for frame in FRAMES
    ]
