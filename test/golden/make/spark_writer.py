"""How the Spark recipes create, fill and publish a table."""

import os

from pyspark.sql import SparkSession

from publish import ROOT, fresh, metadata_of, publish

WRITER = "spark"
CASES = {}
SPARK_JARS = os.environ["CRANNOG_SPARK_JARS"]
SQL_TYPES = {"long": "bigint", "timestamp": "timestamp_ntz", "timestamptz": "timestamp"}
NO_SPARK_TYPE = ("tm", "u", "fx")  # time, uuid and fixed


def session():
    builder = SparkSession.builder.master("local[2]").appName("golden")
    for key, val in {
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": "1g",
        "spark.driver.extraClassPath": f"{SPARK_JARS}/*",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "1",
        "spark.default.parallelism": "1",
        "spark.sql.extensions": "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
        "spark.sql.catalog.g": "org.apache.iceberg.spark.SparkCatalog",
        "spark.sql.catalog.g.type": "hadoop",
        "spark.sql.catalog.g.warehouse": f"file://{ROOT}",
        "spark.sql.catalog.g.cache-enabled": "false",
        "spark.sql.defaultCatalog": "g",
    }.items():
        builder = builder.config(key, val)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    (ROOT / WRITER).mkdir(parents=True, exist_ok=True)
    spark.sql(f"USE g.{WRITER}")  # the namespace is the directory
    return spark


def case(function):
    CASES[function.__name__] = function
    return function


def sql_type(kind):
    return SQL_TYPES.get(kind, kind.replace(", ", ","))


def create(spark, name, columns, tail="", **properties):
    """`columns` and `tail` as SQL writes them."""
    fresh(WRITER, name).rmdir()
    properties = {"format-version": "2"} | properties
    listed = ", ".join(f"'{k}'='{v}'" for k, v in properties.items())
    spark.sql(f"CREATE TABLE {name} ({columns}) USING iceberg {tail} TBLPROPERTIES ({listed})")


def append(spark, name, rows, branch=""):
    """As one file a partition: everything passes through one task."""
    target = f"{WRITER}.{name}.branch_{branch}" if branch else name
    schema = spark.table(name).schema
    ordered = [tuple(r[f] for f in schema.names) for r in rows]
    spark.createDataFrame(ordered, schema).coalesce(1).writeTo(target).append()


def newest(name):
    place = ROOT / WRITER / name / "metadata"
    number = lambda p: int(p.name.split(".")[0].removeprefix("v"))  # noqa: E731
    return max(place.glob("*.metadata.json"), key=number)


def reading(spark, name, metadata, columns="*", **at):
    source, schema_id = name, metadata["current-schema-id"]
    if "version" in at:
        source = f"{name} VERSION AS OF {at['version']}"
        schema_id = next(
            s["schema-id"] for s in metadata["snapshots"] if s["snapshot-id"] == at["version"]
        )
    if "ref" in at:
        source = f"{name} VERSION AS OF '{at['ref']}'"
        ref = metadata["refs"][at["ref"]]
        if ref["type"] == "tag":
            schema_id = next(
                s["schema-id"]
                for s in metadata["snapshots"]
                if s["snapshot-id"] == ref["snapshot-id"]
            )
    rows = [r.asDict() for r in spark.sql(f"SELECT {columns} FROM {source}").collect()]
    return at | {"schema-id": schema_id, "rows": rows}


def finish(spark, name, about, versions=True, refs=()):
    path = newest(name)
    metadata = metadata_of(path)
    reads = [reading(spark, name, metadata)]
    if versions:
        reads += [
            reading(spark, name, metadata, version=s["snapshot-id"])
            for s in metadata.get("snapshots", [])
        ]
    reads += [reading(spark, name, metadata, ref=r) for r in refs]
    publish(WRITER, name, about, path, reads)


EVENT = "id bigint NOT NULL, ts timestamp_ntz, category string, amount decimal(9,2)"
MERGE_ON_READ = {f"write.{w}.mode": "merge-on-read" for w in ("delete", "update", "merge")}
