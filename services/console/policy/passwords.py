"""What a password must be (NIST SP 800-63B: long, not guessable; no composition rules, no forced change)."""

import secrets
import unicodedata

from services.console.errors import PasswordTooWeak

LENGTH_MIN, LENGTH_MAX = 12, 128
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is mistaken for another when written down
GROUPS, GROUP_LENGTH = 4, 4

COMMONEST = frozenset(
    {
        *("123456789012", "1234567890123", "111111111111", "000000000000", "888888888888", "666666666666"),
        *("passwordpassword", "password1234", "password12345", "passw0rd1234", "qwertyuiop12", "qwertyuiop123"),
        *("qwertyuiopas", "1qaz2wsx3edc", "1q2w3e4r5t6y", "abcdefghijkl", "abc123456789", "a12345678910"),
        *("aa1234567890", "a1234567890a", "woaini1314520", "woaini520131", "iloveyou1234", "administrator"),
        *("administrator1", "adminadmin12", "adminadminadmin", "admin1234567", "admin12345678", "letmeinletmein"),
        *("welcome12345", "welcome123456", "changeme1234", "changemechangeme", "p@ssw0rd1234", "p@ssword1234"),
        *("zaq12wsxcde3", "147258369000", "123123123123", "112233445566", "121212121212", "asdfghjkl123"),
        *("asdfasdfasdf", "qazwsxedcrfv", "muster123456", "mustermuster", "chuishaobaodao", "shehuizhilizhongxin"),
    }
)


def normal(password: str) -> str:
    """One form for what different input methods write differently."""
    return unicodedata.normalize("NFKC", password)


def check_password(password: str, *, staff: str) -> str:
    """The password in its one form. Raises PasswordTooWeak, naming what is wrong."""
    text = normal(password)
    plain = text.casefold()
    if not LENGTH_MIN <= len(text) <= LENGTH_MAX:
        raise PasswordTooWeak(f"a password has {LENGTH_MIN} to {LENGTH_MAX} characters", field="password", why="length")
    if staff.casefold() in plain:
        raise PasswordTooWeak("a password must not contain the account's name", field="password", why="name")
    if plain in COMMONEST or len(set(plain)) <= 3:
        raise PasswordTooWeak("this password is among those everybody tries first", field="password", why="common")
    return text


def generate_password() -> str:
    """About 79 bits, in groups that can be read out."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))
