"""Typed readers of the environment: each gives a value or refuses in one sentence that names the variable.

Knows nothing of Django's settings: the environment is an argument.
"""

import os
import re
import secrets
from collections.abc import Mapping
from ipaddress import AddressValueError, IPv4Address, IPv4Network
from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from layersviz.core.host import Host, Hosts, Side

Environment = Mapping[str, str]

_YES, _NO = ("1", "true", "yes", "on"), ("", "0", "false", "no", "off")


def read_text(environment: Environment, name: str, default: str = "") -> str:
    """The variable, or what is in the file that NAME_FILE names."""
    return environment.get(name, "").strip() or _read_file(environment.get(f"{name}_FILE", ""), name) or default


def _read_file(path: str, name: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip() if path else ""
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not text"
        raise ImproperlyConfigured(f"{name}_FILE is {path!r}, which can't be read: {why}.") from None


def read_switch(environment: Environment, name: str, default: bool = False) -> bool:
    """1, true, yes, on or 0, false, no, off, in any case."""
    text = read_text(environment, name, "on" if default else "off").lower()
    if text not in _YES + _NO:
        raise ImproperlyConfigured(f"{name} is {text!r}: write on or off.")
    return text in _YES


def read_choice(environment: Environment, name: str, choices: tuple[str, ...]) -> str:
    """One of the choices; the first is the default."""
    text = read_text(environment, name, choices[0]).lower()
    if text not in choices:
        raise ImproperlyConfigured(f"{name} is {text!r}: write {' or '.join(choices)}.")
    return text


def read_list(environment: Environment, name: str, default: list[str]) -> list[str]:
    """Words parted by commas or blanks."""
    words = re.split(r"[,\s]+", read_text(environment, name))
    return [word for word in words if word] or default


def read_whole(environment: Environment, name: str, default: int) -> int:
    text = read_text(environment, name, str(default))
    if not (text.isascii() and text.isdigit()):
        raise ImproperlyConfigured(f"{name} is {text!r}: write a whole number.")
    return int(text)


def read_port(environment: Environment, name: str, default: int) -> int:
    text = read_text(environment, name, str(default))
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65535):
        raise ImproperlyConfigured(f"{name} is {text!r}: a port is a whole number from 1 to 65535.")
    return int(text)


def read_url(environment: Environment, name: str) -> str:
    """Scheme, host and port of a server, without a slash at the end; empty where none is given."""
    text = read_text(environment, name).rstrip("/")
    if text and not re.fullmatch(r"https?://(\[[0-9a-fA-F:.]+\]|[^\s/?#:@\[\]]+)(:[0-9]{1,5})?", text):
        raise ImproperlyConfigured(f"{name} is {text!r}: write an address such as https://layers.example.org.")
    return text


def read_cache(environment: Environment, name: str) -> dict[str, Any]:
    """Django's settings of one cache: the Redis of that address, else this process's memory."""
    address = read_text(environment, name)
    if not address:
        backend = "django.core.cache.backends.locmem.LocMemCache"
        return {"BACKEND": backend, "OPTIONS": {"MAX_ENTRIES": 20_000}}
    if not re.match(r"(rediss?|unix)://", address):
        raise ImproperlyConfigured(f"{name} is {address!r}: write an address such as redis://localhost:6379/0.")
    return {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": address,
        "KEY_PREFIX": "layersviz",
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},  # who asks a code must not wait for it longer
    }


def read_interface(environment: Environment, name: str) -> str:
    """The name of a network interface, whether there is one or not; empty where none is asked for."""
    text = read_text(environment, name)
    if text and not re.fullmatch(r"[^\s/]{1,15}", text):
        raise ImproperlyConfigured(f"{name} is {text!r}: write the name of a network interface, such as eth0.")
    return text


def read_milliseconds(environment: Environment, name: str, default: float, most: float) -> float:
    text = read_text(environment, name, f"{default:g}")
    if not (re.fullmatch(r"[0-9]+(\.[0-9]+)?", text) and float(text) <= most):
        raise ImproperlyConfigured(f"{name} is {text!r}: write milliseconds from 0 to {most:g}, such as {default:g}.")
    return float(text)


def read_megabytes(environment: Environment, name: str, default: int, most: int) -> int:
    """Octets, of whole megabytes of 1,048,576."""
    text = read_text(environment, name, str(default))
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= most):
        raise ImproperlyConfigured(f"{name} is {text!r}: write whole megabytes from 1 to {most}, such as {default}.")
    return int(text) * 1024 * 1024


def read_ip(environment: Environment, name: str, default: str) -> str:
    """A unicast IPv4 address in dotted form."""
    text = read_text(environment, name, default)
    try:
        address = IPv4Address(text)
    except AddressValueError:
        raise ImproperlyConfigured(f"{name} is {text!r}: write an IPv4 address such as {default}.") from None
    if address.is_multicast or address.is_loopback or address.is_unspecified or address.is_reserved:
        raise ImproperlyConfigured(f"{name} is {text!r}: a host cannot have this address; try {default}.")
    return str(address)


def read_mac(environment: Environment, name: str, default: str) -> str:
    """A unicast MAC address, written with colons in lower case."""
    text = read_text(environment, name, default).lower().replace("-", ":")
    if not re.fullmatch(r"[0-9a-f]{2}(:[0-9a-f]{2}){5}", text):
        raise ImproperlyConfigured(f"{name} is {text!r}: write six octets such as {default}.")
    if int(text[:2], 16) & 1 or text == "00:00:00:00:00:00":
        raise ImproperlyConfigured(f"{name} is {text!r}: a host needs a unicast address, whose first octet is even.")
    return text


def read_hosts(environment: Environment) -> Hosts:
    """The lab's two hosts; both in one /24 network, so that they speak without a router."""
    hosts = Hosts(
        client=_read_host(environment, Side.CLIENT, "10.0.0.3", "bc:35:db:cf:1b:03", 35310),
        server=_read_host(environment, Side.SERVER, "10.0.0.2", "bc:f2:b8:57:86:02", 80),
    )
    network = IPv4Network(f"{hosts.client.ip}/24", strict=False)
    addresses = {IPv4Address(hosts.client.ip), IPv4Address(hosts.server.ip)}
    if len(addresses) < 2 or not all(address in network for address in addresses):
        raise ImproperlyConfigured(
            f"LAB_CLIENT_IP {hosts.client.ip} and LAB_SERVER_IP {hosts.server.ip} must be two addresses of one "
            "network: let them differ in the last number only."
        )
    if addresses & {network.network_address, network.broadcast_address}:
        raise ImproperlyConfigured("LAB_CLIENT_IP and LAB_SERVER_IP must end in a number from 1 to 254.")
    if hosts.client.mac == hosts.server.mac:
        raise ImproperlyConfigured(
            "LAB_CLIENT_MAC and LAB_SERVER_MAC are the same: every host has an address of its own."
        )
    return hosts


def _read_host(environment: Environment, side: Side, ip: str, mac: str, port: int) -> Host:
    prefix = f"LAB_{side.name}"
    return Host(
        side=side,
        ip=read_ip(environment, f"{prefix}_IP", ip),
        mac=read_mac(environment, f"{prefix}_MAC", mac),
        port=read_port(environment, f"{prefix}_PORT", port),
    )


def read_database(environment: Environment, name: str, file: Path) -> dict[str, Any]:
    """Django's settings of one database: by an address such as postgres://user:word@host/name, else a SQLite file.

    A writer of SQLite waits for its turn, so that two that write at once do not fail.
    """
    address = read_text(environment, name)
    if not address:
        options = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": "PRAGMA journal_mode=WAL;"}
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": file, "OPTIONS": options}
    try:
        return {**dj_database_url.parse(address)}
    except (dj_database_url.ParseError, dj_database_url.UnknownSchemeError, ValueError):
        raise ImproperlyConfigured(
            f"{name} is no address of a database: write one such as postgres://user:password@host:5432/layersviz."
        ) from None


def read_secret_key(environment: Environment, kept_in: Path, *, must_be_given: bool) -> str:
    """SECRET_KEY, or one made on the first start and kept in a file that its owner alone may read."""
    given = read_text(environment, "SECRET_KEY")
    if given:
        return given
    if must_be_given:
        raise ImproperlyConfigured("SECRET_KEY is not set: PRODUCTION needs one of at least 50 random characters.")
    try:
        if not kept_in.exists():
            _keep(secrets.token_urlsafe(48), kept_in)
        return kept_in.read_text(encoding="ascii").strip()
    except OSError as error:
        raise ImproperlyConfigured(
            f"The secret key cannot be kept in {kept_in}: {error.strerror}. Set SECRET_KEY or VAR_DIR."
        ) from error


def _keep(text: str, path: Path) -> None:
    """Write the file whole or not at all, and never over one that another process has just made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
        file.write(text)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
