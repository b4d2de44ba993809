"""What deploy/ says agrees with itself, with the settings, and with what the programs do."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from config import settings
from config.environment import read_hosts
from layersviz.capture.lab_lines import Ready, read_line, write_settings
from layersviz.core.measures import MEASURES
from tests.under_seccomp import NO_LIBRARY

PROJECT = Path(__file__).resolve().parents[1]
DEPLOY = PROJECT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
PROXY = (DEPLOY / "nginx" / "layersviz.conf").read_text(encoding="utf-8")
DOCS = (PROJECT / "docs" / "deployment.md").read_text(encoding="utf-8")
EXAMPLE = (DEPLOY / "layersviz.env.example").read_text(encoding="utf-8")
OTHERS = {"POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD"}  # PostgreSQL's container reads these
PROFILE = DEPLOY / "worker-seccomp.json"
NEW_USER, NEW_NET, NEW_MOUNT, NEW_PID = 0x10000000, 0x40000000, 0x00020000, 0x20000000


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    with (DEPLOY / "compose.yaml").open(encoding="utf-8") as file:
        made: dict[str, Any] = yaml.safe_load(file)
    return made


def documented_settings() -> set[str]:
    """The first column of the table in config/settings.py."""
    rows = re.findall(r"^\| ([A-Z][A-Z_, ]+) \|", settings.__doc__ or "", flags=re.MULTILINE)
    return {name for row in rows for name in row.split(", ")}


def unit(name: str) -> str:
    return (DEPLOY / "systemd" / name).read_text(encoding="utf-8")


# --- settings ---------------------------------------------------------------------------------------------------------


def test_every_setting_in_the_example_exists() -> None:
    named = set(re.findall(r"^([A-Z_]+)=", EXAMPLE, flags=re.MULTILINE))
    assert len(named) > 8
    assert named <= documented_settings() | OTHERS


def test_every_setting_in_the_compose_file_exists(compose: dict[str, Any]) -> None:
    named = {name for service in compose["services"].values() for name in service.get("environment", {})}
    assert "REDIS_URL" in named
    assert named <= documented_settings() | OTHERS


@pytest.mark.parametrize("file", UNITS, ids=lambda file: file.name)
def test_every_setting_in_a_unit_exists(file: Path) -> None:
    lines = re.findall(r"^Environment=(.+)$", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
    named = {pair.partition("=")[0] for line in lines for pair in line.split()}
    assert "VAR_DIR" in named
    assert named <= documented_settings()


def test_every_setting_in_the_documentation_exists() -> None:
    named = set(re.findall(r"`([A-Z][A-Z_]{2,})(?:=[^`]*)?`", DOCS))
    assert {"REDIS_URL", "METRICS"} <= named
    kept_in_files = {name for name in named if name.removesuffix("_FILE") in documented_settings()}
    assert {name for name in named - kept_in_files if not name.startswith("CAP_")} <= documented_settings() | OTHERS


def test_the_documentation_tells_what_each_metric_counts() -> None:
    assert [measure.name for measure in MEASURES if measure.name not in DOCS] == []


# --- addresses and limits ---------------------------------------------------------------------------------------------


def test_the_proxy_knows_the_web_processes_that_systemd_starts() -> None:
    started = re.findall(r"layersviz-web@(\d+)\.service", unit("layersviz.target"))
    proxied = re.findall(r"server 127\.0\.0\.1:(\d+) ", (DEPLOY / "nginx/upstream-systemd.conf").read_text())
    assert started == proxied


def test_the_proxy_knows_the_web_processes_of_the_compose_file(compose: dict[str, Any]) -> None:
    webs = {name: each for name, each in compose["services"].items() if name.startswith("web-")}
    proxied = re.findall(r"server (web-\d+):(\d+) ", (DEPLOY / "nginx/upstream-compose.conf").read_text())
    assert proxied == [(name, each["environment"]["PORT"]) for name, each in webs.items()]
    assert set(compose["services"]["proxy"]["depends_on"]) == set(webs)


def test_a_healthcheck_asks_the_port_that_its_service_listens_on(compose: dict[str, Any]) -> None:
    for name, setting in (("web-1", "PORT"), ("worker", "METRICS_PORT")):
        service = compose["services"][name]
        assert f":{service['environment'][setting]}/readyz" in service["healthcheck"]["test"][-1]


def test_the_proxy_lets_an_upload_of_the_largest_size_through_with_its_form() -> None:
    most = re.search(r"client_max_body_size (\d+)m;", PROXY)
    limit = re.search(r"^UPLOAD_LIMIT_MB=(\d+)$", EXAMPLE, flags=re.MULTILINE)
    assert most
    assert limit
    assert int(most[1]) == int(limit[1]) + 1


def test_the_proxy_is_more_patient_than_a_page_is_silent() -> None:
    every_ms = re.search(r"PING_EVERY_MS = ([\d_]+)", (PROJECT / "static/js/live/socket.js").read_text())
    patience_s = re.search(r"proxy_read_timeout (\d+)s", PROXY)
    assert every_ms
    assert patience_s
    assert int(patience_s[1]) > 5 * int(every_ms[1].replace("_", "")) / 1000


# --- what may be seen, and by whom ------------------------------------------------------------------------------------


def test_the_proxy_s_log_has_no_query_in_which_a_token_could_be() -> None:
    form = re.search(r"log_format .*?;", PROXY, flags=re.DOTALL)
    assert form
    assert not re.search(
        r"\$(request|request_uri|args|query_string|is_args|http_referer|http_cookie|arg_\w+)\b", form[0]
    )
    assert re.search(r"error_log\s+\S+ crit;", PROXY)


def test_the_proxy_believes_nothing_that_a_browser_says_of_itself() -> None:
    told = dict(re.findall(r"proxy_set_header (\S+)\s+(\S+);", PROXY))
    assert told["X-Forwarded-For"] == "$remote_addr"
    assert told["X-Forwarded-Proto"] == "$scheme"
    assert {told[name] for name in ("X-Forwarded-Host", "X-Forwarded-Port", "X-Real-IP", "Forwarded")} == {'""'}


@pytest.mark.parametrize("path", ["/metrics", "/readyz"])
def test_what_is_for_operators_is_not_to_be_had_by_the_proxy(path: str) -> None:
    assert re.search(rf"location = {path}\s+\{{ return 404; \}}", PROXY)


def test_only_the_proxy_is_reached_from_outside(compose: dict[str, Any]) -> None:
    assert [name for name, each in compose["services"].items() if "ports" in each] == ["proxy"]
    assert compose["networks"]["inside"] == {"internal": True}


# --- rights -----------------------------------------------------------------------------------------------------------


def test_no_process_of_ours_has_a_capability_in_a_container(compose: dict[str, Any]) -> None:
    for name in ("web-1", "web-2", "worker", "setup"):
        service = compose["services"][name]
        assert service["cap_drop"] == ["ALL"]
        assert not {"cap_add", "privileged", "devices", "pid", "network_mode"} & set(service)
        assert "no-new-privileges:true" in service["security_opt"]
        assert service["user"] != "root"


def test_the_worker_alone_has_a_profile_of_its_own_and_it_is_there(compose: dict[str, Any]) -> None:
    profiles = {
        name: option.partition("=")[2]
        for name, each in compose["services"].items()
        for option in each.get("security_opt", ())
        if option.startswith("seccomp")
    }
    assert list(profiles) == ["worker"]
    assert (DEPLOY / profiles["worker"]).samefile(PROFILE)


@pytest.mark.parametrize("file", UNITS, ids=lambda file: file.name)
def test_a_unit_has_no_capability_and_starts_a_program_that_there_is(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert "\nCapabilityBoundingSet=\n" in text
    assert "\nNoNewPrivileges=yes\n" in text
    assert "AmbientCapabilities" not in text
    command = re.search(r"^ExecStart=/opt/layersviz/\.venv/bin/python manage\.py (\w+)", text, flags=re.MULTILINE)
    assert command
    asked = [sys.executable, "manage.py", command[1], "--help"]
    assert subprocess.run(asked, cwd=PROJECT, capture_output=True, check=False).returncode == 0


def test_only_a_worker_may_make_namespaces_and_only_those_of_the_lab() -> None:
    allowed = {file.name: re.findall(r"^RestrictNamespaces=(.+)$", file.read_text(), re.MULTILINE) for file in UNITS}
    assert allowed.pop("layersviz-worker@.service") == ["user net"]
    assert set(map(tuple, allowed.values())) == {("yes",)}


def test_a_thousand_viewers_do_not_run_out_of_descriptors(compose: dict[str, Any]) -> None:
    assert compose["services"]["web-1"]["ulimits"]["nofile"] >= 65536
    assert "\nLimitNOFILE=65536\n" in unit("layersviz-web@.service")


# --- the worker's seccomp profile -------------------------------------------------------------------------------------


def lets_through(syscall: str, *arguments: int) -> bool:
    rules = [rule for rule in json.loads(PROFILE.read_text())["syscalls"] if syscall in rule["names"]]
    return any(
        rule["action"] == "SCMP_ACT_ALLOW" and all(_holds(test, arguments) for test in rule.get("args", ()))
        for rule in rules
    )


def _holds(test: dict[str, Any], arguments: tuple[int, ...]) -> bool:
    given = arguments[test["index"]]
    if test["op"] == "SCMP_CMP_MASKED_EQ":
        return bool(given & test["value"] == test["valueTwo"])
    return bool(given == test["value"])


def test_the_profile_lets_the_lab_s_namespaces_through_and_no_others() -> None:
    assert lets_through("unshare", NEW_USER)
    assert lets_through("unshare", NEW_NET)
    assert lets_through("setns", 5, NEW_NET)
    for other in (NEW_MOUNT, NEW_PID, NEW_USER | NEW_MOUNT):
        assert not lets_through("unshare", other)
        assert not lets_through("clone", other)
    assert not lets_through("setns", 5, 0)


def test_the_profile_opens_nothing_that_a_lab_has_no_need_of() -> None:
    wide = "mount umount2 bpf ptrace process_vm_readv init_module kexec_load keyctl add_key io_uring_setup userfaultfd"
    assert not [
        name
        for name in f"{wide} perf_event_open open_by_handle_at mknod chown pivot_root".split()
        if lets_through(name)
    ]


@pytest.mark.lab
def test_the_lab_runs_under_the_profile() -> None:
    lab = [sys.executable, "-m", "layersviz.lab", write_settings(read_hosts({}), wire_delay_ms=0)]
    ended = subprocess.run(
        [sys.executable, "tests/under_seccomp.py", str(PROFILE), *lab],
        cwd=PROJECT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    if ended.returncode == NO_LIBRARY:
        pytest.skip("There is no libseccomp here to load the profile with.")
    assert isinstance(read_line(ended.stdout.splitlines()[0]), Ready)
