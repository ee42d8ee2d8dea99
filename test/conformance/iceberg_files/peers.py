"""Other engines reading an Iceberg table from its metadata file alone, as canonical rows.

Each function takes the path of a metadata.json, the Iceberg schema whose columns are expected,
and a
snapshot id or None. A peer that is not installed is reported by `missing`, never quietly passed
over.
"""

import importlib.metadata
import importlib.util
import json
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "golden"))
import canonical  # noqa: E402

SPARK_JARS = os.environ.get("CRANNOG_SPARK_JARS", "")


def missing(peer):
    """Why `peer` cannot be asked, or None."""
    modules = {
        "pyiceberg": ["pyiceberg", "pyarrow"],
        "duckdb": ["duckdb", "duckdb_extension_iceberg"],
        "spark": ["pyspark"],
    }
    for module in modules[peer]:
        if importlib.util.find_spec(module) is None:
            return f"{peer}: this Python has no {module}; test/conformance/run_pytest.sh has"
    if peer == "spark" and not list(pathlib.Path(SPARK_JARS).glob("iceberg-spark-runtime*.jar")):
        return "spark: CRANNOG_SPARK_JARS names no jars; test/conformance/run_pytest.sh sets it"
    return None


def pyiceberg_rows(metadata, schema, version=None):
    from pyiceberg.table import StaticTable

    table = StaticTable.from_metadata(f"file://{metadata}")
    arrow = table.scan(snapshot_id=version).to_arrow()
    return canonical.rows(schema, arrow.to_pylist())


_duckdb = []


def duckdb_connection():
    if not _duckdb:
        import duckdb

        con = duckdb.connect(config={"autoinstall_known_extensions": "false"})
        for name in ("httpfs", "avro", "iceberg"):
            files = importlib.metadata.files(f"duckdb-extension-{name}")
            con.execute(
                f"LOAD '{next(f.locate() for f in files if f.name.endswith('.duckdb_extension'))}'"
            )
        con.execute("SET TimeZone = 'UTC'")
        _duckdb.append(con)
    return _duckdb[0]


def duckdb_rows(metadata, schema, version=None):

    at = f", snapshot_from_id := {version}" if version is not None else ""
    gzip = ", metadata_compression_codec := 'gzip'" if ".gz." in str(metadata) else ""
    sql = canonical.select(schema, f"iceberg_scan('{metadata}'{at}{gzip})")
    answered = duckdb_connection().execute(sql).fetchall()
    return canonical.rows(schema, (json.loads(j) for (j,) in answered))


_spark = []


def spark_session():
    """A local Spark whose catalog is in memory; tables are registered by their metadata."""
    if not _spark:
        from pyspark.sql import SparkSession

        builder = SparkSession.builder.master("local[2]").appName("conformance")
        for key, val in {
            "spark.ui.enabled": "false",
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.memory": "1g",
            "spark.driver.extraClassPath": f"{SPARK_JARS}/*",
            "spark.sql.session.timeZone": "UTC",
            "spark.sql.shuffle.partitions": "1",
            "spark.sql.extensions": "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
            "spark.sql.catalog.m": "org.apache.iceberg.spark.SparkCatalog",
            "spark.sql.catalog.m.type": "jdbc",
            "spark.sql.catalog.m.uri": "jdbc:sqlite:file::memory:?ic",
            "spark.sql.catalog.m.jdbc.schema-version": "V1",
            "spark.sql.catalog.m.cache-enabled": "false",
            "spark.sql.catalog.m.warehouse": "file:///tmp/crannog-unused",
        }.items():
            builder = builder.config(key, val)
        spark = builder.getOrCreate()
        spark.sparkContext.setLogLevel("ERROR")
        spark.sql("CREATE NAMESPACE IF NOT EXISTS m.n")
        _spark.append(spark)
    return _spark[0]


def _promoted(metadata):
    """Whether some column of the table changed its type."""
    types = {}
    for schema in json.loads(pathlib.Path(metadata).read_bytes()).get("schemas", []):
        for field in schema["fields"]:
            types.setdefault(field["id"], set()).add(json.dumps(field["type"]))
    return any(len(each) > 1 for each in types.values())


def spark_rows(metadata, schema, version=None):
    spark = spark_session()
    spark.sql("DROP TABLE IF EXISTS m.n.t")
    spark.sql(f"CALL m.system.register_table(table => 'n.t', metadata_file => 'file://{metadata}')")
    at = f" VERSION AS OF {version}" if version is not None else ""
    # Iceberg 1.11's vectorized reader reuses a file's Arrow vectors for the next file, also when a
    # promoted decimal is INT32 in the one and INT64 in the other, and fails on its own cast.
    spark.conf.set("spark.sql.iceberg.vectorization.enabled", str(not _promoted(metadata)).lower())
    rows = spark.sql(f"SELECT * FROM m.n.t{at}").collect()
    return canonical.rows(schema, (r.asDict() for r in rows))


READERS = {"pyiceberg": pyiceberg_rows, "duckdb": duckdb_rows, "spark": spark_rows}


def seen_by(peer, schema, lines):
    """`lines` as a peer with a known fault would see them. PyIceberg 0.12 answers [] for a NULL
    list
    or map that holds structs, whoever wrote the file (it rebuilds the list and drops its nulls)."""
    if peer != "pyiceberg":
        return lines
    out = []
    for text in lines:
        row = json.loads(text)
        out.append(
            canonical.dumps(
                {f["name"]: _null_as_empty(f["type"], row[f["name"]]) for f in schema["fields"]}
            )
        )
    return sorted(out)


def _null_as_empty(kind, v):
    if isinstance(kind, str):
        return v
    if kind["type"] == "struct":
        if v is None:
            return None
        return {f["name"]: _null_as_empty(f["type"], v[f["name"]]) for f in kind["fields"]}
    if kind["type"] == "list":
        if v is None:
            return [] if _holds_struct(kind["element"]) else None
        return [_null_as_empty(kind["element"], x) for x in v]
    if v is None:
        return [] if _holds_struct(kind["value"]) else None
    return [[k, _null_as_empty(kind["value"], x)] for k, x in v]


def _holds_struct(kind):
    return isinstance(kind, dict) and kind["type"] == "struct"
