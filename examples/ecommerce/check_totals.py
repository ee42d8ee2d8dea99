#!/usr/bin/env python3
"""Computes the report's totals once more, from the CSV files alone and without any SQL.

Reads row by row with exact decimals; memory grows by one byte a customer.
"""

import argparse
import csv
import json
import sys
from array import array
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

STATUSES = {"completed", "shipped", "pending", "cancelled"}


def rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def flag_of(order, product_count):
    """The same rules as ingest_to_bronze.sql, written a second time on purpose."""
    if not order["customer_id"]:
        return "missing_customer"
    if not order["unit_price"]:
        return "missing_price"
    if order["unit_price"].startswith("-"):
        return "negative_price"
    if int(order["quantity"]) <= 0:
        return "bad_quantity"
    if order["status"] not in STATUSES:
        return "bad_status"
    if int(order["product_id"]) > product_count:
        return "unknown_product"
    return "valid"


def compute(directory):
    """What kpi_report.json should say."""
    regions = []
    region_of = array("B", [0])  # by customer id, which counts from 1
    for customer in rows(directory / "customers.csv"):
        if customer["region"] not in regions:
            regions.append(customer["region"])
        region_of.append(regions.index(customer["region"]))
    product_count = sum(1 for _ in rows(directory / "products.csv"))

    flags = {}
    seen = bytearray(len(region_of))
    revenue_by_region = [Decimal(0)] * len(regions)
    orders_by_region = [0] * len(regions)
    for order in rows(directory / "orders.csv"):
        flag = flag_of(order, product_count)
        flags[flag] = flags.get(flag, 0) + 1
        if flag != "valid" or order["status"] == "cancelled":
            continue
        customer = int(order["customer_id"])
        amount = int(order["quantity"]) * Decimal(order["unit_price"])
        revenue = amount * (100 - int(order["discount_percent"])) / 100
        seen[customer] = 1
        revenue_by_region[region_of[customer]] += revenue
        orders_by_region[region_of[customer]] += 1

    total, orders = sum(revenue_by_region), sum(orders_by_region)
    return {
        "total_revenue": total,
        "total_orders": orders,
        "avg_order_value": (total / orders).quantize(Decimal("0.01"), ROUND_HALF_UP),
        "total_customers": sum(seen),
        "regions": {name: (orders_by_region[i], revenue_by_region[i])
                    for i, name in enumerate(regions) if orders_by_region[i]},
        "bronze_orders": flags,
    }


def differences(report, wanted):
    """Every figure of the report that is not what the files say."""
    found = {
        "total_revenue": Decimal(report["total_revenue"]),
        "total_orders": int(report["total_orders"]),
        "avg_order_value": Decimal(report["avg_order_value"]),
        "total_customers": int(report["total_customers"]),
        "regions": {r["region"]: (int(r["orders"]), Decimal(r["revenue"]))
                    for r in report["regions"]},
        "bronze_orders": {b["flag"]: int(b["orders"]) for b in report["bronze_orders"]},
    }
    return [f"{name}: the report says {found[name]}, the files {wanted[name]}"
            for name in wanted if found[name] != wanted[name]]


def read_report(path):
    """Numbers as text, so that no digit is lost on the way."""
    return json.loads(Path(path).read_text(encoding="utf-8"), parse_float=str, parse_int=str)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="directory of the CSV files")
    parser.add_argument("report", type=Path, help="kpi_report.json")
    options = parser.parse_args()
    wrong = differences(read_report(options.report), compute(options.data))
    for line in wrong:
        print(line, file=sys.stderr)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
