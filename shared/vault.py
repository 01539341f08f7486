"""What keeps a requester's data from everybody it is not for: sealing single fields, keyed hashes, masks.

A field is sealed with AES-256-GCM under a random 96-bit nonce. The token says which key sealed it, so that keys can be
rotated; the context (e.g. `case-id/phone`) is authenticated with it, so that a token moved to another case or field no
longer opens. Nothing here ever puts a key or what was sealed into an error or a repr.
"""

import base64
import binascii
import hashlib
import hmac
import os
import re
import secrets
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, NoReturn, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
KEYS_VARIABLE = "MUSTER_VAULT_KEYS"
HASH_PURPOSE = b"muster/contact-of-an-open-case/v1"
PHONE_DIGITS_MIN, PHONE_DIGITS_MAX = 7, 15
_VERSION = "v1"
_NONCE_BYTES = 12
_TAG_BYTES = 16
_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,32}", re.ASCII)

Unreadable = Literal["not_sealed", "key_missing", "changed"]
_UNREADABLE: dict[Unreadable, str] = {
    "not_sealed": "this is not a sealed value; it was never sealed, or cut short",
    "key_missing": "this value was sealed with a key that the key file does not hold; put the old key back below",
    "changed": "this value does not open: it was changed, it belongs to another case or field, or its key was replaced",
}


class VaultKeysWrong(ValueError):
    """The key file cannot be used; says which line and why, never what stands there."""


class VaultUnreadable(Exception):
    """A sealed value cannot be opened; `reason` tells `not_sealed`, `key_missing` or `changed`."""

    def __init__(self, reason: Unreadable) -> None:
        super().__init__(_UNREADABLE[reason])
        self.reason: Unreadable = reason


class KeyRing:
    """The keys that open sealed fields, and the current one that seals.

    Holds ciphers and HMAC states made from the keys, not the keys: no repr, traceback or dump of it shows one.
    """

    __slots__ = ("_ciphers", "_current", "_hashes")

    def __init__(self, keys: Mapping[str, bytes], current: str) -> None:
        for key_id, key in keys.items():
            if not _KEY_ID.fullmatch(key_id):
                raise VaultKeysWrong("a key id has 1 to 32 letters, digits, hyphens or underscores")
            if len(key) != KEY_BYTES:
                raise VaultKeysWrong(f"key {key_id} has {len(key)} bytes, it needs {KEY_BYTES}")
        if current not in keys:
            raise VaultKeysWrong("the current key is not among the keys")
        self._current = current
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self._hashes = {key_id: _hash_state(key) for key_id, key in keys.items()}

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Reads lines `id:base64`, the first is the current key; `#` begins a comment. VaultKeysWrong otherwise."""
        keys: dict[str, bytes] = {}
        for number, line in enumerate(text.splitlines(), start=1):
            for entry in line.partition("#")[0].split():  # an environment variable may hold them all on one line
                key_id, key = _key_entry(entry, number)
                if key_id in keys:
                    raise VaultKeysWrong(f"line {number} of the vault keys: the id {key_id} was used before")
                keys[key_id] = key
        if not keys:
            raise VaultKeysWrong("there is no key among the vault keys; make one with KeyRing.generate()")
        return cls(keys, next(iter(keys)))

    @classmethod
    def load(cls, path: Path | None = None, *, environ: Mapping[str, str] | None = None) -> Self:
        """The keys from the environment's MUSTER_VAULT_KEYS where that is set, else from the file."""
        text = (os.environ if environ is None else environ).get(KEYS_VARIABLE)
        if text:
            return cls.from_text(text)
        if path is None:
            raise VaultKeysWrong(f"no vault keys: neither a key file nor {KEYS_VARIABLE} is given")
        try:
            return cls.from_text(path.read_text("utf-8"))
        except (OSError, UnicodeDecodeError) as unread:
            raise VaultKeysWrong(f"the vault key file {path} cannot be read: {type(unread).__name__}") from None

    @staticmethod
    def generate(existing: str = "") -> str:
        """Key-file text with a new key first, above the `existing` ones, which go on opening what they sealed."""
        key = base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
        return f"k{secrets.token_hex(4)}:{key}\n{existing}"

    @property
    def current(self) -> str:
        return self._current

    @property
    def key_ids(self) -> tuple[str, ...]:
        """The current key first."""
        return (self._current, *(key_id for key_id in self._ciphers if key_id != self._current))

    def cipher(self, key_id: str) -> AESGCM:
        try:
            return self._ciphers[key_id]
        except KeyError:
            raise VaultUnreadable("key_missing") from None

    def hash_state(self, key_id: str) -> hmac.HMAC:
        return self._hashes[key_id].copy()

    def __repr__(self) -> str:
        return f"KeyRing(current={self.current!r}, keys={len(self._ciphers)})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a KeyRing is not pickled: load the keys again where they are needed")


def seal(ring: KeyRing, plaintext: str, *, context: str) -> str:
    """A text token only `open_sealed` with the same context opens; two seals of one text differ."""
    nonce = os.urandom(_NONCE_BYTES)
    sealed = ring.cipher(ring.current).encrypt(nonce, _bytes(plaintext), _bound(ring.current, context))
    return f"{_VERSION}.{ring.current}.{_to_base64(nonce + sealed)}"


def open_sealed(ring: KeyRing, token: str, *, context: str) -> str:
    """What was sealed. VaultUnreadable where the key is missing or anything was changed or moved."""
    key_id, nonce, sealed = _parts(token)
    try:
        return ring.cipher(key_id).decrypt(nonce, sealed, _bound(key_id, context)).decode("utf-8", "surrogatepass")
    except InvalidTag:
        raise VaultUnreadable("changed") from None


def seal_bytes(ring: KeyRing, data: bytes, *, context: str) -> bytes:
    """As `seal`, for bytes: the token is `v1.<key id>.` with the nonce and what was sealed behind it, as they are."""
    nonce = os.urandom(_NONCE_BYTES)
    sealed = ring.cipher(ring.current).encrypt(nonce, data, _bound(ring.current, context))
    return f"{_VERSION}.{ring.current}.".encode() + nonce + sealed


def open_sealed_bytes(ring: KeyRing, token: bytes, *, context: str) -> bytes:
    """What was sealed. VaultUnreadable where the key is missing or anything was changed or moved."""
    key_id, nonce, sealed = _parts_of_bytes(token)
    try:
        return ring.cipher(key_id).decrypt(nonce, sealed, _bound(key_id, context))
    except InvalidTag:
        raise VaultUnreadable("changed") from None


def key_of_bytes(token: bytes) -> str:
    """The id of the key that sealed it: where it is not the current one, `reseal_bytes` is due."""
    return _parts_of_bytes(token)[0]


def reseal_bytes(ring: KeyRing, token: bytes, *, context: str) -> bytes:
    """The same bytes under the current key; a token already under it is given back as it is."""
    if key_of_bytes(token) == ring.current:
        return token
    return seal_bytes(ring, open_sealed_bytes(ring, token, context=context), context=context)


def is_sealed(text: str) -> bool:
    """Whether it has the form of a sealed value, whichever key opens it."""
    try:
        _parts(text)
    except VaultUnreadable:
        return False
    return True


def needs_rotation(ring: KeyRing, token: str) -> bool:
    """Whether another key than the current one sealed this."""
    return _parts(token)[0] != ring.current


def reseal(ring: KeyRing, token: str, *, context: str) -> str:
    """The same text under the current key; a token already under it is given back as it is."""
    if not needs_rotation(ring, token):
        return token
    return seal(ring, open_sealed(ring, token, context=context), context=context)


def keyed_hash(ring_or_key: KeyRing | bytes, normalised: str) -> str:
    """HMAC-SHA256 in hex under the current key: tells two equal data apart from different ones without showing either.

    The caller normalises first (one way of writing a number). Useless to whoever has not the key.
    """
    if isinstance(ring_or_key, KeyRing):
        return _finish(ring_or_key.hash_state(ring_or_key.current), normalised)
    if len(ring_or_key) != KEY_BYTES:
        raise VaultKeysWrong(f"a key needs {KEY_BYTES} bytes")
    return _finish(_hash_state(ring_or_key), normalised)


def keyed_hashes(ring: KeyRing, normalised: str) -> tuple[str, ...]:
    """The hash under every key, the current first: what to look for while older hashes are still stored."""
    return tuple(_finish(ring.hash_state(key_id), normalised) for key_id in ring.key_ids)


def mask_name(name: str) -> str:
    """王小明 -> 王**"""
    name = name.strip()
    return name[:1] + "*" * (len(name) - 1) if len(name) > 1 else "*" * len(name)


def mask_phone(phone: str) -> str:
    """13812345678 -> 138****5678. Whatever is no digit, space, bracket or dash is masked too."""
    prefix = re.match(r"\s*(?:\+|00)86[\s-]*|", phone)
    head = prefix.group() if prefix else ""
    return head + _mask_digits(phone[len(head) :])


def normal_phone(phone: str) -> str | None:
    """One way of writing a number: its digits, without +86. None where that is no telephone number."""
    digits = "".join(str(unicodedata.decimal(char)) for char in phone if char.isdecimal())
    if digits.startswith("0086"):
        digits = digits[4:]
    elif digits.startswith("86") and (len(digits) == 13 or phone.lstrip().startswith(("+", "＋"))):
        digits = digits[2:]
    return digits if PHONE_DIGITS_MIN <= len(digits) <= PHONE_DIGITS_MAX else None


def mask_id_number(number: str) -> str:
    """350502199001011234 -> 350***********1234: neither birthday nor county is told."""
    return _mask_digits(number, also="xXｘＸ")


# Numbers as people write them into free text. Better to mask a parcel's number than to show a telephone's: what is
# masked can be asked for, with a reason, on record.
_GAP = r"[ \t\u3000\-－—–.·]{0,2}"
_NUMBERS = re.compile(
    rf"""
      (?<!\d)\d{{11,}}[xXｘＸ]?                                                 # any long run: mobile, identity, card
    | (?<!\d)[1-9]\d{{5}}{_GAP}[12]\d{{3}}{_GAP}\d{{4}}{_GAP}\d{{3}}[\dxXｘＸ](?!\d)  # identity number in groups
    | (?<!\d)1{_GAP}[3-9](?:{_GAP}\d){{9}}(?!\d)                                # mobile in groups
    | (?<!\d)[（(]?0\d{{2,3}}[)）]?{_GAP}[2-9]\d{{2,3}}{_GAP}\d{{4}}(?!\d)      # landline with its area code
    | (?<!\d)(?<!\d[.\-])(?!(?:19|20)\d\d[01]\d[0-3]\d)[2-9]\d{{6,7}}(?!\d|\.\d|\s*[元万亿块])  # landline without it
    """,
    re.VERBOSE,
)


def mask_text(text: str) -> str:
    """Masks what looks like a telephone or identity number inside free text; names, addresses and mail stay."""
    return _NUMBERS.sub(lambda found: _mask_digits(found.group(), also="xXｘＸ"), text)


def _mask_digits(text: str, *, also: str = "") -> str:
    """Keeps the layout, and of eleven digits or more the first three and last four; of fewer only the last four."""
    places = [place for place, char in enumerate(text) if char.isdecimal() or char in also]
    if len(places) < 7:
        shown: set[int] = set()
    else:
        shown = set(places[-4:]) | (set(places[:3]) if len(places) >= 11 else set())
    return "".join(char if place in shown or char in " \u3000-－—–()（）+" else "*" for place, char in enumerate(text))


def _key_entry(entry: str, line: int) -> tuple[str, bytes]:
    key_id, colon, encoded = entry.partition(":")
    if not (colon and _KEY_ID.fullmatch(key_id)):
        raise VaultKeysWrong(f"line {line} of the vault keys is not written id:base64")
    try:
        key = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise VaultKeysWrong(f"line {line} of the vault keys: what follows the id is no base64") from None
    if len(key) != KEY_BYTES:
        raise VaultKeysWrong(f"line {line} of the vault keys: the key has {len(key)} bytes, it needs {KEY_BYTES}")
    return key_id, key


def _parts(token: str) -> tuple[str, bytes, bytes]:
    """Key id, nonce and ciphertext of a token."""
    version, _, rest = token.partition(".")
    key_id, _, encoded = rest.partition(".")
    sealed = _from_base64(encoded)
    if version != _VERSION or not _KEY_ID.fullmatch(key_id) or len(sealed) < _NONCE_BYTES + _TAG_BYTES:
        raise VaultUnreadable("not_sealed")
    return key_id, sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]


def _parts_of_bytes(token: bytes) -> tuple[str, bytes, bytes]:
    version, _, rest = token.partition(b".")
    key_id, dot, sealed = rest.partition(b".")
    name = key_id.decode("ascii", "replace")
    if (
        version != _VERSION.encode()
        or not dot
        or not _KEY_ID.fullmatch(name)
        or len(sealed) < _NONCE_BYTES + _TAG_BYTES
    ):
        raise VaultUnreadable("not_sealed")
    return name, sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]


def _bound(key_id: str, context: str) -> bytes:
    if not context:
        raise ValueError("a sealed field needs its context, e.g. the case's id and the field's name")
    return f"muster/{_VERSION}/{key_id}/{context}".encode()


def _bytes(text: str) -> bytes:
    # A lone surrogate would raise an error that carries the text itself.
    return text.encode("utf-8", "surrogatepass")


def _hash_state(key: bytes) -> hmac.HMAC:
    """An HMAC under a key of its own, derived from the sealing key, so that no key serves two ends."""
    derived = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=HASH_PURPOSE).derive(key)
    return hmac.new(derived, digestmod=hashlib.sha256)


def _finish(state: hmac.HMAC, text: str) -> str:
    state.update(_bytes(text))
    return state.hexdigest()


def _to_base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _from_base64(text: str) -> bytes:
    """Strict: of the several spellings base64 allows for one value only ours is taken."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise VaultUnreadable("not_sealed") from None
    if _to_base64(data) != text:
        raise VaultUnreadable("not_sealed")
    return data
