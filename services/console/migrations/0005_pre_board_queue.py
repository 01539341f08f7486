"""What the queue is ordered and narrowed by, in columns of its own: a screen's question reads only what it shows."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

COLUMNS = ("listed", "due_at", "registered_at", "units", "place", "owner", "window_code")
UP: tuple[str, ...] = (
    """alter table console.board_case
        add column listed boolean not null default false,
        add column due_at timestamptz,
        add column registered_at timestamptz,
        add column units text[] not null default '{}',
        add column place text,
        add column owner text,
        add column window_code text""",
    """update console.board_case set
        listed = shown or (coalesce((row->>'drill')::boolean, false) and jsonb_array_length(row->'arrivals') > 0),
        due_at = (row->>'due_at')::timestamptz,
        registered_at = (row->>'registered_at')::timestamptz,
        units = array(select jsonb_array_elements_text(row->'units')),
        place = row->>'place',
        owner = row->>'owner',
        window_code = row->>'window'""",
    "create index board_case_queue on console.board_case (due_at, registered_at) where listed",
    "create index board_case_units on console.board_case using gin (units) where listed",
    "create index board_case_place on console.board_case (place) where listed",
    "create index board_case_owner on console.board_case (owner) where listed",
    "create index board_case_window on console.board_case (window_code) where listed",
)


def upgrade() -> None:
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    for index in ("queue", "units", "place", "owner", "window"):
        op.execute(f"drop index console.board_case_{index}")
    op.execute(f"alter table console.board_case {', '.join(f'drop column {name}' for name in COLUMNS)}")
