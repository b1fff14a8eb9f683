"""Acts out the ops of a scenario's work. Each op leaves the guest equally often whatever its size, so that its exits can be foretold."""


def handler(event, etl):
    server, data, touches = event['server'], b'', 0
    for op, amount in event['ops']:
        if op == 'compute':
            for _ in range(amount):
                pass
        elif op == 'wait':
            import time
            time.sleep(amount / 1e9)
        elif op == 'touch':
            memory(touches, amount * 4096)[:amount * 4096:4096] = b'x' * amount
            touches += 1
        elif op == 'get':
            data = etl.get(server + '/bytes/%d' % amount)
        elif op == 'post':
            if len(data) < amount:
                data = memory(-1, amount)
            etl.post(server + '/sink', memoryview(data)[:amount])
        elif op == 'switch':
            import os
            for _ in range(amount):
                os.getppid()


def memory(which, size):
    """Asks for memory by one call of its own: the allocator's would depend on what came before. A sandbox that is kept, keeps it."""
    import builtins, mmap
    kept = builtins.__dict__.setdefault('_kept', {})
    if which not in kept or len(kept[which]) < size:
        kept[which] = mmap.mmap(-1, max(size, 1), flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    return kept[which]
