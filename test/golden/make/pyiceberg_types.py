"""Golden tables of PyIceberg: types, partition transforms and how files are written."""

from pyiceberg.schema import Schema
from pyiceberg.types import (
    BinaryType,
    DateType,
    DecimalType,
    DoubleType,
    FloatType,
    IntegerType,
    ListType,
    LongType,
    MapType,
    NestedField,
    StringType,
    StructType,
)

import values
from pyiceberg_writer import append, case, create, event_schema, finish, primitives, type_of


@case
def all_types():
    names = list(values.COLUMNS)
    table = create("all_types", primitives(names))
    append(table, values.primitive_rows(names))
    finish(table, "every primitive type of v2 at its limits; NULLs in every column", versions=False)


@case
def not_finite():
    nan, inf = float("nan"), float("inf")
    schema = Schema(
        NestedField(1, "id", IntegerType(), required=True),
        NestedField(2, "f", FloatType(), required=False),
        NestedField(3, "d", DoubleType(), required=False),
    )
    table = create("not_finite", schema)
    append(table, [{"id": i, "f": v, "d": v} for i, v in enumerate([nan, inf, -inf, None, 1.5])])
    append(table, [{"id": 10 + i, "f": nan, "d": nan} for i in range(2)])
    append(table, [{"id": 20 + i, "f": v, "d": v} for i, v in enumerate([-0.0, 0.0])])
    finish(table, "NaN, infinities and both zeros, one file of NaN alone", versions=False)


def nested_schema():
    struct = StructType(
        NestedField(20, "a", IntegerType(), required=False),
        NestedField(
            21,
            "in",
            StructType(
                NestedField(22, "x", StringType(), required=False),
                NestedField(
                    23, "y", ListType(24, LongType(), element_required=False), required=False
                ),
            ),
            required=False,
        ),
    )
    pair = StructType(
        NestedField(27, "p", IntegerType(), required=False),
        NestedField(28, "q", StringType(), required=False),
    )
    ints = ListType(31, IntegerType(), element_required=False)
    boxed = StructType(NestedField(34, "v", DoubleType(), required=False))
    texts = ListType(37, StringType(), element_required=False)
    inner_map = MapType(
        44,
        StringType(),
        45,
        ListType(46, IntegerType(), element_required=False),
        value_required=False,
    )
    deep = StructType(
        NestedField(
            41,
            "l",
            ListType(
                42,
                StructType(NestedField(43, "m", inner_map, required=False)),
                element_required=False,
            ),
            required=False,
        )
    )
    o = {"required": False}
    return Schema(
        NestedField(1, "id", LongType(), required=True),
        NestedField(2, "st", struct, **o),
        NestedField(3, "li", ListType(25, IntegerType(), element_required=False), **o),
        NestedField(4, "ls", ListType(26, pair, element_required=False), **o),
        NestedField(5, "ll", ListType(30, ints, element_required=False), **o),
        NestedField(6, "ms", MapType(32, StringType(), 33, boxed, value_required=False), **o),
        NestedField(7, "ml", MapType(35, IntegerType(), 36, texts, value_required=False), **o),
        NestedField(
            8, "md", MapType(38, DateType(), 39, DecimalType(9, 2), value_required=False), **o
        ),
        NestedField(9, "deep", deep, **o),
    )


@case
def nested():
    table = create("nested", nested_schema())
    append(table, values.NESTED[:3])
    append(table, values.NESTED[3:])
    finish(table, "structs, lists and maps inside each other; NULL and empty at every level")


def partition_case(name, about, transforms):
    """One table with a partition field for each (column, transform) pair; six partitions."""
    columns = list(dict.fromkeys(c for c, _ in transforms))
    spec = [(c, t, f"{c}_{t.split('[')[0]}_{i}") for i, (c, t) in enumerate(transforms)]
    base = {c: c.rstrip("0123456789") if c not in values.COLUMNS else c for c in columns}
    fields = [NestedField(1, "id", LongType(), required=True)]
    fields += [
        NestedField(i, c, type_of(values.COLUMNS[base[c]][0]), required=False)
        for i, c in enumerate(columns, start=2)
    ]
    table = create(name, Schema(*fields), spec)
    append(
        table,
        [
            {"id": i} | {c: values.truncatable(values.COLUMNS[base[c]][1][i]) for c in columns}
            for i in range(6)
        ],
    )
    finish(table, about, versions=False)


@case
def partition_identity():
    skip = ("f", "d", "u")  # floats have a table of their own; PyIceberg 0.12 cannot write by uuid
    names = [
        n for n in values.COLUMNS if n not in skip and not n.startswith("dec_") or n == "dec_9_2"
    ]
    partition_case("partition_identity", "identity on every type", [(n, "identity") for n in names])


@case
def partition_bucket():
    # PyIceberg 0.12 fails on time and uuid
    names = ["i", "l", "dt", "ts", "tz", "s", "fx", "bn", "dec_9_2", "dec_38_10"]
    partition_case(
        "partition_bucket",
        "bucket on every type that PyIceberg can",
        [(n, "bucket[7]") for n in names],
    )


@case
def partition_truncate():
    names = ["i", "l", "s", "dec_9_2", "dec_27_9"]  # PyIceberg 0.12 fails on binary
    partition_case(
        "partition_truncate",
        "truncate on every type that PyIceberg can",
        [(n, "truncate[3]") for n in names],
    )


@case
def partition_time():
    pairs = [
        ("dt0", "year"),
        ("dt1", "month"),
        ("dt2", "day"),
        ("ts0", "year"),
        ("ts1", "month"),
        ("ts2", "day"),
        ("ts3", "hour"),
        ("tz0", "year"),
        ("tz1", "month"),
        ("tz2", "day"),
        ("tz3", "hour"),
    ]
    partition_case("partition_time", "year, month, day, hour on dates and both timestamps", pairs)


@case
def partition_void():
    partition_case(
        "partition_void", "void beside identity", [("s", "void"), ("i", "identity"), ("tz", "void")]
    )


@case
def partition_float():
    partition_case(
        "partition_float", "identity on float and double", [("f", "identity"), ("d", "identity")]
    )


@case
def cut_bounds():
    schema = Schema(
        NestedField(1, "id", IntegerType(), required=True),
        NestedField(2, "s", StringType(), required=False),
        NestedField(3, "b", BinaryType(), required=False),
    )
    table = create("cut_bounds", schema)
    for i, ch in enumerate("amz\U0010ffff"):
        text = ch * 16
        append(
            table,
            [
                {"id": 10 * i + k, "s": text + tail, "b": (text + tail).encode()}
                for k, tail in enumerate(["", "a", "zzzz", "\U0010ffff"])
            ],
        )
    append(table, [{"id": 90, "s": "a" * 16, "b": b"\xff" * 20}, {"id": 91, "s": None, "b": None}])
    finish(table, "values longer than the 16 that bounds keep", versions=False)


@case
def few_metrics():
    properties = {
        "write.metadata.metrics.default": "none",
        "write.metadata.metrics.column.id": "counts",
        "write.metadata.metrics.column.amount": "full",
    }
    table = create("few_metrics", event_schema(), [("category", "identity", "c")], **properties)
    append(table, values.events(0, 8))
    finish(table, "files without bounds", versions=False)


@case
def codecs():
    table = create("codecs", event_schema())
    for i, codec in enumerate(["uncompressed", "snappy", "gzip", "zstd", "lz4", "brotli"]):
        with table.transaction() as tx:
            tx.set_properties({"write.parquet.compression-codec": codec})
        append(table, values.events(10 * i, 3))
    finish(table, "a file of every Parquet codec", versions=False)


@case
def row_groups():
    table = create(
        "row_groups",
        event_schema(),
        **{"write.parquet.row-group-limit": "7", "write.parquet.page-row-limit": "3"},
    )
    append(table, values.events(0, 60))
    finish(table, "many row groups and pages in one file", versions=False)


@case
def odd_names():
    names = [
        "id",
        "a b",
        "a.b",
        "żółć",
        "1st",
        "select",
        'quo"te',
        "sem;i",
        "UPPER",
        "日本",
        "x-y",
        "c%20",
    ]
    schema = Schema(
        *[NestedField(i, n, IntegerType(), required=False) for i, n in enumerate(names, start=1)],
        NestedField(
            30,
            "st",
            StructType(NestedField(31, "in ner", StringType(), required=False)),
            required=False,
        ),
    )
    table = create(
        "odd_names", schema, [("a b", "identity", "a b"), ("żółć", "bucket[3]", "żółć/=")]
    )
    append(
        table,
        [
            {n: i * 10 + k for k, n in enumerate(names)} | {"st": {"in ner": f"v{i}"}}
            for i in range(3)
        ],
    )
    finish(
        table, "column and partition names that Parquet files and paths must escape", versions=False
    )
