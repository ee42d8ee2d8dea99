#!/usr/bin/env python3
"""How long `crannog sql -c 'select 1'` takes on a lake that exists, and what memory it needs.

  start.py [--runs 20] [--json]

The peers of the same run: `crannog --version`, which loads the same libraries and opens no lake,
and /bin/true, what starting any process costs. CRANNOG names the program; ./dev bench sets it.
"""
import argparse
import json
import os
import statistics
import subprocess
import tempfile
import time

TARGET_MS = 150
TARGET_MIB = 100


def start(command):
    """Wall milliseconds, peak resident MiB and processor milliseconds of one run."""
    output = os.open(os.devnull, os.O_WRONLY)
    begin = time.perf_counter()
    child = os.posix_spawn(
        command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, output, 1)])
    _, status, usage = os.wait4(child, 0)
    took = (time.perf_counter() - begin) * 1000
    os.close(output)
    if status != 0:
        raise SystemExit(f"start: {' '.join(command)} failed with status {status}")
    return took, usage.ru_maxrss / 1024, (usage.ru_utime + usage.ru_stime) * 1000


def figure(metric, value, unit, target, peer, peer_value, values):
    return {
        "bench": "start",
        "metric": metric,
        "value": round(value, 3),
        "unit": unit,
        "peer": peer,
        "peer_value": round(peer_value, 3),
        "ratio": round(value / peer_value, 3),
        "spread": round((max(values) - min(values)) / value, 3),
        "target": target,
        "met": None if target is None else value <= target,
    }


def show(one, as_json):
    if as_json:
        print(json.dumps(one), flush=True)
        return
    line = (f"{one['metric']:<34} {one['value']:>11.3f} {one['unit']:<5} {one['ratio']:>7.3f} x "
            f"{one['peer']} ({one['peer_value']:.3f}), spread {one['spread'] * 100:.1f}%")
    if one["target"] is not None:
        line += f", target <= {one['target']} {'met' if one['met'] else 'MISSED'}"
    print(line, flush=True)


def make_lake(crannog, lake):
    """One with history: the state log has something to replay, the catalog something to resolve."""
    statements = ["CREATE SCHEMA bench"]
    statements += [f"CREATE TABLE bench.t{i} AS SELECT range AS id FROM range(1000)"
                   for i in range(20)]
    subprocess.run([crannog, "--lake", lake, "sql", "-c", "; ".join(statements)],
                   check=True, stdout=subprocess.DEVNULL)


def main():
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    crannog = os.environ.get("CRANNOG") or f"{root}/build/release/crannog"
    with tempfile.TemporaryDirectory(prefix="crannog_bench_start_") as folder:
        lake = f"{folder}/lake"
        make_lake(crannog, lake)
        commands = {
            "ours": [crannog, "--lake", lake, "sql", "-c", "select 1"],
            "version": [crannog, "--version"],
            "true": ["/bin/true"],
        }
        runs = {name: [] for name in commands}
        for i in range(arguments.runs + 1):
            for name, command in commands.items():
                measured = start(command)
                if i > 0:  # the first warms the page cache
                    runs[name].append(measured)
    wall = {name: [run[0] for run in values] for name, values in runs.items()}
    memory = {name: [run[1] for run in values] for name, values in runs.items()}
    processor = {name: [run[2] for run in values] for name, values in runs.items()}
    middle = {name: statistics.median(values) for name, values in wall.items()}
    resident = {name: max(values) for name, values in memory.items()}
    if not arguments.json:
        print(f"limit: starting any process (/bin/true) takes {middle['true']:.1f} ms, loading the "
              f"libraries alone {middle['version']:.1f} ms")
    show(figure("select_1", middle["ours"], "ms", TARGET_MS, "crannog --version",
                middle["version"], wall["ours"]), arguments.json)
    show(figure("select_1_over_a_process", middle["ours"], "ms", None, "/bin/true",
                middle["true"], wall["ours"]), arguments.json)
    show(figure("select_1_processor", statistics.median(processor["ours"]), "ms", None,
                "crannog --version", statistics.median(processor["version"]), processor["ours"]),
         arguments.json)
    show(figure("select_1_memory", resident["ours"], "MiB", TARGET_MIB, "crannog --version",
                resident["version"], memory["ours"]), arguments.json)


if __name__ == "__main__":
    main()
