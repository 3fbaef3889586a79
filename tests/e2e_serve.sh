#!/usr/bin/env bash
# e2e_serve - the life of the player: started, found, lost and found again, ended; who may come in.
set -u
build=$(cd "${BUILD:-build}" && pwd) || exit 1
data=$PWD/tests/data
folder=$(mktemp -d) || exit 1
cd "$folder" || exit 1
mkdir run home music
chmod 700 run
export HOME=$folder/home XDG_CONFIG_HOME=$folder/config XDG_DATA_HOME=$folder/data
export XDG_CACHE_HOME=$folder/cache XDG_STATE_HOME=$folder/state XDG_RUNTIME_DIR=$folder/run
export MATCHPLAY_SOCKET=$folder/run/socket
mkdir -p config/matchplay
cp "$data/mono.flac" music/
state=$folder/state/matchplay
port=$((20000 + $$ % 20000))

settings() {
    printf '[output]\ndevice = clock\n[library]\nmusic_directory = %s/music\n[server]\n%s\n' \
        "$folder" "$1" >config/matchplay/matchplayrc
}
settings ""

matchplay() { "$build/matchplay" "$@" </dev/null; }
player() { head -n 1 "$state/lock"; }
# The lock tells: a process that nobody waits for may stay in the table for a while.
runs() { ! flock -n -s "$state/lock" true; }
check() { if [ "$2" = "$3" ]; then echo "ok $1"; else echo "not ok $1: '$2', not '$3'"; fi; }
holds() { if grep -q -- "$3" <<<"$2"; then echo "ok $1"; else echo "not ok $1: no '$3' in '$2'"; fi; }
ends_within() { # NAME MS
    local begin=${EPOCHREALTIME/./}
    while runs && [ $((${EPOCHREALTIME/./} - begin)) -lt 10000000 ]; do sleep 0.01; done
    local took=$(((${EPOCHREALTIME/./} - begin) / 1000))
    if [ $took -le "$2" ]; then echo "ok $1"; else echo "not ok $1: $took ms"; fi
}
end() { [ -e "$state/lock" ] && runs && kill "$(player)"; rm -rf "$folder"; }
trap end EXIT

# --- started and found -------------------------------------------------------------------------
holds says_that_none_runs "$(matchplay send ping 2>&1)" 'no player is running; matchplay serve'
holds says_where_it_runs "$(matchplay serve 2>&1)" "on $folder/run/socket, pid [0-9]"
pid=$(player)
holds a_second_start_finds_the_first "$(matchplay serve)" "runs already on $folder/run/socket, pid $pid"
holds a_second_player_is_refused "$(matchplay serve --foreground 2>&1)" "a player runs already, pid $pid"
holds stands_at_the_root "$(readlink "/proc/$pid/cwd")" '^/$'
check leads_a_session_of_its_own "$(ps -o sid= -p "$pid" | tr -d ' ')" "$pid"
check closes_its_socket_to_others "$(stat -c %a run/socket)" 600
check mpc_finds_it "$(MPD_HOST=$MATCHPLAY_SOCKET mpc channels 2>&1)" matchplay
holds send_prints_the_answer "$(matchplay send config)" "music_directory: $folder/music"
matchplay send foo 2>said
check send_fails_on_ack "$? $(cat said)" '1 matchplay: unknown command "foo"'
check send_quotes "$(matchplay send sendmessage 'a "b" \c' x 2>&1)" \
    'matchplay: sendmessage: invalid channel name'
check send_reads_commands "$(printf 'ping\nurlhandlers\n' | "$build/matchplay" send -)" \
    'handler: file://
handler: http://
handler: https://'

# --- lost and found again ----------------------------------------------------------------------
rm run/socket
matchplay send ping
check finds_it_when_the_socket_is_gone "$? $(player)" "0 $pid"
rm -rf run
matchplay send ping
check finds_it_when_the_runtime_folder_is_gone "$? $(player)" "0 $pid"
kill -HUP "$pid"
matchplay send ping
check survives_a_hang_up "$? $(player)" "0 $pid"
matchplay stop
check stop_waits_until_it_is_gone "$? $(runs && echo runs)" "0 "
check leaves_no_socket_behind "$(ls run)" ""
holds stop_says_that_none_runs "$(matchplay stop 2>&1)" 'no player is running'

# --- a terminal that is killed -----------------------------------------------------------------
tmux -S "$folder/tmux" -f /dev/null new-session -d "$build/matchplay serve; exec sleep 100"
for ((i = 0; i < 500; i++)); do
    [ "$(matchplay send ping 2>&1; echo $?)" = 0 ] && break
    sleep 0.01
done
pid=$(player)
tmux -S "$folder/tmux" kill-server
sleep 0.2
matchplay send ping
check outlives_its_terminal "$? $(player)" "0 $pid"
kill -TERM "$pid"
ends_within ends_within_a_second_of_SIGTERM 1000

# --- ten at once, and one that was killed --------------------------------------------------------
for i in 0 1 2 3 4 5 6 7 8 9; do
    matchplay serve >"said$i" 2>&1 &
done
wait
check ten_at_once_make_one_player "$(cat said? | grep -c "the player runs.*pid $(player)$") \
$(cat said? | grep -c "runs already.*pid $(player)$")" "1 9"
kill -KILL "$(player)"
while runs; do sleep 0.01; done
matchplay serve >said
check starts_again_after_a_kill "$? $(grep -c "the player runs" said)" "0 1"
holds a_player_elsewhere_is_told "$(matchplay -S "$folder/other" send ping 2>&1)" \
    "is on $folder/run/socket, not on $folder/other"
check one_without_a_wish_is_followed "$(env -u MATCHPLAY_SOCKET "$build/matchplay" send channels \
    2>&1)" "channel: matchplay"
matchplay stop

# --- what cannot be ------------------------------------------------------------------------------
: >"$folder/file"
matchplay -S "$folder/file/x" serve 2>said
check says_why_it_cannot_start "$? $(wc -l <said)" "1 1"
matchplay -S 127.0.0.1:1 serve 2>said
check serves_on_paths_alone "$?" 2
long=$folder/$(printf 'x%.0s' {1..120})
holds refuses_a_path_that_is_too_long "$(matchplay -S "$long" serve 2>&1)" 'name a shorter one'

# The folder that nobody named must be ours alone; only where no one uses it just now.
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null && [ ! -e /tmp/matchplay-54321 ]; then
    theirs=$(mktemp -d /tmp/matchplay-theirs-XXXXXX)
    mkdir -m 755 /tmp/matchplay-54321
    chown 54321 "$theirs" /tmp/matchplay-54321
    as_other() {
        (cd / && env -i PATH="$PATH" HOME="$theirs" setpriv --reuid 54321 --clear-groups \
            "$build/matchplayd" "$@" 2>&1 </dev/null)
    }
    if as_other --version >/dev/null; then
        holds refuses_a_folder_that_others_can_enter "$(as_other serve)" 'mode 0700'
        chmod 700 /tmp/matchplay-54321
        chown 0 /tmp/matchplay-54321
        holds refuses_a_folder_of_somebody_else "$(as_other serve)" 'must be a folder of yours'
        holds asks_no_player_there "$(as_other send ping)" 'must be a folder of yours'
    else
        echo "skip refuses_folders: the build cannot be read by another user"
    fi
    rm -rf /tmp/matchplay-54321 "$theirs"
else
    echo "skip refuses_folders: needs root to play another user"
fi

# --- over the network ----------------------------------------------------------------------------
settings "listen_address = 127.0.0.1
port = $port"
matchplay serve >/dev/null
holds no_password_no_door "$(matchplay -S "127.0.0.1:$port" send ping 2>&1)" refused
holds and_says_so "$(cat "$state/log")" 'no password'
matchplay stop
settings "listen_address = 127.0.0.1
port = $port
password = \"look@read all own@er@control\""
matchplay serve >/dev/null
check a_stranger_may_say_little "$(matchplay -S "127.0.0.1:$port" send channels 2>&1)" \
    "matchplay: channels: you don't have permission for \"channels\""
holds a_reader_may_read "$(matchplay -S "look@127.0.0.1:$port" send channels)" 'channel: matchplay'
holds but_not_end_it "$(matchplay -S "look@127.0.0.1:$port" send kill 2>&1)" permission
holds a_password_may_hold_an_at "$(matchplay -S "own@er@127.0.0.1:$port" send commands)" sendmessage
holds paths_of_this_machine_stay_here "$(matchplay -S "all@127.0.0.1:$port" send config 2>&1)" \
    'local clients'
holds no_slot_opens_a_file_of_this_machine "$(matchplay -S "all@127.0.0.1:$port" send match slot b \
    "reference $folder/music/x.flac" 2>&1)" 'Access denied'
holds nor_in_two_words "$(matchplay -S "all@127.0.0.1:$port" send match slot b reference \
    "$folder/music/x.flac" 2>&1)" 'Access denied'
holds devices_are_set_here_alone "$(matchplay -S "all@127.0.0.1:$port" send match set device \
    "clock:$folder/x" 2>&1)" 'local clients'
holds mpc_gives_the_password "$(mpc -h all@127.0.0.1 -p "$port" channels 2>&1)" matchplay
for i in 1 2 3 4; do matchplay -S "bad@127.0.0.1:$port" send ping >said 2>&1; done
holds a_guesser_has_to_wait "$(cat said)" 'try again in'
holds and_the_right_one_too "$(matchplay -S "all@127.0.0.1:$port" send ping 2>&1)" 'try again in'
holds but_not_on_the_socket "$(matchplay send channels)" 'channel: matchplay'
sleep 1.1
check until_the_time_is_over "$(matchplay -S "all@127.0.0.1:$port" send ping 2>&1; echo $?)" 0
matchplay -S "all@127.0.0.1:$port" stop
ends_within can_be_ended_from_afar 2000

# --- while it has much to do -------------------------------------------------------------------
# A matched track plays, 20,000 files are read: it ends in time, and goes on where it was.
settings ""
printf '[match]\nreference = %s\n' "$data/master.flac" >>config/matchplay/matchplayrc
python3 - "$folder/music" <<'PYTHON'
import os, sys
os.mkdir(sys.argv[1] + "/many")
for number in range(20000):
    os.link(sys.argv[1] + "/mono.flac", f"{sys.argv[1]}/many/{number}.flac")
PYTHON
"$build/matchplayd" serve --foreground </dev/null >said 2>&1 &
child=$!
field() { matchplay send "${@:2}" 2>/dev/null | sed -n "s/^$1: //p" | head -n 1; }
until_is() { # VALUE NAME COMMAND...
    for ((i = 0; i < 1000; i++)); do
        [ "$(field "${@:2}")" = "$1" ] && return
        sleep 0.02
    done
    echo "not ok becomes_$1: $(field "${@:2}")"
}
until_is 20001 songs stats
until_is "" updating_db status
matchplay send add mono.flac
matchplay send play
until_is ready plan match status
doing=$(printf 'rescan\nstatus\n' | "$build/matchplay" send -)
kill -TERM "$child"
begin=${EPOCHREALTIME/./}
{ wait "$child"; } 2>/dev/null
check ends_well_while_it_plays_and_scans $? 0
took=$(((${EPOCHREALTIME/./} - begin) / 1000))
check within_a_second "$([ $took -le 1000 ] || echo "$took ms")" ""
check it_did_play_and_scan "$(grep -c '^updating_db\|^state: play' <<<"$doing")" 3
matchplay serve >/dev/null
check it_starts_paused "$(field state status)" pause
check where_it_was "$(awk -v before="$(sed -n 's/^elapsed: //p' <<<"$doing")" \
    -v after="$(field elapsed status)" \
    'BEGIN { if (after < before - 1 || after > before + 1) print after, "not", before }')" ""
matchplay stop
rm -rf music/many

# --- garbage -------------------------------------------------------------------------------------
matchplay serve >/dev/null
pid=$(player)
for i in 1 2 3 4 5; do
    head -c 300000 /dev/urandom | timeout 5 python3 -c '
import os, socket, sys
s = socket.socket(socket.AF_UNIX)
s.connect(os.environ["MATCHPLAY_SOCKET"])
try:
    s.sendall(sys.stdin.buffer.read())
    while s.recv(65536):
        pass
except OSError:
    pass'
done
matchplay send ping
check garbage_ends_nobody_elses_talk "$? $(player)" "0 $pid"

# --- who says nothing ----------------------------------------------------------------------------
matchplay stop
settings "connection_timeout = 1"
matchplay serve >/dev/null
python3 - <<'PYTHON'
import os, socket
def client(first):
    s = socket.socket(socket.AF_UNIX)
    s.connect(os.environ["MATCHPLAY_SOCKET"])
    s.settimeout(20)
    s.recv(100)
    s.sendall(first)
    return s
silent, waiting = client(b"pi"), client(b"idle\n")
try:
    print("ok" if silent.recv(100) == b"" else "not ok", "lets_go_of_who_says_nothing")
except OSError as error:
    print("not ok lets_go_of_who_says_nothing:", error)
waiting.settimeout(1)
try:
    print("not ok but_not_of_who_waits_for_news:", waiting.recv(100))
except socket.timeout:
    print("ok but_not_of_who_waits_for_news")
PYTHON

# --- ready for systemd ---------------------------------------------------------------------------
matchplay stop
python3 - "$build/matchplayd" <<'PYTHON'
import os, signal, socket, subprocess, sys
path = os.getcwd() + "/notify"
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(path)
s.settimeout(10)
player = subprocess.Popen([sys.argv[1], "serve", "--foreground"], stderr=subprocess.DEVNULL,
                          env=dict(os.environ, NOTIFY_SOCKET=path))
try:
    print("ok" if s.recv(100) == b"READY=1" else "not ok", "tells_systemd_when_it_is_ready")
except OSError as error:
    print("not ok tells_systemd_when_it_is_ready:", error)
player.send_signal(signal.SIGINT)
print("ok" if player.wait(10) == 0 else "not ok", "ends_well_on_SIGINT")
PYTHON
