"""Golden tables written by PyIceberg. Run: python pyiceberg_tables.py [CASE...]"""

import sys

import pyarrow as pa
import pyarrow.parquet as pq
from pyiceberg.catalog.memory import InMemoryCatalog
from pyiceberg.expressions import EqualTo, GreaterThanOrEqual, In
from pyiceberg.io.pyarrow import schema_to_pyarrow
from pyiceberg.partitioning import PartitionField, PartitionSpec
from pyiceberg.schema import Schema
from pyiceberg.table.sorting import SortField, SortOrder
from pyiceberg.transforms import parse_transform
from pyiceberg.types import (
    BinaryType,
    BooleanType,
    DateType,
    DecimalType,
    DoubleType,
    FixedType,
    FloatType,
    IntegerType,
    ListType,
    LongType,
    MapType,
    NestedField,
    StringType,
    StructType,
    TimestampType,
    TimestamptzType,
    TimeType,
    UUIDType,
)

import values
from publish import fresh, publish

WRITER = "pyiceberg"
CASES = {}
SIMPLE = {
    "boolean": BooleanType(),
    "int": IntegerType(),
    "long": LongType(),
    "float": FloatType(),
    "double": DoubleType(),
    "date": DateType(),
    "time": TimeType(),
    "timestamp": TimestampType(),
    "timestamptz": TimestamptzType(),
    "string": StringType(),
    "uuid": UUIDType(),
    "binary": BinaryType(),
    "fixed[5]": FixedType(5),
}


def case(function):
    CASES[function.__name__] = function
    return function


def type_of(text):
    if text.startswith("decimal"):
        return DecimalType(*(int(x) for x in text[8:-1].split(",")))
    return SIMPLE[text]


def primitives(names):
    fields = [NestedField(1, "id", LongType(), required=True)]
    fields += [
        NestedField(i, n, type_of(values.COLUMNS[n][0]), required=False)
        for i, n in enumerate(names, start=2)
    ]
    return Schema(*fields)


def create(name, schema, spec=(), order=(), **properties):
    """A table in ROOT; spec and order as ("source column", "transform", "name")."""
    place = fresh(WRITER, name)
    catalog = InMemoryCatalog("golden", warehouse=f"file://{place.parent}")
    catalog.create_namespace("golden")
    spec_fields = [
        PartitionField(schema.find_field(c).field_id, 1000 + i, parse_transform(t), n)
        for i, (c, t, n) in enumerate(spec)
    ]
    sort_fields = [SortField(schema.find_field(c).field_id, parse_transform(t)) for c, t in order]
    return catalog.create_table(
        f"golden.{name}",
        schema,
        location=f"file://{place}",
        partition_spec=PartitionSpec(*spec_fields),
        sort_order=SortOrder(*sort_fields),
        properties={k.replace("_", "-"): v for k, v in properties.items()},
    )


def arrow(table, rows):
    return pa.Table.from_pylist(
        rows, schema=schema_to_pyarrow(table.schema(), include_field_ids=False)
    )


def append(table, rows, **kw):
    table.append(arrow(table, rows), **kw)


def reading(table, **at):
    """What PyIceberg itself answers for the current state, a version= or a ref=."""
    snapshot = at.get("version")
    if "ref" in at:
        snapshot = table.metadata.refs[at["ref"]].snapshot_id
    scan = table.scan(snapshot_id=snapshot)
    schema_id = table.schema().schema_id
    if snapshot is not None:
        schema_id = table.snapshot_by_id(snapshot).schema_id
    return at | {"schema-id": schema_id, "rows": scan.to_arrow().to_pylist()}


def finish(table, about, versions=True, refs=()):
    reads = [reading(table)]
    if versions:
        reads += [reading(table, version=s.snapshot_id) for s in table.snapshots()]
    reads += [reading(table, ref=r) for r in refs]
    name = table.name()[-1]
    publish(WRITER, name, about, table.metadata_location, reads)


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
    """One table with a partition field for each (column, transform) pair; six rows, six partitions."""
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
        table, [{"id": i} | {c: values.truncatable(values.COLUMNS[base[c]][1][i]) for c in columns} for i in range(6)]
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


def event_schema():
    return Schema(
        NestedField(1, "id", LongType(), required=True),
        NestedField(2, "ts", TimestampType(), required=False),
        NestedField(3, "category", StringType(), required=False),
        NestedField(4, "amount", DecimalType(9, 2), required=False),
    )


@case
def partition_mixed():
    spec = [
        ("ts", "day", "ts_day"),
        ("id", "bucket[4]", "id_bucket"),
        ("category", "truncate[2]", "cat"),
    ]
    table = create("partition_mixed", event_schema(), spec)
    append(table, values.events(0, 12))
    append(table, values.events(12, 8))
    finish(
        table, "day(ts), bucket(4, id), truncate(2, category) together, odd characters in a path"
    )


@case
def spec_evolution():
    table = create("spec_evolution", event_schema())
    append(table, values.events(0, 5))
    with table.update_spec() as update:
        update.add_field("id", parse_transform("bucket[3]"), "id_bucket")
    append(table, values.events(5, 5))
    with table.update_spec() as update:
        update.add_field("ts", parse_transform("month"), "ts_month")
        update.remove_field("id_bucket")
    append(table, values.events(10, 5))
    with table.update_spec() as update:
        update.rename_field("ts_month", "month")
        update.add_identity("category")
    append(table, values.events(15, 5))
    with table.update_spec() as update:
        update.remove_field("month")
        update.remove_field("category")
    append(table, values.events(20, 5))
    finish(table, "unpartitioned, then bucket, month, month and identity, unpartitioned again")


@case
def schema_evolution():
    o = {"required": False}
    schema = Schema(
        NestedField(1, "id", IntegerType(), required=True),
        NestedField(2, "f", FloatType(), **o),
        NestedField(3, "dec", DecimalType(9, 2), **o),
        NestedField(4, "name", StringType(), **o),
        NestedField(5, "gone", StringType(), **o),
        NestedField(
            6,
            "st",
            StructType(
                NestedField(7, "a", IntegerType(), **o), NestedField(8, "b", StringType(), **o)
            ),
            **o,
        ),
        NestedField(
            9,
            "li",
            ListType(
                10, StructType(NestedField(11, "p", FloatType(), **o)), element_required=False
            ),
            **o,
        ),
        NestedField(
            12,
            "m",
            MapType(
                13,
                StringType(),
                14,
                StructType(NestedField(15, "v", IntegerType(), **o)),
                value_required=False,
            ),
            **o,
        ),
    )
    table = create("schema_evolution", schema)
    append(
        table,
        [
            {
                "id": 1,
                "f": 1.5,
                "dec": values.decimal.Decimal("1.25"),
                "name": "one",
                "gone": "old",
                "st": {"a": 1, "b": "x"},
                "li": [{"p": 0.5}],
                "m": [("k", {"v": 1})],
            },
            {
                "id": 2,
                "f": None,
                "dec": None,
                "name": None,
                "gone": None,
                "st": None,
                "li": None,
                "m": None,
            },
        ],
    )
    with table.update_schema() as update:
        update.update_column("id", LongType())
        update.update_column("f", DoubleType())
        update.update_column("dec", DecimalType(18, 2))
        update.update_column(("st", "a"), LongType())
        update.update_column(("li", "element", "p"), DoubleType())
        update.update_column(("m", "value", "v"), LongType())
        update.rename_column("name", "title")
        update.rename_column(("st", "b"), "bee")
        update.delete_column("gone")
    append(
        table,
        [
            {
                "id": 2**40,
                "f": 1e300,
                "dec": values.decimal.Decimal("9999999999999999.99"),
                "title": "two",
                "st": {"a": 2**40, "bee": "y"},
                "li": [{"p": 1e300}],
                "m": [("k", {"v": 2**40})],
            }
        ],
    )
    with table.update_schema() as update:
        update.add_column("gone", LongType())  # the old name, a new column
        update.add_column("extra", StructType(NestedField(1, "n", DateType(), **o)))
        update.add_column(("st", "c"), TimestamptzType())
        update.add_column(("li", "q"), StringType())
        update.add_column(("m", "w"), BooleanType())
        update.move_first("title")
        update.move_after("gone", "id")
        update.move_first(("st", "c"))
    append(
        table,
        [
            {
                "title": "three",
                "id": 3,
                "gone": 33,
                "f": 3.0,
                "dec": values.decimal.Decimal("3.00"),
                "st": {"c": values.COLUMNS["tz"][1][2], "a": 3, "bee": None},
                "li": [{"p": None, "q": "q"}, None],
                "m": [("k", {"v": None, "w": True}), ("z", None)],
                "extra": {"n": values.dt.date(2024, 5, 6)},
            }
        ],
    )
    with table.update_schema() as update:
        update.rename_column("title", "gone2")
        update.delete_column(("st", "a"))
        update.make_column_optional("id")
    finish(table, "promotion, rename, drop, add of a dropped name, reorder, at the top and inside")


@case
def history():
    table = create("history", event_schema(), [("category", "identity", "category")])
    append(table, values.events(0, 6))
    table.manage_snapshots().create_tag(table.current_snapshot().snapshot_id, "first").commit()
    append(table, values.events(6, 6))
    table.manage_snapshots().create_branch(table.current_snapshot().snapshot_id, "audit").commit()
    append(table, values.events(100, 3), branch="audit")
    table.delete(EqualTo("id", 3))
    table.delete(EqualTo("category", "alpha"))
    table.overwrite(
        arrow(table, values.events(50, 4)), overwrite_filter=GreaterThanOrEqual("id", 10)
    )
    table.dynamic_partition_overwrite(
        arrow(table, [r | {"category": "beta"} for r in values.events(70, 2)])
    )
    table.upsert(
        arrow(table, [r | {"amount": None} for r in values.events(6, 3)]), join_cols=["id"]
    )
    table.delete(In("id", [999]))
    finish(
        table,
        "append, delete, overwrite, upsert by copy on write; a tag and a branch",
        refs=["first", "audit"],
    )


@case
def emptied():
    table = create("emptied", event_schema(), [("ts", "year", "y")])
    append(table, values.events(0, 3))
    table.delete()
    finish(table, "rows came and all went")


@case
def never_written():
    table = create("never_written", event_schema(), [("ts", "year", "y")])
    finish(table, "no snapshot at all")


@case
def version_one():
    table = create(
        "version_one", event_schema(), [("category", "identity", "category")], format_version="1"
    )
    append(table, values.events(0, 4))
    with table.update_spec() as update:
        update.remove_field("category")
        update.add_field("id", parse_transform("truncate[10]"), "tens")
    append(table, values.events(4, 14))
    with table.update_schema() as update:
        update.add_column("note", StringType())
        update.rename_column("amount", "price")
    append(table, [{"id": 90, "ts": None, "category": "x", "price": None, "note": "n"}])
    table.delete(EqualTo("id", 2))
    finish(table, "format version 1 with an evolved spec (void) and schema")


@case
def version_one_to_two():
    table = create(
        "version_one_to_two",
        event_schema(),
        [("category", "identity", "category")],
        format_version="1",
    )
    append(table, values.events(0, 4))
    with table.transaction() as tx:
        tx.upgrade_table_version(2)
    append(table, values.events(4, 4))
    table.delete(EqualTo("id", 1))
    finish(table, "manifests of both versions")


@case
def sorted_rows():
    table = create(
        "sorted_rows", event_schema(), order=[("category", "identity"), ("id", "bucket[4]")]
    )
    append(table, sorted(values.events(0, 10), key=lambda r: (r["category"] or "", r["id"])))
    finish(table, "a table with a sort order", versions=False)


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


@case
def name_mapping():
    """Files written without field ids and adopted as they are."""
    table = create("name_mapping", event_schema())
    append(table, values.events(0, 2))
    for n in range(2):
        path = f"{table.location().removeprefix('file://')}/data/plain-{n}.parquet"
        rows = arrow(table, values.events(10 + 5 * n, 5))
        pq.write_table(rows if n == 0 else rows.select(["amount", "category", "ts", "id"]), path)
        table.add_files([f"file://{path}"])
    with table.update_schema() as update:
        update.rename_column("category", "kind")
        update.add_column("note", StringType())
    append(table, [{"id": 99, "ts": None, "kind": "k", "amount": None, "note": "n"}])
    finish(table, "Parquet files without field ids, found by schema.name-mapping.default")


@case
def object_paths():
    properties = {"write.object-storage.enabled": "true"}
    table = create(
        "object_paths", event_schema(), [("category", "identity", "category")], **properties
    )
    append(table, values.events(0, 6))
    finish(table, "hashed data paths of write.object-storage.enabled", versions=False)


if __name__ == "__main__":
    for wanted in sys.argv[1:] or CASES:
        CASES[wanted]()
