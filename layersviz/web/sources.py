"""Which sources of frames this installation offers its capture worker, best first."""

from functools import partial

from layersviz.capture.lab_source import LabSource
from layersviz.capture.simulated_source import SimulatedSource
from layersviz.capture.worker import OfferedSource
from layersviz.core.played_run import Source


def sources(*, with_lab: bool, wire_delay_ms: float) -> tuple[OfferedSource, ...]:
    lab = OfferedSource(kind=Source.LAB, make=partial(LabSource, wire_delay_ms=wire_delay_ms))
    simulated = OfferedSource(kind=Source.SIMULATED, make=partial(SimulatedSource, wire_delay_ms=wire_delay_ms))
    return (lab, simulated) if with_lab else (simulated,)
