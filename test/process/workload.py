"""Seeded statements over a few tables and branches, and what each of them must leave behind.

A State maps branch -> table -> Table. Tables never change: a statement makes new ones, so `is`
tells whether two branches share a version, which is all that merging needs to know.
"""

import hashlib

SCHEMA = "s"
TABLES = ("a", "b", "c", "d", "e")
BRANCHES = ("dev", "audit")
ROWS_LARGE = 4000  # random hex of more than 64 KiB: content that becomes a file
ROWS_MAX = 9000


class Table:
    """Columns after `id`, and their values by id. `value` is never altered."""

    def __init__(self, columns, rows):
        self.columns = tuple(columns)
        self.rows = rows

    def digest(self):
        """What DIGEST answers for a table of these rows."""
        names = ("id",) + self.columns
        lines = []
        for key in sorted(self.rows):
            cells = (key,) + self.rows[key]
            shown = ("NULL" if cell is None else str(cell) for cell in cells)
            lines.append("{" + ", ".join(f"'{n}': {v}" for n, v in zip(names, shown)) + "}")
        text = hashlib.md5("\n".join(lines).encode()).hexdigest() if lines else None
        return len(lines), text


class State:
    def __init__(self, branches=None, bases=None):
        self.branches = branches or {"main": {}}
        self.bases = bases or {}  # branch -> the tables it shared with main when last in step

    def copy(self):
        return State({name: dict(tables) for name, tables in self.branches.items()},
                     dict(self.bases))

    def digests(self):
        return {branch: {name: table.digest() for name, table in tables.items()}
                for branch, tables in self.branches.items()}


def qualified(branch, table):
    catalog = "" if branch == "main" else f'"lake@{branch}".'
    return f"{catalog}{SCHEMA}.{table}"


def digest_query(branch, table):
    return (f"SELECT '{branch}' AS b, '{table}' AS t, count(*) AS n, "
            "md5(string_agg(x::VARCHAR, chr(10) ORDER BY id)) AS d "
            f"FROM {qualified(branch, table)} x;")


class Workload:
    """Makes units: lists of statements that are one step together, each with the state after."""

    def __init__(self, rng):
        self.rng = rng
        self.next_id = 1
        self.next_column = 1
        self.kinds = {}  # how often each kind was made

    def unit(self, state):
        """(statements, state after). The state before is not altered."""
        choices = [(self.insert_small, 8), (self.insert_large, 3), (self.create_as, 3),
                   (self.delete, 4), (self.update, 4), (self.merge_rows, 4), (self.transaction, 5),
                   (self.alter, 3), (self.drop, 2), (self.replace, 2), (self.truncate, 1),
                   (self.create_branch, 3), (self.merge_branch, 6), (self.drop_branch, 1)]
        while True:
            make = self.rng.choices([c[0] for c in choices], [c[1] for c in choices])[0]
            after = state.copy()
            statements = make(after)
            if statements:
                self.kinds[make.__name__] = self.kinds.get(make.__name__, 0) + 1
                return statements, after

    # Each of these alters `state` and returns the statements, or None when it does not apply.

    def insert_small(self, state, branch=None):
        return self._insert(state, self.rng.randint(1, 20), branch)

    def insert_large(self, state, branch=None):
        return self._insert(state, ROWS_LARGE, branch)

    def _pick(self, state, branch):
        branch = branch or self.rng.choice(sorted(state.branches))
        names = sorted(state.branches[branch])
        return (branch, self.rng.choice(names)) if names else (branch, None)

    def _fresh(self, count):
        first = self.next_id
        self.next_id += count
        salt = self.rng.randrange(1 << 30)
        keys = range(first, first + count)
        query = f"SELECT i AS id, i % 97 AS v, md5((i * {salt})::VARCHAR) AS p " \
                f"FROM range({first}, {first + count}) r(i)"
        return keys, query, {
            key: (key % 97, hashlib.md5(str(key * salt).encode()).hexdigest()) for key in keys}

    def _insert(self, state, count, branch):
        branch, name = self._pick(state, branch)
        if name is None or len(state.branches[branch][name].rows) + count > ROWS_MAX:
            return None
        table = state.branches[branch][name]
        _, query, made = self._fresh(count)
        empty = (None,) * (len(table.columns) - 2)
        rows = table.rows | {key: cells + empty for key, cells in made.items()}
        state.branches[branch][name] = Table(table.columns, rows)
        columns = ", ".join(("id",) + table.columns[:2])
        return [f"INSERT INTO {qualified(branch, name)} ({columns}) {query};"]

    def create_as(self, state, branch=None):
        branch = branch or self.rng.choice(sorted(state.branches))
        free = [name for name in TABLES if name not in state.branches[branch]]
        if not free:
            return None
        name = self.rng.choice(free)
        _, query, rows = self._fresh(self.rng.choice([3, 300, ROWS_LARGE]))
        state.branches[branch][name] = Table(("v", "p"), rows)
        return [f"CREATE TABLE {qualified(branch, name)} AS {query};"]

    def replace(self, state, branch=None):
        branch, name = self._pick(state, branch)
        if name is None:
            return None
        _, query, rows = self._fresh(self.rng.choice([3, 300]))
        state.branches[branch][name] = Table(("v", "p"), rows)
        return [f"CREATE OR REPLACE TABLE {qualified(branch, name)} AS {query};"]

    def delete(self, state, branch=None):
        branch, name = self._pick(state, branch)
        if name is None:
            return None
        table = state.branches[branch][name]
        step, rest = self.rng.choice([2, 3, 10, 100]), self.rng.randrange(2)
        rows = {key: cells for key, cells in table.rows.items() if key % step != rest}
        state.branches[branch][name] = Table(table.columns, rows)
        return [f"DELETE FROM {qualified(branch, name)} WHERE id % {step} = {rest};"]

    def update(self, state, branch=None):
        branch, name = self._pick(state, branch)
        if name is None:
            return None
        table = state.branches[branch][name]
        step, add = self.rng.choice([2, 7, 50]), self.rng.randint(1, 1000)
        rows = {key: ((cells[0] + add,) + cells[1:] if key % step == 0 else cells)
                for key, cells in table.rows.items()}
        state.branches[branch][name] = Table(table.columns, rows)
        value = table.columns[0]
        return [f"UPDATE {qualified(branch, name)} SET {value} = {value} + {add} "
                f"WHERE id % {step} = 0;"]

    def merge_rows(self, state, branch=None):
        branch, name = self._pick(state, branch)
        if name is None:
            return None
        table = state.branches[branch][name]
        old = [key for key in sorted(table.rows) if self.rng.random() < 0.01][:20]
        keys, query, made = self._fresh(5)
        given = {key: made[first] for key, first in zip(old, list(keys) * 4)} | made
        empty = (None,) * (len(table.columns) - 2)
        rows = dict(table.rows)
        for key, cells in given.items():
            rows[key] = (cells[0],) + table.rows[key][1:] if key in table.rows else cells + empty
        state.branches[branch][name] = Table(table.columns, rows)
        source = ", ".join(f"({key}, {v}, '{p}')" for key, (v, p) in given.items())
        v, p = table.columns[:2]
        return [f"MERGE INTO {qualified(branch, name)} t USING (VALUES {source}) u(id, v, p) "
                f"ON t.id = u.id WHEN MATCHED THEN UPDATE SET {v} = u.v "
                f"WHEN NOT MATCHED THEN INSERT (id, {v}, {p}) VALUES (u.id, u.v, u.p);"]

    def transaction(self, state):
        branch = self.rng.choice(sorted(state.branches))
        if len(state.branches[branch]) < 2:
            return None
        inside = []
        for _ in range(self.rng.randint(2, 4)):
            make = self.rng.choice([self.insert_small, self.insert_large, self.delete, self.update,
                                    self.create_as])
            inside += make(state, branch) or []
        return ["BEGIN;", *inside, "COMMIT;"] if inside else None

    def alter(self, state, branch=None):
        branch, name = self._pick(state, branch)
        if name is None:
            return None
        table = state.branches[branch][name]
        spare = table.columns[2:]
        new = f"c{self.next_column}"
        self.next_column += 1
        what = self.rng.choice(["add", "drop", "rename"])
        if what == "add" and len(spare) < 4:
            rows = {key: cells + (None,) for key, cells in table.rows.items()}
            after, text = Table(table.columns + (new,), rows), f"ADD COLUMN {new} BIGINT"
        elif what == "drop" and spare:
            at = len(table.columns) - 1
            rows = {key: cells[:at] for key, cells in table.rows.items()}
            after, text = Table(table.columns[:at], rows), f"DROP COLUMN {table.columns[at]}"
        else:
            columns = (new,) + table.columns[1:]
            after, text = Table(columns, table.rows), f"RENAME COLUMN {table.columns[0]} TO {new}"
        state.branches[branch][name] = after
        return [f"ALTER TABLE {qualified(branch, name)} {text};"]

    def truncate(self, state, branch=None):
        branch, name = self._pick(state, branch)
        if name is None:
            return None
        state.branches[branch][name] = Table(state.branches[branch][name].columns, {})
        return [f"TRUNCATE {qualified(branch, name)};"]

    def drop(self, state, branch=None):
        branch, name = self._pick(state, branch)
        if name is None:
            return None
        del state.branches[branch][name]
        return [f"DROP TABLE {qualified(branch, name)};"]

    def create_branch(self, state):
        free = [name for name in BRANCHES if name not in state.branches]
        if not free:
            return None
        name = self.rng.choice(free)
        state.branches[name] = dict(state.branches["main"])
        state.bases[name] = dict(state.branches["main"])
        return [f"CREATE BRANCH {name} FROM main;"]

    def merge_branch(self, state):
        """Only merges that the rules allow: no table changed on both sides since the base."""
        names = sorted(set(state.branches) - {"main"})
        if not names:
            return None
        name = self.rng.choice(names)
        branch, main, base = state.branches[name], state.branches["main"], state.bases[name]
        changed = [t for t in TABLES if branch.get(t) is not base.get(t)]
        if not changed or any(main.get(t) is not base.get(t) for t in changed):
            return None
        for table in changed:
            main.pop(table, None)
            if table in branch:
                main[table] = branch[table]
        state.bases[name] = dict(branch)
        return [f"MERGE BRANCH {name} INTO main;"]

    def drop_branch(self, state):
        names = sorted(set(state.branches) - {"main"})
        if not names:
            return None
        name = self.rng.choice(names)
        del state.branches[name]
        del state.bases[name]
        return [f"DROP BRANCH {name};"]
