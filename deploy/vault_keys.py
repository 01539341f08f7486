"""The requester vault's key file of one installation."""

import os
from pathlib import Path

from deploy.embedded.folders import make_data_dir, write_private
from shared.vault import KEYS_VARIABLE, KeyRing, VaultKeysWrong


def vault_key_file(data: Path) -> Path:
    """MUSTER_VAULT_KEY_FILE, else `vault.keys` in the data folder, made at first use and readable by its owner only.

    Whoever loses this file loses every requester's data: it belongs into the backup, apart from the database's.
    """
    given = os.environ.get("MUSTER_VAULT_KEY_FILE")
    if given:
        return Path(given)
    path = data / "vault.keys"
    if not path.exists():
        if os.environ.get("MUSTER_DATABASE_URL") and not os.environ.get(KEYS_VARIABLE):
            raise VaultKeysWrong(
                "with a database of your own every copy of intake needs the same keys: set MUSTER_VAULT_KEY_FILE "
                "(make one with: muster vault new-key)"
            )
        make_data_dir(data)
        write_private(path, KeyRing.generate())
    return path
