"""The lab with a wire that loses: in the first run every segment, in the second the server's answer. Runs are short."""

import sys

from layersviz.core.host import Side
from layersviz.lab.__main__ import main
from layersviz.lab.network import Network
from layersviz.lab.orders import Lines, Reports, read_settings
from layersviz.lab.player import Player
from layersviz.lab.wire import Wire

FIRST_PORT = (35310).to_bytes(2)
SECOND_PORT = (35311).to_bytes(2)


class LosingWire(Wire):
    def deliver(self, octets: bytes, *, to: Side) -> None:
        is_answer = SECOND_PORT in octets[34:38] and len(octets) > 100 and to is Side.CLIENT
        if FIRST_PORT not in octets[34:38] and not is_answer:
            super().deliver(octets, to=to)


def play(settings: str, reports: Reports) -> None:
    network = Network.build(read_settings(settings).hosts)
    network.wire = LosingWire(network.wire.plugs)
    Player(network, Lines(sys.stdin.fileno()), reports, longest_run_s=0.3).play()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], play))
