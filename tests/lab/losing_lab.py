"""The lab with scenes that cannot end: no SYN arrives, or it is held, or no answer arrives. Their runs are short."""

import sys
from dataclasses import replace

from layersviz.core.host import Side
from layersviz.lab.__main__ import main
from layersviz.lab.faults import Hold, Loss, Pick
from layersviz.lab.frame_kind import FrameKind
from layersviz.lab.network import Network
from layersviz.lab.orders import Lines, Reports, read_settings
from layersviz.lab.player import Player
from layersviz.lab.scenes import HANDSHAKE, SCENES


def lose_all(sender: Side, kind: FrameKind) -> tuple[Loss, ...]:
    return tuple(Loss(frame=Pick(sender=sender, kind=kind, nth=nth)) for nth in range(1, 20))


HELD_FOR_EVER = Hold(
    frame=Pick(sender=Side.CLIENT, kind=FrameKind.SYN), until=Pick(sender=Side.SERVER, kind=FrameKind.SYN)
)
SHORT = replace(SCENES[HANDSHAKE], longest_run_s=0.3)
LOSING = {
    HANDSHAKE: SHORT,
    "no SYN arrives": replace(SHORT, faults=lose_all(Side.CLIENT, FrameKind.SYN)),
    "the SYN is held": replace(SHORT, faults=(HELD_FOR_EVER,)),
    "no answer arrives": replace(SHORT, faults=lose_all(Side.SERVER, FrameKind.DATA)),
}


def play(settings: str, reports: Reports) -> None:
    network = Network.build(read_settings(settings).hosts)
    Player(network, Lines(sys.stdin.fileno()), reports, scenes=LOSING).play()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], play))
