"""heard.py - which of several recordings the device got, frame by frame.

heard.py WORDS NAME=FILE...     all raw stereo float32, each beginning with WORDS' first frame

Prints the names in the order in which they were heard, for at least 50 ms each, and then the
frames of the longest stretch that is none of them (a fade between two of them is such a stretch).
Exit status 1 if there is nothing to compare.
"""
import array
import sys

SAME = 1e-6  # -120 dBFS
LEAST_FRAMES = 2205


def read(path):
    with open(path, 'rb') as file:
        data = file.read()
    return array.array('f', data[:len(data) // 8 * 8])


def stretches(words, sources):
    """(name or None, frames) where one source, or none, is what was heard. Frames in which
    the sources do not differ belong to the stretch around them."""
    found = []
    frames = min(len(words), *(len(source) for source in sources.values())) // 2
    items = list(sources.items())
    for frame in range(0, frames):
        left, right = words[2 * frame], words[2 * frame + 1]
        fits = [name for name, source in items
                if abs(left - source[2 * frame]) <= SAME and abs(right - source[2 * frame + 1]) <= SAME]
        if len(fits) > 1 and found:
            found[-1][1] += 1
            continue
        name = fits[0] if len(fits) == 1 else None
        if found and found[-1][0] == name:
            found[-1][1] += 1
        elif not fits or len(fits) == 1:
            found.append([name, 1])
    return found


def main():
    words = read(sys.argv[1])
    sources = {}
    for argument in sys.argv[2:]:
        name, _, path = argument.partition('=')
        sources[name] = read(path)
    heard, none, longest = [], 0, 0
    for name, frames in stretches(words, sources):
        if name is not None and frames >= LEAST_FRAMES:
            none = 0
            if not heard or heard[-1] != name:
                heard.append(name)
        else:
            none += frames
            longest = max(longest, none)
    print(' '.join(heard), longest)
    if not heard:
        sys.exit(1)


if __name__ == '__main__':
    main()
