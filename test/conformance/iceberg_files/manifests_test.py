"""What our manifests say of each data file is true: partition, counts, bounds, size, field ids.
PyIceberg reads the manifests and computes the transforms; PyArrow reads the rows."""

import datetime
import math
import os
import re
import struct
import uuid

import peers
import pytest
import scripts

BLOCKS = list(scripts.blocks())
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
_MICROSECOND = datetime.timedelta(microseconds=1)


def internal(v):
    """A value of PyArrow as Iceberg computes with it: days, microseconds, bytes."""
    if isinstance(v, datetime.datetime):
        aware = v if v.tzinfo else v.replace(tzinfo=datetime.timezone.utc)
        return (aware - _EPOCH) // _MICROSECOND
    if isinstance(v, datetime.date):
        return v.toordinal() - _EPOCH.toordinal()
    if isinstance(v, datetime.time):
        seconds = (v.hour * 60 + v.minute) * 60 + v.second
        return seconds * 1_000_000 + v.microsecond
    return v


def comparable(v):
    return v.bytes if isinstance(v, uuid.UUID) else v


def narrowed(v):
    """PyIceberg 0.12 reads a double of a manifest's partition as a float, whoever wrote it."""
    if not isinstance(v, float) or not math.isfinite(v):
        return v
    try:
        return struct.unpack("f", struct.pack("f", v))[0]
    except OverflowError:
        return math.copysign(math.inf, v)


def as_stored(kind, v):
    """A value in the form that the column `kind` holds it."""
    from pyiceberg.types import UUIDType

    return (
        uuid.UUID(bytes=v) if isinstance(kind, UUIDType) and isinstance(v, bytes) else internal(v)
    )


class File:
    """A data file with its rows by field id."""

    def __init__(self, table, data_file):
        import pyarrow.parquet as pq

        self.table, self.data_file = table, data_file
        self.path = re.sub("^file:/+", "/", data_file.file_path)
        parquet = pq.read_table(self.path)
        self.count = parquet.num_rows
        self.columns, self.without_id = {}, []
        for field in parquet.schema:
            field_id = (field.metadata or {}).get(b"PARQUET:field_id")
            if field_id is None:
                self.without_id.append(field.name)
                continue
            kind = table.schema().find_type(int(field_id)) if self._known(int(field_id)) else None
            values = parquet.column(field.name).to_pylist()
            self.columns[int(field_id)] = [
                None if v is None else as_stored(kind, v) for v in values
            ]

    def _known(self, field_id):
        return field_id in self.table.schema().field_ids

    def primitives(self):
        """(field, values) of the plain columns that the table still has."""
        for field in self.table.schema().fields:
            if field.field_type.is_primitive and field.field_id in self.columns:
                yield field, self.columns[field.field_id]


@pytest.fixture(params=BLOCKS, ids=repr)
def files(lake, request):
    block = request.param
    if block.table in lake.failures:
        pytest.fail(lake.failures[block.table], pytrace=False)
    if reason := peers.missing("pyiceberg"):
        pytest.skip(reason)
    from pyiceberg.table import StaticTable

    table = StaticTable.from_metadata(f"file://{lake.metadata_path(block.table)}")
    return [File(table, task.file) for task in table.scan().plan_files()]


def test_counts_and_sizes(files):
    for f in files:
        assert f.data_file.record_count == f.count, f.path
        assert f.data_file.file_size_in_bytes == os.path.getsize(f.path), f.path
        for field, values in f.primitives():
            nulls = f.data_file.null_value_counts.get(field.field_id)
            assert nulls is None or nulls == values.count(None), (f.path, field.name)
            counted = f.data_file.value_counts.get(field.field_id)
            assert counted is None or counted == f.count, (f.path, field.name)


def test_every_column_has_its_field_id(files):
    for f in files:
        assert not f.without_id, f.path
        missing = {x.field_id for x in f.table.schema().fields if x.required} - set(f.columns)
        assert not missing, f.path


def test_partitions(files):
    for f in files:
        spec = f.table.specs()[f.data_file.spec_id]
        for position, field in enumerate(spec.fields):
            if field.source_id not in f.columns:
                continue
            kind = f.table.schema().find_type(field.source_id)
            compute = field.transform.transform(kind)
            computed = {repr(narrowed(compute(v))) for v in f.columns[field.source_id]}
            stored = narrowed(as_stored(kind, f.data_file.partition[position]))
            assert computed == {repr(stored)}, (f.path, field.name)


def test_bounds(files):
    from pyiceberg.conversions import from_bytes

    for f in files:
        for field, values in f.primitives():
            present = [comparable(v) for v in values if v is not None]
            present = [v for v in present if not (isinstance(v, float) and math.isnan(v))]
            lower = f.data_file.lower_bounds.get(field.field_id)
            upper = f.data_file.upper_bounds.get(field.field_id)
            if lower is not None and present:
                bound = comparable(from_bytes(field.field_type, lower))
                assert bound <= min(present), (f.path, field.name)
            if upper is not None and present:
                bound = comparable(from_bytes(field.field_type, upper))
                assert bound >= max(present), (f.path, field.name)


def test_bounds_exist(files):
    """Pruning needs them: an id column always has both."""
    for f in files:
        for field, values in f.primitives():
            if field.name == "id" and any(v is not None for v in values):
                assert field.field_id in f.data_file.lower_bounds, f.path
                assert field.field_id in f.data_file.upper_bounds, f.path
