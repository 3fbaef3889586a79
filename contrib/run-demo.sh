#!/usr/bin/env bash
# run-demo.sh - what `make run` does once everything is built: opens the player on your music, or
# on the demo tracks where there is none.
#
#   contrib/run-demo.sh BUILD [ARGUMENT...]     (ARGUMENTs go to the player: make run ARGS='...')
set -u
build=${1:?usage: run-demo.sh BUILD [ARGUMENT...]}
shift

# The music folder of the desktop, as xdg-user-dirs(1) wrote it down, else ~/Music.
music_folder() {
    local file=${XDG_CONFIG_HOME:-${HOME:-}/.config}/user-dirs.dirs line
    if [ -n "${XDG_MUSIC_DIR:-}" ]; then
        echo "$XDG_MUSIC_DIR"
        return
    fi
    line=$(sed -n 's/^ *XDG_MUSIC_DIR *= *"\(.*\)".*/\1/p' "$file" 2>/dev/null | tail -n 1)
    line=${line/#\$HOME/${HOME:-}}
    echo "${line:-${HOME:-}/Music}"
}

# Xdg-user-dirs points a folder that a user took away at the home folder itself: not music then.
holds_audio() {
    [ -n "$1" ] && [ -d "$1" ] && [ "${1%/}" != "${HOME%/}" ] &&
        [ -n "$(find -L "$1" -type f \( -iname '*.flac' -o -iname '*.mp3' -o -iname '*.ogg' \
            -o -iname '*.oga' -o -iname '*.opus' -o -iname '*.m4a' -o -iname '*.aac' \
            -o -iname '*.wav' -o -iname '*.aif' -o -iname '*.aiff' -o -iname '*.wv' \
            -o -iname '*.ape' -o -iname '*.dsf' -o -iname '*.dff' \) -print -quit 2>/dev/null)" ]
}

# A player of its own, whose library and queue are none of yours.
demo_settings() {
    local demo=$PWD/$build/demo
    mkdir -p "$demo"
    export XDG_CONFIG_HOME=$demo/config XDG_DATA_HOME=$demo/data XDG_CACHE_HOME=$demo/cache
    export XDG_STATE_HOME=$demo/state
    export MATCHPLAY_SOCKET=${TMPDIR:-/tmp}/matchplay-demo-$(id -u)/socket
    mkdir -p "$XDG_CONFIG_HOME/matchplay"
    cat >"$XDG_CONFIG_HOME/matchplay/matchplayrc" <<EOF
[match]
reference = $PWD/tests/data/master.flac
[library]
music_directory = $PWD/tests/data
EOF
}

music=$(music_folder)
arguments=()
if ! holds_audio "$music"; then
    echo "No music was found in $music: here are the demo tracks, made to sound like master.flac."
    for track in tests/data/*.flac; do
        [ "$track" = tests/data/master.flac ] || arguments+=("$track")
    done
    demo_settings
fi
if [ -t 0 ] && [ -t 1 ]; then
    exec "$build/matchplay" "${arguments[@]}" "$@"
fi
[ ${#arguments[@]} -gt 0 ] || arguments=("$music")
exec "$build/matchplay" play "${arguments[@]}" "$@" # no terminal: no screen
