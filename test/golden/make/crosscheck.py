"""Reads every golden table by an engine that did not write it and says where the two disagree.
Run: python crosscheck.py pyiceberg|duckdb|spark [WRITER/CASE...]; README.md lists what is known."""

import sys

from publish import GOLDEN

sys.path.insert(0, str(GOLDEN.parent / "conformance/iceberg_files"))
import cases  # noqa: E402
import peers  # noqa: E402


def difference(peer, path, read):
    """What is wrong with the peer's answer, or an empty text."""
    try:
        got = peers.READERS[peer](path, read.schema, read.version)
    except BaseException as e:  # DuckDB raises outside Exception too
        return f"{type(e).__name__} {str(e)[:200]}"
    if got == read.rows:
        return ""
    extra = [r for r in got if r not in read.rows][:2]
    lost = [r for r in read.rows if r not in got][:2]
    return f"{len(got)} rows for {len(read.rows)}; extra {extra}; lost {lost}"[:700]


if __name__ == "__main__":
    peer, wanted = sys.argv[1], sys.argv[2:]
    for case in cases.all_cases():
        if wanted and case.name not in wanted:
            continue
        path = case.place()
        for read in case.reads():
            wrong = "" if read.ref else difference(peer, path, read)
            if wrong:
                print(f"{case.name} {read.version}: {wrong}", flush=True)
                break
