"""player.py - a strict client of the protocol, for tests and measurements.

As a program: player.py SOCKET COMMAND [ARG...] prints the answer; exit status 1 on ACK or none.
"""
import socket
import sys


class Ack(Exception):
    """The player refused a command; its line."""


class Broken(Exception):
    """An answer that is none of the protocol, or none at all."""


def quote(words):
    return ' '.join('"' + str(word).replace('\\', '\\\\').replace('"', '\\"') + '"' if at else word
                    for at, word in enumerate(words))


class Client:
    def __init__(self, path, limit_s=20):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(limit_s)
        try:
            self.socket.connect(path)
        except OSError:
            self.socket.close()
            raise
        self.left = b''
        greeting = self.line()
        if not greeting.startswith('OK MPD 0.23'):
            raise Broken('greeting: ' + greeting)

    def close(self):
        self.socket.close()

    def fill(self):
        try:
            got = self.socket.recv(65536)
        except TimeoutError:
            raise Broken('no answer in time') from None
        if not got:
            raise Broken('the connection was closed')
        self.left += got

    def line(self):
        while b'\n' not in self.left:
            self.fill()
        line, self.left = self.left.split(b'\n', 1)
        if len(line) >= 4000:
            raise Broken('a line of %d bytes' % len(line))
        return line.decode()

    def binary(self, size):
        while len(self.left) <= size:
            self.fill()
        got, end, self.left = self.left[:size], self.left[size:size + 1], self.left[size + 1:]
        if end != b'\n':
            raise Broken('binary bytes without an end of line')
        return got

    def send(self, *words):
        self.socket.sendall((quote(words) + '\n').encode())

    def answer(self):
        """Pairs of name and value, until OK; Ack if it was refused."""
        pairs = []
        while True:
            line = self.line()
            if line == 'OK':
                return pairs
            if line.startswith('ACK ['):
                raise Ack(line)
            name, colon, value = line.partition(': ')
            if not colon:
                raise Broken('line: ' + line)
            if name == 'binary':
                value = self.binary(int(value))
            pairs.append((name, value))

    def ask(self, *words):
        self.send(*words)
        return self.answer()

    def fields(self, *words):
        return dict(self.ask(*words))

    def values(self, name, *words):
        return [value for key, value in self.ask(*words) if key == name]


def main():
    try:
        for name, value in Client(sys.argv[1]).ask(*sys.argv[2:]):
            print(f'{name}: {value}')
    except (OSError, Ack, Broken) as error:
        sys.exit(f'{sys.argv[1]}: {error}')


if __name__ == '__main__':
    main()
