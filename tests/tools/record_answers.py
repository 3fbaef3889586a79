"""record_answers.py - stands between a screen and a player and writes down what is said.

record_answers.py LISTEN PLAYER FILE: every command that passes, and its last answer, in the form
that tests/screen_support.h reads. tests/data/screen/answers.txt was made with it: the screen was
shown all its views on a small library, at the two sizes of its golden pictures.
"""
import os
import select
import socket
import sys


def main():
    listen, player, path = sys.argv[1:]
    answers = {}
    server = socket.socket(socket.AF_UNIX)
    if os.path.exists(listen):
        os.unlink(listen)
    server.bind(listen)
    server.listen()
    pairs = {} # either end: the other
    asked, got = {}, {} # by the player's end
    while True:
        for file in select.select([server, *pairs], [], [])[0]:
            if file is server:
                screen, there = server.accept()[0], socket.socket(socket.AF_UNIX)
                there.connect(player)
                pairs[screen], pairs[there] = there, screen
                asked[there], got[there] = [], b''
                continue
            data = file.recv(1 << 16)
            if not data:
                other = pairs.pop(file)
                pairs.pop(other, None)
                file.close()
                other.close()
                continue
            pairs[file].sendall(data)
            if file not in asked: # from the screen
                asked[pairs[file]] += data.decode().splitlines()
                continue
            got[file] += data
            while b'\n' in got[file]:
                lines = got[file].split(b'\n')
                end = next((at for at, line in enumerate(lines[:-1])
                            if line == b'OK' or line.startswith((b'ACK', b'OK MPD'))), None)
                if end is None:
                    break
                answer = b'\n'.join(lines[:end + 1]).decode() + '\n'
                got[file] = b'\n'.join(lines[end + 1:])
                if not answer.startswith('OK MPD'):
                    command = asked[file].pop(0)
                    if not command.startswith('idle') and answer.endswith('OK\n'):
                        answers[command] = answer
                        with open(path, 'w') as out:
                            for name in sorted(answers):
                                out.write(f'> {name}\n{answers[name]}')


if __name__ == '__main__':
    main()
