"""Rows of a roster sheet that are at fault: the rows, the number of the one at fault, what its rule says."""

FIRST = "roster,kind,title,rotation,every,starts_on,staff,action,starts_at,ends_at,reason,weekdays\n"
GOOD = "d,duty_director,主任,p,weekly,2026-11-23,police.director,,,,,\n"
FAULTY: list[tuple[str, int, str]] = [
    (GOOD + "d,,,p,,,polise.director,,,,,\n", 3, "'polise.director' is no post"),
    (GOOD + ",,,p,,,police.a,,,,,\n", 3, "column roster"),
    (GOOD + "d,,,,,,police.a,,,,,\n", 3, "column rotation"),
    (GOOD + "d,,,p,,,,,,,,\n", 3, "column staff"),
    (GOOD + "d,leader,,p,,,police.a,,,,,\n", 3, "kind says 'leader', but 'duty_director' stands in row 2"),
    (GOOD + "d,,,p,daily,,police.a,,,,,\n", 3, "every says 'daily'"),
    (GOOD + "d,,,p,,,po lice,,,,,\n", 3, "staff"),
    (GOOD.replace("weekly", "yearly"), 2, "every"),
    (GOOD.replace("weekly", ""), 2, "the column every is empty"),
    (GOOD.replace("2026-11-23", "23.11."), 2, "starts_on"),
    (GOOD.replace(",\n", ",someday\n"), 2, "'someday' is no weekday"),
    (GOOD + "d,,,,,,police.a,add,soon,2026-12-02 08:00,有事,\n", 3, "'soon' is no date"),
    (GOOD + "d,,,,,,police.a,add,2026-12-01 08:00,2026-12-02 08:00,,\n", 3, "the column reason is empty"),
    (GOOD + "d,,,,,,police.a,swap,2026-12-01 08:00,2026-12-02 08:00,有事,\n", 3, "action"),
    (GOOD + "e,,,,,,police.a,add,2026-12-01 08:00,2026-12-02 08:00,有事,\n", 3, "there is no roster 'e'"),
    (GOOD + "d,,,,,,polise.a,add,2026-12-01 08:00,2026-12-02 08:00,有事,\n", 3, "'polise.a' is no post"),
]
