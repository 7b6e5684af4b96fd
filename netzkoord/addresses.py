"""Where the demo listens: free port, address in links, host names. Standard library only."""

import argparse
import errno
import socket
import sys
import time

WILDCARDS = ("0.0.0.0", "::")  # noqa: S104 -- recognised here, never a default


def port_number(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} ist kein Port; möglich sind die Zahlen 1 bis 65535.")
    return int(text)


def require_free_port(host: str, port: int, *, patience: float = 2.0) -> None:
    """End with a sentence when nobody can listen there.

    Waits a moment first: the web server of a demo that was killed needs a second to notice it.
    """
    deadline = time.monotonic() + patience
    while error := listen_error(host, port):
        if error.errno != errno.EADDRINUSE or time.monotonic() > deadline:
            sys.exit(sentence_for(error, host, port))
        time.sleep(0.2)


def listen_error(host: str, port: int) -> OSError | None:
    """Why one cannot listen on this address, or None."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except OSError as error:
        return error
    return None


def sentence_for(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        other = port + 1 if port < 65535 else port - 1
        return f"Port {port} ist schon belegt. Bitte einen anderen wählen, zum Beispiel: --port {other}"
    if error.errno == errno.EACCES:
        return (
            f"Port {port} ist dem Betriebssystem vorbehalten. Bitte einen ab 1024 wählen, zum Beispiel: --port 8000"
        )
    return f"Auf der Adresse {host} kann dieser Rechner nicht antworten. Bitte --host prüfen, üblich ist 127.0.0.1."


def base_url(host: str, port: int) -> str:
    """The address for links: for "all addresses" the one by which other machines reach this one."""
    name = outward_address() if host in WILDCARDS else host
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def allowed_hosts(host: str) -> str:
    # Who opens a demo to the network reaches it by names that nobody can know here; its people are invented.
    return (
        "*" if host in WILDCARDS else ",".join(dict.fromkeys([host.strip("[]"), "127.0.0.1", "localhost", "[::1]"]))
    )


def outward_address() -> str:
    """The address this machine would use towards others; nothing is sent (a UDP socket only picks a route)."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])
