# All that a clone needs, from nothing: `make run`. Plain `make` says what else there is.
# Every path is relative, so the clone may lie anywhere, in a folder with spaces in its name, too.

PYTHON = python3
HOST = 127.0.0.1
PORT = 8000
INTERFACE = $(LIVE_INTERFACE)

VENV = .venv
PY = $(VENV)/bin/python
READY = $(VENV)/.ready-to-run
READY_TO_TEST = $(VENV)/.ready-to-test
UNFINISHED = $(VENV)/.unfinished
LIVE_PYTHON = $(VENV)/bin/python-live
SUDO = $(if $(filter-out 0,$(shell id -u)),sudo)

.DEFAULT_GOAL = help
.PHONY: help run live-rights test lint bench fuzz texts clean

help:
	@echo "make run    serve layersviz at http://$(HOST):$(PORT)/ (HOST=0.0.0.0 for the whole network, PORT=8001)"
	@echo "make run INTERFACE=eth0    show visitors' own handshakes too; before it, once:"
	@echo "make live-rights           give the capturing child, and it alone, the right to capture (asks for sudo)"
	@echo "make test   run every test, those in a real browser too"
	@echo "make lint   ruff, mypy; the types of the JavaScript where TypeScript is at hand"
	@echo "make bench  measure, and print the figures"
	@echo "make fuzz   a million damaged captures and frames: none may raise, be slow or take much memory"
	@echo "make texts  bring the texts to translate up to date (NEW=fr begins another language)"
	@echo "make clean  remove what can be made again; recordings and the database stay"
	@echo "PYTHON=python3.12 takes another Python for a new environment"

run: $(READY)
	@LIVE_INTERFACE="$(INTERFACE)" exec $(PY) manage.py serve --host "$(HOST)" --port "$(PORT)"

# A file's right holds for that file alone, so the child gets a copy of Python of its own, which nobody but you can start.
# The page's process runs on the other one and has no right at all. `make clean` removes the copy and with it the right.
live-rights: $(READY)
	@setcap=$$(PATH="$$PATH:/usr/sbin:/sbin" command -v setcap) || { \
		echo "There is no setcap here: sudo apt-get install libcap2-bin, then make live-rights again." >&2; exit 1; }; \
	rm -f $(LIVE_PYTHON); trap 'rm -f $(LIVE_PYTHON)' EXIT; \
	install -m 0700 "$$($(PY) -c 'import os, sys; print(os.path.realpath(sys.executable))')" $(LIVE_PYTHON); \
	$(LIVE_PYTHON) -c "" || { \
		echo "This Python does not work as a copy: take the system's (make clean," \
			"then make PYTHON=/usr/bin/python3 live-rights)." >&2; exit 1; }; \
	echo "$(SUDO) $$setcap cap_net_raw+ep $(LIVE_PYTHON)"; \
	$(SUDO) "$$setcap" cap_net_raw+ep $(LIVE_PYTHON) || { \
		echo "The right was not given: see setcap's words above." >&2; exit 1; }; \
	case "$$($(LIVE_PYTHON) -m layersviz.live lo 8080 127.0.0.1 < /dev/null)" in *'"ready"'*) ;; *) \
		echo "The right was given, but this system does not honour it: is this folder on a file system that is" \
			"mounted nosuid, or this a container without CAP_NET_RAW?" >&2; exit 1;; esac; \
	trap - EXIT; \
	echo "The capturing child has the right to capture. Now: make run INTERFACE=eth0 (ip -brief address lists yours)"

test: $(READY_TO_TEST)
	@$(PY) -m tests.browser.ensure_chromium
	@$(PY) -m pytest --numprocesses auto --maxprocesses 3 --dist loadfile --no-loadscope-reorder

lint: $(READY_TO_TEST)
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	@PATH="node_modules/.bin:$$PATH"; \
	if command -v tsc > /dev/null; then \
		echo "tsc --project tests/js"; tsc --project tests/js/jsconfig.json; \
	else \
		echo "The types of the JavaScript were not checked: that takes TypeScript (npm install --global typescript)."; \
	fi

bench: $(READY_TO_TEST)
	@$(PY) -m tests.browser.ensure_chromium
	@$(PY) -m tests.benchmarks

fuzz: $(READY_TO_TEST)
	@$(PY) -m tests.fuzz --inputs 1000000

texts: $(READY)
	@$(PY) manage.py texts --language "$(NEW)"

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The environment. A stamp says that it is whole, so a second `make run` asks pip nothing. The stamps go where the
# environment no longer works (moved, or the system's Python replaced), and all of it where a set-up was cut short.

ifneq ($(wildcard $(VENV)),)
ifneq ($(wildcard $(UNFINISHED)),)
$(shell rm -rf $(VENV))
else ifneq ($(shell $(PY) -c "import django; print('works')" 2> /dev/null),works)
$(shell rm -rf $(VENV))
endif
endif

$(READY): requirements.txt | $(PY)
	@echo "Installing what layersviz runs on; this takes a minute, once."
	@$(call install,requirements.txt)

$(READY_TO_TEST): tests/requirements.txt $(READY)
	@echo "Installing what the tests need; this takes a minute, once."
	@$(call install,tests/requirements.txt)

# The mark stays only where pip was killed: what pip itself gives up it also takes back.
define install
	touch $(UNFINISHED); \
	if $(PY) -c "import pip" 2> /dev/null; then pip="$(PY) -m pip"; else pip="$(PYTHON) -m pip --python $(PY)"; fi; \
	if $$pip --disable-pip-version-check --no-input --quiet install --requirement $(1); then \
		rm -f $(UNFINISHED); touch $@; \
	else \
		rm -f $(UNFINISHED); \
		echo "The packages in $(1) could not be installed: see pip's words above; is this machine online?" >&2; exit 1; \
	fi
endef

# Debian and Ubuntu ship Python without the part that makes environments, so there are three ways round.
$(PY):
	@command -v "$(PYTHON)" > /dev/null || { \
		echo "There is no $(PYTHON) here: install Python 3.11 or later, or name yours: make PYTHON=python3.12" >&2; exit 1; }
	@"$(PYTHON)" -c "import sys; sys.exit(sys.version_info < (3, 11))" || { \
		echo "layersviz needs Python 3.11 or later and this is $$("$(PYTHON)" -V 2>&1):" \
			"install a later one and name it: make PYTHON=python3.12" >&2; exit 1; }
	@set -e; \
	package=$$("$(PYTHON)" -c "import sys; print('python%d.%d-venv' % sys.version_info[:2])"); \
	make_venv() { "$(PYTHON)" -m venv --clear $(VENV) > /dev/null 2>&1; }; \
	by_apt() { \
		[ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null || return 1; \
		echo "Installing $$package."; \
		export DEBIAN_FRONTEND=noninteractive; \
		{ apt-get -qq update; apt-get -qq install -y "$$package"; } < /dev/null > /dev/null && make_venv; \
	}; \
	by_system_pip() { \
		"$(PYTHON)" -m pip --version > /dev/null 2>&1 && "$(PYTHON)" -m venv --clear --without-pip $(VENV); \
	}; \
	by_virtualenv() { "$(PYTHON)" -m virtualenv --quiet --clear $(VENV) 2> /dev/null; }; \
	make_venv || by_apt || by_system_pip || by_virtualenv || { \
		rm -rf $(VENV); \
		echo "This Python cannot make an environment: install that part (sudo apt-get install $$package)" \
			"and call make again." >&2; exit 1; }
