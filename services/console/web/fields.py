"""Fields of a form as requests want them."""

from starlette.datastructures import FormData


def words(form: FormData, name: str) -> str | None:
    """What was written; None where nothing was."""
    value = form.get(name)
    return value.strip() if isinstance(value, str) and value.strip() else None


def several(form: FormData, name: str) -> list[str]:
    return [value for value in form.getlist(name) if isinstance(value, str) and value]
