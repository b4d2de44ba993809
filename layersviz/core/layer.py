"""The five layers, and what each calls its unit of data."""

from enum import StrEnum

from layersviz.core.said import Said, said


class Layer(StrEnum):
    """A layer of a host's stack by its textbook name: RFC 1122 section 1.1.3, with the link layer split in two."""

    APPLICATION = "application"
    TRANSPORT = "transport"
    NETWORK = "network"
    LINK = "link"
    PHYSICAL = "physical"

    @property
    def label(self) -> Said:
        return _LABELS[self]


_LABELS = {
    Layer.APPLICATION: said("Application"),
    Layer.TRANSPORT: said("Transport"),
    Layer.NETWORK: said("Network"),
    Layer.LINK: said("Data link"),
    Layer.PHYSICAL: said("Physical"),
}
