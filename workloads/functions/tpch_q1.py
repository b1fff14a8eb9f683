"""TPC-H query 1, the pricing summary report (TPC-H specification, 2.4.1), for DELTA = 90 days.

GET:  the table lineitem, a row a line, columns separated by |.
POST: rows of the answer, columns separated by |: flag, status, sums of quantity, price, discounted price and charge,
      means of quantity, price and discount (rounded half up to two decimals), count.
"""
LAST_SHIP_DATE = "1998-09-02"


def handler(event, etl):
    groups = {}
    rows = 0
    for line in str(etl.get(event["input"]), "ascii").splitlines():
        rows += 1
        column = line.split("|", 11)
        if column[10] > LAST_SHIP_DATE:
            continue
        quantity, price, discount, tax = int(column[4]), cents(column[5]), cents(column[6]), cents(column[7])
        discounted = price * (100 - discount)
        group = groups.setdefault((column[8], column[9]), [0] * 6)
        group[0] += quantity
        group[1] += price
        group[2] += discounted
        group[3] += discounted * (100 + tax)
        group[4] += discount
        group[5] += 1
    out = []
    for (flag, status), (quantity, price, discounted, charge, discount, count) in sorted(groups.items()):
        out.append("|".join([flag, status, str(quantity), decimal(price, 2), decimal(discounted, 4), decimal(charge, 6),
                             mean(100 * quantity, count), mean(price, count), mean(discount, count), str(count)]))
    etl.post(event["output"], "\n".join(out + [""]).encode())
    return {"rows": rows, "groups": len(out)}


def cents(text):
    whole, _, fraction = text.partition(".")
    return int(whole + (fraction + "00")[:2])


def decimal(number, places):
    digits = str(number).rjust(places + 1, "0")
    return digits[:-places] + "." + digits[-places:]


def mean(hundredths, count):
    return decimal((2 * hundredths + count) // (2 * count), 2)
