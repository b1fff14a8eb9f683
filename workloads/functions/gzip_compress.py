"""Compresses a document.

GET:  any bytes.
POST: the same in the gzip format, without name and time, so that equal input gives equal output.
"""
import gzip


def handler(event, etl):
    data = etl.get(event["input"])
    etl.post(event["output"], gzip.compress(data, compresslevel=event["level"], mtime=0))
    return {"bytes": len(data)}
