"""kill.py - kills the player at random moments and looks at what the next one finds.

kill.py BUILD KILLS SEED      in the environment that serve_support.sh makes, music in place

While one thread waits to kill, the other sends what changes queue, playlists, library and playing,
and keeps beside it what was answered with OK: of each entry of the queue its uri, the playlist it
came from and its priority. A change that was under way when the player died may have happened or
not, but not in part. Prints `ok NAME` or `not ok NAME what` lines.
"""
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time

from player import Ack, Broken, Client

SOCKET = os.environ['MATCHPLAY_SOCKET']
DATA = os.environ['XDG_DATA_HOME'] + '/matchplay'
MUSIC = os.environ['MUSIC']
REFERENCE = '#MATCHPLAY-REFERENCE:1.0,/a/reference.flac'
MODES = ('repeat', 'random', 'single', 'consume')
PLACE_S = 5.5 # the place is kept every 5 s, and whenever something is done


class Player:
    def __init__(self, build):
        self.killed = False
        self.log = open(os.environ['XDG_STATE_HOME'] + '/said', 'a')
        self.process = subprocess.Popen([build + '/matchplayd', 'serve', '--foreground'],
                                        stdin=subprocess.DEVNULL, stdout=self.log,
                                        stderr=self.log)

    def connect(self, limit_s=20):
        end = time.monotonic() + limit_s
        while True:
            try:
                return Client(SOCKET)
            except OSError:
                if self.process.poll() is not None:
                    raise Broken('the player ended with %d' % self.process.returncode) from None
                if time.monotonic() > end:
                    raise Broken('the player does not answer') from None
                time.sleep(0.005)

    def kill(self):
        self.killed = True
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.log.close()


class Model:
    """What was answered: the queue and its modes, the playlists, and where it played."""

    def __init__(self):
        self.queue = [] # of (uri, origin or None, priority)
        self.shuffled = False # since the queue was read: its order is not known
        self.modes = dict.fromkeys(MODES, '0')
        self.playlists = {} # name: uris
        self.references = {} # name: paths
        self.place = None # ids it may be at, and seconds, as status said; None: not known

    def copy(self):
        other = Model()
        other.queue = list(self.queue)
        other.shuffled = self.shuffled
        other.modes = dict(self.modes)
        other.playlists = {name: list(uris) for name, uris in self.playlists.items()}
        other.references = {name: list(paths) for name, paths in self.references.items()}
        other.place = self.place
        return other

    def move_origin(self, name, to):
        self.queue = [(uri, to if origin == name else origin, priority)
                      for uri, origin, priority in self.queue]

    def agrees(self, queue):
        return sorted(map(str, queue)) == sorted(map(str, self.queue)) if self.shuffled \
            else queue == self.queue


def read_queue(client):
    queue = []
    for name, value in client.ask('match', 'queue'):
        if name == 'file':
            queue.append((value, None, 0))
        elif name == 'Origin':
            queue[-1] = (queue[-1][0], value, queue[-1][2])
        elif name == 'Prio':
            queue[-1] = (*queue[-1][:2], int(value))
    return queue


def read_modes(client):
    status = client.fields('status')
    return {mode: status[mode] for mode in MODES}


def read_playlists(client):
    names = client.values('playlist', 'listplaylists')
    return {name: client.values('file', 'listplaylist', name) for name in names}


def read_references(client, names):
    found = {name: client.values('reference', 'match', 'reference', 'playlist', name)
             for name in names}
    return {name: paths for name, paths in found.items() if paths}


def read_place(status):
    """None where nothing plays; what plays may go on to the next by itself."""
    if status['state'] == 'stop':
        return None
    return {status['songid'], status.get('nextsongid')}, float(status['elapsed'])


class Changes:
    """One random change: its command, and the model behind it."""

    def __init__(self, random, uris):
        self.random = random
        self.uris = uris

    def place(self, count):
        return self.random.randrange(count)

    def queue_change(self, model):
        queue, kind = model.queue, self.random.randrange(11)
        uri = self.random.choice(self.uris)
        if kind < 3 or len(queue) < 2:
            queue.append((uri, None, 0))
            return 'add', uri
        at = self.place(len(queue))
        to = self.place(len(queue))
        if kind == 3:
            queue.insert(at, (uri, None, 0))
            return 'addid', uri, at
        if kind == 4 and len(queue) > 20:
            end = self.random.randrange(at, len(queue)) + 1
            del queue[at:end]
            return 'delete', f'{at}:{end}'
        if kind == 5:
            queue.insert(to, queue.pop(at))
            return 'move', at, to
        if kind == 6:
            queue[at], queue[to] = queue[to], queue[at]
            return 'swap', at, to
        if kind == 7 and len(queue) > 60:
            queue.clear()
            return ('clear',)
        name = self.some_playlist(model)
        if kind == 8 and name is not None:
            queue.extend((uri, name, 0) for uri in model.playlists[name])
            return 'load', name
        if kind == 9:
            priority = self.random.randrange(256)
            queue[at] = (*queue[at][:2], priority)
            return 'prioid', priority, at
        if kind == 10:
            model.shuffled = True
            return ('shuffle',)
        mode = self.random.choice(MODES[:3]) # consume would change it by itself
        model.modes[mode] = '1' if model.modes[mode] == '0' else '0'
        return mode, model.modes[mode]

    def some_playlist(self, model):
        return self.random.choice(sorted(model.playlists)) if model.playlists else None

    def playlist_change(self, model):
        kind, name = self.random.randrange(10), self.some_playlist(model)
        uris = model.playlists.get(name, [])
        new = 'list %d' % self.random.randrange(8)
        if kind == 0 and new not in model.playlists and model.queue:
            model.playlists[new] = [uri for uri, _, _ in model.queue]
            return 'save', new
        if kind < 3 or name is None or len(uris) < 2:
            name = name or new
            uri = self.random.choice(self.uris)
            model.playlists.setdefault(name, []).append(uri)
            return 'playlistadd', name, uri
        at, to = self.place(len(uris)), self.place(len(uris))
        if kind == 3:
            del uris[at]
            return 'playlistdelete', name, at
        if kind == 4:
            uris.insert(to, uris.pop(at))
            return 'playlistmove', name, at, to
        if kind == 5 and name != 'kept' and new not in model.playlists:
            model.playlists[new] = model.playlists.pop(name)
            if name in model.references:
                model.references[new] = model.references.pop(name)
            model.move_origin(name, new)
            return 'rename', name, new
        if kind == 6 and name != 'kept' and len(uris) > 12:
            del model.playlists[name]
            model.references.pop(name, None)
            model.move_origin(name, None)
            return 'rm', name
        if kind > 7 and name != 'kept':
            paths = self.random.sample(self.uris, kind - 7)
            model.references[name] = paths
            return 'match', 'reference', 'playlist', name, *paths
        model.playlists[name] = [uri for uri, _, _ in model.queue]
        return 'save', name, 'replace'

    def other(self):
        """What changes none of it: scans and playing."""
        return self.random.choice((
            ('update',), ('rescan',), ('play',), ('next',), ('pause',), ('previous',),
            ('seekcur', '+1'), ('setvol', str(self.random.randrange(101))), ('stop',), ('status',)))


class Trouble:
    """What was found, by what should have held."""

    def __init__(self):
        self.found = {}

    def tell(self, name, what):
        self.found.setdefault(name, []).append(what)

    def verdict(self, name):
        found = self.found.get(name)
        if not found:
            print('ok', name)
        else:
            print(f'not ok {name}: {len(found)} times, first: ' + '; '.join(found[:3]))


def touch_music(random, round_number):
    """Something for scans to find: a file comes, another goes, a third is written anew."""
    seeds = sorted(os.listdir(MUSIC + '/seeds'))
    folder = MUSIC + '/changing'
    os.makedirs(folder, exist_ok=True)
    os.link(f'{MUSIC}/seeds/{random.choice(seeds)}', f'{folder}/{round_number}.flac')
    there = os.listdir(folder)
    if len(there) > 20:
        os.remove(f'{folder}/{random.choice(there)}')


def run(player, model, changes, delay_s, trouble):
    """Works until the player is killed. What was answered, and what it may be now as well."""
    timer = threading.Timer(delay_s, player.kill)
    timer.start()
    after, words = None, ()
    try:
        client = player.connect()
        while True:
            after = model.copy()
            kind = changes.random.randrange(10)
            if after.shuffled: # nothing by place before it is known what stands there
                after.queue, after.shuffled = read_queue(client), False
                model = after.copy()
            if kind < 4:
                words = changes.queue_change(after)
            elif kind < 8:
                words = changes.playlist_change(after)
            else:
                words = changes.other()
            plays = words[0] in ('play', 'next', 'pause', 'previous', 'seekcur', 'stop')
            if plays or kind < 4:
                after.place = None
                model.place = None # it may have been done when the player is killed
            try:
                if words[0] == 'prioid':
                    words = *words[:2], client.fields('playlistinfo', words[2])['Id']
                client.ask(*words)
                model = after
                if plays:
                    model.place = read_place(client.fields('status'))
            except Ack as error:
                if kind < 8:
                    trouble.tell('every_change_is_taken', str(error))
            after = None
    except (Broken, OSError) as error:
        if not player.killed:
            time.sleep(1)
            trouble.tell('it_answers_until_it_is_killed',
                         f'{error}, in {words}; exit status {player.process.poll()}')
    timer.join()
    return model, after or model


def sound_database(path, trouble, moment):
    if not os.path.exists(path):
        return
    try:
        found = sqlite3.connect(path, timeout=20).execute('PRAGMA integrity_check').fetchall()
    except sqlite3.Error as error:
        found = [(str(error),)]
    if found != [('ok',)]:
        trouble.tell('the_database_is_sound', f'{moment}: {path}: {found[0][0]}')


def first_difference(got, wanted):
    for at, (one, other) in enumerate(zip(got, wanted)):
        if one != other:
            return f'at {at} {one}, not {other}'
    return f'{len(got)} entries, not {len(wanted)}'


def look(client, before, after, trouble, moment):
    """Compares what there is with what may be; gives what there is."""
    now = Model()
    now.queue, now.modes, now.playlists = read_queue(client), read_modes(client), read_playlists(
        client)
    now.references = read_references(client, now.playlists)
    if not before.agrees(now.queue) and not after.agrees(now.queue):
        trouble.tell('the_queue_is_as_of_the_last_change',
                     f'{moment}: {first_difference(now.queue, before.queue)}')
    if now.modes not in (before.modes, after.modes):
        trouble.tell('the_modes_are_as_of_the_last_change',
                     f'{moment}: {now.modes}, not {before.modes}')
    if now.playlists not in (before.playlists, after.playlists):
        names = [name for name in {**now.playlists, **before.playlists}
                 if now.playlists.get(name) != before.playlists.get(name)]
        trouble.tell('playlists_are_complete', f'{moment}: ' + ', '.join(
            f'{name}: ' + first_difference(now.playlists.get(name, []),
                                           before.playlists.get(name, [])) for name in names))
    if now.references not in (before.references, after.references):
        trouble.tell('playlists_have_their_references',
                     f'{moment}: {now.references}, not {before.references}')
    if REFERENCE not in open(DATA + '/playlists/kept.m3u8').read():
        trouble.tell('a_playlist_keeps_its_reference', moment)
    status = client.fields('status')
    if status['state'] == 'play':
        trouble.tell('it_comes_back_paused_or_stopped', moment)
    if before.place is not None and before.place == after.place:
        ids, elapsed = before.place
        if status.get('songid') not in ids or (
                len(ids) == 1 and abs(float(status['elapsed']) - elapsed) > PLACE_S):
            trouble.tell('it_comes_back_where_it_was',
                         f'{moment}: {status.get("songid")} at {status.get("elapsed")}, '
                         f'not {ids} at {elapsed}')
    return now


def main():
    build, kills, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    print(f'{kills} kills, seed {seed}', flush=True)
    chance = random.Random(seed)
    trouble, model = Trouble(), Model()
    uris = ['seeds/' + name for name in sorted(os.listdir(MUSIC + '/seeds'))]
    changes = Changes(chance, uris)
    os.makedirs(DATA + '/playlists', exist_ok=True)
    with open(DATA + '/playlists/kept.m3u8', 'w') as file:
        file.write('#EXTM3U\n' + REFERENCE + '\n' + uris[0] + '\n')
    model.playlists['kept'] = [uris[0]]
    model.references['kept'] = ['/a/reference.flac']
    player = Player(build)
    client = player.connect()
    client.ask('update')
    wait_scanned(client)
    client.close()
    for number in range(kills):
        touch_music(chance, number)
        moment = f'kill {number} of seed {seed}'
        before, after = run(player, model, changes, chance.uniform(0.002, 0.4), trouble)
        player = Player(build)
        if chance.random() < 0.2: # again, while it starts
            time.sleep(chance.uniform(0, 0.2))
            player.kill()
            player = Player(build)
        client = player.connect()
        try:
            model = look(client, before, after, trouble, moment)
        except Broken as error:
            time.sleep(1)
            sys.exit(f'{moment}: {error}; exit status of the player {player.process.poll()}')
        client.close()
        sound_database(DATA + '/library.db', trouble, moment)
    client = player.connect()
    client.ask('update')
    wait_scanned(client)
    songs = int(client.fields('stats')['songs'])
    files = sum(len(names) for _, _, names in os.walk(MUSIC))
    if songs != files:
        trouble.tell('a_scan_afterwards_finds_every_file', f'{songs} of {files}')
    client.close()
    player.kill()
    sound_database(DATA + '/library.db', trouble, 'at the end')
    sound_database(os.environ['XDG_CACHE_HOME'] + '/matchplay/analysis.db', trouble, 'at the end')
    for name in ('it_answers_until_it_is_killed', 'every_change_is_taken', 'the_database_is_sound',
                 'the_queue_is_as_of_the_last_change', 'the_modes_are_as_of_the_last_change',
                 'playlists_are_complete', 'a_playlist_keeps_its_reference',
                 'playlists_have_their_references', 'it_comes_back_paused_or_stopped',
                 'it_comes_back_where_it_was', 'a_scan_afterwards_finds_every_file'):
        trouble.verdict(name)


def wait_scanned(client, limit_s=30):
    end = time.monotonic() + limit_s
    while 'updating_db' in client.fields('status'):
        if time.monotonic() > end:
            raise Broken('the scan does not end')
        time.sleep(0.02)


if __name__ == '__main__':
    main()
