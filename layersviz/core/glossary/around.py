"""The words of the layers below the transport, and of all of them."""

from layersviz.core.glossary.term import Term
from layersviz.core.said import said

AROUND: tuple[Term, ...] = (
    Term(
        slug="arp",
        word="ARP",
        forms="ARP",
        text=said(
            "Address Resolution Protocol: asks everyone on the link which MAC address belongs to an IPv4 address. IPv6"
            " does the same by neighbor discovery."
        ),
        source="RFC 826",
    ),
    Term(
        slug="bit",
        word=said("bit"),
        forms=said("bit|bits"),
        text=said("The smallest unit: 0 or 1. On the wire it is a change of voltage or light."),
    ),
    Term(
        slug="byte",
        word=said("byte, octet"),
        forms=said("byte|bytes|octet|octets"),
        text=said("Eight bits. The standards say octet, because there were machines whose byte had another size."),
    ),
    Term(
        slug="checksum",
        word=said("checksum"),
        forms=said("checksum|checksums"),
        text=said(
            "A number computed from the bytes and sent along. The receiver computes it as well: where the two differ,"
            " something was changed on the way."
        ),
        source="RFC 1071",
    ),
    Term(
        slug="client",
        word=said("client"),
        forms=said("client|clients"),
        text=said("The end that begins: it knows the server's address and port and asks first."),
    ),
    Term(
        slug="encapsulation",
        word=said("encapsulation"),
        forms=said("encapsulation"),
        text=said(
            "A layer puts its header in front of what the layer above gave it, and looks at nothing inside of it."
        ),
        source="RFC 1122",
    ),
    Term(
        slug="ethernet",
        word="Ethernet",
        forms="Ethernet",
        text=said("The usual link: it carries frames from one network card to another one on the same link."),
        source="IEEE 802.3",
    ),
    Term(
        slug="ethertype",
        word="EtherType",
        forms="EtherType",
        text=said(
            "The field of the Ethernet header that says which protocol the frame carries: IPv4, IPv6, ARP and others."
        ),
        source="RFC 9542",
    ),
    Term(
        slug="fcs",
        word=said("frame check sequence (FCS)"),
        forms=said("FCS|frame check sequence|check sequence"),
        text=said(
            "The last 32 bits of an Ethernet frame, a CRC-32: the receiver's card drops a frame whose sum is wrong."
        ),
        source="IEEE 802.3",
    ),
    Term(
        slug="frame",
        word=said("frame"),
        forms=said("frame|frames"),
        text=said(
            "The PDU of the link layer: what is on the wire at once, from its destination address to its check"
            " sequence."
        ),
        source="IEEE 802.3",
    ),
    Term(
        slug="header",
        word=said("header"),
        forms=said("header|headers"),
        text=said("The fields that a layer puts in front of what it carries, for the same layer at the other end."),
        source="RFC 1122",
    ),
    Term(
        slug="host",
        word=said("host"),
        forms=said("host|hosts"),
        text=said("A machine at the end of the net that runs programs; a router only passes packets on."),
        source="RFC 1122",
    ),
    Term(
        slug="icmp",
        word="ICMP",
        forms="ICMP",
        text=said("The protocol by which IP's hosts and routers report what became of a packet."),
        source="RFC 792",
    ),
    Term(
        slug="ip",
        word="IP",
        forms="IP|IPv4|IPv6",
        text=said(
            "Internet Protocol: carries packets from host to host, each for itself, without a promise that they arrive."
        ),
        source="RFC 791",
    ),
    Term(
        slug="ip-address",
        word=said("IP address"),
        forms=said("IP address|IP addresses"),
        text=said(
            "Names a host's place in the net, along the whole way where nobody translates it: 32 bits in IPv4, 128 in"
            " IPv6."
        ),
        source="RFC 791",
    ),
    Term(
        slug="kernel",
        word=said("kernel"),
        forms=said("kernel|kernels"),
        text=said(
            "The core of the operating system. TCP, UDP and IP are in it; programs ask it by calls such as connect()."
        ),
    ),
    Term(
        slug="layer",
        word=said("layer"),
        forms=said("layer|layers"),
        text=said(
            "One task of communication with rules of its own. It uses the layer below and serves the layer above."
        ),
        source="RFC 1122",
    ),
    Term(
        slug="mac-address",
        word=said("MAC address"),
        forms=said("MAC address|MAC addresses"),
        text=said("Names a network card on a link, in 48 bits. It changes at each router, unlike the IP address."),
        source="IEEE 802",
    ),
    Term(
        slug="mtu",
        word=said("maximum transmission unit (MTU)"),
        forms="MTU",
        text=said("The largest packet that a link carries in one frame: 1500 bytes on Ethernet."),
        source="RFC 894",
    ),
    Term(
        slug="packet",
        word=said("packet"),
        forms=said("packet|packets"),
        text=said("The PDU of the network layer: IP's header and what it carries."),
        source="RFC 791",
    ),
    Term(
        slug="padding",
        word=said("padding"),
        forms=said("padding"),
        text=said("Bytes without meaning that fill a short frame up to Ethernet's least length."),
        source="IEEE 802.3",
    ),
    Term(
        slug="payload",
        word=said("payload"),
        forms=said("payload|payloads"),
        text=said("What a header carries: for the layer below all of it, headers too, is only data."),
    ),
    Term(
        slug="pdu",
        word=said("PDU, protocol data unit"),
        forms=said("PDU|PDUs|protocol data unit"),
        text=said("What a layer exchanges with the same layer at the other end: its header, and what that carries."),
    ),
    Term(
        slug="preamble",
        word=said("preamble"),
        forms=said("preamble"),
        text=said("56 bits of 1 and 0 by turns in front of a frame, so that the receiver finds the sender's clock."),
        source="IEEE 802.3",
    ),
    Term(
        slug="protocol",
        word=said("protocol"),
        forms=said("protocol|protocols"),
        text=said(
            "Rules on which both ends have agreed: which messages there are, what is in them, what answers them."
        ),
    ),
    Term(
        slug="router",
        word=said("router"),
        forms=said("router|routers"),
        text=said("Passes packets on from one link to another, towards their destination."),
        source="RFC 1812",
    ),
    Term(
        slug="server",
        word=said("server"),
        forms=said("server|servers"),
        text=said("The end that waits at a port until somebody asks."),
    ),
    Term(
        slug="ttl",
        word=said("time to live (TTL)"),
        forms="TTL",
        text=said(
            "Each router takes 1 off it and drops the packet at 0, so that none goes in circles. IPv6: hop limit."
        ),
        source="RFC 791",
    ),
)
