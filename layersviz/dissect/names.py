"""Numbers that say what comes next, and their names (IANA's and IEEE's lists). Only those that a class may meet."""

from layersviz.core.said import said
from layersviz.dissect.table import unknown, with_name

ETHERTYPES = {
    0x0800: "IPv4",
    0x0806: "ARP",
    0x0842: "Wake-on-LAN",
    0x8035: "RARP",
    0x8100: "802.1Q",
    0x86DD: "IPv6",
    0x8847: "MPLS",
    0x8863: "PPPoE discovery",
    0x8864: "PPPoE session",
    0x888E: "802.1X",
    0x88A8: "802.1ad",
    0x88CC: "LLDP",
    0x9000: said("loopback test"),
    0x9100: said("802.1Q, stacked"),
}
IP_PROTOCOLS = {
    0: said("hop-by-hop options"),
    1: "ICMP",
    2: "IGMP",
    4: "IPv4",
    6: "TCP",
    17: "UDP",
    41: "IPv6",
    43: said("routing header"),
    44: said("fragment header"),
    47: "GRE",
    50: "ESP",
    51: "AH",
    58: "ICMPv6",
    59: said("nothing more"),
    60: said("destination options"),
    89: "OSPF",
    132: "SCTP",
    135: said("mobility"),
}
PPP_PROTOCOLS = {
    0x0021: "IPv4",
    0x0057: "IPv6",
    0x8021: "IPCP",
    0x8057: "IPV6CP",
    0x80FD: "CCP",
    0xC021: "LCP",
    0xC023: "PAP",
    0xC025: "LQR",
    0xC223: "CHAP",
}
HARDWARE_TYPES = {
    1: "Ethernet",
    6: "IEEE 802",
    512: "PPP",
    772: said("loopback"),
    778: "GRE over IP",
    65534: said("none"),
}
DNS_TYPES = {
    1: "A",
    2: "NS",
    5: "CNAME",
    6: "SOA",
    12: "PTR",
    13: "HINFO",
    15: "MX",
    16: "TXT",
    28: "AAAA",
    33: "SRV",
    35: "NAPTR",
    41: "OPT",
    43: "DS",
    46: "RRSIG",
    47: "NSEC",
    48: "DNSKEY",
    64: "SVCB",
    65: "HTTPS",
    252: "AXFR",
    255: "ANY",
}


_ETHERTYPE_TEXTS = {value: with_name(f"0x{value:04x}", name) for value, name in ETHERTYPES.items()}
_PPP_TEXTS = {value: with_name(f"0x{value:04x}", name) for value, name in PPP_PROTOCOLS.items()}


def ethertype(value: int) -> str:
    return _ETHERTYPE_TEXTS.get(value) or unknown(f"0x{value:04x}")


def ppp_protocol(value: int) -> str:
    return _PPP_TEXTS.get(value) or unknown(f"0x{value:04x}")
