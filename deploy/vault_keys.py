"""The requester vault's key file of one installation."""

import os
from pathlib import Path

from deploy.embedded.folders import has_data, make_data_dir, write_private
from shared.vault import KEYS_VARIABLE, KeyRing, VaultKeysWrong


def vault_key_path(data: Path) -> Path:
    """Where the keys are, or would be."""
    given = os.environ.get("MUSTER_VAULT_KEY_FILE")
    return Path(given) if given else data / "vault.keys"


def vault_key_file(data: Path) -> Path:
    """MUSTER_VAULT_KEY_FILE, else `vault.keys` in the data folder, made with a new folder's data, its owner's alone.

    Whoever loses this file loses every requester's data: it belongs into the backup, apart from the database's.
    """
    path = vault_key_path(data)
    if path.exists() or os.environ.get("MUSTER_VAULT_KEY_FILE") or os.environ.get(KEYS_VARIABLE):
        return path  # the variable beats the file
    if os.environ.get("MUSTER_DATABASE_URL"):
        raise VaultKeysWrong(
            "with a database of your own every copy of intake needs the same keys: set MUSTER_VAULT_KEY_FILE "
            "(make one with: muster vault new-key)"
        )
    if has_data(data):
        raise VaultKeysWrong(
            f"the data is here, its keys are not: put {path.name} back into {data} from its backup; without it "
            "nothing that requesters said can be read (to go on without what was said so far: muster vault new-key)"
        )
    make_data_dir(data)
    write_private(path, KeyRing.generate())
    return path
