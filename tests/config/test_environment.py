import stat
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import environment as read
from layersviz.core.host import Host, Side


@pytest.mark.parametrize("text", ["1", "true", "Yes", " ON "])
def test_a_switch_is_on(text: str) -> None:
    assert read.read_switch({"DEBUG": text}, "DEBUG") is True


@pytest.mark.parametrize("text", ["", "0", "False", "no", "off"])
def test_a_switch_is_off(text: str) -> None:
    assert read.read_switch({"DEBUG": text}, "DEBUG") is False


def test_what_is_neither_on_nor_off_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^DEBUG is 'maybe': write on or off.$"):
        read.read_switch({"DEBUG": "maybe"}, "DEBUG")


def test_a_choice_defaults_to_the_first() -> None:
    assert read.read_choice({}, "LAB", ("auto", "off")) == "auto"
    assert read.read_choice({"LAB": "OFF"}, "LAB", ("auto", "off")) == "off"


def test_a_choice_that_is_none_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^LAB is 'never': write auto or off.$"):
        read.read_choice({"LAB": "never"}, "LAB", ("auto", "off"))


def test_a_list_is_parted_by_commas_or_blanks() -> None:
    assert read.read_list({"ALLOWED_HOSTS": "a.example, b.example  c.example"}, "ALLOWED_HOSTS", []) == [
        "a.example",
        "b.example",
        "c.example",
    ]
    assert read.read_list({"ALLOWED_HOSTS": " "}, "ALLOWED_HOSTS", ["x"]) == ["x"]


@pytest.mark.parametrize("text", ["0", "65536", "-1", "http", "8000.5", "٣٣"])
def test_what_is_no_port_is_refused(text: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^PORT is .*: a port is a whole number from 1 to 65535.$"):
        read.read_port({"PORT": text}, "PORT", 8000)


@pytest.mark.parametrize(("text", "delay_ms"), [("", 1.0), ("0", 0.0), ("2.5", 2.5), ("100", 100.0)])
def test_the_wire_s_delay_is_read_in_milliseconds(text: str, delay_ms: float) -> None:
    assert read.read_milliseconds({"DELAY": text}, "DELAY", 1.0, 100.0) == delay_ms


@pytest.mark.parametrize("text", ["-1", "100.5", "1e3", "nan", "inf", "1 ms", "1.", "\u0663"])
def test_what_is_no_delay_is_refused(text: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^DELAY is .*: write milliseconds from 0 to 100, such as 1.$"):
        read.read_milliseconds({"DELAY": text}, "DELAY", 1.0, 100.0)


@pytest.mark.parametrize("text", ["", "eth0", "wlp0s20f3", "br-1a2b3c4d5e6f", "eth0.5"])
def test_an_interface_is_named_as_the_kernel_names_them(text: str) -> None:
    assert read.read_interface({"LIVE_INTERFACE": text}, "LIVE_INTERFACE") == text


@pytest.mark.parametrize("text", ["eth0 eth1", "../eth0", "a-name-of-16-chars"])
def test_what_can_be_no_interface_is_refused(text: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^LIVE_INTERFACE is .* write the name of a network interface"):
        read.read_interface({"LIVE_INTERFACE": text}, "LIVE_INTERFACE")


def test_the_lab_s_hosts_have_defaults() -> None:
    hosts = read.read_hosts({})
    assert hosts.client == Host(side=Side.CLIENT, ip="10.0.0.3", mac="bc:35:db:cf:1b:03", port=35310)
    assert hosts.server == Host(side=Side.SERVER, ip="10.0.0.2", mac="bc:f2:b8:57:86:02", port=80)


def test_the_lab_s_hosts_can_be_set() -> None:
    hosts = read.read_hosts(
        {
            "LAB_CLIENT_IP": "192.168.7.10",
            "LAB_SERVER_IP": "192.168.7.20",
            "LAB_SERVER_PORT": "6789",
            "LAB_CLIENT_MAC": "02-00-00-00-00-0A",
        }
    )
    assert (hosts.client.ip, hosts.client.mac) == ("192.168.7.10", "02:00:00:00:00:0a")
    assert (hosts.server.ip, hosts.server.port) == ("192.168.7.20", 6789)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("LAB_CLIENT_IP", "10.0.0"),
        ("LAB_CLIENT_IP", "fe80::1"),
        ("LAB_CLIENT_IP", "127.0.0.1"),
        ("LAB_CLIENT_IP", "224.0.0.1"),
        ("LAB_CLIENT_IP", "0.0.0.0"),
        ("LAB_CLIENT_IP", "10.0.1.3"),  # another network than the server's
        ("LAB_CLIENT_IP", "10.0.0.2"),  # the server's own
        ("LAB_CLIENT_IP", "10.0.0.255"),
        ("LAB_SERVER_IP", "10.0.0.0"),
        ("LAB_SERVER_MAC", "bc:f2:b8:57:86"),
        ("LAB_SERVER_MAC", "bd:f2:b8:57:86:02"),  # a group's
        ("LAB_SERVER_MAC", "00:00:00:00:00:00"),
        ("LAB_SERVER_MAC", "bc:35:db:cf:1b:03"),  # the client's own
        ("LAB_SERVER_PORT", "65536"),
    ],
)
def test_hosts_that_could_not_speak_are_refused_in_one_sentence_that_names_the_setting(name: str, text: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        read.read_hosts({name: text})
    sentence = str(refused.value)
    assert name in sentence
    assert "\n" not in sentence
    assert sentence.endswith(".")


def test_recordings_are_kept_in_a_file_or_in_the_database_of_the_address(tmp_path: Path) -> None:
    file = read.read_database({}, "DATABASE_URL", tmp_path / "kept.sqlite3")
    assert (file["ENGINE"], file["NAME"]) == ("django.db.backends.sqlite3", tmp_path / "kept.sqlite3")
    server = read.read_database({"DATABASE_URL": "postgres://ann:word@db:5433/class"}, "DATABASE_URL", tmp_path)
    assert server["ENGINE"] == "django.db.backends.postgresql"
    assert [server[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "NAME")] == ["ann", "word", "db", 5433, "class"]


@pytest.mark.parametrize("text", ["postgres", "nonsense://x/y", "postgres://host:port/x"])
def test_what_is_no_address_of_a_database_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^DATABASE_URL is no address of a database: "):
        read.read_database({"DATABASE_URL": text}, "DATABASE_URL", tmp_path)


def test_a_secret_key_that_is_given_is_taken_and_nothing_is_written(tmp_path: Path) -> None:
    assert read.read_secret_key({"SECRET_KEY": "given"}, tmp_path / "key", must_be_given=True) == "given"
    assert list(tmp_path.iterdir()) == []


def test_a_secret_key_is_made_once_and_kept_for_its_owner_alone(tmp_path: Path) -> None:
    kept_in = tmp_path / "var" / "secret_key"
    made = read.read_secret_key({}, kept_in, must_be_given=False)
    assert len(made) >= 50
    assert read.read_secret_key({}, kept_in, must_be_given=False) == made
    assert stat.S_IMODE(kept_in.stat().st_mode) == 0o600
    assert list(kept_in.parent.iterdir()) == [kept_in]


def test_production_wants_its_secret_key_given(tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^SECRET_KEY is not set"):
        read.read_secret_key({}, tmp_path / "key", must_be_given=True)


def test_a_place_where_nothing_can_be_kept_is_said_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file, not a directory")
    with pytest.raises(ImproperlyConfigured, match=r"^The secret key cannot be kept in .* Set SECRET_KEY or VAR_DIR.$"):
        read.read_secret_key({}, tmp_path / "var" / "secret_key", must_be_given=False)


@pytest.mark.parametrize(("text", "octets"), [("", 52_428_800), (" 1 ", 1_048_576), ("4096", 1 << 32)])
def test_a_limit_is_read_in_whole_megabytes(text: str, octets: int) -> None:
    assert read.read_megabytes({"LIMIT": text}, "LIMIT", 50, 4096) == octets


@pytest.mark.parametrize("text", ["0", "4097", "-1", "1.5", "50 MB", "\u0665"])
def test_what_is_no_limit_is_refused(text: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^LIMIT is .*: write whole megabytes from 1 to 4096, such as 50.$"):
        read.read_megabytes({"LIMIT": text}, "LIMIT", 50, 4096)
