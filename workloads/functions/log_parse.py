"""Summarises a web server's access log.

GET:  lines in the combined log format; others are counted and skipped.
POST: text lines, a word and numbers each: status classes, hits and bytes by hour, the ten most requested paths.
"""
import collections
import re

LINE = re.compile(rb'(\S+) \S+ \S+ \[\d+/\w+/\d+:(\d\d):\d\d:\d\d [^\]]*\] '
                  rb'"[A-Z]+ ([^ "]+) [^"]*" (\d)\d\d (\d+|-) "[^"]*" "[^"]*"')


def handler(event, etl):
    classes, hours, volume, paths = (collections.Counter() for _ in range(4))
    clients = set()
    malformed = 0
    for line in bytes(etl.get(event["input"])).splitlines():
        match = LINE.fullmatch(line)
        if match is None:
            malformed += 1
            continue
        client, hour, path, status, size = match.groups()
        clients.add(client)
        classes[status] += 1
        hours[hour] += 1
        volume[hour] += 0 if size == b"-" else int(size)
        paths[path.partition(b"?")[0]] += 1
    out = [b"clients %d" % len(clients), b"malformed %d" % malformed]
    out += [b"status %sxx %d" % (status, classes[status]) for status in sorted(classes)]
    out += [b"hour %s %d %d" % (hour, hours[hour], volume[hour]) for hour in sorted(hours)]
    top = sorted(paths.items(), key=lambda item: (-item[1], item[0]))[:10]
    out += [b"path %s %d" % (path, hits) for path, hits in top]
    etl.post(event["output"], b"\n".join(out) + b"\n")
    return {"lines": sum(classes.values()) + malformed, "malformed": malformed}
