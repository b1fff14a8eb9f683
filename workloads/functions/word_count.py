"""Counts words, case ignored; a word is a run of the letters a to z.

GET:  text; bytes that are no such letter separate words.
POST: lines "word count", most frequent first, equal counts in alphabetical order, at most event["top"].
"""
import collections
import re


def handler(event, etl):
    words = collections.Counter(re.findall(rb"[a-z]+", bytes(etl.get(event["input"])).lower()))
    ranked = sorted(words.items(), key=lambda item: (-item[1], item[0]))[:event["top"]]
    etl.post(event["output"], b"".join(b"%s %d\n" % item for item in ranked))
    return {"words": sum(words.values()), "distinct": len(words)}
