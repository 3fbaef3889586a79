#!/usr/bin/env bash
# e2e_screen - the screen in a terminal of 80 x 24, driven by its keys: browse, search, queue, play,
# seek, a reference for a playlist, A/B and H in what the device got, a blind test, meters, help,
# other sizes, leaving and coming back, the first run.
# shellcheck source=tests/serve_support.sh
. tests/serve_support.sh
# shellcheck source=tests/serve_music.sh
. tests/serve_music.sh
# shellcheck source=tests/tmux_support.sh
. tests/tmux_support.sh

browses() {
    sees the_library_is_there_at_once "+ Grey Mill"
    keys / b l u e Enter Space
    sees space_unfolds_an_artist "    Dusk  1971"
    keys Down
    sees its_tracks_show_beside_it "2 Birch"
    keys e
    queued e_queues_an_album "Amber Birch"
    keys 2
    sees view_2_lists_all_tracks "Library: 7 tracks"
    keys / e m b e r Enter
    sleep 0.5
    keys e
    queued a_found_track_is_queued "Amber Birch Ember"
    keys 5
    sees view_5_shows_folders "Sundry/"
    keys Enter
    sees enter_opens_a_folder "Files: /Blue Hour"
    keys BSpace
    sees backspace_goes_up "Grey Mill/"
}

queues() {
    keys 4
    sees view_4_shows_the_queue "Queue: 3 tracks"
    keys g p
    queued p_moves_a_row "Birch Amber Ember"
    keys P
    queued and_P_back "Amber Birch Ember"
    keys G / a m b Enter
    sleep 0.5
    keys Space G p
    queued what_was_found_and_marked_moves "Birch Ember Amber"
    mp move 2 0 >/dev/null
    queued another_client_moves_it_back "Amber Birch Ember"
    sleep 0.5
    keys G Space
    sees marks_are_counted "3 tracks, 1 marked"
    mp move 2 0 >/dev/null
    queued it_moves_what_is_marked "Ember Amber Birch"
    keys D
    queued D_removes_what_was_marked "Amber Birch"
    keys ':save evening' Enter
    wait_for 10 test -e "$playlists/evening.m3u8"
    keys 3
    sees a_saved_playlist_is_listed evening
    sees with_what_it_holds Birch
}

plays() {
    keys 4 g Enter
    wait_for 10 field_is state play status
    sees enter_plays_and_the_status_line_says_so "> Blue Hour - Amber"
    keys c
    wait_for 10 field_is state pause status
    sees c_pauses "|| Blue Hour - Amber"
    keys c
    keys l
    wait_for 10 seconds_are 5 8
    verdict l_seeks "$(seconds_are 5 8 || field elapsed status)"
    keys b
    wait_for 10 field_is Title Birch currentsong
    same b_goes_on "$(field Title currentsong)" Birch
    keys 2 G i
    sleep 0.5
    keys e
    queued i_finds_what_is_heard "Amber Birch Birch"
    mp delete 2 >/dev/null
    keys 4
    keys z z
    wait_for 10 field_is Title Amber currentsong
    keys -- - -
    wait_for 10 field_is volume 90 status
    same minus_turns_down "$(field volume status)" 90
    keys + +
    keys v
    wait_for 10 field_is state stop status
    same v_stops "$(field state status)" stop
}

# Queues all of view 2, then brings back what was there.
replaces() {
    keys 2 g Enter
    wait_for 10 field_is playlistlength 7 status
    same enter_in_view_2_plays_the_rows_shown "$(field playlistlength status)" 7
    keys ':undo' Enter
    queued undo_brings_the_queue_back "Amber Birch"
    mp load evening 0:1 >/dev/null
    keys 2 g Enter
    wait_for 10 field_is playlistlength 7 status
    keys ':undo' Enter
    queued undo_brings_three_back "Amber Birch Amber"
    same each_with_the_playlist_it_came_from "$(mp match queue | sed -n 's/^Origin: //p')" evening
    mp delete 2 >/dev/null
}

# A playlist gets a reference by R, and its tracks have it.
refers() {
    keys 3
    sees the_playlist_is_selected evening
    keys 5 / m a s t e r Enter
    sees the_reference_is_found master.flac
    keys R
    sees R_asks_in_one_line ": like master.flac?"
    keys e
    wait_for 10 field_is reference master.flac match reference all
    same R_sets_a_reference "$(field reference match reference all)" master.flac
    keys 3 Tab
    keys X
    sees X_asks_too "p playlist evening"
    keys Escape
    mp match reference playlist evening "$chalk" >/dev/null
    keys 3 g Enter
    wait_for 10 field_is state play status
    sees the_playlist_has_its_own_reference "like 01 Chalk.flac (evening)"
    keys 5 / m a s t e r Enter W
    sees W_adds_one "like 01 Chalk.flac +1 (evening)"
    keys 8
    sees view_8_shows_both "Like 01 Chalk.flac and master.flac"
    keys g j j j j j j j '>'
    wait_for 10 weights_are "1.25 1"
    same and_weighs_them "$(weights)" "1.25 1"
    keys D
    sees D_takes_one_away "like master.flac (evening)"
}

weights() {
    mp match reference playlist evening | sed -n 's/^weight: //p' | paste -sd ' '
}

weights_are() {
    [ "$(weights)" = "$1" ]
}

# Hears B, then A, then B, then the reference, then B; the device's words say so.
listens() {
    local names
    mp stop >/dev/null
    mp clear >/dev/null
    mp add "$amber" >/dev/null
    mp repeat 1 >/dev/null
    wait_for 10 field_is reference master.flac match reference all
    mp play 0 >/dev/null
    keys 4
    wait_for 20 field_is plan ready match status
    sees B_is_heard "B matched"
    sleep 0.7
    keys A
    sees A_shows_the_original "A original"
    sleep 0.7
    keys A
    sees A_again_the_match "B matched"
    sleep 0.7
    keys H
    sees H_hears_the_reference "C reference"
    sleep 0.7
    keys H
    sees H_goes_back "B matched"
    sleep 0.7
    keys v
    wait_for 10 field_is state stop status
    names=$(python3 "$tools/passages.py" "$words" A="$music/$amber" B="$folder/b.wav" \
        C="$music/master.flac" | paste -sd ' ')
    verdict A_and_H_are_heard_in_what_the_device_gets \
        "$([[ $names == *"B A B C B"* ]] || echo "$names")"
}

tests_blindly() {
    mp repeat 1 >/dev/null
    mp play 0 >/dev/null
    wait_for 10 field_is plan ready match status
    keys T
    sees T_asks_how_many_trials "how many trials"
    keys BSpace BSpace 5 Enter
    sees the_test_begins "Trial 1 of 5"
    sees nothing_tells_A_from_B "? blind"
    for _ in 1 2 3 4 5; do
        keys x
        sleep 0.2
        keys A
        sleep 0.2
    done
    sees the_result_has_a_p_value "of 5 right: p ="
    keys q
    wait_for 10 test -s "$XDG_STATE_HOME/matchplay/abx.log"
    verdict it_is_kept_with_its_date \
        "$(grep -q "^20[0-9][0-9]-" "$XDG_STATE_HOME/matchplay/abx.log" || echo nothing)"
}

looks() {
    keys 9
    sees view_9_measures "short-term"
    sees and_has_the_machines_meters "CPU load"
    keys Tab
    sees tab_refines_the_spectrum "FFT"
    keys Tab
    keys F1
    sees F1_is_help "from the track's beginning"
    keys / b l i n d Enter
    sees help_can_be_searched "blind test"
    keys q 7
    sees view_7_has_the_settings "read_ahead_seconds"
    keys 8
    sees view_8_says_which_reference_holds "Like master.flac"
    keys g '<'
    wait_for 10 field_is level 95 match status
    same less_of_an_amount "$(field level match status)" 95
    keys '>'
    keys 0
    keys ':nonsense' Enter
    sees what_is_wrong_is_told "unknown command"
    sees and_kept_in_view_0 ":" # the time before it
}

sizes() {
    keys 4
    $mux resize-window -t 0 -x 40 -y 10
    sees forty_columns_are_enough "[4queue]"
    $mux resize-window -t 0 -x 200 -y 60
    sees two_hundred_are_used "9meters 0log"
    $mux resize-window -t 0 -x 80 -y 24
    sees and_back "Queue: 1 track"
}

leaves() {
    local before
    before=$(field elapsed status)
    keys q
    sees q_leaves LEFT
    same the_music_goes_on "$(field state status)" play
    closes
    opens
    sees and_it_is_there_again "> Blue Hour - Amber"
    closes # SIGHUP
    same a_lost_terminal_leaves_it_playing "$(field state status)" play
    [ -n "$before" ]
}

first_run() {
    mp kill >/dev/null 2>&1
    wait_for 10 gone "$child"
    child=""
    rm -rf "$XDG_DATA_HOME" "$XDG_STATE_HOME"
    settings_without_music
    opens
    sees a_new_user_is_asked_for_the_folder "Where is your music?"
    keys C-u
    keys -l "$folder/mu"
    keys Tab
    sees tab_completes_it "/music/"
    keys Enter
    sees and_it_is_read "+ Grey Mill"
}

settings_without_music() {
    printf '%s\n' '[output]' 'device = clock' '[library]' "music_directory = $folder/nowhere" \
        >"$XDG_STATE_HOME.rc"
    mkdir -p "$XDG_STATE_HOME/matchplay"
    printf '%s\n' '[output]' 'device = clock' >"$XDG_CONFIG_HOME/matchplay/matchplayrc"
}

music_make
cp "$data/master.flac" "$music/"
"$build/matchplayd" match "$music/$amber" -r "$music/master.flac" -o "$folder/b.wav" >/dev/null
settings '[output]' "device = clock:$words" '[match]' 'start_wait_ms = 60000'
player_start
library 7
opens
browses
queues
plays
replaces
refers
listens
tests_blindly
looks
sizes
leaves
first_run
