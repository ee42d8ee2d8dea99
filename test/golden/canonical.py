"""The canonical form of rows: how values of any engine are written down so that they can be
compared.

A row is a JSON object by column name; a table's rows are the sorted lines of its objects, so order
never matters and duplicates do. `value` takes what PyIceberg, Spark, DuckDB or `crannog sql` gave
and an Iceberg type as metadata.json writes it:

  boolean            true, false          int, long        number
  float, double      number (a float widened to double), or "NaN", "Infinity", "-Infinity", "-0.0"
  decimal(P,S)       "12.30"              uuid             "f79c3e09-..." in lower case
  date               "2026-01-14"         time             "12:34:56.000001"
  timestamp          "2026-01-14T12:34:56.000001", timestamptz the same in UTC with Z,
  timestamp_ns       nine digits          string           itself
  fixed, binary      hex in lower case    unknown          null
  struct             object by field name, list an array, map an array of [key, value] sorted by key
"""

import collections
import datetime
import decimal
import json
import math
import re
import struct
import uuid

_EPOCH = datetime.datetime(1970, 1, 1)
_TEXT_TIMESTAMP = re.compile(
    r"^(\d{4,6})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?"
    r"\s*(Z|UTC|[+-]\d\d(?::?\d\d)?)?$"
)


def rows(schema, table):
    """The sorted canonical lines of `table`, rows as dictionaries by column name."""
    return sorted(line(schema, row) for row in table)


def write(path, lines):
    """Sorted lines, one a different row; `3 * {..}` is a row that is there three times."""
    counts = sorted(collections.Counter(lines).items())
    path.write_text("".join(text + "\n" if n == 1 else f"{n} * {text}\n" for text, n in counts))


def read(path):
    """The lines that `write` got."""
    out = []
    for text in path.read_text().splitlines():
        n, star, rest = text.partition(" * ")
        out += [rest] * int(n) if star and n.isdigit() else [text]
    return sorted(out)


def line(schema, row):
    return dumps({f["name"]: value(f["type"], row[f["name"]]) for f in schema["fields"]})


def dumps(canonical):
    return json.dumps(canonical, ensure_ascii=False, separators=(",", ":"))


def value(kind, v):
    if v is None:
        return None
    if isinstance(kind, dict):
        return _nested(kind, v)
    if kind.startswith("decimal"):
        return _decimal(int(kind.rstrip(") ").split(",")[1]), v)
    if kind.startswith("fixed") or kind == "binary":
        return _bytes(v)
    return _SIMPLE[kind](v)


def _nested(kind, v):
    if kind["type"] == "struct":
        if hasattr(v, "asDict"):
            v = v.asDict()
        if isinstance(v, (list, tuple)):
            v = {f["name"]: x for f, x in zip(kind["fields"], v, strict=True)}
        return {f["name"]: value(f["type"], v[f["name"]]) for f in kind["fields"]}
    if kind["type"] == "list":
        return [value(kind["element"], x) for x in v]
    pairs = v.items() if isinstance(v, dict) else (_pair(p) for p in v)
    return sorted(([value(kind["key"], k), value(kind["value"], x)] for k, x in pairs), key=dumps)


def _pair(p):
    return (p["key"], p["value"]) if isinstance(p, dict) else p


def _boolean(v):
    if isinstance(v, str):
        return {"true": True, "false": False}[v.lower()]
    assert isinstance(v, bool), v
    return v


def _integer(v):
    assert not isinstance(v, (bool, float)), v
    return int(v)


def _double(v):
    v = float(v)
    if math.isnan(v):
        return "NaN"
    if math.isinf(v):
        return "Infinity" if v > 0 else "-Infinity"
    return "-0.0" if v == 0 and math.copysign(1, v) < 0 else v


def _float(v):
    v = float(v)
    return _double(struct.unpack("f", struct.pack("f", v))[0])


def _decimal(scale, v):
    # A binary float has lost digits: an engine that answers one must be asked for text instead.
    assert not isinstance(v, float), v
    with decimal.localcontext() as context:
        context.prec = 60
        return format(decimal.Decimal(v).quantize(decimal.Decimal(1).scaleb(-scale)), "f")


def _bytes(v):
    return bytes.fromhex(v).hex() if isinstance(v, str) else bytes(v).hex()


def _date(v):
    if isinstance(v, int):
        v = (_EPOCH + datetime.timedelta(days=v)).date()
    return v if isinstance(v, str) else v.isoformat()


def _time(v):
    if isinstance(v, int):
        v = (_EPOCH + datetime.timedelta(microseconds=v)).time()
    if isinstance(v, str):
        head, _, tail = v.partition(".")
        return f"{head}.{tail.ljust(6, '0')}"
    return v.isoformat(timespec="microseconds")


def _timestamp(v, digits, zoned):
    """`v` is text, a datetime, or a count of its unit (nanoseconds for 9 digits)."""
    if isinstance(v, int):
        unit = 10**digits
        return _timestamp_text(
            _EPOCH + datetime.timedelta(seconds=v // unit), v % unit, digits, zoned
        )
    if isinstance(v, str):
        m = _TEXT_TIMESTAMP.match(v)
        assert m, v
        assert zoned or m[8] is None, v
        whole = datetime.datetime(*(int(m[i] or 0) for i in range(1, 7))) - _offset(m[8])
        fraction = (m[7] or "").ljust(9, "0")
        assert set(fraction[digits:]) <= {"0"}, v
        return _timestamp_text(whole, int(fraction[:digits]), digits, zoned)
    if v.tzinfo is not None:
        v = v.astimezone(datetime.timezone.utc).replace(tzinfo=None)
    fraction = v.microsecond * 10 ** (digits - 6)
    return _timestamp_text(v.replace(microsecond=0), fraction, digits, zoned)


def _offset(text):
    if text in (None, "Z", "UTC"):
        return datetime.timedelta()
    sign = -1 if text[0] == "-" else 1
    minutes = int(text[1:3]) * 60 + int(text[3:].lstrip(":") or 0)
    return datetime.timedelta(minutes=sign * minutes)


def _timestamp_text(whole, fraction, digits, zoned):
    return f"{whole.isoformat()}.{fraction:0{digits}d}{'Z' if zoned else ''}"


def expression(kind, e):
    """DuckDB SQL that gives `e` of type `kind` as text or plain JSON from which `value` loses
    nothing
    (to_json alone prints a DECIMAL through a double and a map's keys as text)."""
    if isinstance(kind, dict):
        return _nested_expression(kind, e)
    if kind in ("boolean", "int", "long", "string", "unknown"):
        return e
    if kind == "variant":
        return f"{e}::JSON"
    return f"hex({e})" if kind == "binary" or kind.startswith("fixed") else f"{e}::VARCHAR"


def _nested_expression(kind, e):
    x = f"x{len(e)}"  # longer than any name inside e, so no lambda hides another's parameter
    if kind["type"] == "struct":
        inner = ", ".join(
            f"{quoted(f['name'])} := {expression(f['type'], e + '.' + quoted(f['name']))}"
            for f in kind["fields"]
        )
        return f"CASE WHEN {e} IS NULL THEN NULL ELSE struct_pack({inner}) END"
    if kind["type"] == "list":
        return f"list_transform({e}, lambda {x}: {expression(kind['element'], x)})"
    key, val = expression(kind["key"], x + ".key"), expression(kind["value"], x + ".value")
    return (
        f"list_transform(map_entries({e}), lambda {x}: struct_pack(key := {key}, value := {val}))"
    )


def select(schema, source, where=""):
    """A query of one column of JSON text, one object a row, over a table or table function."""
    row = {"type": "struct", "fields": schema["fields"]}
    inner = ", ".join(
        f"{quoted(f['name'])} := {expression(f['type'], quoted(f['name']))}" for f in row["fields"]
    )
    return f"SELECT to_json(struct_pack({inner}))::VARCHAR AS j FROM {source} {where}"


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


_SIMPLE = {
    "boolean": _boolean,
    "int": _integer,
    "long": _integer,
    "float": _float,
    "double": _double,
    "date": _date,
    "time": _time,
    "timestamp": lambda v: _timestamp(v, 6, False),
    "timestamptz": lambda v: _timestamp(v, 6, True),
    "timestamp_ns": lambda v: _timestamp(v, 9, False),
    "timestamptz_ns": lambda v: _timestamp(v, 9, True),
    "string": str,
    "uuid": lambda v: str(v if isinstance(v, (str, uuid.UUID)) else uuid.UUID(bytes=v)).lower(),
    "variant": lambda v: v,
}
