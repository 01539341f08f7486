"""The requester vault's key file of one installation."""

import os
from pathlib import Path

from deploy.embedded.folders import make_data_dir, write_private
from shared.vault import KeyRing


def vault_key_file(data: Path) -> Path:
    """MUSTER_VAULT_KEY_FILE, else `vault.keys` in the data folder, made at first use and readable by its owner only.

    Whoever loses this file loses every requester's data: it belongs into the backup, apart from the database's.
    """
    given = os.environ.get("MUSTER_VAULT_KEY_FILE")
    if given:
        return Path(given)
    path = data / "vault.keys"
    if not path.exists():
        make_data_dir(data)
        write_private(path, KeyRing.generate())
    return path
