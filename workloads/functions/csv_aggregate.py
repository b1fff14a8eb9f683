"""Sums amounts of a CSV table by group.

GET:  a CSV table with a header; amounts have at most two decimals.
POST: a CSV table: the grouping columns, count, and one sum a column, ordered by group.
"""
import csv
import io


def handler(event, etl):
    groups, sums = event["group_by"], event["sum"]
    table = csv.reader(io.TextIOWrapper(io.BytesIO(etl.get(event["input"])), encoding="utf-8", newline=""))
    header = next(table)
    key_columns = [header.index(name) for name in groups]
    sum_columns = [header.index(name) for name in sums]
    totals = {}
    rows = 0
    for row in table:
        rows += 1
        key = tuple([row[i] for i in key_columns])
        total = totals.get(key)
        if total is None:
            total = totals[key] = [0] * (1 + len(sums))
        total[0] += 1
        for slot, column in enumerate(sum_columns, 1):
            total[slot] += hundredths(row[column])
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*groups, "count", *sums])
    for key in sorted(totals):
        count, *amounts = totals[key]
        writer.writerow([*key, count, *(decimal(amount) for amount in amounts)])
    etl.post(event["output"], out.getvalue().encode())
    return {"rows": rows, "groups": len(totals)}


def hundredths(text):
    """12.5 as 1250: sums of whole numbers are exact."""
    whole, _, fraction = text.partition(".")
    return int(whole + (fraction + "00")[:2])


def decimal(amount):
    sign = "-" if amount < 0 else ""
    return f"{sign}{abs(amount) // 100}.{abs(amount) % 100:02d}"
