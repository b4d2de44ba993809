#!/usr/bin/env python
"""Django's command line for layersviz; `python manage.py serve` starts everything."""

import os
import sys
from pathlib import Path


def main() -> None:
    """Run a command; `dissect` needs nothing of Django and is done before that would have started."""
    if sys.argv[1:2] == ["dissect"]:
        from layersviz.survey.printing import run

        status = run(sys.argv[2:], program=f"{Path(sys.argv[0]).name} dissect")
        if status is not None:
            sys.exit(status)
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as refused:  # an operator's slip: one sentence, not our inside
        sys.exit(f"layersviz: {refused}")


if __name__ == "__main__":
    main()
