"""The system user that owns the cluster: PostgreSQL never runs as root."""

import fcntl
import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .places import Places, is_there
from .refusals import ClusterRefused

PREFERRED = ("needleplan", "postgres")
LOCKS = Path("/run")  # root's own
ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


@dataclass(frozen=True)
class Account:
    """One user of this machine."""

    name: str
    uid: int
    gid: int

    def run(self, *command: str | Path, text: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run a command as this user, with a small environment of our own and from the root folder."""
        switch = {}
        if self.uid != os.geteuid():
            switch = {
                "user": self.uid,
                "group": self.gid,
                "extra_groups": os.getgrouplist(self.name, self.gid),
            }
        return subprocess.run(  # noqa: S603 - a fixed program, arguments as a list
            [str(part) for part in command],
            input=text or "",
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            env=ENVIRONMENT,
            cwd="/",
            umask=0o077,
            check=False,
            **switch,
        )

    def succeeds(self, *command: str | Path) -> bool:
        """Run a command as this user and say whether it worked; a program out of reach is a no."""
        try:
            return self.run(*command).returncode == 0
        except OSError:
            return False


def server_account(places: Places) -> Account:
    """Return the user who runs the server of this project; as root one may be created."""
    refuse_stranger(places)
    if os.geteuid() != 0:
        return named(os.geteuid())
    home = places.home
    return _unprivileged(places.project) if home is None else _owner_of(home)


def refuse_stranger(places: Places) -> None:
    """Refuse an ordinary user in words where the cluster is another's; its data is closed to them anyway."""
    home = places.homes[0]
    if os.geteuid() != 0 and is_there(home) and home.stat().st_uid != os.geteuid():
        raise belongs_to_another(home)


def _owner_of(home: Path) -> Account:
    owner = home.stat().st_uid
    if owner == 0:
        raise ClusterRefused(f"{home} belongs to root, and PostgreSQL does not run as root. Move it away.")
    return named(owner)


def belongs_to_another(folder: Path) -> ClusterRefused:
    """Say whose folder it is and what to do."""
    owner = named(folder.stat().st_uid).name
    return ClusterRefused(
        f"{folder} belongs to {owner}. Run this as {owner} or as root, "
        "or set DATABASE_URL to a database of your own."
    )


def named(uid: int) -> Account:
    """Return the account of a user id; PostgreSQL refuses a user without a name."""
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise ClusterRefused(
            f"The user id {uid} has no name on this machine, and PostgreSQL needs one. "
            "Run this as a named user, or set DATABASE_URL."
        ) from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _unprivileged(project: Path) -> Account:
    """For root: the wished user, else the project's owner, else a known one, else a new one."""
    wished = os.environ.get("NEEDLEPLAN_PG_USER")
    if wished:
        return _lookup(wished) or _refuse_user(wished)
    owner = project.stat().st_uid
    if owner != 0:
        try:
            return named(owner)
        except ClusterRefused:
            pass  # a folder mounted from elsewhere: its owner has no name here
    for name in PREFERRED:
        account = _lookup(name)
        if account:
            return account
    return _create(PREFERRED[0])


def _lookup(name: str) -> Account | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid) if entry.pw_uid else None


def _create(name: str) -> Account:
    """Make the user, one project at a time: where file locks are weak, two useradd overwrite each other."""
    with _locked():
        useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin")
        if useradd and not _lookup(name):
            command = [useradd, "--system", "--no-create-home", "--home-dir", "/nonexistent"]
            subprocess.run(  # noqa: S603 - a fixed program, arguments as a list
                [*command, "--shell", "/usr/sbin/nologin", name], capture_output=True, check=False
            )
        return _lookup(name) or _refuse_user(name)


@contextmanager
def _locked() -> Iterator[None]:
    if not os.access(LOCKS, os.W_OK):
        yield
        return
    with (LOCKS / "needleplan-useradd.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _refuse_user(name: str) -> Account:
    raise ClusterRefused(
        f"PostgreSQL does not run as root, and this machine has no unprivileged user {name}. Create it with "
        f"'useradd --system {name}', name another in NEEDLEPLAN_PG_USER, or set DATABASE_URL."
    )
