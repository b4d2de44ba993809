"""A lab that nobody uses: tells which frames are on its wire in the time that IPv6 and IGMP would need to speak up."""

import json
import select
import sys
import time

from layersviz.lab.__main__ import main
from layersviz.lab.network import Network
from layersviz.lab.orders import Reports, read_settings

LISTENING_S = 1.5


def listen(settings: str, reports: Reports) -> None:
    wire = Network.build(read_settings(settings).hosts).wire
    reports.tell("ready")
    heard = []
    deadline = time.monotonic() + LISTENING_S
    while (left_s := deadline - time.monotonic()) > 0:
        select.select(wire.sockets, [], [], left_s)
        while (sighting := wire.take()) is not None:
            heard.append(sighting.octets.hex())
    reports.tell("heard", frames=json.dumps(heard))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], listen))
