"""The settings as a whole, in processes of their own."""

import os
import socket
import subprocess
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from config.machine import addresses_of, names_for, own_addresses, own_time_zone

PROJECT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "PRODUCTION": "on",
    "SECRET_KEY": "a key of fifty characters and more, as production wants it!",
    "ALLOWED_HOSTS": "layers.example",
}


def manage(var: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """manage.py without the lab."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=PROJECT,
        env={**os.environ, "VAR_DIR": str(var), "LAB": "off", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_deployment_check_finds_nothing_with_the_production_settings(tmp_path: Path) -> None:
    checked = manage(tmp_path, "check", "--deploy", "--fail-level", "DEBUG", **PRODUCTION)
    assert (checked.stdout, checked.returncode) == ("System check identified no issues (0 silenced).\n", 0)


def test_the_check_finds_nothing_with_the_settings_of_a_first_start(tmp_path: Path) -> None:
    checked = manage(tmp_path, "check", "--fail-level", "DEBUG")
    assert (checked.stdout, checked.returncode) == ("System check identified no issues (0 silenced).\n", 0)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        *(("LAB", "never"), ("PORT", "http"), ("LAB_CLIENT_IP", "here"), ("DEBUG", "maybe"), ("UPLOAD_LIMIT_MB", "0")),
        ("PRODUCTION", "on"),
    ],
)
def test_a_bad_setting_is_refused_in_one_sentence(tmp_path: Path, name: str, text: str) -> None:
    refused = manage(tmp_path, "check", **{name: text})
    assert refused.returncode == 1
    assert refused.stderr.startswith("layersviz: ")
    assert refused.stderr.count("\n") == 1


def test_debug_and_production_exclude_each_other(tmp_path: Path) -> None:
    refused = manage(tmp_path, "check", DEBUG="on", **PRODUCTION)
    assert "DEBUG and PRODUCTION are both on" in refused.stderr


def test_a_server_for_this_machine_answers_to_its_loopback_names() -> None:
    assert names_for("127.0.0.1") == ["localhost", "127.0.0.1", "[::1]"]


def test_a_server_for_the_network_answers_to_the_machine_s_names_and_addresses() -> None:
    names = names_for("0.0.0.0")
    assert {"localhost", socket.gethostname().lower(), *own_addresses()} <= set(names)
    assert "*" not in names


def test_own_addresses_are_dotted_and_not_loopback() -> None:
    for address in own_addresses():
        assert len(socket.inet_aton(address)) == 4
        assert not address.startswith("127.")


@pytest.mark.skipif(sys.platform != "linux", reason="a loopback of that name is Linux's")
def test_an_interface_s_addresses_come_with_ipv4_first_and_one_that_is_not_there_has_none() -> None:
    assert addresses_of("lo")[0] == "127.0.0.1"
    assert set(addresses_of("lo")) <= {"127.0.0.1", "::1"}
    assert addresses_of("nowhere") == []


@pytest.mark.parametrize("named", ["Asia/Tokyo", ":Asia/Tokyo"])
def test_the_operator_s_time_zone_is_kept(named: str) -> None:
    assert own_time_zone(named) == "Asia/Tokyo"


@pytest.mark.parametrize("named", ["", "JST-9", "../../etc/passwd", "/etc/passwd"])
def test_a_time_zone_without_a_name_is_the_system_s(named: str) -> None:
    assert own_time_zone(named) == own_time_zone("")
    assert ZoneInfo(own_time_zone(named))
