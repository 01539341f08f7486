"""What a requester entrusts to a case is sealed, read masked, revealed on record only, and erased in time."""

import asyncio
import mmap
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from deploy.embedded.running import ServerAddresses
from deploy.embedded.servers import EmbeddedServers
from shared.contracts.actors import Actor, Role
from shared.contracts.base import Done
from shared.contracts.dispatch import CaseResults, ReadResults
from shared.contracts.intake import (
    ERASED,
    CaseReceipt,
    DeclineCase,
    DeclineReason,
    RegisterCase,
    Requester,
    RevealedRequester,
    RevealRequester,
    RotateVault,
    Source,
    VaultRotated,
)
from shared.errors import RemoteRefusal, Unavailable
from shared.vault import KeyRing
from tests.scenario.one_centre import one_centre, tables_with
from tests.support.centre import TOWN, WAGES, CentreUnderTest, key

pytestmark = pytest.mark.servers

PHONE, IDENTITY = "13859771234", "350502199003071234"
REQUESTER = Requester(name="欧阳验秘", phone=PHONE, id_number=IDENTITY, address="清濛验秘街九十九号")
MATTER = f"验秘工地欠薪，我的电话{PHONE}，身份证{IDENTITY}"
SECRETS = ("欧阳验秘", PHONE, IDENTITY, "清濛验秘街", "验秘工地")


@pytest.fixture(scope="module")
async def centre(addresses: ServerAddresses, data_root: Path) -> AsyncIterator[CentreUnderTest]:
    async with one_centre(addresses, data_root) as centre:
        yield centre


async def register(centre: CentreUnderTest) -> str:
    command = RegisterCase(
        actor=centre.clerk,
        idempotency_key=key(),
        source=Source.WINDOW,
        matter=MATTER,
        category=WAGES,
        place=TOWN,
        requester=REQUESTER,
        accept_as="forward",  # type: ignore[arg-type]
    )
    receipt = await centre.ask(command, CaseReceipt)
    await centre.settle()
    return receipt.case_code


async def go_through_to_closure(centre: CentreUnderTest, code: str) -> None:
    order = await centre.open_order(code)
    await centre.unit_signs_off(order)
    await centre.unit_reports_back(order)
    await centre.grid_verifies(code)
    await centre.window_follows_up(code)
    await centre.window_closes(code)


async def reveal(centre: CentreUnderTest, code: str, actor: Actor | None = None) -> RevealedRequester:
    command = RevealRequester(
        actor=actor or centre.clerk, idempotency_key="reveal-1", case_code=code, reason="核实工资数额"
    )
    return await centre.ask(command, RevealedRequester)


# -- stored ------------------------------------------------------------------------------------------------------------


async def test_it_stands_nowhere_in_the_clear(
    centre: CentreUnderTest, servers: EmbeddedServers, caplog: pytest.LogCaptureFixture
) -> None:
    code = await register(centre)
    await centre.case(code)
    assert (await reveal(centre, code)).requester == REQUESTER
    await go_through_to_closure(centre, code)

    assert await tables_with(centre, code) >= {"intake.event", "dispatch.work_order", "escalation.clock"}
    found = await asyncio.to_thread(files_with, servers.data, code, *SECRETS)
    assert {path.relative_to(servers.data).parts[0] for path in found[code]} == {"postgres", "nats"}
    for secret in SECRETS:
        assert await tables_with(centre, secret) == set()
        assert found[secret] == []
        assert secret not in caplog.text


def files_with(folder: Path, *words: str) -> dict[str, list[Path]]:
    """Files with the words' bytes in them: tables, indexes, write-ahead log, streams and logs alike."""
    found: dict[str, list[Path]] = {each: [] for each in words}
    for path in folder.rglob("*"):
        if path.is_file() and path.stat().st_size:
            with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
                for each in words:
                    if content.find(each.encode()) >= 0:
                        found[each].append(path)
    return found


# -- read --------------------------------------------------------------------------------------------------------------


async def test_it_is_read_masked(centre: CentreUnderTest) -> None:
    case = await centre.case(await register(centre))
    assert case.requester_name == "欧***"
    assert case.requester_phone == "138****1234"
    assert case.matter.startswith("验秘工地欠薪")
    assert not [number for number in (PHONE, IDENTITY) if number in case.model_dump_json()]


async def test_every_reveal_is_on_record(centre: CentreUnderTest) -> None:
    code = await register(centre)
    for _ in range(2):  # the same key again: the answer is not kept, so it is a second reading, and recorded as one
        revealed = await reveal(centre, code)
        assert (revealed.requester, revealed.matter) == (REQUESTER, MATTER)
    await centre.settle()

    rows = await reveals(centre, code)
    assert [(row["actor"], row["reason"], row["at"]) for row in rows] == [
        (centre.clerk.name, "核实工资数额", centre.clock.now())
    ] * 2
    assert set(rows[0]["fields"]) == {"matter", "name", "phone", "id_number", "address"}
    told = [entry for entry in await centre.story(code) if entry.type == "intake.requester.revealed"]
    assert [entry.actor for entry in told] == [centre.clerk.name] * 2
    assert await centre.fetch("select from intake.request where name = 'reveal_requester'") == []


async def reveals(centre: CentreUnderTest, code: str) -> list[asyncpg.Record]:
    return await centre.fetch(
        'select r.* from intake.reveal r join intake."case" using (case_id) where case_code = $1', code
    )


@pytest.mark.parametrize("role", [Role.COMMAND_ROOM, Role.GRID_WORKER, Role.SYSTEM])
async def test_who_may_not_reveal_is_refused(centre: CentreUnderTest, role: Role) -> None:
    code = await register(centre)
    with pytest.raises(RemoteRefusal) as refused:
        await reveal(centre, code, Actor(staff="somebody", role=role))
    assert refused.value.remote_code == "not_allowed"
    assert refused.value.field == "actor.role"
    assert await reveals(centre, code) == []
    assert "intake.requester.revealed" not in await centre.events(code)


# -- new keys ----------------------------------------------------------------------------------------------------------


class KeyFile:
    """The centre's key file, in the hands of its operator."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def current(self) -> str:
        return KeyRing.load(self._path).current

    def add_new(self) -> None:
        self._path.write_text(KeyRing.generate(self._path.read_text()))

    def destroy_old(self) -> None:
        self._path.write_text(self._path.read_text().splitlines()[0] + "\n")

    def lose_all(self) -> str:
        lost = self._path.read_text()
        self._path.write_text(KeyRing.generate())
        return lost

    def put_back(self, lost: str) -> None:
        self._path.write_text(self._path.read_text() + lost)


@pytest.fixture
def keys(centre: CentreUnderTest, data_root: Path) -> KeyFile:
    return KeyFile(data_root / f"vault-{centre.name}.keys")


async def sealed_under(centre: CentreUnderTest) -> Counter[str]:
    """Key id -> how many cases it protects. One case is never under two keys."""
    fields = ("matter", "name", "phone", "id_number", "address")
    rows = await centre.fetch(f"select {', '.join(fields)} from intake.requester_vault where matter is not null")
    used = [{str(token).split(".")[1] for token in row.values() if token is not None} for row in rows]
    assert all(len(one) == 1 for one in used)
    return Counter(next(iter(one)) for one in used)


async def rotate(centre: CentreUnderTest) -> int:
    operator = Actor(staff="operator", role=Role.ADMINISTRATOR)
    return (await centre.ask(RotateVault(actor=operator, idempotency_key=key()), VaultRotated)).resealed


async def test_keys_are_replaced_without_losing_a_word(centre: CentreUnderTest, keys: KeyFile) -> None:
    codes = [await register(centre) for _ in range(2)]
    old = keys.current
    [(_, before)] = (await sealed_under(centre)).items()

    keys.add_new()
    new = keys.current
    await centre.restarts()
    assert (await reveal(centre, codes[0])).requester == REQUESTER, "what the old key sealed is read as before"
    codes.append(await register(centre))
    assert await sealed_under(centre) == {old: before, new: 1}

    assert await rotate(centre) == before
    assert await sealed_under(centre) == {new: before + 1}
    assert await rotate(centre) == 0, "doing it again does nothing"
    keys.destroy_old()
    await centre.restarts()
    for code in codes:
        revealed = await reveal(centre, code)
        assert (revealed.requester, revealed.matter) == (REQUESTER, MATTER)


@pytest.mark.provokes_errors
async def test_keys_lost_and_put_back_lose_nothing(centre: CentreUnderTest, keys: KeyFile) -> None:
    code = await register(centre)
    lost = keys.lose_all()
    await centre.restarts()
    with pytest.raises(Unavailable) as away:
        await reveal(centre, code)
    assert "nothing was changed" in away.value.message
    assert await reveals(centre, code) == [], "a reading that failed is no reading"

    keys.put_back(lost)
    await centre.restarts()
    assert (await reveal(centre, code)).requester == REQUESTER


# -- erased ------------------------------------------------------------------------------------------------------------


async def test_it_is_erased_when_its_time_is_over(centre: CentreUnderTest) -> None:
    closed, running = await register(centre), await register(centre)
    await go_through_to_closure(centre, closed)
    await centre.time_passes(days=179)
    assert (await reveal(centre, closed)).requester == REQUESTER
    await centre.time_passes(days=2)

    for code, erased in ((closed, 1), (running, 0)):
        assert (await centre.events(code)).count("intake.requester.erased") == erased
    case = await centre.case(closed)
    assert (case.matter, case.requester_name, case.requester_phone) == ("[已到期删除]", None, None)
    assert case.state == "closed", "the case and its story stay"
    results = await centre.ask(ReadResults(actor=centre.dispatcher, case_code=closed), CaseResults)
    assert [one.result for one in results.results] == [ERASED], "what the unit wrote goes with it"
    assert (await reveal(centre, running)).requester == REQUESTER, "an open case keeps its requester's data"
    assert await vault_of(centre, closed) == (0, True, None)
    assert await vault_of(centre, running) == (5, False, None)


async def vault_of(centre: CentreUnderTest, code: str) -> tuple[int, bool, object]:
    """Sealed fields left, whether it was erased, when it will be."""
    [row] = await centre.fetch(
        "select num_nonnulls(v.matter, v.name, v.phone, v.id_number, v.address) as fields, v.erased_at, v.expires_at"
        ' from intake.requester_vault v join intake."case" using (case_id) where case_code = $1',
        code,
    )
    return row["fields"], row["erased_at"] is not None, row["expires_at"]


async def test_what_was_not_accepted_is_erased_too(centre: CentreUnderTest) -> None:
    receipt = await centre.window_receives(accept_as=None)
    declined = DeclineCase(
        actor=centre.clerk,
        idempotency_key=key(),
        case_code=receipt.case_code,
        reason=DeclineReason.COURT,
        legal_channel="人民法院",
    )
    await centre.ask(declined, Done)
    await centre.time_passes(days=181)
    assert (await centre.events(receipt.case_code)).count("intake.requester.erased") == 1
    assert (await reveal(centre, receipt.case_code)).requester == Requester()
