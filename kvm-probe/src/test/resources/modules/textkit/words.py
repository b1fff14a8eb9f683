import collections


def count(text):
    return dict(sorted(collections.Counter(text.split()).items()))
