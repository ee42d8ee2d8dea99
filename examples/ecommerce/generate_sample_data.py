#!/usr/bin/env python3
"""Writes customers.csv, products.csv and orders.csv: the same bytes for the same seed and scale.

Rows are made one after another from their own number, so memory does not grow with the scale.
About two orders in a hundred are dirty, as in life: no customer, a status nobody knows, an amount
below zero, no amount at all, a product that does not exist.
"""

import argparse
import random
from datetime import datetime, timedelta
from math import isqrt
from pathlib import Path

CUSTOMERS, PRODUCTS, ORDERS = 1_000, 200, 5_000
YEAR_START = datetime(2025, 1, 1)
YEAR_SECONDS = 365 * 24 * 3600

FIRST_NAMES = ["Ada", "Björn", "Chloé", "Dmitri", "Elif", "Femi", "Grace", "Hiro", "Ines",
               "Jamal", "Kira", "Liam", "Mei", "Noor", "Olga", "Paulo", "Quinn", "Rosa", "Sven",
               "Tala"]
LAST_NAMES = ["Abe", "Brown", "Costa", "Diaz", "Evans", "Fischer", "Garcia", "Hansen", "Ivanova",
              "Jones", "Kowalski", "Lopez", "Müller", "Nguyen", "O'Neil", "Patel", "Rossi",
              "Smith"]
CITIES = [("Berlin", "EMEA"), ("Boston", "AMER"), ("Dublin", "EMEA"), ("Lagos", "EMEA"),
          ("Lima", "LATAM"), ("Madrid", "EMEA"), ("Mumbai", "APAC"), ("Osaka", "APAC"),
          ("Quito", "LATAM"), ("Seattle", "AMER"), ("Sydney", "APAC"), ("Toronto", "AMER")]
SEGMENTS = ["consumer", "consumer", "consumer", "business", "public"]
CATEGORIES = [("Books", 8, 60), ("Electronics", 30, 1500), ("Garden", 5, 300), ("Home", 10, 700),
              ("Sports", 10, 500), ("Toys", 5, 150)]
ADJECTIVES = ["Bright", "Compact", "Durable", "Elegant", "Folding", "Quiet", "Smart", "Solid"]
NOUNS = ["Basket", "Chair", "Guide", "Kit", "Lamp", "Set", "Speaker", "Tool", "Watch"]
STATUSES = ["completed"] * 70 + ["shipped"] * 12 + ["pending"] * 8 + ["cancelled"] * 10
BAD_STATUSES = ["unknown", "COMPLETE", "n/a"]
PAYMENTS = ["card", "card", "card", "paypal", "transfer", "voucher"]


def counts(scale):
    """Customers grow with the orders; a catalogue grows more slowly than its sales."""
    return CUSTOMERS * scale, isqrt(PRODUCTS * PRODUCTS * scale), ORDERS * scale


def write_customers(path, seed, count):
    rng = random.Random(f"customers {seed}")
    with open(path, "w", encoding="utf-8", newline="") as out:
        out.write("customer_id,name,email,city,region,segment,signup_date\n")
        for number in range(1, count + 1):
            first, last = rng.choice(FIRST_NAMES), rng.choice(LAST_NAMES)
            city, region = rng.choice(CITIES)
            email = "" if rng.random() < 0.01 else f"customer{number}@example.com"
            signup = YEAR_START - timedelta(days=rng.randrange(1, 1500))
            out.write(f"{number},{first} {last},{email},{city},{region},{rng.choice(SEGMENTS)},"
                      f"{signup:%Y-%m-%d}\n")


def write_products(path, seed, count):
    """Returns the list prices in cents, by product."""
    rng = random.Random(f"products {seed}")
    prices = []
    with open(path, "w", encoding="utf-8", newline="") as out:
        out.write("product_id,name,category,list_price,cost\n")
        for number in range(1, count + 1):
            category, low, high = rng.choice(CATEGORIES)
            cents = rng.randrange(low * 100, high * 100)
            cost = cents * rng.randrange(40, 80) // 100
            prices.append(cents)
            name = f"{rng.choice(ADJECTIVES)} {rng.choice(NOUNS)} {number}"
            out.write(f"{number},{name},{category},{money(cents)},{money(cost)}\n")
    return prices


def money(cents):
    sign, cents = ("-", -cents) if cents < 0 else ("", cents)
    return f"{sign}{cents // 100}.{cents % 100:02}"


def spoil(order, kind, rng, product_count):
    """Makes an order dirty in one way."""
    if kind == 0:
        order["customer_id"] = ""
    elif kind == 1:
        order["status"] = rng.choice(BAD_STATUSES)
    elif kind == 2:
        order["unit_price"] = "-" + order["unit_price"]
    elif kind == 3:
        order["unit_price"] = ""
    elif kind == 4:
        order["product_id"] = product_count + 1 + rng.randrange(1000)
    else:
        order["quantity"] = 0


def write_orders(path, seed, count, customer_count, prices):
    """In the order of time, as a shop writes them."""
    rng = random.Random(f"orders {seed}")
    step = YEAR_SECONDS / count
    with open(path, "w", encoding="utf-8", newline="") as out:
        out.write("order_id,customer_id,product_id,quantity,unit_price,discount_percent,order_date,"
                  "status,payment_method\n")
        for number in range(1, count + 1):
            bits = rng.getrandbits(80)
            bits, day_part = divmod(bits, 1 << 16)
            moment = YEAR_START + timedelta(seconds=int((number - 1 + day_part / 65536) * step))
            bits, status = divmod(bits, len(STATUSES))
            bits, payment = divmod(bits, len(PAYMENTS))
            bits, quantity = divmod(bits, 5)
            bits, discount = divmod(bits, 8)
            # The square favours small numbers: a few customers and products do most of the trade.
            product = int(rng.random() ** 2 * len(prices))
            customer = int(rng.random() ** 1.5 * customer_count)
            order = {
                "order_id": number, "customer_id": customer + 1, "product_id": product + 1,
                "quantity": quantity + 1, "unit_price": money(prices[product]),
                "discount_percent": (discount - 4) * 5 if discount > 4 else 0,
                "order_date": moment, "status": STATUSES[status],
                "payment_method": PAYMENTS[payment],
            }
            if bits % 50 == 0:
                spoil(order, bits // 50 % 6, rng, len(prices))
            out.write(",".join(map(str, order.values())) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--scale", type=int, default=1)
    parser.add_argument("--seed", type=int, default=42)
    options = parser.parse_args()
    options.directory.mkdir(parents=True, exist_ok=True)
    customer_count, product_count, order_count = counts(options.scale)
    write_customers(options.directory / "customers.csv", options.seed, customer_count)
    prices = write_products(options.directory / "products.csv", options.seed, product_count)
    write_orders(options.directory / "orders.csv", options.seed, order_count, customer_count,
                 prices)


if __name__ == "__main__":
    main()
