"""Whose a message is: of the post it was sent to, or of everybody with the role it was sent to."""

import sqlalchemy as sa

from services.notification.model.message import Message
from services.notification.model.notice import Notice
from shared.contracts.actors import Actor, Role


def names_of(actor: Actor) -> tuple[str, ...]:
    """The names an actor answers to: its own, and that of the window it staffs."""
    return tuple(dict.fromkeys(name for name in (actor.staff, actor.window) if name is not None))


def roles_of(actor: Actor) -> tuple[str, ...]:
    """A deputy stands in for the commander."""
    role = actor.role.value
    return (role, Role.COMMANDER.value) if actor.role is Role.DEPUTY_COMMANDER else (role,)


def may_read(actor: Actor, message: Message, notice: Notice) -> bool:
    """The same rule as `is_for`, of one message."""
    by_role = message.role in roles_of(actor) and notice.unit == (actor.unit if notice.unit else None)
    return message.staff in names_of(actor) or by_role


def is_for(actor: Actor) -> sa.ColumnElement[bool]:
    """Of messages joined with their notices: those this actor may read."""
    unit = sa.or_(Notice.unit.is_(None), Notice.unit == actor.unit)
    return sa.or_(Message.staff.in_(names_of(actor)), sa.and_(Message.role.in_(roles_of(actor)), unit))
