#!/usr/bin/env python3
"""The way in: sets the machine up where that is needed, then runs the command."""

import sys


def main():  # type: ignore[no-untyped-def]  # an old Python must be able to read this file
    if sys.version_info < (3, 11):  # noqa: UP036 -- that is the question
        sys.exit(
            "netzkoord braucht Python 3.11 oder neuer, hier ist Python %d.%d. "  # noqa: UP031 -- see above
            "Bitte eine neuere Version installieren und damit starten, zum Beispiel: python3.11 manage.py demo"
            % sys.version_info[:2]
        )
    from netzkoord import bootstrap

    bootstrap.prepare(sys.argv)
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit("Die Einstellungen sind unvollständig (siehe docs/operation.md): %s" % error)  # noqa: UP031 -- see above


if __name__ == "__main__":
    main()
