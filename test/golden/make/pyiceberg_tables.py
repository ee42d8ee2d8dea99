"""Golden tables written by PyIceberg. Run: make.sh pyiceberg [CASE...]"""

import sys

import pyiceberg_changes  # noqa: F401  registers its cases
import pyiceberg_types  # noqa: F401
from pyiceberg_writer import CASES

if __name__ == "__main__":
    for wanted in sys.argv[1:] or CASES:
        CASES[wanted]()
