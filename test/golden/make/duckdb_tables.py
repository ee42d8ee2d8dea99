"""Golden tables written by DuckDB's own Iceberg extension. Run: python duckdb_tables.py [CASE...]

`copied` needs nothing else (COPY .. (FORMAT iceberg)); every other case goes through the reference
REST catalog server of Iceberg, started here from CRANNOG_REST_JARS (see README.md). That server
binds
every interface, so run this under `unshare --net` with the loopback device up.
"""

import importlib.metadata
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time
import urllib.request

import duckdb

import values
from publish import ROOT, fresh, metadata_of, publish

WRITER = "duckdb"
PORT = 8181
CASES = {}
EVENT = "id BIGINT, ts TIMESTAMP, category VARCHAR, amount DECIMAL(9,2)"
SQL_TYPES = {
    "boolean": "BOOLEAN",
    "int": "INTEGER",
    "long": "BIGINT",
    "float": "FLOAT",
    "double": "DOUBLE",
    "date": "DATE",
    "time": "TIME",
    "timestamp": "TIMESTAMP",
    "timestamptz": "TIMESTAMPTZ",
    "string": "VARCHAR",
    "uuid": "UUID",
    "binary": "BLOB",
}


def case(function):
    CASES[function.__name__] = function
    return function


def connection():
    con = duckdb.connect(config={"autoinstall_known_extensions": "false"})
    con.execute("SET TimeZone = 'UTC'")
    for name in ("httpfs", "avro", "iceberg"):
        files = importlib.metadata.files(f"duckdb-extension-{name}")
        con.execute(
            f"LOAD '{next(f.locate() for f in files if f.name.endswith('.duckdb_extension'))}'"
        )
    return con


def attached():
    con = connection()
    con.execute(
        f"ATTACH '' AS g (TYPE iceberg, ENDPOINT 'http://127.0.0.1:{PORT}',"
        " AUTHORIZATION_TYPE 'none')"
    )
    con.execute(f"CREATE SCHEMA IF NOT EXISTS g.{WRITER}")
    con.execute(f"USE g.{WRITER}")
    return con


def serve():
    jars = pathlib.Path(os.environ["CRANNOG_REST_JARS"])
    env = os.environ | {"CATALOG_WAREHOUSE": f"file://{ROOT}", "CATALOG_REST_PORT": str(PORT)}
    server = subprocess.Popen(
        ["java", "-cp", f"{jars}/*", "org.apache.iceberg.rest.RESTCatalogServer"],
        env=env,
        stdout=open("/tmp/rest-server.log", "w"),
        stderr=subprocess.STDOUT,
    )
    for _ in range(200):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{PORT}/v1/config").read()
            return server
        except OSError:
            time.sleep(0.2)
    server.kill()
    raise SystemExit("the REST catalog server did not start: see /tmp/rest-server.log")


def insert(con, name, rows):
    marks = ", ".join("?" for _ in rows[0])
    one = ", ".join(f"({marks})" for _ in rows)
    con.execute(f"INSERT INTO {name} VALUES {one}", [v for r in rows for v in r.values()])


def create(con, name, columns, spec="", properties=""):
    shutil.rmtree(ROOT / WRITER / name, ignore_errors=True)
    con.execute(f"DROP TABLE IF EXISTS {name}")
    spec = f"PARTITIONED BY ({spec})" if spec else ""
    properties = f"WITH ({properties})" if properties else ""
    con.execute(f"CREATE TABLE {name} ({columns}) {spec} {properties}")


def location_of(name):
    url = f"http://127.0.0.1:{PORT}/v1/namespaces/{WRITER}/tables/{name}"
    return json.load(urllib.request.urlopen(url))["metadata-location"]


def read(con, source, schema_id, **at):
    result = con.execute(f"SELECT * FROM {source}")
    names = [d[0] for d in result.description]
    return at | {"schema-id": schema_id, "rows": [dict(zip(names, r)) for r in result.fetchall()]}


def finish(name, about, versions=True):
    con = attached()  # a new one, which has cached nothing
    path = location_of(name)
    metadata = metadata_of(path.removeprefix("file:").replace("///", "/"))
    reads = [read(con, name, metadata["current-schema-id"])]
    if versions:
        for s in metadata["snapshots"]:
            source = f"{name} AT (VERSION => {s['snapshot-id']})"
            reads.append(read(con, source, s["schema-id"], version=s["snapshot-id"]))
    publish(WRITER, name, about, path, reads)


@case
def copied(_):
    place = fresh(WRITER, "copied")
    con = connection()
    con.execute(f"CREATE TABLE t ({EVENT})")
    insert(con, "t", values.events(0, 12))
    place.rmdir()
    con.execute(f"COPY t TO '{place}' (FORMAT iceberg)")
    path = next(place.glob("metadata/*.metadata.json"))
    publish(
        WRITER,
        "copied",
        "COPY .. TO (FORMAT iceberg)",
        path,
        [read(con, "t", metadata_of(path)["current-schema-id"])],
    )


@case
def all_types(con):
    names = [n for n in values.COLUMNS if n != "fx"]
    columns = ", ".join(
        f"{n} {SQL_TYPES.get(values.COLUMNS[n][0], values.COLUMNS[n][0])}" for n in names
    )
    create(con, "all_types", "id BIGINT, " + columns)
    insert(con, "all_types", values.primitive_rows(names))
    finish("all_types", "every type that DuckDB writes, at its limits", versions=False)


@case
def nested(con):
    create(
        con,
        "nested",
        """id BIGINT, st STRUCT(a INTEGER, "in" STRUCT(x VARCHAR, y BIGINT[])), li INTEGER[],
        ls STRUCT(p INTEGER, q VARCHAR)[], ll INTEGER[][], ms MAP(VARCHAR, STRUCT(v DOUBLE)), ml
        MAP(INTEGER, VARCHAR[])""",
    )
    con.execute("""INSERT INTO nested VALUES
        (1, {a: 1, 'in': {x: 'one', y: [1, 2]}}, [1, NULL, 3], [{p: 1, q: 'a'}, {p: 2, q: NULL}],
        [[1], [2, 3], []],
            MAP {'k1': {v: 1.5}, 'k2': {v: NULL}}, MAP {1: ['a', NULL], 2: []}),
        (2, NULL, NULL, NULL, NULL, NULL, NULL), (3, {a: NULL, 'in': NULL}, [], [], [], MAP {},
        MAP {}),
        (4, {a: 4, 'in': {x: NULL, y: NULL}}, [NULL], [NULL], [NULL, [NULL]], MAP {'': NULL}, MAP
        {3: NULL})""")
    finish("nested", "structs, lists and maps inside each other", versions=False)


@case
def partitions(con):
    columns = {
        "b": "BOOLEAN",
        "i": "INTEGER",
        "s": "VARCHAR",
        "dt": "DATE",
        "ts": "TIMESTAMP",
        "tz": "TIMESTAMPTZ",
        "l": "BIGINT",
    }
    listed = ", ".join(f"{n} {t}" for n, t in columns.items())
    create(
        con,
        "partitions",
        "id BIGINT, " + listed,
        "b, bucket(5, i), truncate(2, s), month(dt), day(ts), hour(tz), truncate(10, l)",
    )
    insert(
        con,
        "partitions",
        [
            {"id": k} | {n: values.truncatable(values.COLUMNS[n][1][k]) for n in columns}
            for k in range(6)
        ],
    )
    finish("partitions", "identity, bucket, truncate, month, day and hour", versions=False)


@case
def history(con):
    create(con, "history", EVENT)
    insert(con, "history", values.events(0, 8))
    insert(con, "history", values.events(8, 8))
    con.execute("DELETE FROM history WHERE id IN (1, 9, 10)")
    con.execute("UPDATE history SET category = 'new' WHERE id IN (2, 11)")
    con.execute("DELETE FROM history WHERE category = 'new' AND id = 2")
    finish("history", "inserts, deletes and updates (position deletes)")


@case
def vectors(con):
    create(con, "vectors", EVENT, properties="'format-version' = '3'")
    insert(con, "vectors", values.events(0, 8))
    con.execute("DELETE FROM vectors WHERE id IN (1, 5)")
    con.execute("UPDATE vectors SET category = 'new' WHERE id = 3")
    finish("vectors", "format version 3: deletion vectors")


@case
def evolved(con):
    create(con, "evolved", EVENT)
    insert(con, "evolved", values.events(0, 4))
    con.execute("ALTER TABLE evolved ADD COLUMN note VARCHAR")
    con.execute("ALTER TABLE evolved RENAME COLUMN category TO kind")
    con.execute("INSERT INTO evolved VALUES (90, NULL, 'k', 1.00, 'n')")
    con.execute("ALTER TABLE evolved DROP COLUMN amount")
    finish("evolved", "columns added, renamed and dropped")


if __name__ == "__main__":
    wanted = sys.argv[1:] or list(CASES)
    (ROOT / WRITER).mkdir(parents=True, exist_ok=True)
    server = serve() if wanted != ["copied"] else None
    failed = []
    try:
        for name in wanted:
            try:
                CASES[name](attached() if server else None)
            except Exception as e:  # the other cases still get made; the exit code says it
                failed.append(name)
                print(f"FAILED {name}: {str(e)[:700]}")
    finally:
        if server:
            server.terminate()
    sys.exit(f"failed: {' '.join(failed)}" if failed else 0)
