"""The SQL files: blocks of statements, each of which makes one table of schema proof."""

import pathlib
import re

HERE = pathlib.Path(__file__).resolve().parent


class Block:
    def __init__(self, file, table, text):
        self.file, self.table, self.text = file, table, text

    def __repr__(self):
        return f"{self.file}/{self.table}"


def blocks():
    for path in sorted(HERE.glob("sql/*.sql")):
        parts = re.split(r"^-- table: (\w+)\n", path.read_text(), flags=re.MULTILINE)
        for table, text in zip(parts[1::2], parts[2::2], strict=True):
            yield Block(path.stem, table, text)


def unpartitioned(text):
    """The same statements for an engine that knows no partitions."""
    text = re.sub(r"ALTER TABLE \S+ SET PARTITIONED BY [^;]*;", "", text)
    return re.sub(r"PARTITIONED BY (\((?:[^()]|\([^()]*\))*\))", "", text)
