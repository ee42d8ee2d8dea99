"""Golden tables of PyIceberg: what changes over snapshots."""

import pyarrow.parquet as pq
from pyiceberg.expressions import EqualTo, GreaterThanOrEqual, In
from pyiceberg.schema import Schema
from pyiceberg.transforms import parse_transform
from pyiceberg.types import (
    BooleanType,
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
    TimestamptzType,
)

import values
from pyiceberg_writer import append, arrow, case, create, event_schema, finish


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
