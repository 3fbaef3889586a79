#!/usr/bin/env bash
# e2e_terminal - the player outlives what started it: a terminal that is killed, a session whose
# folder is taken away, a socket that is removed; it plays on and the same one is found. Ten that
# start it at once get one.
# shellcheck source=tests/serve_support.sh
. tests/serve_support.sh
if ! command -v tmux >/dev/null; then
    echo "skip terminal: no tmux here; contrib/deps.sh test installs it"
    exit 0
fi
mux="tmux -L matchplay-$$ -f /dev/null"
trap '$mux kill-server 2>/dev/null; leave' EXIT
track first.flac ambient.flac 0 15 title=First
track second.flac mix.flac 4 15 title=Second
settings '[output]' "device = clock:$words"
# The socket does not lie in the session's folder, as it does not by default.
mkdir -m 700 "$folder/socket"
export MATCHPLAY_SOCKET=$folder/socket/socket

# Of this script alone: all that were started with its socket.
players() {
    local process
    for process in /proc/[0-9]*; do
        if [ "$(readlink "$process/exe" 2>/dev/null)" = "$build/matchplayd" ] &&
            tr '\0' '\n' <"$process/environ" 2>/dev/null |
            grep -qxF "MATCHPLAY_SOCKET=$MATCHPLAY_SOCKET"; then
            echo "${process##*/}"
        fi
    done
}

one_player() {
    [ "$(players | wc -l)" = 1 ]
}

plays_on() { # NAME: with the same process, further than it was
    local before
    before=$(stat -c %s "$words" 2>/dev/null || echo 0)
    wait_for 10 words_reach $((before / 8 + 10000))
    verdict "$1" "$(field_is state play status || mp status 2>&1 | head -n 3
        [ "$(player_pid)" = "$pid" ] || echo "player $(player_pid), not $pid"
        [ "$(players)" = "$pid" ] || echo "players: $(players | paste -sd ' ')"
        words_reach $((before / 8 + 10000)) || echo "it plays no further")"
}

# In the terminal's shell, as one types it.
$mux new-session -d -x 80 -y 24 "bash --norc"
pane=$($mux list-panes -F '#{pane_pid}')
$mux send-keys "$(printf '%q serve' "$build/matchplay")" Enter
wait_for 20 answers
verdict it_is_started_from_a_terminal "$(answers 2>&1 >/dev/null; one_player || players)"
pid=$(player_pid)
verdict it_has_let_go_of_the_terminal "$(readlink "/proc/$pid/fd"/* | grep /dev/pts
    [ "$(sed 's/.*) //' "/proc/$pid/stat" | cut -d' ' -f5)" = 0 ] || echo "it has a terminal"
    [ "$(readlink "/proc/$pid/cwd")" = / ] || readlink "/proc/$pid/cwd")"
library 2
mp add first.flac
mp add second.flac
mp play
wait_for 20 words_reach 20000
plays_on it_plays
$mux send-keys "$(printf '%q send status' "$build/matchplay")" Enter
sleep 0.3
kill -9 "$pane"
$mux kill-server 2>/dev/null
plays_on it_plays_on_when_the_terminal_is_killed
kill -HUP "$pid"
plays_on it_plays_on_after_a_hangup
rm -rf "$XDG_RUNTIME_DIR"
plays_on it_plays_on_when_the_sessions_folder_goes
rm -rf "$folder/socket"
same send_finds_the_same_player_without_its_socket "$(mp status | grep '^state')" "state: play"
plays_on it_plays_on_when_its_socket_goes
verdict the_socket_is_there_again "$(answers 2>&1)"
env -u XDG_RUNTIME_DIR "$build/matchplay" send ping >"$folder/said" 2>&1 </dev/null
verdict send_needs_no_session "$(grep -vx OK "$folder/said" | grep .)"
wait_for 40 field_is state stop status
raw "$music/first.flac" "$music/second.flac" >"$folder/wanted.raw"
verdict nothing_of_it_was_heard "$(apart "$words" "$folder/wanted.raw")"
mp kill >/dev/null 2>&1
wait_for 10 gone "$pid"
verdict kill_ends_it "$(gone "$pid" || echo "$pid is still there")"

# Ten at once, from nothing.
rm -rf "$folder/socket"
mkdir -m 700 "$folder/socket"
starters=()
for _ in 1 2 3 4 5 6 7 8 9 10; do
    "$build/matchplay" serve </dev/null >>"$folder/ten" 2>&1 &
    starters+=($!)
done
trouble=
for starter in "${starters[@]}"; do
    wait "$starter" || trouble="exit status $?: $(tail -n 2 "$folder/ten")"
done
verdict ten_starts_at_once_all_succeed "$trouble"
wait_for 5 one_player
same ten_starts_at_once_make_one_player "$(players | wc -l)" 1
same it_is_the_one_that_answers "$(players)" "$(player_pid)"
"$build/matchplay" stop >"$folder/said" 2>&1 </dev/null
verdict stop_ends_it "$(grep . "$folder/said"; players)"
