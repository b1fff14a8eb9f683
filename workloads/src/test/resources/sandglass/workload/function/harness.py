"""Runs ETL functions in a plain process. Each line on standard input is a JSON array [file, event]; each answer is a line."""
import importlib.util
import json
import sys
import urllib.request

opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Etl:
    def get(self, url):
        with opener.open(url) as answer:
            return memoryview(answer.read()).toreadonly()

    def post(self, url, data):
        with opener.open(urllib.request.Request(url, data=bytes(data), method="POST")):
            pass


def load(path):
    spec = importlib.util.spec_from_file_location("function", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


sys.dont_write_bytecode = True
for line in sys.stdin:
    file, event = json.loads(line)
    result = load(file).handler(event, Etl())
    print(json.dumps(result, sort_keys=True, separators=(",", ":")), flush=True)
