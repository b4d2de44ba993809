"""What an operator's programs may ask of this process, put together with the settings' values."""

from channels.layers import get_channel_layer
from django.conf import settings

from layersviz.web.health import DatabaseCheck, LayerCheck, Readiness, alive
from layersviz.web.probes import Probe

_readiness = Readiness(
    {
        "The database does not answer.": DatabaseCheck(),
        "The channel layer does not carry messages.": LayerCheck(get_channel_layer),
    }
)

probes = {"/healthz": Probe(answer=alive), "/readyz": Probe(answer=_readiness.answer)}
if settings.METRICS:
    from layersviz.web import metrics

    probes["/metrics"] = Probe(answer=metrics.page, is_open=False)
