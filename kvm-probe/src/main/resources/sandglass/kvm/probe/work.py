"""Acts out the ops of a scenario's work."""
import os, time


def handler(event, etl):
    server, data, pages = event['server'], b'', None
    for op, amount in event['ops']:
        if op == 'compute':
            for _ in range(amount):
                pass
        elif op == 'wait':
            time.sleep(amount / 1e9)
        elif op == 'touch':
            pages = bytearray(amount * 4096)
            pages[::4096] = b'x' * amount
        elif op == 'get':
            data = etl.get(server + '/bytes/%d' % amount)
        elif op == 'post':
            if len(data) < amount:
                data = bytes(amount)
            etl.post(server + '/sink', memoryview(data)[:amount])
        elif op == 'switch':
            for _ in range(amount):
                os.getppid()
