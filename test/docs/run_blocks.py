"""Runs the shell blocks of a Markdown file in order, in an empty folder, and checks their output.

    python3 run_blocks.py FILE.md CRANNOG_PROGRAM

A ```sh block is run whole by bash; it must exit 0. A ```console block holds commands after `$ `
(continued after `> `), each followed by what it prints; `...` stands for anything within a line, a
line `...` for any lines. A block after `<!-- not run: reason -->` is left out, the reason printed.
"""

import os
import re
import subprocess
import sys
import tempfile

TIMEOUT_S = 300


def blocks(text):
    """(line, language, body, reason not to run it or None) of each sh and console block."""
    found = []
    lines = text.split("\n")
    reason, number = None, 0
    while number < len(lines):
        line = lines[number]
        skip = re.match(r"<!-- not run: (.+) -->", line)
        fence = re.match(r"```(\w*)", line)
        if skip:
            reason = skip.group(1)
        elif fence:
            end = lines.index("```", number + 1)
            if fence.group(1) in ("sh", "console"):
                found.append((number + 1, fence.group(1), lines[number + 1:end], reason))
            reason, number = None, end
        elif line.strip():
            reason = None
        number += 1
    return found


def commands(body):
    """(command, expected lines) of a console block."""
    found = []
    for line in body:
        if line.startswith("$ "):
            found.append([line[2:], []])
        elif line.startswith("> ") and found and not found[-1][1]:
            found[-1][0] += "\n" + line[2:]
        elif found:
            found[-1][1].append(line)
        else:
            raise ValueError("a console block begins with '$ '")
    return found


def matches(expected, printed):
    pattern = ""
    for line in expected:
        if line.strip() == "...":
            pattern += r"(?:.*\n)*"
        else:
            parts = [re.escape(part) for part in line.rstrip().split("...")]
            pattern += ".*".join(parts) + r"[ ]*\n"
    return re.fullmatch(pattern, printed if printed.endswith("\n") or not printed
                        else printed + "\n") is not None


def run(script, folder, environment):
    return subprocess.run(["bash", "-euo", "pipefail", "-c", script], cwd=folder, env=environment,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=TIMEOUT_S, check=False)


def check_block(language, body, folder, environment):
    """What went wrong, or an empty text."""
    steps = [["\n".join(body), None]] if language == "sh" else commands(body)
    for script, expected in steps:
        result = run(script, folder, environment)
        if result.returncode != 0:
            return f"$ {script}\nexit code {result.returncode}\n{result.stdout}"
        if expected and not matches(expected, result.stdout):
            return "\n".join([f"$ {script}", "expected", *expected, "printed", result.stdout])
    return ""


def main(path, program):
    with open(path, encoding="utf-8") as file:
        found = blocks(file.read())
    environment = {**os.environ, "PATH": os.path.dirname(program) + ":" + os.environ["PATH"]}
    ran = 0
    with tempfile.TemporaryDirectory() as folder:
        for line, language, body, reason in found:
            if reason:
                print(f"{path}:{line}: not run: {reason}")
                continue
            problem = check_block(language, body, folder, environment)
            if problem:
                print(f"{path}:{line}: {problem}", file=sys.stderr)
                return 1
            ran += 1
    print(f"{path}: {ran} blocks ran as written")
    return 0


if __name__ == "__main__":
    sys.exit(main(os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])))
