"""radio.py - a radio station on loopback, for tests.

radio.py FILE [--port N] [--speed N] [--burst SECONDS] [--metaint N]

Plays FILE (MP3, AAC, Ogg, FLAC, ...) over and over to whoever asks for /live, at so many times its
own speed after a burst, with ICY titles for those who want them (metaint 0: none). The first line
printed is the address. Lines on standard input are orders:

    title TEXT    from now on that is what plays
    drop          every listener's connection is cut
    hang          nothing more is sent, and the connections stay
    off / on      new listeners are refused with 503 / served again
    gone          new listeners are told 404
    end           the file is not begun again: the stream ends

/file is the file itself, with its length. /moved leads to /live, /silent never answers, and
/garbage is noise without an end.
"""
import argparse
import http.server
import os
import socketserver
import subprocess
import sys
import threading
import time

TYPES = {'.mp3': 'audio/mpeg', '.ogg': 'application/ogg', '.opus': 'application/ogg',
         '.aac': 'audio/aac', '.flac': 'audio/flac', '.wav': 'audio/wav'}


class Station(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, options):
        super().__init__(('127.0.0.1', options.port), Listener)
        with open(options.file, 'rb') as file:
            self.bytes = file.read()
        self.kind = TYPES.get(os.path.splitext(options.file)[1], 'audio/mpeg')
        self.options = options
        self.rate = len(self.bytes) / seconds_of(options.file) * options.speed
        self.title = 'First title'
        self.state = 'on'
        self.drops = 0
        self.listeners = 0  # so many have come
        self.hangs = self.ends = False

    def handle_error(self, request, client_address):
        pass  # a listener who leaves is none


def seconds_of(path):
    return float(subprocess.run(
        ['ffprobe', '-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', path],
        check=True, capture_output=True, text=True).stdout)


class Listener(http.server.BaseHTTPRequestHandler):
    def log_message(self, *words):
        pass

    def do_GET(self):
        station = self.server
        station.listeners += 1
        if self.path == '/silent':
            time.sleep(60)
        elif self.path == '/moved':
            self.send_response(302)
            self.send_header('Location', '/live')
            self.end_headers()
        elif station.state == 'off':
            self.send_error(503)
        elif station.state == 'gone' or self.path not in ('/live', '/file', '/garbage'):
            self.send_error(404)
        elif self.path == '/file':
            self.serve_file()
        else:
            self.serve_live()

    def serve_file(self):
        """The whole file, or from a byte on."""
        data, begin = self.server.bytes, 0
        wanted = self.headers.get('Range', '')
        if wanted.startswith('bytes='):
            begin = int(wanted[6:].split('-')[0])
            self.send_response(206)
            self.send_header('Content-Range', f'bytes {begin}-{len(data) - 1}/{len(data)}')
        else:
            self.send_response(200)
        self.send_header('Accept-Ranges', 'bytes')
        self.send_header('Content-Type', self.server.kind)
        self.send_header('Content-Length', str(len(data) - begin))
        self.end_headers()
        self.wfile.write(data[begin:])

    def serve_live(self):
        station = self.server
        metaint = station.options.metaint if self.headers.get('Icy-MetaData') == '1' else 0
        self.send_response(200)
        self.send_header('Content-Type', station.kind)
        self.send_header('icy-name', 'Loopback FM')
        self.send_header('icy-genre', 'Tests')
        if metaint:
            self.send_header('icy-metaint', str(metaint))
        self.end_headers()
        self.send_sound(metaint)

    def send_sound(self, metaint):
        station, sent, told, since_title = self.server, 0, None, 0
        begin, drops = time.monotonic(), station.drops
        data = os.urandom(1 << 20) if self.path == '/garbage' else station.bytes
        while station.drops == drops:
            allowed = (time.monotonic() - begin + station.options.burst) * station.rate
            if sent >= allowed or station.hangs:
                time.sleep(0.02)
                continue
            if station.ends and sent >= len(data):
                return
            count = min(4096, len(data) - sent % len(data))
            if metaint:
                count = min(count, metaint - since_title)
            self.wfile.write(data[sent % len(data):sent % len(data) + count])
            sent += count
            since_title += count
            if metaint and since_title == metaint:
                since_title = 0
                self.wfile.write(b'\0' if told == station.title else block(station.title))
                told = station.title
            self.wfile.flush()


def block(title):
    text = f"StreamTitle='{title}';StreamUrl='';".encode()
    size = (len(text) + 15) // 16
    return bytes([size]) + text.ljust(16 * size, b'\0')


def obey(station, line):
    order, _, text = line.strip().partition(' ')
    if order == 'title':
        station.title = text
    elif order == 'drop':
        station.drops += 1
    elif order == 'hang':
        station.hangs = True
    elif order == 'end':
        station.ends = True
    elif order == 'listeners':
        print(station.listeners, flush=True)
    elif order in ('on', 'off', 'gone'):
        station.state = order
        station.hangs = station.hangs and order != 'on'


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('file')
    parser.add_argument('--port', type=int, default=0)
    parser.add_argument('--speed', type=float, default=1.0)
    parser.add_argument('--burst', type=float, default=2.0)
    parser.add_argument('--metaint', type=int, default=8192)
    options = parser.parse_args()
    station = Station(options)
    threading.Thread(target=station.serve_forever, daemon=True).start()
    print(f'http://127.0.0.1:{station.server_address[1]}/live', flush=True)
    for line in sys.stdin:
        obey(station, line)


if __name__ == '__main__':
    main()
