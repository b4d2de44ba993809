"""The services database: its lines, the words beside them, and a system that has none."""

import socket
from pathlib import Path

import pytest
from django.test import Client

from layersviz.web import services as module
from layersviz.web.services import DATABASES, explained, read, services
from layersviz.web.services_words import KNOWN

LINES = """
# Network services
http            80/tcp          www             # WorldWideWeb HTTP
domain          53/tcp                          # Domain Name Server
domain          53/udp
syslog          514/udp
shell           514/tcp         cmd syslog      # no passwords used
ldap            389/udp
ldap            389/tcp
ircd            6667/tcp                        # Internet Relay Chat
not-a-line
huge            70000/tcp
strange         7/ddp
shilp           2049/tcp
nfs             2049/tcp
"""


def row(number: int, *, protocol: str = "tcp") -> module.Service:
    """The service of that port that has words of ours."""
    (found,) = (
        each for each in explained(read(LINES)) if each.number == number and protocol in each.protocols and each.known
    )
    return found


def test_both_protocols_of_a_name_are_one_row() -> None:
    assert [(each.name, each.called) for each in read(LINES) if each.number in (53, 389)] == [
        ("domain", "TCP, UDP"),
        ("ldap", "TCP, UDP"),
    ]


def test_two_names_of_a_port_are_two_rows() -> None:
    assert [(each.name, each.called) for each in read(LINES) if each.number == 514] == [
        ("syslog", "UDP"),
        ("shell", "TCP"),
    ]


def test_aliases_and_remarks_are_read_and_what_is_no_line_is_left_out() -> None:
    found = read(LINES)
    (http,) = (each for each in found if each.number == 80)
    assert (http.aliases, http.remark) == (("www",), "WorldWideWeb HTTP")
    assert {each.number for each in found} == {53, 80, 389, 514, 2049, 6667}


def test_words_go_to_the_row_of_that_name_or_alias_else_to_the_first_of_that_port() -> None:
    assert row(2049).name == "nfs"
    assert row(514, protocol="udp").name == "syslog"
    assert row(6667).name == "ircd"


def test_what_the_database_lacks_comes_in_as_ours() -> None:
    assert row(5900, protocol="tcp").is_ours
    assert not row(80).is_ours


def test_every_word_has_its_row_and_none_is_there_twice() -> None:
    for found in (explained(()), explained(read(LINES)), services().all):
        known = [each.known for each in found if each.known is not None]
        assert sorted(known, key=KNOWN.index) == list(KNOWN)
    places = [(each.number, protocol) for each in KNOWN for protocol in each.protocols]
    assert len(places) == len(set(places))


def test_our_names_and_protocols_are_those_of_this_systems_database_where_it_has_them() -> None:
    """Debian's follows IANA's registry; it calls some by another name first."""
    for each in KNOWN:
        for protocol in each.protocols:
            try:
                number = socket.getservbyname(each.name, protocol) if each.name else each.number
            except OSError:
                continue
            assert number == each.number, each


@pytest.mark.django_db
def test_the_page_says_where_its_services_are_from(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "layersviz.web.ports.services", lambda: module.Services(database="/etc/services", all=explained(read(LINES)))
    )
    html = client.get("/ports/").content.decode()
    assert "this system's services database (/etc/services)" in html
    assert f"All {len(explained(read(LINES)))}, also" in html
    monkeypatch.setattr("layersviz.web.ports.services", lambda: module.Services(database="", all=explained(())))
    html = client.get("/ports/").content.decode()
    assert "This system has no services database" in html
    assert "*</span>" not in html
    assert "also those without" not in html


def test_a_system_without_a_database_still_has_the_words(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(module, "DATABASES", (tmp_path / "none", tmp_path))
    found = services.__wrapped__()
    assert found.database == ""
    assert len(found.all) == found.explained == len(KNOWN)


def test_this_systems_database_is_read_whole() -> None:
    path = DATABASES[0]
    if not path.exists():
        pytest.skip(f"{path} is not here")
    assert services().database == str(path)
    for name, port in (("ssh", 22), ("http", 80)):
        assert port in {each.number for each in services().all if each.name == name}
