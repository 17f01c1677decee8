"""python -m clinic.postgres ACTION: the embedded cluster by hand, without Django."""

import argparse
import sys
from pathlib import Path
from urllib.parse import quote

from . import binaries, processes, server
from .account import refuse_stranger, server_account
from .places import Places
from .refusals import ClusterRefused

PROJECT = Path(__file__).resolve().parents[2]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m clinic.postgres", description=__doc__)
    parser.add_argument("action", choices=sorted(ACTIONS))
    parser.add_argument("--if-unused", action="store_true", help="stop only if nobody is connected")
    parser.add_argument("--project", type=Path, default=PROJECT, help="another project folder than this one")
    chosen = parser.parse_args(arguments)
    places = Places(chosen.project)
    try:
        if chosen.if_unused and chosen.action == "stop" and server.running(places) and _connected(places):
            sys.stdout.write("left running: others are connected\n")
            return 0
        return ACTIONS[chosen.action](places)
    except ClusterRefused as refused:
        sys.stderr.write(f"{refused}\n")
        return 1


def _start(places: Places) -> int:
    server.ensure_running(places)
    return _status(places)


def _stop(places: Places) -> int:
    sys.stdout.write("stopped\n" if server.stop(places) else "was not running\n")
    return 0


def _status(places: Places) -> int:
    refuse_stranger(places)
    if not server.running(places):
        sys.stdout.write("not running\n")
        return 3
    data = places.home / "data"
    version = (data / "PG_VERSION").read_text().strip()
    sys.stdout.write(f"running: PostgreSQL {version}, process {processes.postmaster(data)}, data in {data}\n")
    return 0


def _psql_url(places: Places) -> int:
    host = quote(str(places.sockets), safe="")
    sys.stdout.write(f"postgresql://{places.role}@/{places.database}?host={host}&port={places.port}\n")
    return 0


def _programs(places: Places) -> int:
    """Say where the cluster's own psql and pg_dump are; those of another version may refuse to work."""
    data = places.home / "data" if places.home else None
    sys.stdout.write(f"{binaries.find(server_account(places), data).folder}\n")
    return 0


def _connected(places: Places) -> bool:
    import psycopg2

    connection = psycopg2.connect(
        host=str(places.sockets),
        port=places.port,
        user=places.role,
        dbname="postgres",
        **server.proof(places),
    )
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity "
                "WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            )
            return cursor.fetchone()[0] > 0
    finally:
        connection.close()


ACTIONS = {"start": _start, "stop": _stop, "status": _status, "psql-url": _psql_url, "programs": _programs}

if __name__ == "__main__":
    raise SystemExit(main())
