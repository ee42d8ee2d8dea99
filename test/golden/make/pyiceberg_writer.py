"""How the PyIceberg recipes create, fill and publish a table."""

import pyarrow as pa
from pyiceberg.catalog.memory import InMemoryCatalog
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
    LongType,
    NestedField,
    StringType,
    TimeType,
    TimestampType,
    TimestamptzType,
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


def event_schema():
    return Schema(
        NestedField(1, "id", LongType(), required=True),
        NestedField(2, "ts", TimestampType(), required=False),
        NestedField(3, "category", StringType(), required=False),
        NestedField(4, "amount", DecimalType(9, 2), required=False),
    )
