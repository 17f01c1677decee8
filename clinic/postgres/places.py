"""Where the embedded cluster of one project folder lives; computed from its path, nothing is touched."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

SYSTEM_HOME = Path("/var/lib/needleplan")


@dataclass(frozen=True)
class Places:
    """Paths and names of one project's cluster."""

    project: Path
    role: str = "needleplan"
    database: str = "needleplan"
    port: str = "5432"  # only a part of the socket's file name: the cluster never listens on TCP

    def __post_init__(self) -> None:
        object.__setattr__(self, "project", Path(self.project).resolve())

    @property
    def key(self) -> str:
        """Ten characters that stand for the project's path."""
        return hashlib.sha256(bytes(self.project)).hexdigest()[:10]

    @property
    def var(self) -> Path:
        return self.project / "var"

    @property
    def sockets(self) -> Path:
        """Short, as a socket's path has at most 107 bytes; always /tmp, as every process must agree."""
        return Path(f"/tmp/.needleplan-{self.key}")  # noqa: S108 - ownership is checked before each use

    @property
    def homes(self) -> tuple[Path, Path]:
        """The usual home of the cluster, and the one for root where its user cannot enter the project."""
        return self.var / "postgres", SYSTEM_HOME / self.key

    @property
    def home(self) -> Path | None:
        """The home that holds a finished cluster, if any."""
        return next((home for home in self.homes if is_there(home / "data" / "PG_VERSION")), None)


def is_there(path: Path) -> bool:
    """Say whether a path can be seen to exist."""
    try:
        return path.exists()
    except PermissionError:  # another user's folder; who may start the server is decided elsewhere
        return False
