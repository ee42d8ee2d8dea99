"""Rows that reach the corners of every type; the same for each writer that can hold them."""

import datetime as dt
import decimal
import uuid

UTC = dt.timezone.utc
DECIMALS = [(1, 0), (4, 2), (9, 2), (9, 9), (10, 3), (18, 6), (19, 0), (27, 9), (38, 10), (38, 38)]


def decimals(precision, scale):
    """Largest, smallest, zero, one unit, minus one unit, NULL."""
    with decimal.localcontext() as context:
        context.prec = 60
        unit = decimal.Decimal(1).scaleb(-scale)
        top = decimal.Decimal(10**precision - 1).scaleb(-scale)
        return [top, -top, unit * 0, unit, -unit, None]


COLUMNS = {
    "b": ("boolean", [True, False, None, True, False, None]),
    "i": ("int", [2**31 - 1, -(2**31), 0, 1, -1, None]),
    "l": ("long", [2**63 - 1, -(2**63), 0, 1, -1, None]),
    "f": ("float", [3.4028234663852886e38, -1.5, 0.0, -0.0, 0.10000000149011612, None]),
    "d": ("double", [1.7976931348623157e308, -2.5, 5e-324, -0.0, 0.1, None]),
    "dt": (
        "date",
        [
            dt.date(9999, 12, 31),
            dt.date(1, 1, 1),
            dt.date(1970, 1, 1),
            dt.date(1969, 12, 31),
            dt.date(2024, 2, 29),
            None,
        ],
    ),
    "tm": (
        "time",
        [
            dt.time(23, 59, 59, 999999),
            dt.time(0),
            dt.time(0, 0, 0, 1),
            dt.time(12, 34, 56, 789012),
            dt.time(1),
            None,
        ],
    ),
    "ts": (
        "timestamp",
        [
            dt.datetime(9999, 12, 31, 23, 59, 59, 999999),
            dt.datetime(1582, 10, 10, 1),
            dt.datetime(1970, 1, 1),
            dt.datetime(1969, 12, 31, 23, 59, 59, 999999),
            dt.datetime(2024, 2, 29, 12, 34, 56, 789012),
            None,
        ],
    ),
    "tz": (
        "timestamptz",
        [
            dt.datetime(9999, 12, 31, 23, 59, 59, 999999, UTC),
            dt.datetime(1900, 1, 1, tzinfo=UTC),
            dt.datetime(1970, 1, 1, tzinfo=UTC),
            dt.datetime(1969, 12, 31, 23, 59, 59, 1, UTC),
            dt.datetime(2024, 3, 31, 1, 30, 0, 1, UTC),
            None,
        ],
    ),
    "s": (
        "string",
        ["", "a", "żółć 日本語 \U0001f680", 'line\nbreak "quote" \\ tab\t', " a ", None],
    ),
    "u": (
        "uuid",
        [
            uuid.UUID(int=2**128 - 1),
            uuid.UUID(int=0),
            uuid.UUID("f79c3e09-677c-4bbd-a479-3f349cb785e7"),
            uuid.UUID("00000000-0000-0000-8000-000000000000"),
            uuid.UUID(int=2**127 - 1),
            None,
        ],
    ),
    "fx": ("fixed[5]", [b"\xff" * 5, b"\0" * 5, b"abcde", b"\0\1\2\3\4", b"\x80\0\0\0\0", None]),
    "bn": ("binary", [b"\xff" * 30, b"", b"\0", b"a\\x00'\"", "日本".encode(), None]),
} | {f"dec_{p}_{s}": (f"decimal({p}, {s})", decimals(p, s)) for p, s in DECIMALS}


def truncatable(v):
    """`v`, unless truncating it would wrap around below the type's least value."""
    return v + 20 if v in (-(2**31), -(2**63)) else v


def primitive_rows(names):
    """Every value of every column once, plus a row of NULLs in all but `id`."""
    out = [{"id": i} | {n: COLUMNS[n][1][i] for n in names} for i in range(6)]
    # Each column NULL alone, too, while its neighbours are not.
    out += [
        {"id": 10 + k} | {n: None if k == j else COLUMNS[n][1][k % 5] for j, n in enumerate(names)}
        for k in range(len(names))
    ]
    return out


NESTED = [
    {
        "id": 1,
        "st": {"a": 1, "in": {"x": "one", "y": [1, 2]}},
        "li": [1, None, 3],
        "ls": [{"p": 1, "q": "a"}, {"p": 2, "q": None}],
        "ll": [[1], [2, 3], []],
        "ms": [("k1", {"v": 1.5}), ("k2", {"v": None})],
        "ml": [(1, ["a", None]), (2, [])],
        "md": [(dt.date(2024, 1, 1), decimal.Decimal("1.25"))],
        "deep": {"l": [{"m": [("z", [7, 8])]}]},
    },
    {
        "id": 2,
        "st": None,
        "li": None,
        "ls": None,
        "ll": None,
        "ms": None,
        "ml": None,
        "md": None,
        "deep": None,
    },
    {
        "id": 3,
        "st": {"a": None, "in": None},
        "li": [],
        "ls": [],
        "ll": [],
        "ms": [],
        "ml": [],
        "md": [],
        "deep": {"l": None},
    },
    {
        "id": 4,
        "st": {"a": 4, "in": {"x": None, "y": None}},
        "li": [None],
        "ls": [None, {"p": None, "q": None}],
        "ll": [None, [None], []],
        "ms": [("", None), ("ż", {"v": -0.5})],
        "ml": [(3, None)],
        "md": [(dt.date(1969, 12, 31), None)],
        "deep": {"l": [None, {"m": None}, {"m": []}, {"m": [("k", None)]}]},
    },
    {
        "id": 5,
        "st": {"a": 5, "in": {"x": "", "y": []}},
        "li": [5],
        "ls": [{"p": 5, "q": "e"}],
        "ll": [[5, 5], [5]],
        "ms": [("k5", {"v": 5.0})],
        "ml": [(5, ["five"]), (6, ["six", "six"])],
        "md": [
            (dt.date(2000, 2, 29), decimal.Decimal("-99999.99")),
            (dt.date(2000, 3, 1), decimal.Decimal("0.00")),
        ],
        "deep": {"l": [{"m": [("a", [1]), ("b", [None, 2])]}, {"m": [("c", [])]}]},
    },
]


def events(start, count):
    """Ordinary rows: ids, hours apart, five categories, some NULLs; all from the row's number."""
    base = dt.datetime(2023, 12, 31, 20, 15, 30, 250000)
    return [
        {
            "id": i,
            "ts": None if i % 11 == 7 else base + dt.timedelta(hours=5 * i, microseconds=i),
            "category": (
                None if i % 13 == 5 else ["alpha", "beta", "gamma", "delta", "ü/=% x"][i % 5]
            ),
            "amount": None if i % 7 == 3 else decimal.Decimal(i * 12345 % 100000).scaleb(-2),
        }
        for i in range(start, start + count)
    ]
