"""Other engines read what Crannog wrote, from the metadata file alone, value for value."""

import duckdb_truth
import peers
import pytest
import scripts
import written

BLOCKS = list(scripts.blocks())
PEERS = ["pyiceberg", "duckdb", pytest.param("spark", marks=pytest.mark.spark)]
# What a peer cannot do, by its own words; anything else is our failure.
UNABLE = {
    ("spark", "all_types"): "Spark has no type time",
    ("spark", "nested_types"): "Spark has no type time",
    ("spark", "by_identity"): "Spark has no type time",
    ("spark", "by_bucket"): "Spark has no type time",
}

every_table = pytest.mark.parametrize("block", BLOCKS, ids=repr)


def ask(peer, lake, block):
    """The metadata file and its content, once the table exists and the peer can be asked."""
    if block.table in lake.failures:
        pytest.fail(lake.failures[block.table], pytrace=False)
    if reason := peers.missing(peer) or UNABLE.get((peer, block.table)):
        pytest.skip(reason)
    path = lake.metadata_path(block.table)
    return path, written.load(path)


def compare(got, expected, what):
    extra = [r for r in got if r not in expected][:3]
    lost = [r for r in expected if r not in got][:3]
    counts = f"{what}: {len(got)} rows, {len(expected)} expected"
    assert got == expected, f"{counts}\n  not expected: {extra}\n  missing: {lost}"


@every_table
def test_same_as_plain_duckdb(lake, block):
    """The same statements on DuckDB's own tables end in the same rows."""
    _, metadata = ask("duckdb", lake, block)
    schema = written.schema_of(metadata)
    expected = duckdb_truth.rows(block, schema)
    compare(lake.rows(block.table, schema), expected, block.table)


@pytest.mark.parametrize("peer", PEERS)
@every_table
def test_rows(lake, block, peer):
    path, metadata = ask(peer, lake, block)
    schema = written.schema_of(metadata)
    got = peers.READERS[peer](path, schema)
    compare(got, peers.seen_by(peer, schema, lake.rows(block.table, schema)), f"{peer} {path}")


@pytest.mark.parametrize("peer", PEERS)
@every_table
def test_snapshots(lake, block, peer):
    path, metadata = ask(peer, lake, block)
    for snapshot in metadata.get("snapshots", []):
        schema = written.schema_of(metadata, snapshot["schema-id"])
        version = snapshot["snapshot-id"]
        ours = lake.rows(block.table, schema, version)
        got = peers.READERS[peer](path, schema, version)
        compare(got, peers.seen_by(peer, schema, ours), f"{peer} at {version} of {path}")
