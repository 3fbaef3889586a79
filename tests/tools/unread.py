"""unread.py - the screen on a terminal that nobody reads for two seconds, while it has much to show.

  unread.py MATCHPLAY SOCKET

A track plays. Prints ok or not ok for each thing that was looked at.
"""
import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time

from player import Client

HELD_S = 2.0
# What a pseudo terminal holds, and one frame of 200 x 60 beside it.
MOST_BYTES = 200000


class Terminal:
    def __init__(self, program):
        self.pid, self.file = pty.fork()
        if self.pid == 0:
            os.execve(program, [program], dict(os.environ, TERM='xterm-256color'))
        fcntl.ioctl(self.file, termios.TIOCSWINSZ, struct.pack('HHHH', 60, 200, 0, 0))

    def type(self, keys):
        os.write(self.file, keys)

    def read(self, seconds, until=None):
        """What comes in that time, or until those bytes have come."""
        end = time.monotonic() + seconds
        got = b''
        while (left := end - time.monotonic()) > 0 and (until is None or until not in got):
            if select.select([self.file], [], [], left)[0]:
                try:
                    got += os.read(self.file, 65536)
                except OSError:
                    break
        return got

    def hold(self):
        """Everything is drawn anew again and again, and nobody reads it."""
        for _ in range(int(HELD_S / 0.05)):
            self.type(b'\x0c')
            time.sleep(0.05)

    def has_ended(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                return os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0
            time.sleep(0.02)
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        return False


def verdict(name, trouble):
    print(f'not ok {name}: {trouble}' if trouble else f'ok {name}', flush=True)


def opened(program):
    terminal = Terminal(program)
    terminal.read(10, b'Nasty')
    terminal.type(b'9')
    if b'CPU load' not in terminal.read(10, b'CPU load'):
        verdict('view_9_shows', 'no CPU load')
    return terminal


def state_becomes(player, state):
    for _ in range(100):
        if player.fields('status')['state'] == state:
            return True
        time.sleep(0.05)
    return False


def main():
    program, socket = sys.argv[1:]
    player = Client(socket)

    terminal = opened(program)
    terminal.hold()
    terminal.type(b'c')
    verdict('a_key_works_while_the_terminal_takes_nothing',
            '' if state_becomes(player, 'pause') else 'c does not pause')
    got = terminal.read(1)
    verdict('frames_do_not_pile_up', '' if len(got) < MOST_BYTES else f'{len(got)} bytes')
    terminal.type(b'4')
    verdict('it_goes_on_when_it_is_read',
            '' if b'Queue: 8 tracks' in terminal.read(10, b'Queue: 8 tracks') else 'no view 4')
    terminal.type(b'q')
    terminal.read(2)
    verdict('q_leaves_it', '' if terminal.has_ended(5) else 'it is still there')

    for number, name in ((signal.SIGTERM, 'SIGTERM'), (signal.SIGSEGV, 'a_crash')):
        terminal = opened(program)
        terminal.hold()
        os.kill(terminal.pid, number)
        ended = terminal.has_ended(5)
        if number == signal.SIGTERM:
            verdict(f'{name}_ends_it_unread', '' if ended else 'it is still there')
        last = terminal.read(1)
        verdict(f'and_{name}_gives_the_terminal_back',
                '' if b'\x1b[?1049l' in last[-400:] else f'{last[-80:]}')


if __name__ == '__main__':
    main()
