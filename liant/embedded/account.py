"""Another user for a server that refuses to run as root."""

import os
import pwd
import stat
from pathlib import Path

from liant.embedded.errors import NoUnprivilegedUser, Unreachable
from liant.process import Account

# Existing users only: making one would leave a trace on the machine of whoever tries Liant.
_CANDIDATES = ("postgres", "nobody")


def unprivileged_account(folder: Path) -> Account | None:
    """Whom to run as: nobody else for an ordinary user; for root, the folder's owner, else a known user.

    Raises NoUnprivilegedUser.
    """
    if os.geteuid() != 0:
        return None
    owner = folder.stat().st_uid if folder.exists() else 0
    entries = [entry for entry in pwd.getpwall() if entry.pw_uid == owner != 0]
    entries += [entry for name in _CANDIDATES for entry in pwd.getpwall() if entry.pw_name == name]
    if not entries:
        raise NoUnprivilegedUser(_CANDIDATES)
    return Account(entries[0].pw_name, entries[0].pw_uid, entries[0].pw_gid)


def give(path: Path, account: Account) -> None:
    """Make the account the owner of a folder and everything in it."""
    for child in (path, *path.rglob("*")):
        os.chown(child, account.uid, account.gid, follow_symlinks=False)


def open_the_way(path: Path, account: Account) -> list[Path]:
    """Let the account pass through (not list) the folders above `path`. Gives those it had to change.

    Raises Unreachable.
    """
    changed = []
    for folder in reversed(path.resolve().parents):
        if _may_pass(folder, account):
            continue
        try:
            folder.chmod(stat.S_IMODE(folder.stat().st_mode) | stat.S_IXOTH)
        except OSError as error:
            raise Unreachable(folder, account.name) from error
        changed.append(folder)
    return changed


def _may_pass(folder: Path, account: Account) -> bool:
    status = folder.stat()
    if status.st_uid == account.uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == account.gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)
