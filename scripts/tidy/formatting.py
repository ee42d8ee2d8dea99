"""clang-format, asked only about files it has not approved before."""

import concurrent.futures
import hashlib
import os
import re
import shutil
import subprocess

from findings import Finding

# The version decides the result, so it is pinned: Debian 12's.
PROGRAM = "clang-format-14"
BATCH = 8


def check(tree):
    if not shutil.which(PROGRAM):
        return [Finding(".clang-format", 1, "format", f"{PROGRAM} is not installed; ./dev setup")]
    style = open(os.path.join(tree.root, ".clang-format"), "rb").read()
    approved_path = os.path.join(tree.root, "build", "tidy", "formatted.txt")
    approved = read_lines(approved_path)
    digests = {file.path: hashlib.sha256(style + file.text.encode()).hexdigest()
               for file in tree.cpp()}
    asked = sorted(path for path, digest in digests.items() if digest not in approved)
    findings = []
    batches = [asked[i:i + BATCH] for i in range(0, len(asked), BATCH)]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for found in pool.map(lambda batch: ask(tree.root, batch), batches):
            findings += found
    offenders = {finding.path for finding in findings}
    write_lines(approved_path, {digest for path, digest in digests.items()
                                if path not in offenders})
    return findings


def ask(root, paths):
    result = subprocess.run([PROGRAM, "--dry-run", "--ferror-limit=1", *paths], cwd=root,
                            capture_output=True, text=True, check=False)
    findings = {}
    for path, line in re.findall(r"(?m)^(\S+?):(\d+):\d+: \w+: code should be clang-formatted",
                                 result.stderr):
        findings.setdefault(path, Finding(path, int(line), "format", "not as clang-format has it"))
    return list(findings.values())


def read_lines(path):
    try:
        with open(path, encoding="ascii") as file:
            return set(file.read().split())
    except OSError:
        return set()


def write_lines(path, lines):
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path + ".new", "w", encoding="ascii") as file:
            file.write("\n".join(sorted(lines)) + "\n")
        os.replace(path + ".new", path)
    except OSError:
        pass  # Only costs time: a read-only checkout is asked about anew.
