"""All settings, read from the environment once. Nothing else in the project reads the environment.

| variable | default | what it sets |
|---|---|---|
| HOST, PORT | 127.0.0.1, 8000 | where `manage.py serve` listens; 0.0.0.0 lets the network in |
| LAB | auto | auto: real kernels where they are to be had; off: simulated frames |
| LAB_CLIENT_IP, LAB_SERVER_IP | 10.0.0.3, 10.0.0.2 | the hosts' addresses, in one /24 network |
| LAB_CLIENT_MAC, LAB_SERVER_MAC | bc:35:db:cf:1b:03, bc:f2:b8:57:86:02 | the hosts' MAC addresses |
| LAB_CLIENT_PORT, LAB_SERVER_PORT | 35310, 80 | the first run's source port, the server's port |
| LAB_WIRE_DELAY_MS | 1 | how long a frame is on the wire: 1 ms is 200 km of fibre; 0 is as fast as it goes |
| LIVE_INTERFACE | none | the network interface whose visitors are shown, such as eth0 |
| LIVE_PORT | 8080 | the port on its addresses that serves them Hello World, and that alone is captured |
| LIVE_PYTHON | .venv/bin/python-live where it is | the Python that captures: it alone needs CAP_NET_RAW |
| ALLOWED_HOSTS | loopback; with HOST=0.0.0.0 this machine's names and addresses too | names the page may be opened by |
| PUBLIC_URL | this machine's address, or what the page was opened by | what students open: https://layers.example.org |
| DATABASE_URL | a SQLite file in VAR_DIR | where rooms and recordings are kept: any database that Django knows |
| REDIS_URL | none: all in one process | where several processes meet, such as redis://127.0.0.1:6379/0 |
| WITH_WORKER | on; with REDIS_URL off | whether a web process is a capture worker as well |
| UPLOAD_LIMIT_MB | 50 | how large a capture may be that somebody uploads; it may unpack to eight times as much |
| VAR_DIR | var | where the program keeps what it writes |
| SECRET_KEY | made on the first start, kept in VAR_DIR | signs what browsers keep; PRODUCTION needs it given |
| DEBUG | off | Django's error pages, and static files straight from their sources |
| PRODUCTION | off | served by TLS behind a reverse proxy that sets Host, X-Forwarded-Proto and X-Forwarded-For |
| TZ | the system's | the time zone of all times, such as Europe/Berlin |
| LOG_FORMAT, LOG_LEVEL | plain, warning | plain or json; debug, info, warning or error, for our own loggers |
| METRICS | off | /metrics, for Prometheus that asks this process itself; whoever comes by a proxy finds no such page |
| METRICS_HOST, METRICS_PORT | 127.0.0.1, none | where a capture worker answers /healthz, /readyz and /metrics |
| NOTIFY_SOCKET, WATCHDOG_USEC | none | systemd sets them: where to tell it that the service is up and lives |

Each of them may be kept in a file instead: SECRET_KEY_FILE names the file that holds SECRET_KEY, and so on.
"""

import os
import sys
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config import environment as read
from config.languages import languages
from config.logs import logging_settings, process_kind
from config.machine import addresses_of, names_for, network_address, own_time_zone, python_that_may_capture

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(read.read_text(os.environ, "VAR_DIR", str(BASE_DIR / "var"))).absolute()

# --- what this process is ---------------------------------------------------------------------------------------------

DEBUG = read.read_switch(os.environ, "DEBUG")
PRODUCTION = read.read_switch(os.environ, "PRODUCTION")
if DEBUG and PRODUCTION:
    raise ImproperlyConfigured("DEBUG and PRODUCTION are both on: error pages would show this program's inside.")

HOST = read.read_text(os.environ, "HOST", "127.0.0.1")
PORT = read.read_port(os.environ, "PORT", 8000)
SECRET_KEY = read.read_secret_key(os.environ, VAR_DIR / "secret_key", must_be_given=PRODUCTION)

REDIS_URL = read.read_text(os.environ, "REDIS_URL")
WITH_WORKER = read.read_switch(os.environ, "WITH_WORKER", default=not REDIS_URL)

ALLOWED_HOSTS = read.read_list(os.environ, "ALLOWED_HOSTS", names_for(HOST))
PUBLIC_URL = read.read_url(os.environ, "PUBLIC_URL")
NETWORK_ADDRESS = network_address(HOST)

# --- the lab ----------------------------------------------------------------------------------------------------------

LAB = read.read_choice(os.environ, "LAB", ("auto", "off"))
LAB_HOSTS = read.read_hosts(os.environ)
LAB_WIRE_DELAY_MS = read.read_milliseconds(os.environ, "LAB_WIRE_DELAY_MS", 1.0, 100.0)

# --- visitors ---------------------------------------------------------------------------------------------------------

LIVE_INTERFACE = read.read_interface(os.environ, "LIVE_INTERFACE")
LIVE_ADDRESSES = addresses_of(LIVE_INTERFACE) if LIVE_INTERFACE else []
LIVE_PORT = read.read_port(os.environ, "LIVE_PORT", 8080)
LIVE_PYTHON = read.read_text(os.environ, "LIVE_PYTHON", python_that_may_capture())

# --- Django -----------------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "layersviz",
    "layersviz.recordings",
    "layersviz.rooms",
    "daphne",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "channels",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "layersviz.web.static.StaticFilesMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "layersviz.web.reader.ReaderLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [BASE_DIR / "templates"]}]
DATABASES = {"default": read.read_database(os.environ, "DATABASE_URL", VAR_DIR / "layersviz.sqlite3")}
CACHES = {"default": read.read_cache(os.environ, "REDIS_URL")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "en"
LANGUAGES = languages(BASE_DIR / "layersviz" / "locale")
LOCALE_PATHS = [VAR_DIR / "locale"]  # compiled from the folder above when the server starts
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 86_400
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = PRODUCTION
USE_I18N = True
TIME_ZONE = own_time_zone(read.read_text(os.environ, "TZ"))  # Django sets the whole process to it
USE_TZ = True

LOGIN_URL = "login"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "dashboard"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]

# By default the layer lives in this process. It drops silently past a channel's capacity and takes a group's member
# away after `group_expiry`, or when a message waited for longer than `expiry` (a laptop that slept): both are out of
# reach here.
_TEN_YEARS_S = 10 * 365 * 86_400
CHANNEL_LAYERS: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL], "prefix": "layersviz"},
    }
    if REDIS_URL
    else {
        "BACKEND": "channels.layers.InMemoryChannelLayer",
        "CONFIG": {"capacity": 10_000, "expiry": _TEN_YEARS_S, "group_expiry": _TEN_YEARS_S},
    }
}

# --- what an operator sees --------------------------------------------------------------------------------------------

LOGGING = logging_settings(
    read.read_choice(os.environ, "LOG_FORMAT", ("plain", "json")),
    read.read_choice(os.environ, "LOG_LEVEL", ("warning", "debug", "info", "error")),
    process_kind(sys.argv),
)
METRICS = read.read_switch(os.environ, "METRICS")
METRICS_HOST = read.read_text(os.environ, "METRICS_HOST", "127.0.0.1")
METRICS_PORT = read.read_port(os.environ, "METRICS_PORT", 0) if read.read_text(os.environ, "METRICS_PORT") else 0
NOTIFY_SOCKET = read.read_text(os.environ, "NOTIFY_SOCKET")
WATCHDOG_US = read.read_whole(os.environ, "WATCHDOG_USEC", 0)
if METRICS:
    MIDDLEWARE.insert(0, "layersviz.web.metrics.request_meter")

# --- files that are kept ---------------------------------------------------------------------------------------------

MEDIA_ROOT = VAR_DIR / "files"  # never served as it is: a page reads it and says what is in it
UPLOAD_LIMIT_OCTETS = read.read_megabytes(os.environ, "UPLOAD_LIMIT_MB", 50, 4096)
UNPACKED_LIMIT_OCTETS = 8 * UPLOAD_LIMIT_OCTETS
ARRIVING_ROOT = VAR_DIR / "arriving"  # uploads while they are read: on the disk where they stay, to be moved there

# --- static files -----------------------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"file_permissions_mode": 0o600},  # what somebody captured may be private
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "layersviz.web.static.HashedStaticFilesStorage"
    },
}
WHITENOISE_ALLOW_ALL_ORIGINS = False

# --- what a browser may do --------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],  # websockets to this host and port are covered (CSP level 3)
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"  # a link to one's class in a mail must find the presenter
SESSION_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_AGE = 14 * 86_400
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_SECURE = PRODUCTION
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_HSTS_SECONDS = 365 * 86_400 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
# Without a proxy in front there is no TLS, and this header would be anyone's to set.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
