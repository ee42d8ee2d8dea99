"""Runs the program under test: statements in, JSON answers out."""

import decimal
import json
import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]


def binary():
    return pathlib.Path(os.environ.get("CRANNOG", ROOT / "build/release/crannog"))


class Failed(Exception):
    """The program's own message, with what was asked."""


class Lake:
    """A lake in `directory`; with `warehouse` its tables are plain files under that directory."""

    def __init__(self, directory, warehouse=None):
        self.command = [str(binary()), "--lake", str(directory)]
        if warehouse:
            self.command += ["--warehouse", f"file://{warehouse}"]

    def run(self, *statements, timeout_s=120):
        """The rows of every statement that answers rows, as a list of lists of dictionaries."""
        return self._sql(["-c", ";\n".join(statements) + ";"], timeout_s)

    def run_file(self, path, timeout_s=300):
        return self._sql(["-f", str(path)], timeout_s)

    def _sql(self, how, timeout_s):
        done = subprocess.run(
            [*self.command, "sql", "--format", "json", *how],
            capture_output=True,
            text=True,
            timeout=timeout_s,
            env=os.environ | {"TZ": "UTC"},
        )
        if done.returncode != 0:
            raise Failed(f"exit {done.returncode}: {done.stderr.strip()}\nof: {how[1][:2000]}")
        return list(answers(done.stdout))


def answers(text):
    """Every JSON value of a stream of them."""
    decoder = json.JSONDecoder(parse_float=decimal.Decimal)
    at = 0
    while True:
        while at < len(text) and text[at].isspace():
            at += 1
        if at == len(text):
            return
        value, at = decoder.raw_decode(text, at)
        yield value
