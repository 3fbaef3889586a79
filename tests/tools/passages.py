"""passages.py - which sources a recording is made of, wherever in them it was.

passages.py WORDS NAME=FILE...     WORDS: raw stereo float32; FILEs: anything ffmpeg reads

Prints the name of each passage of at least 0.2 s that stands in one of the sources, sample for
sample (-90 dBFS), in order; silence and fades are passed over.
"""
import array
import subprocess
import sys

WINDOW = 64    # frames that must fit for a place to be found
SAME = 3.2e-5  # -90 dBFS
LEAST = 8820   # 0.2 s


def decoded(path):
    raw = subprocess.run(['ffmpeg', '-v', 'error', '-i', path, '-ac', '2', '-f', 'f32le', '-'],
                         stdin=subprocess.DEVNULL, capture_output=True, check=True).stdout
    return array.array('f', raw)


def places(left):
    """Where a sample's value, roughly, stands in a source."""
    found = {}
    for at in range(0, len(left)):
        found.setdefault(round(left[at] * 4096), []).append(at)
    return found


def fits(words, frame, source, at):
    for i in range(WINDOW):
        if 2 * (at + i) + 1 >= len(source) or 2 * (frame + i) + 1 >= len(words):
            return False
        if abs(words[2 * (frame + i)] - source[2 * (at + i)]) > SAME:
            return False
    return True


def run_length(words, frame, source, at):
    length = 0
    while (2 * (frame + length) + 1 < len(words) and 2 * (at + length) + 1 < len(source) and
           abs(words[2 * (frame + length)] - source[2 * (at + length)]) <= SAME):
        length += 1
    return length


def main():
    with open(sys.argv[1], 'rb') as file:
        data = file.read()
    words = array.array('f', data[:len(data) // 8 * 8])
    sources = {}
    for argument in sys.argv[2:]:
        name, path = argument.split('=', 1)
        source = decoded(path)
        sources[name] = (source, places(source[0::2]))
    frame, last = 0, None
    while 2 * frame + 1 < len(words):
        best = (0, None)
        value = words[2 * frame]
        if abs(value) > 0.01: # where many places would fit, none is looked for
            for name, (source, where) in sources.items():
                for near in (-1, 0, 1):
                    for at in where.get(round(value * 4096) + near, []):
                        if fits(words, frame, source, at):
                            best = max(best, (run_length(words, frame, source, at), name))
        if best[0] >= LEAST:
            if best[1] != last:
                print(best[1])
            last = best[1]
            frame += best[0]
        else:
            frame += 37 # anywhere in a passage will do


if __name__ == '__main__':
    main()
