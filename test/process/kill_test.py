#!/usr/bin/env python3
"""kill -9 at random instants of one process that changes the lake.

After each kill: all that was acknowledged is there exactly, the step in flight is whole or absent,
`crannog check --deep` finds the lake sound, and nothing temporary stays behind.

Environment: CRANNOG_SEED repeats a run's statements (the instants are the machine's own),
CRANNOG_KILLS sets how many kills there are (default 40), CRANNOG_KEEP=1 keeps the lakes.
"""

import os
import random
import signal
import subprocess
import threading
import time
import unittest

import lake as lakes
import workload

SEED = int(os.environ.get("CRANNOG_SEED") or random.SystemRandom().randrange(1 << 32))
KILLS = int(os.environ.get("CRANNOG_KILLS") or 40)
UNITS = 60  # steps given to one process; most are killed long before the last
ROUNDS_PER_LAKE = 15  # a new lake now and then: its first seconds want kills too


class Killed:
    """One process that was given steps and killed."""

    def __init__(self, lake, units, rng):
        text = []
        for number, (statements, _) in enumerate(units, 1):
            text += [*statements, f"SELECT {number} AS done;"]
        self.process = subprocess.Popen(
            lake.command("sql", "--format", "jsonl"), stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=lakes.ENVIRONMENT)
        self.acknowledged = 0
        self.errors = ""
        self._target = rng.choice([0, rng.randint(1, 12), rng.randint(1, 12), rng.randint(1, 40)])
        self._reached = threading.Event()
        if self._target == 0:
            self._reached.set()
        readers = [threading.Thread(target=self._read_answers),
                   threading.Thread(target=self._read_errors),
                   threading.Thread(target=self._write, args=("\n".join(text),))]
        started = time.monotonic()
        for reader in readers:
            reader.start()
        self._reached.wait(120)
        # From right after an acknowledged step to somewhere in the one or two after it, at the
        # machine's pace; without a step, while the lake is opened and recovered.
        pace_s = (time.monotonic() - started) / max(1, self.acknowledged)
        time.sleep(rng.uniform(0, rng.choice([0.01, 1, 2]) * pace_s)
                   if self._target else rng.uniform(0, 0.2))
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        for reader in readers:
            reader.join()
        self.killed = self.process.returncode == -signal.SIGKILL

    def _read_answers(self):
        with self.process.stdout as answers:
            for line in answers:
                if line.startswith('{"done":') and line.endswith("}\n"):
                    self.acknowledged = int(line[8:-2])
                    if self.acknowledged >= self._target:
                        self._reached.set()
        self._reached.set()

    def _read_errors(self):
        with self.process.stderr as errors:
            self.errors = errors.read()

    def _write(self, text):
        try:
            with self.process.stdin as stdin:
                stdin.write(text)
        except BrokenPipeError:
            pass  # killed before it had read everything


def found(lake):
    """The digest of every table on every branch, as the reopened lake answers it."""
    branches = [row["name"] for row in lake.rows("SHOW BRANCHES;")]
    names = lake.rows("\n".join(
        f"SELECT '{b}' AS b, name AS t FROM (SHOW TABLES FROM "
        f"\"{'lake' if b == 'main' else 'lake@' + b}\".{workload.SCHEMA});" for b in branches))
    digests = {branch: {} for branch in branches}
    queries = [workload.digest_query(row["b"], row["t"]) for row in names]
    for row in lake.rows("\n".join(queries)) if queries else []:
        digests[row["b"]][row["t"]] = (row["n"], row["d"])
    return digests


def differences(got, expected):
    lines = []
    for branch in sorted(set(got) | set(expected)):
        if branch not in got or branch not in expected:
            lines.append(f"branch {branch}: {'lost' if branch in expected else 'not expected'}")
            continue
        for name in sorted(set(got[branch]) | set(expected[branch])):
            pair = got[branch].get(name), expected[branch].get(name)
            if pair[0] != pair[1]:
                lines.append(f"{branch} {name}: {pair[0]} rows and digest, expected {pair[1]}")
    return lines


class Kills(unittest.TestCase):
    def torment(self, kills, warehouse):
        rng = random.Random(f"{SEED} {warehouse}")
        done = whole = empty = 0
        folder = None
        while done < kills:
            if folder is None or done % ROUNDS_PER_LAKE == 0:
                folder = lakes.fresh_folder()
                if not os.environ.get("CRANNOG_KEEP"):
                    self.addCleanup(lakes.remove, folder)
                lake = lakes.Lake(folder / "lake", folder / "warehouse" if warehouse else None)
                lake.rows(f"CREATE SCHEMA {workload.SCHEMA};")
                self.work = workload.Workload(rng)
                state = workload.State()
            state, outcome = self.round(lake, state, rng)
            done += outcome is not None
            whole += outcome == "whole"
            empty += outcome == "absent"
        print(f"{done} kills: the step in flight was whole {whole} times, absent {empty} times")

    def round(self, lake, state, rng):
        """One kill and everything that must hold after it: (state now, what became of the step)."""
        units, states = [], [state]
        for _ in range(UNITS):
            unit = self.work.unit(states[-1])
            units.append(unit)
            states.append(unit[1])
        run = Killed(lake, units, rng)
        at = run.acknowledged
        story = "\n".join(" ".join(u[0])[:300] for u in units[max(0, at - 2):at + 1])
        about = (f"seed {SEED}, lake {lake.path}, {at} steps acknowledged; the last two and the "
                 f"one in flight:\n{story}\n")
        self.assertTrue(run.killed or run.process.returncode == 0,
                        f"{about}the program failed by itself: {run.errors}")
        got = found(lake)
        for candidate, outcome in ((at, "absent"), (at + 1, "whole")):
            if candidate < len(states) and got == states[candidate].digests():
                self.settled(lake, about)
                return states[candidate], outcome if run.killed else None
        self.fail(about + "\nagainst all that was acknowledged:\n  "
                  + "\n  ".join(differences(got, states[at].digests())))

    def settled(self, lake, about):
        self.assertEqual(lake.check(), "", about)
        temporary = [lake.path / "objects" / "tmp"]
        if lake.warehouse:
            temporary += [f for f in lake.warehouse.iterdir() if f.name.startswith(".")]
        for folder in temporary:
            left = {f.name for f in folder.iterdir()} if folder.is_dir() else set()
            self.assertEqual(left - {"LOCK"}, set(),
                             f"{about}{folder} keeps files of killed processes")

    def test_embedded_store(self):
        self.torment(KILLS - KILLS // 3, False)

    def test_plain_directory(self):
        self.torment(KILLS // 3, True)


if __name__ == "__main__":
    print(f"seed {SEED} (CRANNOG_SEED)")
    unittest.main()
