"""The rows that plain DuckDB ends with after the statements of a block: no Iceberg anywhere."""

import json

import canonical
import scripts


def rows(block, schema):
    import duckdb

    con = duckdb.connect()
    con.execute("SET TimeZone = 'UTC'")
    con.execute("CREATE SCHEMA proof")
    con.execute(scripts.unpartitioned(block.text))
    answered = con.execute(canonical.select(schema, f"proof.{block.table}")).fetchall()
    return canonical.rows(schema, (json.loads(j) for (j,) in answered))
