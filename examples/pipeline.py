"""What the examples share: steps with a line and a time each, and SQL run by the crannog program.

Standard library only, so that an example runs wherever Python 3 does.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROWS_SHOWN_MAX = 12


class Failed(Exception):
    """A step did not do what it promises; the message says which promise."""


def human_seconds(seconds):
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


class Pipeline:
    """One run of one example in a directory of its own.

    Every statement goes through the program a user has, one process a step, so what a step left
    behind is what the next one finds on disk.
    """

    def __init__(self, name, directory):
        self.name = name
        self.directory = Path(directory)
        self.crannog = os.environ.get("CRANNOG", str(ROOT / "build/release/crannog"))
        self.sql_folder = ROOT / "examples" / name
        self.started = time.monotonic()
        self.step_count = 0
        if shutil.which(self.crannog) is None:
            raise Failed(f"the program is not at {self.crannog}: build it with ./dev build")

    def start_fresh(self):
        """An empty directory for this run; the last run's lake goes."""
        if self.directory.exists():
            shutil.rmtree(self.directory)
        self.directory.mkdir(parents=True)

    def step(self, title, work):
        """Runs work() and prints one line: what it was, what it says of itself, its time."""
        self.step_count += 1
        label = f"{self.step_count:3}. {title}"
        back = "\r" if sys.stdout.isatty() else ""
        if back:
            print(label, end="", flush=True)
        begin = time.monotonic()
        try:
            detail = work() or ""
        except BaseException:
            print(f"{back}{label:34} FAILED after {human_seconds(time.monotonic() - begin)}")
            raise
        took = human_seconds(time.monotonic() - begin)
        print(f"{back}{label:34} {detail:62} {took:>8}", flush=True)

    def run_crannog(self, arguments):
        command = [self.crannog, "--lake", "lake", *arguments]
        done = subprocess.run(command, cwd=self.directory, capture_output=True, text=True)
        if done.returncode != 0:
            shown = " ".join(arguments)
            raise Failed(f"`crannog {shown[:300]}` ended with {done.returncode}:\n"
                         f"{done.stderr.strip()}")
        return done.stdout

    def run_file(self, name, on=None):
        """The statements of examples/NAME/<name>, as one transaction each."""
        branch = ["--on", on] if on else []
        return self.run_crannog(["sql", *branch, "-f", str(self.sql_folder / name)])

    def run_sql(self, text, on=None):
        branch = ["--on", on] if on else []
        return self.run_crannog(["sql", *branch, "-c", text])

    def rows(self, query, on=None):
        """The answer of one query as a list of dicts. Decimals come as exact numbers' text."""
        branch = ["--on", on] if on else []
        text = self.run_crannog(["sql", *branch, "--format", "json", "-c", query])
        return json.loads(text, parse_float=str)

    def value(self, query, on=None):
        """The one value of a query of one row and one column."""
        rows = self.rows(query, on)
        if len(rows) != 1 or len(rows[0]) != 1:
            raise Failed(f"one value was expected of: {query}")
        return next(iter(rows[0].values()))

    def query_file(self, name, on=None):
        return self.rows((self.sql_folder / name).read_text(), on)

    def fails(self, text, code, on=None):
        """Runs SQL that must fail with an error code, and says so when it does not."""
        branch = ["--on", on] if on else []
        command = [self.crannog, "--lake", "lake", "sql", *branch, "-c", text]
        done = subprocess.run(command, cwd=self.directory, capture_output=True, text=True)
        expect(done.returncode == 1 and f"crannog: {code}:" in done.stderr,
               f"{text!r} should fail with {code}, but ended with {done.returncode}: {done.stderr}")

    def pruning(self, query):
        """(files read, files there) of a query, as EXPLAIN says."""
        text = self.run_crannog(["sql", "--format", "csv", "-c", f"EXPLAIN (FORMAT json) {query}"])
        return read_pruning(text)

    def finish(self, next_commands):
        print(f"\n{self.name}: {self.step_count} steps in "
              f"{human_seconds(time.monotonic() - self.started)}. Try next:")
        program = os.path.relpath(self.crannog, os.environ.get("PWD", os.getcwd()))
        lake = os.path.relpath(self.directory / "lake", os.environ.get("PWD", os.getcwd()))
        for command in next_commands:
            print(f"  {program} --lake {lake} {command}")


def read_pruning(explained):
    """(files read, files there) from the text of an EXPLAIN (FORMAT json)."""
    found = re.search(r'Files[": ]+(\d+) read, (\d+) skipped', explained)
    if not found:
        raise Failed("EXPLAIN does not say how many files are read:\n" + explained)
    read, skipped = int(found.group(1)), int(found.group(2))
    return read, read + skipped


def expect(condition, message):
    if not condition:
        raise Failed(message)


def expect_equal(found, wanted, what):
    expect(found == wanted, f"{what}: {found!r} was found, {wanted!r} was expected")


def print_table(title, rows, columns=None):
    """Rows (dicts) as an aligned table, numbers to the right."""
    print(f"\n{title}")
    if not rows:
        print("  (no rows)")
        return
    columns = columns or list(rows[0])
    shown = rows[:ROWS_SHOWN_MAX]
    cells = [["" if row[c] is None else str(row[c]) for c in columns] for row in shown]
    widths = [max(len(c), *(len(line[i]) for line in cells)) for i, c in enumerate(columns)]
    right = [all(is_number(line[i]) for line in cells) for i in range(len(columns))]

    def line_of(values):
        parts = [v.rjust(w) if r else v.ljust(w) for v, w, r in zip(values, widths, right)]
        return "  " + "  ".join(parts).rstrip()

    print(line_of(columns))
    print("  " + "  ".join("-" * w for w in widths))
    for line in cells:
        print(line_of(line))
    if len(rows) > ROWS_SHOWN_MAX:
        print(f"  ... and {len(rows) - ROWS_SHOWN_MAX} more")


def is_number(text):
    try:
        float(text)
    except ValueError:
        return text == ""
    return True


def run(main):
    """Runs an example's main(); a failure ends the process with 1 and says what was promised."""
    try:
        main()
    except Failed as failure:
        print(f"\nFAILED: {failure}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        print("\nstopped", file=sys.stderr)
        sys.exit(1)
