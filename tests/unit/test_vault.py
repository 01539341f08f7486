"""The requester vault: what it seals only it opens, it says nothing of what it holds, and masks leave no number."""

import base64
import copy
import hashlib
import hmac
import pickle
import re
import traceback
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.vault import (
    KEYS_VARIABLE,
    KeyRing,
    VaultKeysWrong,
    VaultUnreadable,
    key_of_bytes,
    keyed_hash,
    keyed_hashes,
    mask_id_number,
    mask_name,
    mask_phone,
    mask_text,
    needs_rotation,
    normal_phone,
    open_sealed,
    open_sealed_bytes,
    reseal,
    reseal_bytes,
    seal,
    seal_bytes,
)

unhurried = settings(deadline=None)  # a busy machine must not fail a true property
OLD_KEY, NEW_KEY = bytes(range(32)), bytes(range(100, 132))
RING = KeyRing({"k1": OLD_KEY}, "k1")
ROTATED = KeyRing({"k2": NEW_KEY, "k1": OLD_KEY}, "k2")
CONTEXT = "0198c0de-0000-7000-8000-000000000001/phone"
SECRET = "王小明 13812345678"


def line(key_id: str, key: bytes) -> str:
    return f"{key_id}:{base64.b64encode(key).decode()}"


def why_unreadable(ring: KeyRing, token: str, context: str = CONTEXT) -> str:
    with pytest.raises(VaultUnreadable) as unreadable:
        open_sealed(ring, token, context=context)
    told = "".join(traceback.format_exception(unreadable.value)) + repr(unreadable.value)
    assert SECRET not in told
    return unreadable.value.reason


# -- sealing -----------------------------------------------------------------------------------------------------------


@unhurried
@given(st.text(st.characters(), max_size=300), st.text(min_size=1, max_size=80))
def test_round_trip(text: str, context: str) -> None:
    assert open_sealed(RING, seal(RING, text, context=context), context=context) == text


def test_a_lone_surrogate_is_sealed_too_and_never_told_in_an_error() -> None:
    assert open_sealed(RING, seal(RING, "王\ud800", context="c/f"), context="c/f") == "王\ud800"


def test_a_token_is_text_with_version_key_and_nothing_of_the_plaintext() -> None:
    token = seal(RING, SECRET, context=CONTEXT)
    assert re.fullmatch(r"v1\.k1\.[A-Za-z0-9_-]+", token)
    sealed = base64.urlsafe_b64decode(token.split(".")[2] + "==")
    assert SECRET.encode() not in sealed
    assert len(sealed) == 12 + len(SECRET.encode()) + 16


def test_two_seals_of_one_text_differ() -> None:
    assert len({seal(RING, SECRET, context=CONTEXT) for _ in range(50)}) == 50


def test_a_token_moved_to_another_case_or_field_does_not_open() -> None:
    token = seal(RING, SECRET, context=CONTEXT)
    for other in (CONTEXT.replace("phone", "name"), CONTEXT.replace("001/", "002/"), CONTEXT + " "):
        assert why_unreadable(RING, token, other) == "changed"


def test_every_changed_character_is_seen() -> None:
    token = seal(RING, SECRET, context=CONTEXT)
    for place in range(len("v1.k1."), len(token)):
        other = "A" if token[place] != "A" else "B"
        assert why_unreadable(RING, token[:place] + other + token[place + 1 :]) in ("changed", "not_sealed")


def test_every_cut_is_seen() -> None:
    token = seal(RING, SECRET, context=CONTEXT)
    for length in range(len(token)):
        assert why_unreadable(RING, token[:length]) in ("changed", "not_sealed")


def test_a_second_spelling_of_the_same_bytes_is_not_taken() -> None:
    """Base64 leaves spare bits in the last character: unchecked, one token could be written in several ways."""
    token = seal(RING, "ab", context=CONTEXT)  # 30 bytes need no spare bits; 31 do
    assert len(token.split(".")[2]) % 4 == 0
    token = seal(RING, "abc", context=CONTEXT)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    twin = token[:-1] + alphabet[alphabet.index(token[-1]) + 1]
    assert base64.urlsafe_b64decode(twin.split(".")[2] + "==") == base64.urlsafe_b64decode(token.split(".")[2] + "==")
    assert why_unreadable(RING, twin) == "not_sealed"


def test_a_token_under_another_keys_name_does_not_open() -> None:
    ring = KeyRing({"k1": OLD_KEY, "twin": OLD_KEY}, "k1")
    assert why_unreadable(ring, seal(ring, SECRET, context=CONTEXT).replace("v1.k1.", "v1.twin.")) == "changed"


@pytest.mark.parametrize(
    "token", ["", SECRET, "v1", "v1.k1", "v1.k1.", "v1.k1.AAAA", "v2.k1.AAAA", "v1.k1.王", "v1..A"]
)
def test_what_was_never_sealed_is_told_apart_and_not_repeated(token: str) -> None:
    assert why_unreadable(RING, token) == "not_sealed"
    with pytest.raises(VaultUnreadable) as unreadable:
        open_sealed(RING, token, context=CONTEXT)
    assert not token or token not in str(unreadable.value)


def test_a_missing_key_and_a_replaced_one_are_told_apart() -> None:
    token = seal(RING, SECRET, context=CONTEXT)
    assert why_unreadable(KeyRing({"k2": NEW_KEY}, "k2"), token) == "key_missing"
    assert why_unreadable(KeyRing({"k1": NEW_KEY}, "k1"), token) == "changed"


def test_a_field_is_not_sealed_without_its_context() -> None:
    with pytest.raises(ValueError, match="needs its context"):
        seal(RING, SECRET, context="")


# -- keys --------------------------------------------------------------------------------------------------------------


def test_rotation_old_tokens_open_new_ones_are_under_the_new_key() -> None:
    token = seal(RING, SECRET, context=CONTEXT)
    assert not needs_rotation(RING, token)
    assert needs_rotation(ROTATED, token)
    assert open_sealed(ROTATED, token, context=CONTEXT) == SECRET
    fresh = reseal(ROTATED, token, context=CONTEXT)
    assert fresh.startswith("v1.k2.")
    assert reseal(ROTATED, fresh, context=CONTEXT) == fresh
    assert open_sealed(KeyRing({"k2": NEW_KEY}, "k2"), fresh, context=CONTEXT) == SECRET


def test_resealing_in_another_context_is_refused() -> None:
    with pytest.raises(VaultUnreadable):
        reseal(ROTATED, seal(RING, SECRET, context=CONTEXT), context="other/phone")


def test_a_generated_key_comes_first_and_the_old_ones_stay() -> None:
    first = KeyRing.generate()
    second = KeyRing.generate(first)
    old, new = KeyRing.from_text(first), KeyRing.from_text(second)
    assert new.key_ids[1:] == old.key_ids
    assert new.current != old.current
    assert open_sealed(new, seal(old, SECRET, context=CONTEXT), context=CONTEXT) == SECRET
    assert needs_rotation(new, seal(old, SECRET, context=CONTEXT))


def test_keys_are_read_from_lines_with_comments_or_from_one_line() -> None:
    lines = f"# newest first\n{line('k2', NEW_KEY)}  # since spring\n\n{line('k1', OLD_KEY)}\n"
    for text in (lines, f"{line('k2', NEW_KEY)} {line('k1', OLD_KEY)}", lines.replace("\n", "\r\n")):
        ring = KeyRing.from_text(text)
        assert (ring.current, ring.key_ids) == ("k2", ("k2", "k1"))
        assert open_sealed(ring, seal(ROTATED, SECRET, context=CONTEXT), context=CONTEXT) == SECRET


def test_the_environment_beats_the_file(tmp_path: Path) -> None:
    path = tmp_path / "vault.keys"
    path.write_text(line("file", OLD_KEY))
    assert KeyRing.load(path, environ={}).current == "file"
    assert KeyRing.load(path, environ={KEYS_VARIABLE: line("env", NEW_KEY)}).current == "env"
    assert KeyRing.load(environ={KEYS_VARIABLE: line("env", NEW_KEY)}).current == "env"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no key among"),
        ("# only a comment", "no key among"),
        ("k1", "line 1 of the vault keys is not written id:base64"),
        (f"\n{line('k 1', OLD_KEY)}", "line 2 of the vault keys is not written id:base64"),
        (line("k.1", OLD_KEY), "not written id:base64"),
        ("k1:&&&&", "no base64"),
        ("k1:王小明", "no base64"),
        (line("k1", OLD_KEY[:31]), "the key has 31 bytes, it needs 32"),
        (f"{line('k1', OLD_KEY)}\n{line('k1', NEW_KEY)}", "line 2 of the vault keys: the id k1 was used before"),
    ],
)
def test_a_key_file_that_cannot_be_used_is_refused_without_repeating_it(text: str, words: str) -> None:
    with pytest.raises(VaultKeysWrong, match=words) as wrong:
        KeyRing.from_text(text)
    told = "".join(traceback.format_exception(wrong.value))
    for key in (OLD_KEY, NEW_KEY, OLD_KEY[:31]):
        assert base64.b64encode(key).decode() not in told


def test_no_keys_anywhere_is_said(tmp_path: Path) -> None:
    with pytest.raises(VaultKeysWrong, match="neither a key file nor"):
        KeyRing.load(environ={})
    with pytest.raises(VaultKeysWrong, match="cannot be read: FileNotFoundError"):
        KeyRing.load(tmp_path / "missing", environ={})
    (tmp_path / "noise").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(VaultKeysWrong, match="cannot be read: UnicodeDecodeError"):
        KeyRing.load(tmp_path / "noise", environ={})


def test_a_ring_needs_its_current_key_and_whole_keys() -> None:
    with pytest.raises(VaultKeysWrong, match="current key is not among"):
        KeyRing({"k1": OLD_KEY}, "k2")
    with pytest.raises(VaultKeysWrong, match="needs 32"):
        KeyRing({"k1": b"short"}, "k1")
    with pytest.raises(VaultKeysWrong, match="key id"):
        KeyRing({"k.1": OLD_KEY}, "k.1")


def test_a_ring_shows_no_key_whichever_way_it_is_looked_at() -> None:
    shown = [repr(ROTATED), str(ROTATED), f"{ROTATED}", repr([ROTATED]), repr(ROTATED.cipher("k1"))]
    shown += [repr(getattr(ROTATED, name)) for name in dir(ROTATED) if not name.startswith("__")]
    for key in (OLD_KEY, NEW_KEY):
        for form in (repr(key)[2:-1], key.hex(), base64.b64encode(key).decode()):
            assert all(form not in text for text in shown)
    assert repr(ROTATED) == "KeyRing(current='k2', keys=2)"


def test_a_ring_does_not_leave_the_process() -> None:
    for leave in (pickle.dumps, copy.deepcopy):
        with pytest.raises(TypeError, match="not pickled"):
            leave(ROTATED)


# -- keyed hashes ------------------------------------------------------------------------------------------------------


def test_equal_data_hash_alike_only_under_one_key() -> None:
    assert keyed_hash(RING, "13812345678") == keyed_hash(OLD_KEY, "13812345678")
    assert keyed_hash(RING, "13812345678") != keyed_hash(RING, "13812345679")
    assert keyed_hash(RING, "13812345678") != keyed_hash(ROTATED, "13812345678")
    assert re.fullmatch(r"[0-9a-f]{64}", keyed_hash(RING, ""))


def test_a_hash_uses_a_key_of_its_own_and_is_hmac_sha256() -> None:
    # RFC 5869 by hand: extract under a salt of zeros, then the first block of expand for our purpose.
    extracted = hmac.digest(bytes(32), OLD_KEY, "sha256")
    derived = hmac.digest(extracted, b"muster/contact-of-an-open-case/v1" + b"\x01", "sha256")
    assert keyed_hash(RING, "138") == hmac.new(derived, b"138", hashlib.sha256).hexdigest()
    assert keyed_hash(RING, "138") != hmac.new(OLD_KEY, b"138", hashlib.sha256).hexdigest()


def test_after_a_rotation_hashes_stored_under_the_old_key_are_still_found() -> None:
    ring = KeyRing({"k1": OLD_KEY, "k2": NEW_KEY}, "k2")
    assert keyed_hashes(ring, "138") == (keyed_hash(NEW_KEY, "138"), keyed_hash(OLD_KEY, "138"))
    assert keyed_hash(ring, "138") == keyed_hashes(ring, "138")[0]


@pytest.mark.parametrize(
    "written",
    [
        "13812345678",
        "138 1234 5678",
        "+86 138-1234-5678",
        "0086 13812345678",
        "8613812345678",
        "１３８１２３４５６７８",
    ],
)
def test_a_number_has_one_form_however_it_is_written(written: str) -> None:
    assert normal_phone(written) == "13812345678"


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("8612345", "8612345"),
        ("0595-22345678", "059522345678"),
        ("12345", None),
        ("", None),
        ("无", None),
        ("1" * 16, None),
    ],
)
def test_what_is_no_whole_number_has_none(written: str, form: str | None) -> None:
    assert normal_phone(written) == form


def test_a_weak_hash_key_is_refused() -> None:
    with pytest.raises(VaultKeysWrong, match="needs 32"):
        keyed_hash(b"", "138")


# -- masks -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "masked"),
    [("王小明", "王**"), ("王明", "王*"), ("王", "*"), (" 欧阳小明 ", "欧***"), ("", ""), ("  ", "")],
)
def test_names(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13812345678", "138****5678"),
        ("138 1234 5678", "138 **** 5678"),
        ("138-1234-5678", "138-****-5678"),
        ("+8613812345678", "+86138****5678"),
        ("+86 138-1234-5678", "+86 138-****-5678"),
        ("1３8１２３４5678", "1３8****5678"),
        ("0595-22123456", "059*-****3456"),
        ("22123456", "****3456"),
        ("2212345", "***2345"),
        ("12345", "*****"),
        ("", ""),
        ("找王小明13812345678", "****138****5678"),
        ("13812345678/13987654321", "138****************4321"),
    ],
)
def test_phones(phone: str, masked: str) -> None:
    assert mask_phone(phone) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("350502199001011234", "350***********1234"),
        ("35050219900101123X", "350***********123X"),
        ("350502 19900101 123x", "350*** ******** 123x"),
        ("350502900101123", "350********1123"),
        ("123456", "******"),
    ],
)
def test_identity_numbers(number: str, masked: str) -> None:
    assert mask_id_number(number) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("请打13812345678找我", "请打138****5678找我"),
        ("电话138 1234 5678。", "电话138 **** 5678。"),
        ("电话138-1234-5678,急", "电话138-****-5678,急"),
        ("电话１３８１２３４５６７８", "电话１３８****５６７８"),
        ("微信1 3 8 1 2 3 4 5 6 7 8", "微信1 3 8 * * * * 5 6 7 8"),
        ("tel:13812345678.", "tel:138****5678."),
        ("+8613812345678", "+861******5678"),
        ("两个号13812345678,13987654321", "两个号138****5678,139****4321"),
        ("座机0595-22123456", "座机059*-****3456"),
        ("座机（0595）2212 3456", "座机（059*）**** 3456"),
        ("座机010—62212345转8001", "座机010—****2345转8001"),
        ("拨打22123456", "拨打****3456"),
        ("拨打7817380.", "拨打***7380."),
        ("身份证350502199001011234号", "身份证350***********1234号"),
        ("身份证35050219900101123X", "身份证350***********123X"),
        ("身份证350502 19900101 123x", "身份证350*** ******** 123x"),
        ("旧证350502900101123", "旧证350********1123"),
    ],
)
def test_numbers_in_free_text_are_masked(text: str, masked: str) -> None:
    assert mask_text(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "2026年10月10日14:30在中山路125号3栋502室",
        "2026-10-10 14:30:25",
        "20261010那天",
        "见案件26-0000042-5",
        "案号26-2345678-5的回复",
        "拨打12345、110、119",
        "欠薪35000元, 合计2350000元",
        "面积1234.56平方米, 2018-2019年",
        "",
    ],
)
def test_dates_sums_codes_and_hotlines_stay(text: str) -> None:
    assert mask_text(text) == text


mobiles = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
identities = st.from_regex(r"[1-9][0-9]{5}(19|20)[0-9]{2}(0[1-9]|1[0-2])[0-2][0-9][0-9]{3}[0-9X]", fullmatch=True)
words = st.text(st.characters(exclude_categories=["Nd", "Cs"]), max_size=20)


@unhurried
@given(words, st.one_of(mobiles, identities), words)
def test_no_number_survives_in_any_text(before: str, number: str, after: str) -> None:
    masked = mask_text(before + number + after)
    hidden = slice(len(before) + 3, len(before) + len(number) - 4)
    assert set(masked[hidden]) == {"*"}


@unhurried
@given(st.text("0123456789xX-— （）.+年", max_size=60))
def test_however_numbers_are_jammed_together_no_long_run_of_digits_is_left(text: str) -> None:
    masked = mask_text(text)
    assert len(masked) == len(text)
    assert not re.search(r"\d{11}", masked)


# -- bytes -------------------------------------------------------------------------------------------------------------


@unhurried
@given(st.binary(max_size=300), st.text(min_size=1, max_size=80))
def test_bytes_round_trip_and_move_to_a_new_key(data: bytes, context: str) -> None:
    token = seal_bytes(RING, data, context=context)
    assert open_sealed_bytes(RING, token, context=context) == data
    moved = reseal_bytes(ROTATED, token, context=context)
    assert (key_of_bytes(token), key_of_bytes(moved)) == ("k1", "k2")
    assert open_sealed_bytes(KeyRing({"k2": NEW_KEY}, "k2"), moved, context=context) == data
    assert reseal_bytes(ROTATED, moved, context=context) is moved


def test_sealed_bytes_show_nothing_and_open_nowhere_else() -> None:
    token = seal_bytes(RING, SECRET.encode(), context=CONTEXT)
    assert SECRET.encode() not in token
    spoilt = {
        "another place": (RING, token, "elsewhere"),
        "one bit": (RING, token[:-1] + bytes([token[-1] ^ 1]), CONTEXT),
        "another key": (KeyRing({"k1": NEW_KEY}, "k1"), token, CONTEXT),
        "no such key": (KeyRing({"k2": NEW_KEY}, "k2"), token, CONTEXT),
        "cut short": (RING, token[:20], CONTEXT),
        "never sealed": (RING, SECRET.encode(), CONTEXT),
    }
    reasons: dict[str, str] = {}
    for what, (ring, data, context) in spoilt.items():
        with pytest.raises(VaultUnreadable) as unreadable:
            open_sealed_bytes(ring, data, context=context)
        reasons[what] = unreadable.value.reason
    assert reasons == {
        "another place": "changed",
        "one bit": "changed",
        "another key": "changed",
        "no such key": "key_missing",
        "cut short": "not_sealed",
        "never sealed": "not_sealed",
    }
