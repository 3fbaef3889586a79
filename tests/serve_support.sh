#!/usr/bin/env bash
# serve_support.sh - a player of one's own for a script: home, music, settings, start and end.
#
# Sourced from the root of the repository. Everything lies in $folder, which goes on every way out,
# the player before it. $music is the music folder (empty at first), $words what the device got.
set -u
build=$(cd "${BUILD:-build}" && pwd) || exit 1
root=$PWD
data=$root/tests/data
tools=$root/tests/tools
folder=$(mktemp -d) || exit 1
music=$folder/music
words=$folder/words.raw
mkdir -p "$music" "$folder"/{home,config/matchplay,data,cache,state,run,tmp}
chmod 700 "$folder/run"
export HOME=$folder/home XDG_CONFIG_HOME=$folder/config XDG_DATA_HOME=$folder/data
export XDG_CACHE_HOME=$folder/cache XDG_STATE_HOME=$folder/state XDG_RUNTIME_DIR=$folder/run
export LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$tools
unset MPD_HOST MPD_PORT
export MATCHPLAY_SOCKET=$folder/run/socket
lock=$folder/state/matchplay/lock
playlists=$folder/data/matchplay/playlists
child="" # a player that this script started in the foreground

verdict() { # NAME TROUBLE: none is good
    if [ -z "$2" ]; then echo "ok $1"; else echo "not ok $1: ${2//$'\n'/; }"; fi
}

same() { # NAME GOT WANTED
    verdict "$1" "$([ "$2" = "$3" ] || printf 'got "%s", not "%s"' "$2" "$3")"
}

# player_pid: of the player that holds this state folder; nothing if none does
player_pid() {
    local pid
    pid=$(grep -o -m 1 '[0-9]*' "$lock" 2>/dev/null | head -n 1)
    if [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null; then
        echo "$pid"
    fi
}

leave() {
    local pid
    pid="$child $(player_pid)"
    # shellcheck disable=SC2086 # none, one or two
    kill $pid 2>/dev/null
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        # shellcheck disable=SC2086
        kill -0 $pid 2>/dev/null || break
        sleep 0.1
    done
    # shellcheck disable=SC2086
    kill -9 $pid 2>/dev/null
    rm -rf "$folder"
}
trap leave EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# settings LINE...: the matchplayrc; the music folder is in it already, under [library]
settings() {
    printf '%s\n' '[library]' "music_directory = $music" "$@" \
        >"$XDG_CONFIG_HOME/matchplay/matchplayrc"
}

# track PATH SOURCE BEGIN_S SECONDS [TAG=VALUE...]: a piece of a file of tests/data, tagged
track() {
    local path=$music/$1 source=$data/$2 begin_s=$3 seconds=$4 tag tags=()
    shift 4
    for tag in "$@"; do
        tags+=(-metadata "$tag")
    done
    mkdir -p "$(dirname "$path")"
    ffmpeg -v error -y -ss "$begin_s" -t "$seconds" -i "$source" "${tags[@]}" "$path" </dev/null
}

# wait_for SECONDS COMMAND...: until it succeeds; 1 when the time is up
wait_for() {
    local end=$((${EPOCHREALTIME/./} + $1 * 1000000))
    shift
    until "$@" >/dev/null 2>&1; do
        [ "${EPOCHREALTIME/./}" -lt "$end" ] || return 1
        sleep 0.05
    done
}

# mp COMMAND [ARG...]: one command of the protocol, its answer
mp() {
    timeout -k 5 20 "$build/matchplay" send "$@" </dev/null
}

# field NAME COMMAND [ARG...]: the first value of that name in the answer
field() {
    local name=$1
    shift
    mp "$@" 2>/dev/null | sed -n "s/^$name: //p" | head -n 1
}

field_is() { # NAME VALUE COMMAND...
    local name=$1 value=$2
    shift 2
    [ "$(field "$name" "$@")" = "$value" ]
}

answers() {
    python3 "$tools/player.py" "$MATCHPLAY_SOCKET" ping
}

not_updating() {
    ! mp status | grep -q '^updating_db'
}

songs_are() {
    not_updating && field_is songs "$1" stats
}

# player_start [ENV=VALUE...]: in the foreground of a child of this script, answering when done
player_start() {
    env "$@" "$build/matchplayd" serve --foreground </dev/null >>"$folder/said" 2>&1 &
    child=$!
    wait_for 20 answers && return
    echo "not ok player_starts: $(tail -n 3 "$folder/said" "$XDG_STATE_HOME/matchplay/log" 2>&1)"
    exit 1
}

gone() {
    ! kill -0 "$1" 2>/dev/null
}

# player_stop [SIGNAL]: and waits for it
player_stop() {
    kill "-${1:-TERM}" "$child" 2>/dev/null
    { wait "$child"; } 2>/dev/null
    child=""
}

# library N: a scan that ends with N songs
library() {
    mp update >/dev/null
    wait_for 30 songs_are "$1" ||
        verdict the_library_is_read "$(field songs stats) songs of $1"
}

# dropouts: how many were the device's fault and how many the decoder's, as in "0 0"
dropouts() {
    mp match meters dropouts | sed -n 's/^dropouts_[a-z]*: //p' | paste -sd ' '
}

words_reach() { # FRAMES of stereo float32
    [ "$(stat -c %s "$words" 2>/dev/null || echo 0)" -ge $(($1 * 8)) ]
}

# apart GOT WANTED [ARGUMENT of null...]: how raw words are worse than -120 dBFS from what was wanted,
# or end before it; nothing when all is well
apart() {
    local one=$1 other=$2 db got wanted at
    shift 2
    read -r db got wanted at < <("$build/tests/null" "$@" "$one" "$other" 2>&1)
    awk -v db="$db" -v got="$got" -v wanted="$wanted" -v at="$at" \
        'BEGIN { if (got < wanted || got == 0) print got " frames of " wanted
                 else if (db != "-inf" && db + 0 > -120) print db " dB at " at }'
}

# frames_of FILE: how many it decodes to
frames_of() {
    ffprobe -v error -show_entries stream=duration_ts -of csv=p=0 "$1"
}

# raw FILE...: stereo float32 words of them, one after the other, on stdout
raw() {
    local file
    for file in "$@"; do
        ffmpeg -v error -i "$file" -ac 2 -f f32le - </dev/null
    done
}
