"""Checks the house rules over a checkout: python3 scripts/tidy ROOT [--no-format]."""

import os
import sys
import time

import documents
import findings
import folders
import formatting
import includes
import text
from tree import Tree


def known_offenders(root):
    with open(os.path.join(root, "scripts/tidy/known_offenders.txt"), encoding="utf-8") as file:
        lines = [line.split() for line in file if line.strip() and not line.startswith("#")]
    return {(rule, path) for rule, path in lines}


def main(arguments):
    options = {argument for argument in arguments if argument.startswith("-")}
    roots = [argument for argument in arguments if argument not in options]
    if len(roots) != 1 or options - {"--no-format"}:
        print("usage: ./dev tidy [--no-format]", file=sys.stderr)
        return 2
    begin = time.monotonic()
    tree = Tree(roots[0])
    checks = [includes.check, text.check, folders.check, documents.check]
    if "--no-format" not in options:
        checks.append(formatting.check)
    found = [finding for check in checks for finding in check(tree)]
    found = findings.unknown_to(known_offenders(roots[0]), found)
    for finding in sorted(found):
        print(finding)
    took = f"{time.monotonic() - begin:.1f} s"
    if found:
        print(f"tidy: {len(found)} findings in {len({f.path for f in found})} files  {took}")
        return 1
    print(f"tidy: {len(tree.files)} files are as the house rules want them  {took}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
