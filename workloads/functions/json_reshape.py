"""Keeps the orders of one status and turns them from one document an order into one document a country.

GET:  JSON lines, an order each: id, status, customer {name, country}, items [{sku, quantity, cents}].
POST: one JSON object: by country the number of orders, the revenue in cents, the quantity by sku, the customers.
"""
import json


def handler(event, etl):
    countries = {}
    read = kept = 0
    for line in bytes(etl.get(event["input"])).splitlines():
        order = json.loads(line)
        read += 1
        if order["status"] != event["status"]:
            continue
        kept += 1
        name = order["customer"]["country"]
        country = countries.setdefault(name, {"orders": 0, "cents": 0, "skus": {}, "customers": set()})
        country["orders"] += 1
        country["customers"].add(order["customer"]["name"])
        for item in order["items"]:
            country["cents"] += item["quantity"] * item["cents"]
            country["skus"][item["sku"]] = country["skus"].get(item["sku"], 0) + item["quantity"]
    for country in countries.values():
        country["customers"] = sorted(country["customers"])
    etl.post(event["output"], json.dumps(countries, sort_keys=True, separators=(",", ":")).encode())
    return {"read": read, "kept": kept, "countries": len(countries)}
