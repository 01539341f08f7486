"""Answer links: only what this centre signed, whole and in time, is read; nothing shows a secret."""

import os
import pickle
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deploy.embedded.errors import ServerUnusable
from deploy.link_keys import link_key_file
from shared.links import (
    SECRETS_VARIABLE,
    AnswerLink,
    LinkExpired,
    LinkForeign,
    LinkSecretsWrong,
    LinkSigner,
    LinkUnsigned,
    link_secrets,
    new_link_secret,
)

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
OLD, NEW = "o" * 40, "n" * 40
SIGNER = LinkSigner((OLD,), centre="qz")
unhurried = settings(deadline=None)


def link(centre: str = "qz") -> AnswerLink:
    return AnswerLink(
        link_id=uuid4(),
        centre=centre,
        purpose="acknowledge",
        summons_id=uuid4(),
        unit="police",
        staff="police.liaison",
        expires_at=NOW + timedelta(minutes=60),
    )


TOKEN = SIGNER.sign(link())


def test_what_was_signed_is_read() -> None:
    one = link()
    assert SIGNER.read(SIGNER.sign(one), now=NOW) == one


def test_a_replaced_secret_still_reads_what_it_signed_and_signs_no_more() -> None:
    token = SIGNER.sign(link())
    rotated = LinkSigner((NEW, OLD), centre="qz")
    assert rotated.read(token, now=NOW).unit == "police"
    with pytest.raises(LinkUnsigned):
        SIGNER.read(rotated.sign(link()), now=NOW)


def test_expired_foreign_and_unsigned_are_told_apart() -> None:
    token = SIGNER.sign(link())
    with pytest.raises(LinkExpired) as expired:
        SIGNER.read(token, now=NOW + timedelta(minutes=60))
    with pytest.raises(LinkForeign) as foreign:
        LinkSigner((OLD,), centre="xm").read(token, now=NOW)
    with pytest.raises(LinkUnsigned) as unsigned:
        LinkSigner((NEW,), centre="qz").read(token, now=NOW)
    told = [one.value for one in (expired, foreign, unsigned)]
    assert [one.code for one in told] == ["link_expired", "link_foreign", "link_unsigned"]
    assert {one.field for one in told} == {"token"}


@unhurried
@given(st.data())
def test_a_token_changed_anywhere_is_unsigned(data: st.DataObject) -> None:
    token = TOKEN
    place = data.draw(st.integers(min_value=0, max_value=len(token) - 2))
    other = data.draw(st.sampled_from([char for char in "aZ9-._" if char != token[place]]))
    for changed in (token[:place] + other + token[place + 1 :], token[:place]):
        with pytest.raises(LinkUnsigned):
            SIGNER.read(changed, now=NOW)


@unhurried
@given(st.text(max_size=200))
def test_any_text_is_answered_in_words(text: str) -> None:
    with pytest.raises(LinkUnsigned, match="not made by this centre"):
        SIGNER.read(text, now=NOW)


@pytest.mark.parametrize("content", [{}, [], {"expires_at": 1e300}, {"expires_at": "soon"}, {"expires_at": 1, "x": 2}])
def test_signed_but_no_link(content: object) -> None:
    token = str(SIGNER._serializer.dumps(content))  # pyright: ignore[reportPrivateUsage]
    with pytest.raises(LinkUnsigned):
        SIGNER.read(token, now=NOW)


# -- secrets -----------------------------------------------------------------------------------------------------------


def test_secrets_are_lines_or_words_and_comments_are_none() -> None:
    assert link_secrets(f"# made today\n{NEW}  # current\n{OLD}\n") == (NEW, OLD)
    assert link_secrets(f"{NEW} {OLD}") == (NEW, OLD)
    made = new_link_secret(OLD)
    assert link_secrets(made)[1:] == (OLD,)
    assert len(link_secrets(made)[0]) >= 32


@pytest.mark.parametrize(("text", "says"), [("", "no secret"), ("# none", "no secret"), ("short", "too short")])
def test_unusable_secrets_are_told_without_showing_them(text: str, says: str) -> None:
    with pytest.raises(LinkSecretsWrong, match=says) as wrong:
        link_secrets(text)
    assert "short " not in str(wrong.value).replace("too short", "")


def test_the_environment_beats_the_file_and_one_of_them_is_needed(tmp_path: Path) -> None:
    path = tmp_path / "link.keys"
    path.write_text(OLD, "utf-8")
    token = SIGNER.sign(link())
    assert LinkSigner.load(path, centre="qz", environ={}).read(token, now=NOW).unit == "police"
    with pytest.raises(LinkUnsigned):
        LinkSigner.load(path, centre="qz", environ={SECRETS_VARIABLE: NEW}).read(token, now=NOW)
    with pytest.raises(LinkSecretsWrong, match="neither a key file nor MUSTER_LINK_SECRETS"):
        LinkSigner.load(None, centre="qz", environ={})
    with pytest.raises(LinkSecretsWrong, match="cannot be read: FileNotFoundError"):
        LinkSigner.load(tmp_path / "none", centre="qz", environ={})


def test_a_signer_shows_no_secret() -> None:
    assert OLD not in repr(SIGNER)
    with pytest.raises(TypeError):
        pickle.dumps(SIGNER)


# -- the file of an installation ---------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MUSTER_LINK_KEY_FILE", SECRETS_VARIABLE, "MUSTER_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)


def test_the_file_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    path = link_key_file(tmp_path / "data")
    first = path.read_text("utf-8")
    assert path.stat().st_mode & 0o077 == 0
    assert link_key_file(tmp_path / "data") == path
    assert path.read_text("utf-8") == first
    assert os.listdir(path.parent) == ["link.keys"]


def test_two_programs_that_start_at_once_end_up_with_the_same_secrets(tmp_path: Path) -> None:
    seen: list[str] = []
    begin = threading.Barrier(8)

    def start() -> None:
        begin.wait()
        seen.append(link_key_file(tmp_path / "data").read_text("utf-8"))

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 8
    assert len(set(seen)) == 1


def test_with_a_database_of_ones_own_the_copies_need_a_common_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUSTER_DATABASE_URL", "postgresql://elsewhere/muster")
    with pytest.raises(ServerUnusable, match="MUSTER_LINK_KEY_FILE"):
        link_key_file(tmp_path / "data")
    assert not (tmp_path / "data").exists()
    monkeypatch.setenv(SECRETS_VARIABLE, NEW)
    assert not link_key_file(tmp_path / "data").exists(), "the environment holds them"
    monkeypatch.setenv("MUSTER_LINK_KEY_FILE", str(tmp_path / "shared.keys"))
    assert link_key_file(tmp_path / "data") == tmp_path / "shared.keys"
