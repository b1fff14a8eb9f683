import pathlib

import single


def units():
    lines = (pathlib.Path(__file__).parent / 'units.txt').read_text().splitlines()
    return {name: single.twice(int(value)) for name, value in (line.split() for line in lines)}
