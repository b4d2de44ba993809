"""Two namespaces of our own, a server's and a visitor's, joined by a virtual link: a program that a test drives.

On its standard input, a Unix socket, it takes one JSON object at a time and answers with one. What is opened here
belongs to its namespace for good, so sockets are made here and handed to the test.
"""

import json
import socket
import subprocess
import sys

from layersviz.lab.namespaces import Namespace, become_root_of_own
from layersviz.lab.offload import switch_off_offload
from layersviz.lab.refusal import ForbiddenError, explain, read_sysctls
from layersviz.lab.rtnetlink import Rtnetlink

SERVER_IP, VISITOR_IP = "10.9.0.1", "10.9.0.7"
VISITOR_MAC = "02:00:00:00:00:07"


def build(*, offload: bool) -> dict[str, Namespace]:
    become_root_of_own()
    rooms = {"visitor": Namespace.fresh(), "server": Namespace.fresh()}
    with rooms["server"].entered():
        rtnetlink = Rtnetlink()
        descriptor = rooms["visitor"].descriptor
        rtnetlink.make_veth("eth0", peer="eth0", peer_mac=VISITOR_MAC, peer_namespace=descriptor)
    for name, own, other in (("server", SERVER_IP, VISITOR_IP), ("visitor", VISITOR_IP, SERVER_IP)):
        with rooms[name].entered():
            rtnetlink = Rtnetlink()
            if not offload:
                switch_off_offload("eth0")
            rtnetlink.keep_ipv6_silent("eth0")
            rtnetlink.give_address("eth0", own, peer_ip=other)
            rtnetlink.bring_up("lo")
            rtnetlink.bring_up("eth0")
    return rooms


def serve(rooms: dict[str, Namespace], line: socket.socket) -> None:
    while True:
        text, descriptors, _flags, _address = socket.recv_fds(line, 65_536, 2)
        if not text:
            return
        order = json.loads(text)
        with rooms[order["in"]].entered():
            if "command" in order:
                stdin, stdout = descriptors
                process = subprocess.Popen(order["command"], stdin=stdin, stdout=stdout, env=order["environment"])
                line.send(json.dumps({"pid": process.pid}).encode())
                for descriptor in descriptors:
                    socket.close(descriptor)
            else:
                with socket.socket(order["family"], order["type"]) as made:
                    socket.send_fds(line, [b"{}"], [made.fileno()])


def main() -> None:
    line = socket.socket(fileno=0)
    try:
        rooms = build(offload=sys.argv[1] == "offload")
    except ForbiddenError as forbidden:
        refusal = explain(forbidden.need, forbidden.number, read_sysctls())
        line.send(json.dumps({"impossible": f"{refusal.sentence} {refusal.remedy}"}).encode())
        return
    line.send(b"{}")
    serve(rooms, line)


if __name__ == "__main__":
    main()
