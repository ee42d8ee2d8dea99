"""The real program as processes: statements in, answers, messages and exit codes out."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile

PROGRAM = os.environ.get(
    "CRANNOG", str(pathlib.Path(__file__).resolve().parents[2] / "build/release/crannog"))
_PASSED_ON = {"PATH", "HOME", "TMPDIR", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"}
ENVIRONMENT = {name: value for name, value in os.environ.items() if name in _PASSED_ON}
ENVIRONMENT |= {"TZ": "UTC", "LC_ALL": "C.UTF-8"}


def fresh_folder():
    """A folder of its own for one test: under TMPDIR when that is set, else in memory if there is
    room: what is tested here outlives a process, not a machine, and needs no disk to wait for.
    """
    memory = pathlib.Path("/dev/shm")
    base = None
    if "TMPDIR" not in os.environ and os.access(memory, os.W_OK):
        if shutil.disk_usage(memory).free > 1 << 30:
            base = memory
    return pathlib.Path(tempfile.mkdtemp(prefix="crannog-process-", dir=base))


def remove(folder):
    shutil.rmtree(folder, ignore_errors=True)


class Lake:
    """A lake at `path`; with `warehouse` its tables are plain files under that directory."""

    def __init__(self, path, warehouse=None):
        self.path = pathlib.Path(path)
        self.warehouse = warehouse and pathlib.Path(warehouse)

    def command(self, *arguments):
        where = ["--lake", str(self.path)]
        if self.warehouse:
            where += ["--warehouse", f"file://{self.warehouse}"]
        return [PROGRAM, *where, *arguments]

    def call(self, *arguments, stdin="", timeout_s=120, **options):
        """The finished process, its output as text; bytes that are no UTF-8 become U+FFFD."""
        text = stdin if isinstance(stdin, bytes) else stdin.encode()
        done = subprocess.run(self.command(*arguments), input=text, capture_output=True,
                              timeout=timeout_s, env=ENVIRONMENT, check=False, **options)
        done.stdout = done.stdout.decode(errors="replace")
        done.stderr = done.stderr.decode(errors="replace")
        return done

    def sql(self, text, **options):
        return self.call("sql", "--format", "jsonl", stdin=text, **options)

    def rows(self, text):
        """The rows of the statements, which must succeed."""
        done = self.sql(text)
        if done.returncode != 0:
            raise AssertionError(
                f"exit {done.returncode}: {done.stderr.strip()}\nof: {text[:2000]}")
        return [json.loads(line) for line in done.stdout.splitlines()]

    def check(self):
        """Nothing when the lake is sound, else what `crannog check --deep` says."""
        done = self.call("check", "--deep", timeout_s=300)
        if done.returncode == 0:
            return ""
        return f"exit {done.returncode}: {done.stdout}{done.stderr}"
