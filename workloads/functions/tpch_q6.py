"""TPC-H query 6, the forecasting revenue change (TPC-H specification, 2.4.6), for 1994, 6 % and 24 pieces.

GET:  the table lineitem, a row a line, columns separated by |.
POST: the revenue, with four decimals.
"""


def handler(event, etl):
    revenue = rows = matched = 0
    for line in str(etl.get(event["input"]), "ascii").splitlines():
        rows += 1
        column = line.split("|", 11)
        if column[10][:4] == "1994" and column[6] in ("0.05", "0.06", "0.07") and int(column[4]) < 24:
            whole, _, fraction = column[5].partition(".")
            revenue += int(whole + (fraction + "00")[:2]) * int(column[6][2:])
            matched += 1
    etl.post(event["output"], b"%d.%04d\n" % divmod(revenue, 10000))
    return {"rows": rows, "matched": matched}
