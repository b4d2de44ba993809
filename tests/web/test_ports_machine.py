"""This machine's sockets as psutil tells them: what it does not tell is said to be so, and it is asked rarely."""

import socket
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import psutil

from layersviz.core.socket_row import SocketRow
from layersviz.web.machine import FRESH_S, MOST_ROWS, Machine, read_connections, waiting


def told(connections: Sequence[Any]) -> tuple[SocketRow, ...]:
    return Machine(lambda: connections).sockets().rows


def connection(**changes: Any) -> Any:
    """As psutil tells one of another user's."""
    return SimpleNamespace(
        **{
            "family": socket.AF_INET,
            "type": socket.SOCK_STREAM,
            "laddr": SimpleNamespace(ip="127.0.0.1", port=80),
            "raddr": (),
            "status": "LISTEN",
            "pid": None,
            **changes,
        }
    )


PEER = SimpleNamespace(ip="127.0.0.1", port=40_000)


def test_a_socket_of_our_own_has_all_columns() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        (row,) = (each for each in Machine(read_connections).sockets().rows if each.local_port == port)
    me = psutil.Process()
    assert row == SocketRow(
        command=me.name(),
        pid=me.pid,
        user=me.username(),
        family="IPv4",
        protocol="TCP",
        local_ip="127.0.0.1",
        local_port=port,
        state="LISTEN",
    )


def test_whose_socket_it_is_is_not_told_without_the_right_to_know() -> None:
    (row,) = told([connection()])
    assert (row.command, row.pid, row.user) == (None, None, None)


def test_a_socket_in_time_wait_has_no_process() -> None:
    (row,) = told([connection(status="TIME_WAIT", raddr=PEER)])
    assert (row.state, row.command, row.pid, row.user) == ("TIME-WAIT", "", 0, "")


def test_a_process_that_is_gone_by_now_is_not_told() -> None:
    (row,) = told([connection(pid=2**22 + 1)])
    assert (row.command, row.pid, row.user) == (None, 2**22 + 1, None)


def test_states_have_the_names_of_the_rfc_and_udp_has_none() -> None:
    rows = told(
        [
            *(connection(status=each, raddr=PEER) for each in ("SYN_RECV", "FIN_WAIT2", "CLOSE_WAIT", "ESTABLISHED")),
            connection(type=socket.SOCK_DGRAM, status="NONE", family=socket.AF_INET6),
        ]
    )
    assert {row.state for row in rows} == {"SYN-RECEIVED", "FIN-WAIT-2", "CLOSE-WAIT", "ESTABLISHED", ""}
    assert [(row.protocol, row.family) for row in waiting(rows)] == [("UDP", "IPv6")]


def test_what_waits_comes_first_and_a_long_list_is_cut_and_counted() -> None:
    many = [connection(status="ESTABLISHED", raddr=PEER, laddr=SimpleNamespace(ip="::1", port=1))] * MOST_ROWS
    left = connection(status="TIME_WAIT", raddr=PEER, laddr=SimpleNamespace(ip="::1", port=0))
    answer = Machine(lambda: [left, *many, connection()]).sockets()
    assert answer.rows[0].state == "LISTEN"
    assert (len(answer.rows), answer.left_out) == (MOST_ROWS, 2)
    assert {row.state for row in answer.rows[1:]} == {"ESTABLISHED"}


def test_a_system_that_tells_nothing_says_so_in_a_sentence() -> None:
    def refuse() -> Sequence[Any]:
        raise psutil.AccessDenied

    def fail() -> Sequence[Any]:
        raise OSError(5, "Input/output error")

    assert Machine(refuse).sockets().problem.startswith("This system tells nobody without privileges")
    assert Machine(fail).sockets().problem == "This system does not tell its sockets: Input/output error."


def test_many_who_ask_at_once_cost_one_question_and_a_later_one_another() -> None:
    asked, now_s = [], [100.0]

    def read() -> Sequence[Any]:
        asked.append(1)
        return [connection()]

    machine = Machine(read, now_s=lambda: now_s[0])
    with ThreadPoolExecutor(8) as threads:
        assert len({id(each) for each in threads.map(lambda _: machine.sockets(), range(40))}) == 1
    assert len(asked) == 1
    now_s[0] += FRESH_S + 0.1
    machine.sockets()
    assert len(asked) == 2
