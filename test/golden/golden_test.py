"""Crannog reads every golden table: its rows now, at each snapshot and each ref, and filtered."""

import json
import pathlib
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "conformance")]
import canonical  # noqa: E402
import cases  # noqa: E402
import filters  # noqa: E402
import program  # noqa: E402

CASES = cases.all_cases()


@pytest.fixture(scope="session")
def lake(tmp_path_factory):
    """One lake, in which every table is registered under bronze as WRITER_CASE."""
    made = program.Lake(tmp_path_factory.mktemp("golden") / "lake")
    made.run("CREATE SCHEMA bronze")
    return made


_registered = {}


@pytest.fixture
def table(lake, request):
    """The case's table by its name in the lake; registering it is part of every test's claim."""
    case = request.param
    name = "bronze." + case.name.replace("/", "_")
    if case.name not in _registered:
        metadata = case.place()
        try:
            lake.run(f"CALL register_table('{name}', 'file://{metadata}')")
            _registered[case.name] = None
        except program.Failed as failed:
            _registered[case.name] = str(failed)
    if _registered[case.name]:
        pytest.fail(_registered[case.name], pytrace=False)
    return case, name


def rows_of(lake, schema, source, where=""):
    (answer,) = lake.run(canonical.select(schema, source, where))
    return canonical.rows(schema, (json.loads(row["j"]) for row in answer))


def compare(got, expected, what):
    if got == expected:
        return
    extra = [r for r in got if r not in expected][:3]
    lost = [r for r in expected if r not in got][:3]
    counts = f"{len(got)} rows, {len(expected)} expected"
    pytest.fail(f"{what}: {counts}\n  not expected: {extra}\n  missing: {lost}", pytrace=False)


# What the engine cannot do yet; a case that begins to pass fails its test until it leaves here.
NANOSECONDS = {"java/nanoseconds": "the engine has no timestamptz_ns: microseconds are read"}
BLOB_FILTERS = {"duckdb/all_types": "the engine's Parquet reader loses rows under blob = .."}


def every_case(condition=lambda case: True, known=None):
    def parameter(case):
        reason = (known or {}).get(case.name)
        marks = [pytest.mark.xfail(strict=True, reason=reason)] if reason else []
        return pytest.param(case, marks=marks, id=case.name)

    return pytest.mark.parametrize(
        "table", [parameter(c) for c in CASES if condition(c)], indirect=True
    )


@every_case(known=NANOSECONDS)
def test_rows(lake, table):
    case, name = table
    read = next(case.reads())
    compare(rows_of(lake, read.schema, name), read.rows, case.about)


@every_case(lambda case: any(r.version for r in case.reads()))
def test_snapshots(lake, table):
    case, name = table
    for read in case.reads():
        if read.version is not None:
            at = f"{name} AT (VERSION => {read.version})"
            compare(rows_of(lake, read.schema, at), read.rows, f"snapshot {read.version}")


@every_case(lambda case: any(r.ref for r in case.reads()))
def test_refs(lake, table):
    case, name = table
    for read in case.reads():
        if read.ref is not None:
            at = f"{name} AT (VERSION => '{read.ref}')"
            compare(rows_of(lake, read.schema, at), read.rows, f"ref {read.ref}")


@every_case(known=BLOB_FILTERS)
def test_filters(lake, table):
    """Counts under conditions on each column: pruning must neither lose a file nor keep a row."""
    case, name = table
    read = next(case.reads())
    wanted = filters.conditions(read.schema, read.rows)
    if not wanted:
        pytest.skip("no row and no plain column to ask about")
    counts = " UNION ALL ".join(
        f"SELECT {i} AS i, count(*) AS n FROM {name} WHERE {sql}"
        for i, (sql, _) in enumerate(wanted)
    )
    (answer,) = lake.run(counts)
    got = {int(row["i"]): int(row["n"]) for row in answer}
    wrong = [
        f"{sql}: {got[i]} rows, {n} expected" for i, (sql, n) in enumerate(wanted) if got[i] != n
    ]
    assert not wrong, "\n".join(wrong)


@every_case(known=NANOSECONDS)
def test_columns_alone(lake, table):
    """Each column read by itself, and none at all."""
    case, name = table
    read = next(case.reads())
    fields = read.schema["fields"]
    statements = [canonical.select({"fields": [f]}, name) for f in fields]
    *columns, count = lake.run(*statements, f"SELECT count(*) AS n FROM {name}")
    assert int(count[0]["n"]) == len(read.rows)
    for field, answer in zip(fields, columns, strict=True):
        alone = {"fields": [field]}
        got = canonical.rows(alone, (json.loads(row["j"]) for row in answer))
        key = field["name"]
        expected = sorted(canonical.dumps({key: json.loads(r)[key]}) for r in read.rows)
        compare(got, expected, f"column {key}")
