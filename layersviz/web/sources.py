"""Which sources of frames this installation offers its capture worker, best first."""

from layersviz.capture.events import Source
from layersviz.capture.lab_source import LabSource
from layersviz.capture.simulated_source import SimulatedSource
from layersviz.capture.worker import OfferedSource


def sources(*, with_lab: bool) -> tuple[OfferedSource, ...]:
    lab = OfferedSource(kind=Source.LAB, make=LabSource)
    simulated = OfferedSource(kind=Source.SIMULATED, make=SimulatedSource)
    return (lab, simulated) if with_lab else (simulated,)
