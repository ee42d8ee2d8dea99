#!/usr/bin/env python3
"""Flights and minutes of delay of each carrier, from flights.csv alone and without any SQL."""

import argparse
import csv
from pathlib import Path


def compute(path):
    """{carrier: (flights that arrived, sum of their arrival delays)}"""
    totals = {}
    with open(path, encoding="utf-8", newline="") as file:
        for flight in csv.DictReader(file):
            if flight["dep_time"] == "NA" or flight["arr_delay"] == "NA":
                continue
            flights, delay = totals.get(flight["carrier"], (0, 0))
            totals[flight["carrier"]] = (flights + 1, delay + int(flight["arr_delay"]))
    return totals


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("flights", type=Path, help="flights.csv")
    for carrier, (flights, delay) in sorted(compute(parser.parse_args().flights).items()):
        print(f"{carrier} {flights} {delay}")


if __name__ == "__main__":
    main()
