"""The five layers, and what each calls its unit of data."""

from enum import StrEnum


class Layer(StrEnum):
    """A layer of a host's stack by its textbook name: RFC 1122 section 1.1.3, with the link layer split in two."""

    APPLICATION = "application"
    TRANSPORT = "transport"
    NETWORK = "network"
    LINK = "link"
    PHYSICAL = "physical"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Layer.APPLICATION: "Application",
    Layer.TRANSPORT: "Transport",
    Layer.NETWORK: "Network",
    Layer.LINK: "Data link",
    Layer.PHYSICAL: "Physical",
}
