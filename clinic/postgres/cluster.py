"""Makes the home of a cluster and the cluster itself; a half-made one is never taken for a finished one."""

import os
import shutil
from pathlib import Path

from .account import Account, belongs_to_another
from .binaries import Binaries, find, make_readable_folder
from .places import SYSTEM_HOME, Places
from .refusals import ClusterRefused

# The builtin provider compares and folds case alike on every machine; pg_trgm still follows LC_CTYPE.
LOCALE = ("--encoding=UTF8", "--locale=C", "--lc-ctype=C.UTF-8")
BUILTIN = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8")
BUILTIN_SINCE = 17


def prepare_home(places: Places, account: Account) -> Path:
    """Return the folder of the cluster that the server's user can reach, made if it is missing."""
    usual, elsewhere = places.homes
    if account.succeeds("test", "-x", places.var):
        return _own_folder(usual, account)
    if os.geteuid() != 0:
        raise ClusterRefused(f"{places.var} cannot be entered by {account.name}. Run this as its owner.")
    make_readable_folder(SYSTEM_HOME)
    return _own_folder(elsewhere, account)


def prepare_var(places: Places, account: Account) -> None:
    """Make var/ as its natural owner would: the server's user where the project is theirs."""
    if places.var.exists():
        return
    if account.succeeds("test", "-w", places.project):
        account.succeeds("mkdir", "-m", "755", places.var)
    elif os.geteuid() == 0:
        make_readable_folder(places.var)
    if not places.var.exists():
        raise ClusterRefused(
            f"{account.name} may not write in {places.project}. Run this as the owner of the project folder, "
            "or set DATABASE_URL."
        )


def _own_folder(home: Path, account: Account) -> Path:
    if not home.exists():
        # Made under another name and given away before it appears: nobody ever meets it half-owned.
        fresh = home.with_name(f".{home.name}-{os.getpid()}")
        try:
            fresh.mkdir(mode=0o700)
            if account.uid != os.geteuid():
                os.chown(fresh, account.uid, account.gid)
            fresh.rename(home)
        except PermissionError:
            raise ClusterRefused(
                f"{account.name} may not write in {home.parent}. Run this as its owner, or set DATABASE_URL."
            ) from None
    if home.stat().st_uid != account.uid:
        raise belongs_to_another(home)
    return home


def initialise(places: Places, account: Account) -> Path:
    """Make the cluster, its role and its database; return the home. Runs under the start lock."""
    home = prepare_home(places, account)
    binaries = find(account, None)
    fresh, data = home / "data.new", home / "data"
    account.run("rm", "-rf", fresh)
    flags = (
        (*LOCALE, *BUILTIN) if binaries.major >= BUILTIN_SINCE else ("--encoding=UTF8", "--locale=C.UTF-8")
    )
    _do(
        account,
        binaries / "initdb",
        "-D",
        fresh,
        "-U",
        "postgres",
        "--auth-local=peer",
        "--auth-host=reject",
        *flags,
    )
    _write(account, fresh / "pg_hba.conf", "local all all peer map=needleplan\n")
    _write(account, fresh / "pg_ident.conf", _who_may_be(places.role, account))
    _create_database(places, account, binaries, fresh)
    _do(account, "mv", "-T", fresh, data)
    return home


def _who_may_be(role: str, account: Account) -> str:
    """Only root and the server's own user come in, told by the kernel; no password, no trust for others."""
    people = dict.fromkeys(("root", account.name))
    return "".join(f'needleplan "{person}" {name}\n' for person in people for name in (role, "postgres"))


def _create_database(places: Places, account: Account, binaries: Binaries, data: Path) -> None:
    statements = (
        f"CREATE ROLE {places.role} LOGIN CREATEDB\nCREATE DATABASE {places.database} OWNER {places.role}\n"
    )
    _do(
        account,
        binaries / "postgres",
        "--single",
        "-j",
        "-D",
        data,
        "postgres",
        text=statements.replace("\n", ";\n\n"),
    )


def _write(account: Account, path: Path, text: str) -> None:
    _do(account, "sh", "-c", 'cat > "$0"', path, text=text)


def _do(account: Account, *command: str | Path, text: str | None = None) -> None:
    done = account.run(*command, text=text)
    # In single-user mode a failed statement is only written, the program still ends well.
    if done.returncode != 0 or "ERROR:" in done.stderr:
        free = shutil.disk_usage("/").free // 2**20
        raise ClusterRefused(
            f"{Path(command[0]).name} failed while the database was made ({free} MB free on this machine): "
            f"{(done.stderr or done.stdout).strip()[-800:]}"
        )
