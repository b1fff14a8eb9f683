"""Makes a picture smaller by a whole factor: each pixel of the result is the rounded mean of factor x factor pixels.

GET:  a binary PPM (P6, at most 255 a channel), whose header may have comments.
POST: a binary PPM; rows and columns that do not fill a square are cut off.
"""


def handler(event, etl):
    factor = event["factor"]
    data = etl.get(event["input"])
    (magic, width, height, most), start = header(bytes(data[:1024]))
    if magic != b"P6" or int(most) > 255:
        raise ValueError("not a binary PPM with one byte a channel")
    width, height = int(width), int(height)
    pixels = memoryview(data)[start:start + 3 * width * height]
    columns, rows = width // factor, height // factor
    area, half = factor * factor, factor * factor // 2
    out = bytearray(b"P6\n%d %d\n%d\n" % (columns, rows, int(most)))
    for y in range(0, rows * factor, factor):
        sums = [sum(c) for c in zip(*(pixels[3 * width * (y + i):3 * width * (y + i + 1)] for i in range(factor)))]
        for x in range(0, 3 * columns * factor, 3 * factor):
            end = x + 3 * factor
            out += bytes([(sum(sums[x + channel:end:3]) + half) // area for channel in range(3)])
    etl.post(event["output"], out)
    return {"width": columns, "height": rows}


def header(text):
    """The four words of the header and where the pixels start: one byte of white space after the last word."""
    words, at = [], 0
    while len(words) < 4:
        if text[at:at + 1] == b"#":
            at = text.index(b"\n", at)
        elif text[at:at + 1].isspace():
            at += 1
        else:
            end = at
            while not text[end:end + 1].isspace():
                end += 1
            words.append(text[at:end])
            at = end
    return words, at + 1
