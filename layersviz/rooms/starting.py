"""Why a run can't begin on a class's stage, or another be opened there. Pure."""

from layersviz.capture.events import LabState, LabStatus
from layersviz.core.order import why_not
from layersviz.core.said import said
from layersviz.rooms.messages.from_browser import OpenRecording, Start
from layersviz.rooms.messages.values import Run

_STARTING = said("The lab is being set up: press again in a moment.")
_RUN_IS_ON = said("A run is under way: wait until it has ended, then press again.")
_IS_HELD = said("A frame is held on the wire: let it go or stop the run, then press again.")
_IS_RECORDING = said("This is a recording: a run is started on the live stage.")


def obstacle(request: Start | OpenRecording, run: Run, lab: LabStatus) -> str:
    """One sentence, empty where nothing is in the way; `run` is the one on the stage."""
    if not run.ended:
        return _IS_HELD if run.held else _RUN_IS_ON
    if isinstance(request, OpenRecording):
        return ""
    return why_not(request.order) or _why_no_lab(lab)


def _why_no_lab(lab: LabStatus) -> str:
    match lab.state:
        case LabState.READY:
            return ""
        case LabState.DOWN:
            return lab.sentence
        case LabState.STARTING:
            return _STARTING
        case LabState.RECORDED:
            return _IS_RECORDING
