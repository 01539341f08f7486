"""Where the requester vault's keys are."""

from shared.vault import KeyRing

from shared.settings import ServiceSettings


class VaultKeysMissing(RuntimeError):
    """Intake does not start without keys: it could neither keep nor read what requesters entrust to it."""


def key_ring(settings: ServiceSettings) -> KeyRing:
    """From MUSTER_VAULT_KEYS, else from the file MUSTER_VAULT_KEY_FILE names."""
    if settings.vault_keys:
        return KeyRing.from_text(settings.vault_keys)
    if settings.vault_key_file is not None:
        try:
            return KeyRing.from_text(settings.vault_key_file.read_text())
        except OSError as trouble:
            raise VaultKeysMissing(f"cannot read the vault key file {settings.vault_key_file}: {trouble}") from trouble
    raise VaultKeysMissing("no vault keys: set MUSTER_VAULT_KEY_FILE (make one with `muster vault new-key`)")
