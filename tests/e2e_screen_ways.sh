#!/usr/bin/env bash
# e2e_screen_ways - the screen by mouse, with a player elsewhere over TCP, one that is killed and comes
# back, what is changed for a playlist alone, and what a crash of the screen leaves behind.
# shellcheck source=tests/serve_support.sh
. tests/serve_support.sh
# shellcheck source=tests/serve_music.sh
. tests/serve_music.sh
# shellcheck source=tests/tmux_support.sh
. tests/tmux_support.sh
port=$((20000 + $$ % 20000))
term=xterm-256color # its mouse speaks SGR

mouse() { # BUTTON ROW COLUMN [TIMES], counted from 1
    local time sent=
    for time in $(seq "${4:-1}"); do
        sent+=$'\e'"[<$1;$3;$2M"$'\e'"[<$1;$3;$2m"
    done
    keys -l "$sent"
    [ -n "$time" ]
}

points() {
    opens
    sees the_library_is_there "+ Grey Mill"
    keys 2
    sees view_2_lists "Ember"
    mouse 0 5 10 # the third row
    sleep 0.6
    keys e
    queued a_click_selects_a_row "$(title_of_row 3)"
    mp clear >/dev/null
    mouse 0 4 10 2
    wait_for 10 field_is state play status
    same two_clicks_play_it "$(field Title currentsong)" "$(title_of_row 2)"
    $mux resize-window -t 0 -x 80 -y 10
    sees there_is_less_room "[2sorted]"
    before=$(screen | sed -n 3p)
    mouse 65 5 10
    wait_for 10 row_changed
    verdict the_wheel_moves_the_rows "$(row_changed || screen)"
    mouse 64 5 10
    wait_for 10 row_is_back
    verdict and_back "$(row_is_back || screen)"
    keys q
    sees q_leaves LEFT
    same the_mouse_is_let_go "$($mux display -p -t 0 '#{mouse_any_flag}')" 0
    closes
}

row_changed() {
    [ "$(screen | sed -n 3p)" != "$before" ]
}

row_is_back() {
    [ "$(screen | sed -n 3p)" = "$before" ]
}

# A player elsewhere: with a password everything but files of its own, without one nothing.
reaches() {
    mp stop >/dev/null
    mp clear >/dev/null
    opens -S "look@127.0.0.1:$port"
    sees a_wrong_password_is_told "the password is not the player's"
    closes
    opens -S "secret@localhost:$port"
    sees a_remote_library_shows "+ Grey Mill"
    verdict a_player_that_falls_silent_is_missed "$(is_watched || echo "no keepalive")"
    keys 2
    sees with_its_tracks "Library: 6 tracks"
    keys / a m b e r Enter
    sleep 0.5
    keys e
    queued it_queues_there "Amber"
    keys 4
    sees with_what_is_queued "Queue: 1 track"
    keys Enter
    wait_for 10 field_is state play status
    sees it_plays_there "> Blue Hour - Amber"
    keys A
    sees A_works_there "A original"
    keys 9
    sees meters_too "CPU load"
    keys ":add $folder/cover.png" Enter
    sees files_of_this_machine_are_refused "Access denied"
    keys q
    sees it_leaves LEFT
    same and_the_music_goes_on "$(field state status)" play
    closes
    opens -S "127.0.0.1:$((port + 1))"
    sees where_nothing_listens_it_says_so "trying again"
    closes
}

is_watched() { # by the kernel's keepalive timer (02), on the screen's two connections to the port
    [ "$(awk -v port="$(printf ':%04X$' "$port")" '$3 ~ port && $4 == "01" && $6 ~ /^02/' \
        /proc/net/tcp | wc -l)" = 2 ]
}

# The player is killed and comes back: the same view, the same row.
comes_back() {
    mp stop >/dev/null
    mp clear >/dev/null
    opens
    sees the_screen_is_there "+ Grey Mill"
    keys 2
    sees with_its_rows Ember
    keys g j j
    before=$(screen | sed -n 1,8p)
    player_stop KILL
    sees a_player_that_is_gone_is_told "the player is gone; trying again"
    same and_its_rows_stay "$(screen | sed -n 1,8p)" "$before"
    keys e
    sees what_is_asked_of_it_is_told_so "the player is not there"
    sleep 6
    verdict the_sign_stays "$(shows "the player is gone; trying again" || screen)"
    player_start
    wait_for 10 shows "nothing is playing"
    sees it_comes_back_by_itself "nothing is playing"
    same with_the_view_as_it_was "$(screen | sed -n 1,8p)" "$before"
    keys e
    queued and_the_row_that_was_selected "$(title_of_row 4)"
    keys q
    sees then_q_leaves LEFT
    closes
}

# What is wrong in matchplayrc is read where one looks, not under the screen.
warns() {
    printf '[tui]\nmeters_per_second = -9\n' >"$folder/wrong"
    opens -c "$folder/wrong"
    sees it_comes_up_all_the_same "+ Grey Mill"
    keys 0
    sees a_wrong_setting_stands_in_the_log "wrong:2: "
    closes
}

# The terminal is as it was, whatever ended the screen.
crashes() {
    terminal "stty -a >$folder/before; env TERM=$term $build/matchplay; \
        echo ENDED; stty -a >$folder/after; cat"
    sees it_is_there_before_the_crash "+ Grey Mill"
    same the_other_screen_is_on "$($mux display -p -t 0 '#{alternate_on}')" 1
    kill -SEGV "$(screen_pid)"
    sees it_ends ENDED
    wait_for 5 test -s "$folder/after"
    same the_terminal_is_as_before "$(cat "$folder/after")" "$(cat "$folder/before")"
    same screen_cursor_and_mouse_are_back \
        "$($mux display -p -t 0 '#{alternate_on} #{cursor_flag} #{mouse_any_flag}')" "0 1 0"
    same the_player_plays_on "$(field state status)" play
    closes
}

# A playlist that has an amount and a preset of its own keeps them, and these are changed.
chooses() {
    mp clear >/dev/null
    mp searchadd title Ember
    mp save own
    mp match amount eq 60 playlist own >/dev/null
    mp match preset gentle playlist own >/dev/null
    mp clear
    mp load own
    mp play
    wait_for 10 field_is preset gentle match status
    opens
    sees the_library_is_back "+ Grey Mill"
    keys 8
    sees its_preset_holds "preset   gentle"
    keys j '<'
    wait_for 5 field_is eq 55 match status
    same an_amount_changes_where_it_is_said \
        "$(field eq match status) $(field eq_from match status)" "55 playlist"
    sees and_that_is_told "eq 55 for the playlist own"
    keys j j j '>'
    wait_for 5 field_is preset full match status
    same a_preset_as_well "$(field preset match status) $(field preset_from match status)" \
        "full playlist"
    closes
}

# Of the screen in this script's terminal.
screen_pid() {
    local shell process
    shell=$($mux display -p -t 0 '#{pane_pid}')
    for process in /proc/[0-9]*; do
        if [ "$(readlink "$process/exe" 2>/dev/null)" = "$build/matchplay" ] &&
            [ "$(awk '{ print $4 }' "$process/stat" 2>/dev/null)" = "$shell" ]; then
            echo "${process##*/}"
        fi
    done
}

title_of_row() { # N, of view 2
    mp find '(file != "")' sort AlbumArtist | sed -n 's/^Title: //p' | sed -n "$1p"
}

music_make
settings '[output]' 'device = clock' '[server]' 'listen_address = 127.0.0.1' "port = $port" \
    'password = "secret@read,add,player,control,admin"'
player_start
library 6
points
reaches
warns
chooses
crashes
comes_back
