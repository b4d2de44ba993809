"""The lab with scenes that cannot end: no SYN arrives, or it is held, or no answer arrives. Their runs are short."""

import sys
from dataclasses import replace

from layersviz.core.host import Side
from layersviz.core.order import HANDSHAKE, Deed, Fault, FrameKind
from layersviz.lab.__main__ import main
from layersviz.lab.faults import Crossing
from layersviz.lab.network import Network
from layersviz.lab.orders import Lines, Reports, read_settings
from layersviz.lab.player import Player
from layersviz.lab.scenes import SCENES


def lose_all(sender: Side, kind: FrameKind) -> tuple[Fault, ...]:
    return (Fault(deed=Deed.LOSE, sender=sender, frame=kind, count=19),)


HELD_FOR_EVER = Crossing(frame=(Side.CLIENT, FrameKind.SYN, 1), until=(Side.SERVER, FrameKind.SYN, 1))
SHORT = replace(SCENES[HANDSHAKE], longest_run_s=0.3)
LOSING = {
    HANDSHAKE: SHORT,
    "no SYN arrives": replace(SHORT, faults=lose_all(Side.CLIENT, FrameKind.SYN)),
    "the SYN is held": replace(SHORT, crossings=(HELD_FOR_EVER,)),
    "no answer arrives": replace(SHORT, faults=lose_all(Side.SERVER, FrameKind.DATA)),
}


def play(settings: str, reports: Reports) -> None:
    network = Network.build(read_settings(settings).hosts)
    Player(network, Lines(sys.stdin.fileno()), reports, scenes=LOSING).play()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], play))
