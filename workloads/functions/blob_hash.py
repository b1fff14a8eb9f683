"""Makes a manifest of a blob, with which a receiver can verify it piece by piece.

GET:  any bytes.
POST: lines: size, SHA-256 and CRC-32 of the whole, then number and SHA-256 of each piece of event["piece"] bytes.
"""
import hashlib
import zlib


def handler(event, etl):
    data = memoryview(etl.get(event["input"]))
    piece = event["piece"]
    lines = ["size %d" % len(data), "sha256 " + hashlib.sha256(data).hexdigest(), "crc32 %08x" % zlib.crc32(data)]
    for number, start in enumerate(range(0, len(data), piece)):
        lines.append("%d %s" % (number, hashlib.sha256(data[start:start + piece]).hexdigest()))
    etl.post(event["output"], "\n".join(lines + [""]).encode())
    return {"bytes": len(data), "pieces": len(lines) - 3}
