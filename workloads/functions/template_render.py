"""Fills a page with records, text escaped for HTML.

GET:  a JSON object: page (a template with $title and $rows), row (a template with the records' keys), title, records.
POST: the page, UTF-8.
"""
import html
import json
import string


def handler(event, etl):
    document = json.loads(bytes(etl.get(event["input"])))
    row = string.Template(document["row"])
    rows = [row.substitute({key: html.escape(str(value)) for key, value in record.items()})
            for record in document["records"]]
    page = string.Template(document["page"]).substitute(title=html.escape(document["title"]), rows="".join(rows))
    etl.post(event["output"], page.encode())
    return {"records": len(rows), "characters": len(page)}
