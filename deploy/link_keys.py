"""The file of secrets that sign answer links, one of an installation: two services read what notification signs."""

import os
import secrets
from pathlib import Path

from deploy.embedded.errors import ServerUnusable
from deploy.embedded.folders import make_data_dir, write_private
from shared.links import SECRETS_VARIABLE, new_link_secret

NAME = "link.keys"


def link_key_file(data: Path) -> Path:
    """MUSTER_LINK_KEY_FILE, else `link.keys` in the folder, made at first use and readable by its owner only.

    Whoever loses it loses nothing but the links under way: those who hold one answer in the program.
    """
    given = os.environ.get("MUSTER_LINK_KEY_FILE")
    if given:
        return Path(given)
    path = data / NAME
    if not path.exists() and not os.environ.get(SECRETS_VARIABLE):
        _make(path)
    return path


def _make(path: Path) -> None:
    if os.environ.get("MUSTER_DATABASE_URL"):
        raise ServerUnusable(
            "With a database of your own every copy of console, dispatch and notification needs the same link secrets.",
            "Set MUSTER_LINK_KEY_FILE to a file they share (one secret of 32 characters or more).",
        )
    make_data_dir(path.parent)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    write_private(draft, new_link_secret())
    try:
        os.link(draft, path)  # never over one that another program made at the same moment: it may be signing already
    except FileExistsError:
        return
    finally:
        draft.unlink(missing_ok=True)
