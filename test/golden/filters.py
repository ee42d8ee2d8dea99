"""Conditions on the columns of a table, each with the number of rows that meet it."""

import json

import canonical

_LITERALS = {
    "boolean": lambda v: str(v).lower(),
    "int": str,
    "long": str,
    "float": lambda v: f"'{v}'::FLOAT",
    "double": lambda v: f"'{v}'::DOUBLE",
    "date": lambda v: f"DATE '{v}'",
    "time": lambda v: f"TIME '{v}'",
    "timestamp": lambda v: f"TIMESTAMP '{v}'",
    "timestamptz": lambda v: f"TIMESTAMPTZ '{v}'",
    "timestamp_ns": lambda v: f"'{v}'::TIMESTAMP_NS",
    "string": lambda v: "'" + v.replace("'", "''") + "'",
    "uuid": lambda v: f"'{v}'::UUID",
    "binary": lambda v: f"from_hex('{v}')",
}
# Where the canonical form sorts as the values do.
_ORDERED = ("boolean", "int", "long", "date", "time", "timestamp", "timestamptz", "timestamp_ns")


def literal(kind, v):
    """SQL of a canonical value, or None for a type with no literal."""
    if not isinstance(kind, str):
        return None
    if kind.startswith("decimal"):
        return f"'{v}'::{kind}"
    make = _LITERALS["binary" if kind.startswith("fixed") else kind] if known(kind) else None
    return make(v) if make else None


def known(kind):
    return kind in _LITERALS or kind.startswith("fixed")


def _order(kind):
    """The key by which canonical values sort like the type, or None."""
    if kind in _ORDERED or kind == "binary" or kind.startswith("fixed") or kind == "uuid":
        return lambda v: v
    if kind.startswith("decimal"):
        return canonical.decimal.Decimal
    return (lambda v: v.encode()) if kind == "string" else None


def conditions(schema, lines):
    """(SQL, count) pairs: IS NULL, =, <> and >= on up to four values of each plain column."""
    rows = [json.loads(text) for text in lines]
    out = []
    for field in schema["fields"]:
        kind = field["type"]
        name, values = canonical.quoted(field["name"]), [r[field["name"]] for r in rows]
        out.append((f"{name} IS NULL", values.count(None)))
        if isinstance(kind, str) and kind != "variant" and rows:
            out += _on_values(kind, name, [v for v in values if v is not None])
    return out


def _same(kind, a, b):
    # SQL's -0.0 equals 0.0, and its NaN itself.
    zeros = (0, "-0.0")
    return a == b or (kind in ("float", "double") and a in zeros and b in zeros)


def _on_values(kind, name, present):
    distinct = sorted(set(present), key=str)
    chosen = distinct[:: max(1, len(distinct) // 3)][:4]
    order = _order(kind)
    for v in chosen:
        text = literal(kind, v)
        if text is None:
            continue
        equal = sum(_same(kind, v, x) for x in present)
        yield f"{name} = {text}", equal
        yield f"{name} <> {text}", len(present) - equal
        if order:
            at_least = sum(order(x) >= order(v) for x in present)
            yield f"{name} >= {text}", at_least
            yield f"{name} < {text}", len(present) - at_least
