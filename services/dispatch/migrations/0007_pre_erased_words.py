"""A deferral's words may be erased when their time is over. Nothing else of it may be edited, as before."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

GUARD = """create or replace function dispatch.deferral_stays_on_record() returns trigger language plpgsql as $$
    begin
        if tg_op = 'DELETE' then
            raise exception 'deferral %: more time given or refused stays on record', old.deferral_id;
        end if;
        if (new.case_id, new.work_order_id, new.unit, new.round, new.kind, new.days, new.until, new.due_at,
                {reason}, new.asked_by, new.asked_at)
            is distinct from (old.case_id, old.work_order_id, old.unit, old.round, old.kind, old.days, old.until,
                old.due_at, old.reason, old.asked_by, old.asked_at) then
            raise exception 'deferral %: what was asked is never edited', old.deferral_id;
        end if;
        if old.decided_at is not null and (new.decided_by, new.decided_at, {decide_reason}, new.number)
            is distinct from (old.decided_by, old.decided_at, old.decide_reason, old.number) then
            raise exception 'deferral %: it was decided, and that stays', old.deferral_id;
        end if;
        if old.new_due_at is not null and new.new_due_at is distinct from old.new_due_at then
            raise exception 'deferral %: a promised time is never edited', old.deferral_id;
        end if;
        return new;
    end $$"""


def upgrade() -> None:
    """What was erased counts as unchanged: `[已到期删除]` is the one thing that may take the place of words."""
    op.execute(GUARD.format(reason=_or_erased("reason"), decide_reason=_or_erased("decide_reason")))


def downgrade() -> None:
    op.execute(GUARD.format(reason="new.reason", decide_reason="new.decide_reason"))


def _or_erased(column: str) -> str:
    return f"case new.{column} when '[已到期删除]' then old.{column} else new.{column} end"
