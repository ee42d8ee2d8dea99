"""Golden tables written by Spark with Iceberg's own library. Run: python spark_tables.py [CASE...]"""

import pathlib
import sys

from pyspark.sql import SparkSession

import values
from publish import ROOT, fresh, metadata_of, publish

WRITER = "spark"
CASES = {}
PEERS = pathlib.Path.home() / ".cache/crannog/peers"
SQL_TYPES = {"long": "bigint", "timestamp": "timestamp_ntz", "timestamptz": "timestamp"}
NO_SPARK_TYPE = ("tm", "u", "fx")  # time, uuid and fixed


def session():
    builder = SparkSession.builder.master("local[2]").appName("golden")
    for key, val in {
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": "1g",
        "spark.driver.extraClassPath": f"{PEERS}/jars/*",
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


@case
def all_types(spark):
    names = [n for n in values.COLUMNS if n not in NO_SPARK_TYPE]
    create(
        spark,
        "all_types",
        "id bigint NOT NULL, " + ", ".join(f"{n} {sql_type(values.COLUMNS[n][0])}" for n in names),
    )
    append(spark, "all_types", values.primitive_rows(names))
    finish(spark, "all_types", "every type that Spark has, at its limits", versions=False)


@case
def not_finite(spark):
    nan, inf = float("nan"), float("inf")
    create(
        spark,
        "not_finite",
        "id int NOT NULL, f float, d double",
        "PARTITIONED BY (truncate(10, id))",
    )
    append(
        spark,
        "not_finite",
        [{"id": i, "f": v, "d": v} for i, v in enumerate([nan, inf, -inf, None, 1.5])],
    )
    append(spark, "not_finite", [{"id": 10 + i, "f": nan, "d": nan} for i in range(2)])
    append(spark, "not_finite", [{"id": 20 + i, "f": v, "d": v} for i, v in enumerate([-0.0, 0.0])])
    finish(spark, "not_finite", "NaN, infinities, both zeros; nan_value_counts", versions=False)


@case
def nested(spark):
    create(
        spark,
        "nested",
        """id bigint NOT NULL, st struct<a: int, `in`: struct<x: string, y: array<bigint>>>,
        li array<int>, ls array<struct<p: int, q: string>>, ll array<array<int>>, ms map<string, struct<v: double>>,
        ml map<int, array<string>>, md map<date, decimal(9,2)>, deep struct<l: array<struct<m: map<string, array<int>>>>>""",
    )
    rows = [
        {k: dict(v) if k in ("ms", "ml", "md") and v is not None else v for k, v in r.items()}
        for r in values.NESTED
    ]
    for r in rows:
        if r["deep"] and r["deep"]["l"]:
            r["deep"] = {
                "l": [x and {"m": None if x["m"] is None else dict(x["m"])} for x in r["deep"]["l"]]
            }
    append(spark, "nested", rows[:3])
    append(spark, "nested", rows[3:])
    finish(
        spark, "nested", "structs, lists and maps inside each other; NULL and empty at every level"
    )


def partition_case(spark, name, about, transforms):
    columns = list(dict.fromkeys(c for c, _ in transforms))
    base = {c: c if c in values.COLUMNS else c.rstrip("0123456789") for c in columns}
    listed = ", ".join(f"{c} {sql_type(values.COLUMNS[base[c]][0])}" for c in columns)
    spec = ", ".join(t.format(c) for c, t in transforms)
    create(spark, name, "id bigint NOT NULL, " + listed, f"PARTITIONED BY ({spec})")
    append(
        spark,
        name,
        [{"id": i} | {c: values.truncatable(values.COLUMNS[base[c]][1][i]) for c in columns} for i in range(6)],
    )
    finish(spark, name, about, versions=False)


@case
def partition_identity(spark):
    names = ["b", "i", "l", "f", "d", "dt", "ts", "tz", "s", "bn", "dec_9_2", "dec_38_10"]
    partition_case(
        spark, "partition_identity", "identity on every type", [(n, "{}") for n in names]
    )


@case
def partition_bucket(spark):
    names = ["i", "l", "dt", "ts", "tz", "s", "bn", "dec_9_2", "dec_38_10"]
    partition_case(
        spark, "partition_bucket", "bucket on every type", [(n, "bucket(7, {})") for n in names]
    )


@case
def partition_truncate(spark):
    names = ["i", "l", "s", "bn", "dec_9_2", "dec_27_9"]
    partition_case(
        spark,
        "partition_truncate",
        "truncate on every type",
        [(n, "truncate(3, {})") for n in names],
    )


@case
def partition_time(spark):
    pairs = [
        ("dt0", "years"),
        ("dt1", "months"),
        ("dt2", "days"),
        ("ts0", "years"),
        ("ts1", "months"),
        ("ts2", "days"),
        ("ts3", "hours"),
        ("tz0", "years"),
        ("tz1", "months"),
        ("tz2", "days"),
        ("tz3", "hours"),
    ]
    partition_case(
        spark, "partition_time", "years, months, days, hours", [(c, t + "({})") for c, t in pairs]
    )


@case
def partition_mixed(spark):
    create(
        spark,
        "partition_mixed",
        EVENT,
        "PARTITIONED BY (days(ts), bucket(4, id), truncate(2, category))",
    )
    append(spark, "partition_mixed", values.events(0, 12))
    append(spark, "partition_mixed", values.events(12, 8))
    finish(spark, "partition_mixed", "days(ts), bucket(4, id), truncate(2, category) together")


@case
def spec_evolution(spark):
    name = "spec_evolution"
    create(spark, name, EVENT)
    steps = [
        "ADD PARTITION FIELD bucket(3, id)",
        "ADD PARTITION FIELD months(ts) AS by_month",
        "REPLACE PARTITION FIELD bucket(3, id) WITH category",
        "DROP PARTITION FIELD by_month",
        "DROP PARTITION FIELD category",
    ]
    append(spark, name, values.events(0, 4))
    for n, step in enumerate(steps, start=1):
        spark.sql(f"ALTER TABLE {name} {step}")
        append(spark, name, values.events(4 * n, 4))
    spark.sql(f"DELETE FROM {name} WHERE id IN (2, 9, 21)")
    finish(
        spark,
        name,
        "partition fields added, replaced and dropped, then rows of three specs rewritten",
    )


@case
def schema_evolution(spark):
    name = "schema_evolution"
    create(
        spark,
        name,
        """id int NOT NULL, f float, dec decimal(9,2), name string, gone string, st struct<a: int, b: string>,
        li array<struct<p: float>>, m map<string, struct<v: int>>""",
    )
    spark.sql(f"""INSERT INTO {name} VALUES
        (1, 1.5, 1.25, 'one', 'old', struct(1, 'x'), array(struct(0.5)), map('k', struct(1))),
        (2, NULL, NULL, NULL, NULL, NULL, NULL, NULL)""")
    for step in [
        "ALTER COLUMN id TYPE bigint",
        "ALTER COLUMN f TYPE double",
        "ALTER COLUMN dec TYPE decimal(18,2)",
        "ALTER COLUMN st.a TYPE bigint",
        "ALTER COLUMN li.element.p TYPE double",
        "ALTER COLUMN m.value.v TYPE bigint",
        "RENAME COLUMN name TO title",
        "RENAME COLUMN st.b TO bee",
        "DROP COLUMN gone",
    ]:
        spark.sql(f"ALTER TABLE {name} {step}")
    spark.sql(f"""INSERT INTO {name} VALUES (1099511627776L, 1e300D, 9999999999999999.99, 'two',
        struct(1099511627776L, 'y'), array(struct(1e300D)), map('k', struct(1099511627776L)))""")
    for step in [
        "ADD COLUMN gone bigint AFTER id",
        "ADD COLUMN extra struct<n: date>",
        "ADD COLUMN st.c timestamp FIRST",
        "ADD COLUMN li.element.q string",
        "ADD COLUMN m.value.w boolean",
        "ALTER COLUMN title FIRST",
    ]:
        spark.sql(f"ALTER TABLE {name} {step}")
    spark.sql(
        f"""INSERT INTO {name} VALUES ('three', 3L, 33L, 3.0D, 3.00, struct(timestamp '2024-03-31 01:30:00', 3L, NULL),
        array(struct(NULL, 'q'), NULL), map('k', struct(NULL, true), 'z', NULL), struct(date '2024-05-06'))"""
    )
    for step in [
        "RENAME COLUMN title TO gone2",
        "DROP COLUMN st.a",
        "ALTER COLUMN id DROP NOT NULL",
        "DROP COLUMN dec",
    ]:
        spark.sql(f"ALTER TABLE {name} {step}")
    spark.sql(f"UPDATE {name} SET gone = 1 WHERE id = 1")
    finish(
        spark,
        name,
        "promotion, rename, drop, add of a dropped name, reorder, at the top and inside; then an update",
    )


@case
def history(spark):
    name = "history"
    create(spark, name, EVENT, "PARTITIONED BY (category)")
    append(spark, name, values.events(0, 6))
    spark.sql(f"ALTER TABLE {name} CREATE TAG first")
    append(spark, name, values.events(6, 6))
    spark.sql(
        f"ALTER TABLE {name} CREATE BRANCH audit RETAIN 7 DAYS WITH SNAPSHOT RETENTION 2 SNAPSHOTS"
    )
    append(spark, name, values.events(100, 3), "audit")
    spark.sql(f"DELETE FROM {name} WHERE id = 3")
    spark.sql(f"DELETE FROM {name} WHERE category = 'alpha'")
    spark.sql(f"UPDATE {name} SET amount = amount + 1, category = 'zeta' WHERE id IN (1, 2)")
    spark.sql(
        f"""MERGE INTO {name} t USING (SELECT * FROM VALUES (4L, 'm'), (77L, 'n') AS v(id, c)) s ON t.id = s.id
        WHEN MATCHED THEN UPDATE SET category = s.c WHEN NOT MATCHED THEN INSERT (id, category) VALUES (s.id, s.c)"""
    )
    spark.sql("SET spark.sql.sources.partitionOverwriteMode=dynamic")
    spark.sql(f"INSERT OVERWRITE {name} SELECT 500L, NULL, 'beta', 5.00")
    spark.sql("SET spark.sql.sources.partitionOverwriteMode=static")
    before = spark.sql(
        f"SELECT snapshot_id FROM {WRITER}.{name}.snapshots ORDER BY committed_at DESC"
    ).collect()[2][0]
    spark.sql(f"CALL g.system.rollback_to_snapshot('spark.{name}', {before})")
    append(spark, name, values.events(200, 2))
    finish(
        spark,
        name,
        "copy on write of every statement, tag, branch, rollback (snapshots off the main line)",
        refs=["first", "audit"],
    )


@case
def position_deletes(spark):
    name = "position_deletes"
    create(spark, name, EVENT, **MERGE_ON_READ)
    append(spark, name, values.events(0, 10))
    append(spark, name, values.events(10, 10))
    spark.sql(f"DELETE FROM {name} WHERE id IN (0, 3, 4, 11)")
    spark.sql(f"UPDATE {name} SET category = 'new' WHERE id IN (5, 12)")
    spark.sql(f"DELETE FROM {name} WHERE category = 'new' AND id = 5")
    spark.sql(
        f"""MERGE INTO {name} t USING (SELECT * FROM VALUES (6L, 'm'), (13L, 'd'), (77L, 'n') AS v(id, c)) s ON t.id = s.id
        WHEN MATCHED AND s.c = 'd' THEN DELETE WHEN MATCHED THEN UPDATE SET category = s.c
        WHEN NOT MATCHED THEN INSERT (id, category) VALUES (s.id, s.c)"""
    )
    finish(
        spark,
        name,
        "merge on read: position deletes of delete, update and merge over two data files",
    )


@case
def position_deletes_partitioned(spark):
    name = "position_deletes_partitioned"
    create(
        spark,
        name,
        EVENT,
        "PARTITIONED BY (category)",
        **MERGE_ON_READ,
        **{"write.delete.granularity": "partition"},
    )
    append(spark, name, values.events(0, 16))
    append(spark, name, values.events(16, 16))
    spark.sql(f"DELETE FROM {name} WHERE id % 3 = 0")
    spark.sql(f"ALTER TABLE {name} REPLACE PARTITION FIELD category WITH truncate(20, id)")
    append(spark, name, values.events(32, 8))
    spark.sql(f"DELETE FROM {name} WHERE id IN (1, 17, 33)")
    spark.sql(f"ALTER TABLE {name} RENAME COLUMN amount TO price")
    spark.sql(f"UPDATE {name} SET price = -1 WHERE id = 34")
    finish(spark, name, "delete files for whole partitions, of two specs")


@case
def position_deletes_all_gone(spark):
    name = "position_deletes_all_gone"
    create(spark, name, "id int, s string", **MERGE_ON_READ)
    append(spark, name, [{"id": i, "s": str(i)} for i in range(5)])
    spark.sql(f"DELETE FROM {name} WHERE id % 2 = 0")
    spark.sql(f"DELETE FROM {name} WHERE s >= '1' AND abs(id) < 9")
    finish(spark, name, "every row of the only file deleted by position")


@case
def deletion_vectors(spark):
    name = "deletion_vectors"
    create(
        spark, name, EVENT, "PARTITIONED BY (category)", **MERGE_ON_READ, **{"format-version": "3"}
    )
    append(spark, name, values.events(0, 16))
    append(spark, name, values.events(16, 16))
    spark.sql(f"DELETE FROM {name} WHERE id % 5 = 0 AND id % 2 = 0")
    spark.sql(f"DELETE FROM {name} WHERE id % 3 = 0")
    spark.sql(f"UPDATE {name} SET amount = 0 WHERE id IN (1, 17, 22)")
    finish(
        spark, name, "format version 3: deletion vectors in Puffin files, replaced by later ones"
    )


@case
def deletion_vectors_large(spark):
    name = "deletion_vectors_large"
    create(spark, name, "id bigint, k int", **MERGE_ON_READ, **{"format-version": "3"})
    spark.sql(
        f"INSERT INTO {name} SELECT /*+ COALESCE(1) */ id div 1000 AS id, 7 AS k FROM range(0, 200000, 1, 1)"
    )
    spark.sql(f"DELETE FROM {name} WHERE id >= 10 AND id < 150")  # runs, full containers
    spark.sql(f"DELETE FROM {name} WHERE id IN (3, 190)")
    path = newest(name)
    metadata = metadata_of(path)
    read = lambda **at: reading(spark, name, metadata, "id, k", **at)  # noqa: E731
    publish(WRITER, name, "vectors of more than one roaring container", path, [read()])


@case
def row_lineage(spark):
    name = "row_lineage"
    create(spark, name, EVENT, **{"format-version": "3"})
    append(spark, name, values.events(0, 5))
    append(spark, name, values.events(5, 5))
    spark.sql(f"UPDATE {name} SET category = 'new' WHERE id IN (2, 7)")
    spark.sql(f"DELETE FROM {name} WHERE id = 8")
    lineage = spark.sql(
        f"SELECT id, _row_id, _last_updated_sequence_number FROM {name} ORDER BY id"
    ).collect()
    finish(
        spark,
        name,
        "row ids kept by an update; lineage.jsonl has id, _row_id, _last_updated_sequence_number",
    )
    from canonical import dumps
    from publish import GOLDEN

    (GOLDEN / WRITER / name / "lineage.jsonl").write_text(
        "".join(dumps(r.asDict()) + "\n" for r in lineage)
    )


@case
def upgrades(spark):
    name = "upgrades"
    create(
        spark,
        name,
        EVENT,
        "PARTITIONED BY (truncate(10, id))",
        **MERGE_ON_READ,
        **{"format-version": "1"},
    )
    append(spark, name, values.events(0, 6))
    spark.sql(f"ALTER TABLE {name} DROP PARTITION FIELD truncate(10, id)")
    append(spark, name, values.events(6, 6))
    spark.sql(f"ALTER TABLE {name} SET TBLPROPERTIES ('format-version'='2')")
    append(spark, name, values.events(12, 4))
    spark.sql(f"DELETE FROM {name} WHERE id IN (1, 7, 13)")
    spark.sql(f"ALTER TABLE {name} SET TBLPROPERTIES ('format-version'='3')")
    spark.sql(f"DELETE FROM {name} WHERE id IN (2, 8, 14)")
    append(spark, name, values.events(16, 3))
    finish(
        spark,
        name,
        "v1 to v2 to v3: void field, position deletes and deletion vectors side by side",
    )


@case
def version_one(spark):
    name = "version_one"
    create(spark, name, EVENT, "PARTITIONED BY (category)", **{"format-version": "1"})
    append(spark, name, values.events(0, 6))
    spark.sql(f"ALTER TABLE {name} DROP PARTITION FIELD category")
    spark.sql(f"ALTER TABLE {name} ADD COLUMN note string")
    append(spark, name, [r | {"note": "n"} for r in values.events(6, 3)])
    spark.sql(f"DELETE FROM {name} WHERE id = 2")
    finish(spark, name, "format version 1")


@case
def sorted_rows(spark):
    name = "sorted_rows"
    create(spark, name, EVENT, "PARTITIONED BY (bucket(2, id))")
    spark.sql(
        f"ALTER TABLE {name} WRITE ORDERED BY category DESC NULLS LAST, truncate(10, id) ASC, ts"
    )
    append(spark, name, values.events(0, 20))
    spark.sql(f"ALTER TABLE {name} WRITE UNORDERED")
    append(spark, name, values.events(20, 4))
    spark.sql(f"ALTER TABLE {name} WRITE DISTRIBUTED BY PARTITION LOCALLY ORDERED BY id")
    append(spark, name, values.events(24, 4))
    finish(spark, name, "sort orders that came and went", versions=False)


@case
def gzip_metadata(spark):
    name = "gzip_metadata"
    create(
        spark,
        name,
        EVENT,
        **{"write.metadata.compression-codec": "gzip", "write.parquet.compression-codec": "gzip"},
    )
    append(spark, name, values.events(0, 4))
    append(spark, name, values.events(4, 4))
    finish(spark, name, "metadata.json under gzip")


@case
def maintained(spark):
    name = "maintained"
    create(
        spark,
        name,
        EVENT,
        "PARTITIONED BY (category)",
        **MERGE_ON_READ,
        **{"commit.manifest.min-count-to-merge": "2"},
    )
    for n in range(4):
        append(spark, name, values.events(6 * n, 6))
    spark.sql(f"DELETE FROM {name} WHERE id IN (1, 7, 13)")
    spark.sql(
        f"CALL g.system.rewrite_position_delete_files(table => 'spark.{name}', options => map('rewrite-all','true'))"
    )
    spark.sql(
        f"CALL g.system.rewrite_data_files(table => 'spark.{name}', where => 'category = \"alpha\"', options => map('rewrite-all','true'))"
    )
    spark.sql(f"CALL g.system.rewrite_manifests('spark.{name}')")
    append(spark, name, values.events(24, 3))
    later = values.dt.datetime.now() + values.dt.timedelta(hours=1)
    spark.sql(
        f"CALL g.system.expire_snapshots(table => 'spark.{name}', older_than => TIMESTAMP '{later}', retain_last => 2)"
    )
    finish(spark, name, "compacted data, deletes and manifests; expired snapshots")


@case
def statistics(spark):
    name = "statistics"
    create(spark, name, EVENT, "PARTITIONED BY (category)")
    append(spark, name, values.events(0, 12))
    spark.sql(f"CALL g.system.compute_table_stats(table => 'spark.{name}')")
    spark.sql(f"CALL g.system.compute_partition_stats(table => 'spark.{name}')")
    finish(spark, name, "Puffin statistics and a partition statistics file")


@case
def odd_names(spark):
    names = ["id", "a b", "a.b", "żółć", "1st", "select", 'quo"te', "UPPER", "日本", "x-y", "c%20"]
    create(
        spark,
        "odd_names",
        ", ".join(f"`{n}` int" for n in names) + ", st struct<`in ner`: string>",
        "PARTITIONED BY (`a b`, bucket(3, `żółć`))",
    )
    append(
        spark,
        "odd_names",
        [
            {n: i * 10 + k for k, n in enumerate(names)} | {"st": {"in ner": f"v{i}"}}
            for i in range(3)
        ],
    )
    finish(spark, "odd_names", "names that Parquet files and paths must escape", versions=False)


@case
def bloom_and_metrics(spark):
    name = "bloom_and_metrics"
    create(
        spark,
        name,
        EVENT,
        **{
            "write.parquet.bloom-filter-enabled.column.id": "true",
            "write.parquet.bloom-filter-max-bytes": "1024",
            "write.metadata.metrics.default": "truncate(3)",
            "write.metadata.metrics.column.amount": "none",
            "write.metadata.metrics.column.ts": "counts",
        },
    )
    append(spark, name, values.events(0, 12))
    finish(
        spark,
        name,
        "Bloom filters, bounds cut to three characters, columns without bounds",
        versions=False,
    )


@case
def late_snapshot_ids(spark):
    """Rows published through write-audit-publish: a staged snapshot, then cherry-picked."""
    name = "late_snapshot_ids"
    create(spark, name, EVENT, **{"write.wap.enabled": "true"})
    append(spark, name, values.events(0, 3))
    spark.conf.set("spark.wap.id", "job1")
    append(spark, name, values.events(3, 3))
    spark.conf.unset("spark.wap.id")
    append(spark, name, values.events(6, 3))
    staged = spark.sql(
        f"SELECT snapshot_id FROM {WRITER}.{name}.snapshots WHERE summary['wap.id'] = 'job1'"
    ).collect()[0][0]
    spark.sql(f"CALL g.system.cherrypick_snapshot('spark.{name}', {staged})")
    finish(spark, name, "a staged snapshot, later cherry-picked")


if __name__ == "__main__":
    shared = session()
    failed = []
    for wanted in sys.argv[1:] or CASES:
        try:
            CASES[wanted](shared)
        except Exception as e:  # the other cases still get made; the exit code says it
            failed.append(wanted)
            print(f"FAILED {wanted}: {str(e)[:600]}")
    shared.stop()
    sys.exit(f"failed: {' '.join(failed)}" if failed else 0)
