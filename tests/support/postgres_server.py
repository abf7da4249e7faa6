"""A PostgreSQL server of the tests' own, in a temporary folder, on a free port of the loopback address.

As a program it runs a command with the URL of such a server in `VARIABLE`, and stops the server when the command ends.
It needs the standard library only: ``python3 tests/support/postgres_server.py COMMAND ARGUMENT...``
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

VARIABLE = "IDENTIGRAPH_POSTGRES"
"""Holds the URL of a server that tests make databases in."""
INSTALLED = Path("/usr/lib/postgresql")
"""Where Debian puts the programs, in a folder for each version."""
ACCOUNTS = ("postgres", "nobody")
"""Who runs the server where the tests run as root, which it refuses to."""
CLUSTER = ("--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync")
OPTIONS = ("-c listen_addresses=127.0.0.1", "-c unix_socket_directories=''", "-c fsync=off", "-c max_connections=50")


def programs() -> Path | None:
    """Return the folder of the programs of PostgreSQL, None where it is not installed."""
    of_versions = sorted(INSTALLED.glob("*/bin"), key=lambda folder: float(folder.parent.name), reverse=True)
    found = shutil.which("initdb")
    for folder in [*([Path(found).resolve().parent] if found else []), *of_versions]:
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    return None


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """Give the URL of a server that runs as long as this does; `folder` is that of the programs."""
    place = Path(tempfile.mkdtemp(prefix="identigraph-postgres-"))
    options = _unprivileged(place)
    data = str(place / "data")
    try:
        _run(
            [folder / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "-N"], options
        )
        port = _started(folder / "pg_ctl", data, options)
        try:
            yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
        finally:
            _run([folder / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop"], options)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _unprivileged(place: Path) -> dict[str, object]:
    """Return how programs are run that refuse root, and let their account have the folder."""
    if not hasattr(os, "geteuid") or os.geteuid():
        return {"cwd": place}
    for account in ACCOUNTS:
        with suppress(LookupError):
            shutil.chown(place, account)
            return {"cwd": place, "user": account, "extra_groups": []}
    raise RuntimeError(f"there is no account to run PostgreSQL as, none of {', '.join(ACCOUNTS)}")


def _started(control: Path, data: str, options: dict[str, object]) -> int:
    """Start the server on a free port, which somebody else may take first, and return it."""
    for left in reversed(range(5)):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = int(free.getsockname()[1])
        told = " ".join([*OPTIONS, f"-p {port}"])
        try:
            _run([control, "-D", data, "-l", f"{data}.log", "-o", told, "-w", "-t", "30", "start"], options)
            break
        except RuntimeError:
            if not left:
                raise
    return port


def _run(command: list[object], options: dict[str, object]) -> None:
    """Run a program of PostgreSQL; what it said is told if it fails."""
    # A server that is started holds on to the output, so that it goes to a file and not to a pipe.
    with tempfile.TemporaryFile() as said:
        done = subprocess.run([str(word) for word in command], stdout=said, stderr=said, check=False, **options)
        said.seek(0)
        if done.returncode:
            raise RuntimeError(f"{command[0]} failed: {said.read().decode(errors='replace')}")


def main(command: list[str]) -> int:
    """Run a command beside a server, and return its exit code."""
    folder = programs()
    if folder is None:
        sys.stderr.write("PostgreSQL is not installed: apt-get install postgresql\n")
        return 1
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with running(folder) as url:
        return subprocess.run(command, env={**os.environ, VARIABLE: url}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
