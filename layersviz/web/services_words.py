"""What the commonly used ports are for, in words of our own: the dozens that a class meets.

Names and protocols are those of IANA's registry of service names and port numbers; where others use a port for what it
is not registered for, the words say so. Knows nothing of the operating system's database.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TCP, UDP, BOTH = ("tcp",), ("udp",), ("tcp", "udp")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """`name` as IANA's registry has it, empty where it has none; `called` as people say; `use` is one sentence."""

    number: int
    protocols: tuple[str, ...]
    name: str
    called: str
    use: str | Promise


def _known(number: int, protocols: tuple[str, ...], name: str, called: str, use: str | Promise) -> Known:
    return Known(number=number, protocols=protocols, name=name, called=called, use=use)


KNOWN = (
    _known(7, BOTH, "echo", "Echo", _("Sends back whatever comes. For tests; switched off today.")),
    _known(9, BOTH, "discard", "Discard", _("Throws away whatever comes. For tests; switched off today.")),
    _known(20, TCP, "ftp-data", "FTP data", _("The files of FTP, on a connection beside that of the commands.")),
    _known(21, TCP, "ftp", "FTP", _("The commands of file transfer, with names and passwords that all can read.")),
    _known(22, TCP, "ssh", "SSH", _("A command line on another machine, encrypted; also copies files (scp, SFTP).")),
    _known(23, TCP, "telnet", "Telnet", _("A command line on another machine, unencrypted: SSH has taken its place.")),
    _known(25, TCP, "smtp", "SMTP", _("Mail from one mail server to the next.")),
    _known(37, BOTH, "time", "Time", _("The time of day as one number. NTP has taken its place.")),
    _known(43, TCP, "whois", "WHOIS", _("To whom a domain name or an IP address belongs.")),
    _known(49, TCP, "tacacs", "TACACS+", _("Who may log in to network devices, and what each may do there.")),
    _known(53, BOTH, "domain", "DNS", _("Finds the IP address of a name; UDP for short answers, TCP for long ones.")),
    _known(67, UDP, "bootps", "DHCP", _("Servers that lend IP addresses listen here.")),
    _known(68, UDP, "bootpc", "DHCP", _("Clients wait here for the address that a DHCP server lends them.")),
    _known(69, UDP, "tftp", "TFTP", _("Very simple file transfer, such as when a device starts from the network.")),
    _known(79, TCP, "finger", "Finger", _("Who is logged in on a machine. Hardly used any more.")),
    _known(
        80, TCP, "http", "HTTP", _("Web pages, unencrypted. A browser takes this port where an address names none.")
    ),
    _known(88, BOTH, "kerberos", "Kerberos", _("Logging in once for a whole network, as Active Directory does it.")),
    _known(110, TCP, "pop3", "POP3", _("Fetches mail from a mailbox, unencrypted.")),
    _known(111, BOTH, "sunrpc", "RPC", _("Tells at which port another service of this machine is, such as NFS.")),
    _known(119, TCP, "nntp", "NNTP", _("Usenet news.")),
    _known(123, UDP, "ntp", "NTP", _("Sets clocks by the network, to some milliseconds.")),
    _known(135, TCP, "epmap", "Windows RPC", _("Tells at which port another service of a Windows machine is.")),
    _known(137, UDP, "netbios-ns", "NetBIOS", _("Names of machines in old Windows networks.")),
    _known(138, UDP, "netbios-dgm", "NetBIOS", _("Datagrams of old Windows networks.")),
    _known(139, TCP, "netbios-ssn", "NetBIOS", _("Shared files and printers in old Windows networks.")),
    _known(143, TCP, "imap", "IMAP", _("Reads mail that stays in the mailbox on the server, unencrypted.")),
    _known(161, UDP, "snmp", "SNMP", _("Asks network devices how they are, and sets them.")),
    _known(162, UDP, "snmptrap", "SNMP trap", _("What network devices report by themselves.")),
    _known(179, TCP, "bgp", "BGP", _("The routers of the Internet tell each other their ways.")),
    _known(194, TCP, "irc", "IRC", _("Chat, as registered; most servers use 6667.")),
    _known(389, BOTH, "ldap", "LDAP", _("Directories of users, groups and machines, unencrypted.")),
    _known(443, BOTH, "https", "HTTPS", _("Web pages, encrypted by TLS over TCP; HTTP/3 is QUIC over UDP.")),
    _known(445, TCP, "microsoft-ds", "SMB", _("Shared files and printers of Windows, and of Samba.")),
    _known(465, TCP, "submissions", "SMTPS", _("Mail from a mail program to its server, encrypted from the start.")),
    _known(500, UDP, "isakmp", "IKE", _("The two ends of an IPsec VPN agree on their keys.")),
    _known(514, UDP, "syslog", "Syslog", _("Log messages to a machine that gathers them.")),
    _known(515, TCP, "printer", "LPD", _("Printing, in the manner of old Unix.")),
    _known(520, UDP, "router", "RIP", _("Small networks' routers tell each other their ways.")),
    _known(546, UDP, "dhcpv6-client", "DHCPv6", _("Clients wait here for what a DHCP server of IPv6 lends them.")),
    _known(547, UDP, "dhcpv6-server", "DHCPv6", _("Servers that lend IPv6 addresses listen here.")),
    _known(554, TCP, "rtsp", "RTSP", _("Starts and stops streams, as of surveillance cameras.")),
    _known(
        587, TCP, "submission", "SMTP", _("Mail from a mail program to its server; it turns encryption on by STARTTLS.")
    ),
    _known(631, TCP, "ipp", "IPP", _("Printing; CUPS shows its settings here.")),
    _known(636, TCP, "ldaps", "LDAPS", _("LDAP, encrypted by TLS.")),
    _known(853, BOTH, "domain-s", "DNS over TLS", _("DNS, encrypted by TLS; over UDP by DTLS or QUIC.")),
    _known(873, TCP, "rsync", "rsync", _("Copies of folders that send only what has changed.")),
    _known(989, TCP, "ftps-data", "FTPS data", _("The files of FTP, encrypted by TLS.")),
    _known(990, TCP, "ftps", "FTPS", _("FTP's commands, encrypted by TLS.")),
    _known(993, TCP, "imaps", "IMAPS", _("IMAP, encrypted by TLS.")),
    _known(995, TCP, "pop3s", "POP3S", _("POP3, encrypted by TLS.")),
    _known(1080, TCP, "socks", "SOCKS", _("A proxy for connections of any kind.")),
    _known(1194, BOTH, "openvpn", "OpenVPN", _("A VPN, mostly over UDP.")),
    _known(1433, TCP, "ms-sql-s", "SQL Server", _("Microsoft's database.")),
    _known(1521, TCP, "ncube-lm", "Oracle", _("Oracle's database listens here, though another is registered.")),
    _known(1701, UDP, "l2tp", "L2TP", _("Tunnels, mostly within IPsec.")),
    _known(1723, TCP, "pptp", "PPTP", _("An old VPN whose encryption is broken.")),
    _known(1812, UDP, "radius", "RADIUS", _("Who may use a network: eduroam, WPA-Enterprise.")),
    _known(1813, UDP, "radius-acct", "RADIUS accounting", _("Who has used a network, and for how long.")),
    _known(1883, TCP, "mqtt", "MQTT", _("Small messages of sensors and smart homes, unencrypted.")),
    _known(1900, UDP, "ssdp", "SSDP", _("Devices of a home network find each other (UPnP).")),
    _known(2049, BOTH, "nfs", "NFS", _("Shared folders of Unix.")),
    _known(2375, TCP, "docker", "Docker", _("Orders to Docker, unencrypted: whoever gets here owns the machine.")),
    _known(3128, TCP, "ndl-aas", "Squid", _("Web proxies listen here, though another is registered.")),
    _known(3306, TCP, "mysql", "MySQL", _("The database MySQL, and MariaDB.")),
    _known(3389, BOTH, "ms-wbt-server", "RDP", _("The screen of a Windows machine, from afar.")),
    _known(3478, BOTH, "stun", "STUN, TURN", _("Video calls find their way through home routers.")),
    _known(4500, UDP, "ipsec-nat-t", "IPsec", _("IPsec through a router that translates addresses (NAT).")),
    _known(4789, UDP, "vxlan", "VXLAN", _("Whole Ethernet frames in UDP, between data centres' machines.")),
    _known(5060, BOTH, "sip", "SIP", _("Sets up telephone calls over the Internet, unencrypted.")),
    _known(5061, TCP, "sips", "SIPS", _("SIP, encrypted by TLS.")),
    _known(5222, TCP, "xmpp-client", "XMPP", _("Chat clients, as of Jabber.")),
    _known(5353, UDP, "mdns", "mDNS", _("Names without a server in a local network: printer.local.")),
    _known(5355, BOTH, "llmnr", "LLMNR", _("Names without a server, in a local network of Windows machines.")),
    _known(5432, TCP, "postgresql", "PostgreSQL", _("The database PostgreSQL.")),
    _known(5672, TCP, "amqp", "AMQP", _("Queues of messages between programs, such as RabbitMQ.")),
    _known(5900, TCP, "rfb", "VNC", _("The screen of any machine, from afar.")),
    _known(6379, TCP, "redis", "Redis", _("A database in memory; with REDIS_URL this program's processes meet there.")),
    _known(6667, TCP, "ircu", "IRC", _("Chat, unencrypted.")),
    _known(6789, TCP, "radg", "6789", _("Registered for another; in this course the Hello World server's other port.")),
    _known(8000, TCP, "irdmi", "HTTP", _("Web servers while they are being made, this program's too.")),
    _known(8080, TCP, "http-alt", "HTTP", _("The usual other port of web servers and proxies: it needs no privilege.")),
    _known(8443, TCP, "pcsync-https", "HTTPS", _("The usual other port of encrypted web servers.")),
    _known(8883, TCP, "secure-mqtt", "MQTT", _("MQTT, encrypted by TLS.")),
    _known(9100, TCP, "hp-pdl-datastr", "Printers", _("What a network printer prints as it comes.")),
    _known(11211, TCP, "memcache", "Memcached", _("A cache in memory.")),
    _known(25565, TCP, "", "Minecraft", _("The game's servers; the port is their custom, not registered.")),
    _known(27017, TCP, "mongodb", "MongoDB", _("The database MongoDB.")),
    _known(51820, UDP, "", "WireGuard", _("A VPN; the port is its custom, not registered.")),
)
