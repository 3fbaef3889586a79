"""clients.py - 100 clients that idle and 10 that are busy, for some seconds, while a track plays.

clients.py SOCKET SECONDS [IDLE BUSY]

Every command is looked at: what does not change must be answered with the same lines each time, the
rest with what belongs there; what is wrong must be refused; whoever idles must be woken. Prints
`ok NAME` or `not ok NAME what` lines, and how many commands there were.
"""
import random
import selectors
import sys
import threading
import time

from player import Ack, Broken, Client

# Asked for over and over, the same each time.
STEADY = (
    ('lsinfo', 'Blue Hour'), ('lsinfo', 'Blue Hour/Dusk'), ('listall',), ('listallinfo', 'Grey Mill'),
    ('list', 'artist'), ('list', 'album', 'group', 'albumartist'),
    ('find', "(artist == 'Blue Hour')"), ('search', 'any', 'e'),
    ('search', "(title contains 'R')", 'sort', '-title', 'window', '0:2'),
    ('count', 'genre', 'Jazz'), ('outputs',), ('commands',), ('playlistinfo', '0'),
    ('listplaylistinfo', 'steady'), ('currentsong',), ('tagtypes',), ('urlhandlers',), ('ping',))
# Refused, with these numbers.
WRONG = (
    (('nonsense',), 5), (('play', 'x'), 2), (('playid', '999999'), 50), (('lsinfo', 'not/there'), 50),
    (('load', 'not there'), 50), (('find', "(artist =="), 2), (('delete', '999'), 2))


class Work:
    def __init__(self, path, seconds):
        self.path, self.end = path, time.monotonic() + seconds
        self.trouble = []
        self.commands = 0
        self.slowest_ms = 0.0
        self.lock = threading.Lock()
        first = Client(path)
        first.ask('save', 'steady')
        self.steady = {words: first.ask(*words) for words in STEADY}
        first.close()

    def tell(self, what):
        with self.lock:
            self.trouble.append(what)

    def done(self, commands, slowest_ms):
        with self.lock:
            self.commands += commands
            self.slowest_ms = max(self.slowest_ms, slowest_ms)

    def over(self):
        return time.monotonic() > self.end


def one_steady(work, client, chance):
    words = chance.choice(STEADY)
    if client.ask(*words) != work.steady[words]:
        work.tell(f'{words} was answered differently')


def one_wrong(work, client, chance):
    words, number = chance.choice(WRONG)
    try:
        client.ask(*words)
        work.tell(f'{words} was taken')
    except Ack as error:
        if not str(error).startswith(f'ACK [{number}@0] '):
            work.tell(f'{words}: {error}')


def one_status(work, client, _):
    status = client.fields('status')
    if status.get('state') != 'play' or float(status.get('elapsed', -1)) < 0:
        work.tell(f'status: {status}')


def one_list(work, client, _):
    client.socket.sendall(b'command_list_ok_begin\nstatus\nstats\ncurrentsong\ncommand_list_end\n')
    oks = 0
    while True:
        line = client.line()
        if line == 'OK':
            break
        oks += line == 'list_OK'
        if line.startswith('ACK'):
            work.tell(f'a command list: {line}')
            return
    if oks != 3:
        work.tell(f'a command list of 3 had {oks} answers')


def one_edit(work, client, chance):
    """Behind the track that plays: an entry comes, is moved, and goes."""
    kept = client.fields('addid', 'Sundry/Flint.flac')['Id']
    found = client.fields('playlistid', kept)
    if found.get('file') != 'Sundry/Flint.flac':
        work.tell(f'playlistid {kept}: {found}')
    client.ask('moveid', kept, '1')
    client.ask('prioid', str(chance.randrange(1, 255)), kept)
    client.ask('deleteid', kept)
    try:
        client.ask('playlistid', kept)
        work.tell(f'{kept} was deleted and is there')
    except Ack:
        pass


def one_playlist(work, client, chance):
    name = 'busy %d' % chance.randrange(1000000)
    client.ask('playlistadd', name, 'Sundry/Flint.flac')
    if client.values('file', 'listplaylist', name) != ['Sundry/Flint.flac']:
        work.tell(f'{name} does not hold what was added')
    client.ask('rm', name)


def busy(work, number):
    chance = random.Random(number)
    kinds = [one_steady] * 8 + [one_wrong, one_status, one_status, one_list]
    # One edits the queue, one the playlists: what they change, they also look at.
    kinds += {0: [one_edit] * 4, 1: [one_playlist] * 2}.get(number, [])
    count, slowest = 0, 0.0
    try:
        client = Client(work.path)
        while not work.over():
            begin = time.monotonic()
            chance.choice(kinds)(work, client, chance)
            slowest = max(slowest, (time.monotonic() - begin) * 1000)
            count += 1
        client.close()
    except (Ack, Broken, OSError) as error:
        work.tell(f'busy client {number}: {error}')
    work.done(count, slowest)


class Idler:
    def __init__(self, path, number):
        self.client = Client(path)
        self.words = ('idle',) if number % 2 else ('idle', 'stored_playlist', 'message')
        self.woken = 0
        self.client.send(*self.words)

    def take(self):
        """After something came: whole answers, each followed by the next idle."""
        self.client.fill()
        while b'OK\n' in self.client.left:
            pairs = self.client.answer()
            if not pairs or any(name != 'changed' for name, _ in pairs):
                raise Broken(f'idle was answered with {pairs}')
            if len(self.words) > 1 and any(value not in self.words for _, value in pairs):
                raise Broken(f'{self.words} was answered with {pairs}')
            self.woken += 1
            self.client.send(*self.words)


def idle(work, idlers):
    selector = selectors.DefaultSelector()
    for idler in idlers:
        selector.register(idler.client.socket, selectors.EVENT_READ, idler)
    while not work.over():
        for key, _ in selector.select(0.1):
            try:
                key.data.take()
            except (Ack, Broken, OSError) as error:
                work.tell(f'a client that idles: {error}')
                selector.unregister(key.fileobj)


def main():
    path, seconds = sys.argv[1], float(sys.argv[2])
    idle_count, busy_count = (int(sys.argv[3]), int(sys.argv[4])) if len(sys.argv) > 4 else (100, 10)
    work = Work(path, seconds)
    idlers = [Idler(path, number) for number in range(idle_count)]
    threads = [threading.Thread(target=idle, args=(work, idlers))]
    threads += [threading.Thread(target=busy, args=(work, number)) for number in range(busy_count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number, idler in enumerate(idlers):
        try: # and each can still be talked to
            idler.client.send('noidle')
            idler.client.answer()
            idler.client.ask('ping')
        except (Ack, Broken, OSError) as error:
            work.tell(f'client {number} at the end: {error}')
    print(f'{work.commands} turns of {busy_count} clients, the slowest {work.slowest_ms:.0f} ms; '
          f'{sum(idler.woken for idler in idlers)} wakes of {idle_count}')
    name = f'{idle_count}_idle_and_{busy_count}_busy_clients_are_answered_right'
    print(f'not ok {name}: {len(work.trouble)} times, first: ' + '; '.join(work.trouble[:3])
          if work.trouble or work.commands == 0 else f'ok {name}')
    asleep = sum(idler.woken == 0 for idler in idlers)
    print(f'not ok whoever_idles_is_woken: {asleep} were not' if asleep
          else 'ok whoever_idles_is_woken')


if __name__ == '__main__':
    main()
