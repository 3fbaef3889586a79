#!/usr/bin/env bash
# tmux_support.sh - a terminal of 80 x 24 of a script's own, its keys and what stands on its screen.
#
# Sourced after serve_support.sh; what runs in it goes before the player does.
if ! command -v tmux >/dev/null; then
    name=$(basename "$0" .sh)
    echo "skip ${name#e2e_}: no tmux here; contrib/deps.sh test installs it"
    exit 0
fi
mux="tmux -L matchplay-$$ -f /dev/null"
trap '$mux kill-server 2>/dev/null; leave' EXIT

screen() {
    $mux capture-pane -p -t 0
}

keys() {
    $mux send-keys -t 0 "$@"
}

shows() { # TEXT
    screen | grep -qF -- "$1"
}

sees() { # NAME TEXT: comes to stand on the screen
    wait_for 10 shows "$2"
    verdict "$1" "$(shows "$2" || { echo "no \"$2\" in"; screen | grep . ; })"
}

terminal() { # COMMAND...: runs it in a terminal of its own, once the one before is gone for good
    # shellcheck disable=SC2086 # a command and its words
    wait_for 5 $mux new-session -d -x 80 -y 24 "$*"
}

opens() { # [OPTION...]: matchplay's screen; TERM as the script set it, else tmux's own
    terminal "env TERM=${term:-screen-256color} $build/matchplay $* 2>$folder/stderr; echo LEFT; cat"
}

has_no_terminal() {
    ! $mux list-sessions
}

closes() { # the terminal, as a lost connection does
    $mux kill-server 2>/dev/null
    wait_for 5 has_no_terminal
}

titles() { # of the queue, as the player has it
    mp playlistinfo | sed -n 's/^Title: //p' | paste -sd ' '
}

queue_is() {
    [ "$(titles)" = "$1" ]
}

queued() { # NAME TITLES
    wait_for 10 queue_is "$2"
    same "$1" "$(titles)" "$2"
}

seconds_are() { # LEAST MOST
    awk -v is="$(field elapsed status)" -v least="$1" -v most="$2" \
        'BEGIN { exit !(is != "" && is >= least && is <= most) }'
}
