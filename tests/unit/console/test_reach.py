"""What a director is told before calling: who is on duty, how they are reached, what will happen and until when."""

from datetime import UTC, datetime, timedelta

from deploy.packs import default_pack
from services.console.web.reach import OnPost, Reach, called, on_post, title_of
from shared.contracts.notification import Contact

PACK = default_pack()
NOW = datetime(2026, 11, 30, 1, 32, tzinfo=UTC)


def contact(staff: str, channel: str, position: int, *, working: bool = True) -> Contact:
    return Contact(staff=staff, channel=channel, address="13***78", position=position, working=working)


def test_ways_come_in_their_order_and_only_those_of_the_post() -> None:
    contacts = [contact("police.liaison", "email", 2), contact("police.liaison", "voice", 1), contact("x", "sms", 1)]
    post = on_post(PACK, "police", "police.liaison", contacts)
    assert [way.channel for way in post.ways] == ["voice", "email"]
    assert [way.channel for way in post.telephones] == ["voice"]
    assert post.title == "公安分局联络员"


def test_a_post_the_pack_does_not_know_is_called_by_its_code() -> None:
    assert title_of(PACK, "police", "police.night") == "police.night"
    assert title_of(PACK, "nowhere", "somebody") == "somebody"


def test_the_effect_counts_each_post_once_and_by_the_limit_of_the_level() -> None:
    one, two = OnPost("a", "a", ()), OnPost("b", "b", ())
    told = called(
        PACK,
        [Reach("police", (one, two), ""), Reach("court", (two,), ""), Reach("x", (), "")],
        None,
        "II",
        "normal",
        now=NOW,
    )
    limit = PACK.limit_for("arrival", None, "II")
    assert (limit.amount, limit.unit) == (20, "minute")
    assert (told.units, told.posts, told.minutes) == (3, 2, 20)
    assert told.due_at == NOW + timedelta(minutes=20)
