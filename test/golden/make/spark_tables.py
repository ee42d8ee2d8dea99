"""Golden tables written by Spark with Iceberg's own library. Run: make.sh spark [CASE...]"""

import sys

import spark_changes  # noqa: F401  registers its cases
import spark_types  # noqa: F401
from spark_writer import CASES, session

if __name__ == "__main__":
    shared = session()
    failed = []
    for wanted in sys.argv[1:] or CASES:
        try:
            CASES[wanted](shared)
        except Exception as e:  # the other cases still get made; the exit code says it
            failed.append(wanted)
            print(f"FAILED {wanted}: {str(e)[:600]}")
    shared.stop()
    sys.exit(f"failed: {' '.join(failed)}" if failed else 0)
