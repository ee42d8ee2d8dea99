"""Golden tables of Spark: types, partition transforms and how files are written."""

import values
from spark_writer import EVENT, NO_SPARK_TYPE, append, case, create, finish, sql_type


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
        li array<int>, ls array<struct<p: int, q: string>>, ll array<array<int>>, ms map<string,
        struct<v: double>>,
        ml map<int, array<string>>, md map<date, decimal(9,2)>, deep struct<l: array<struct<m:
        map<string, array<int>>>>>""",
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
        [
            {"id": i} | {c: values.truncatable(values.COLUMNS[base[c]][1][i]) for c in columns}
            for i in range(6)
        ],
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
