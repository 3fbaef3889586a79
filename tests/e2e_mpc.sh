#!/usr/bin/env bash
# e2e_mpc - Debian's mpc, unmodified, drives the player: every subcommand whose commands there are,
# each by what it changes.
# shellcheck source=tests/serve_support.sh
. tests/serve_support.sh
# shellcheck source=tests/serve_music.sh
. tests/serve_music.sh
if ! command -v mpc >/dev/null; then
    echo "skip mpc: no mpc here; contrib/deps.sh test installs it"
    exit 0
fi
export MPD_HOST=$MATCHPLAY_SOCKET

titles() { # of the queue
    mpc -f %title% playlist | paste -sd ' '
}

state() {
    mpc status | sed -n 's/^\[\([a-z]*\)\].*/\1/p'
}

mode() { # NAME: on, off or once, from mpc's own status line
    mpc status '%repeat% %random% %single% %consume%' | {
        read -r repeat random single consume
        echo "${!1}"
    }
}

heard_is() {
    [ "$(mpc -f %title% current)" = "$1" ] && [ "$(state)" = "$2" ]
}

waits_for() { # NAME TITLE STATE: is heard, in that state
    wait_for 10 heard_is "$2" "$3"
    same "$1" "$(mpc -f %title% current) $(state)" "$2 $3"
}

elapsed() {
    field elapsed status
}

between() { # NAME VALUE LEAST MOST
    verdict "$1" "$(awk -v is="$2" -v least="$3" -v most="$4" \
        'BEGIN { if (is == "" || is < least || is > most) print is, "is not in", least, "to", most }')"
}

refuses() { # NAME TEXT COMMAND...: mpc ends with 1 and says so
    local name=$1 text=$2 said
    shift 2
    said=$("$@" 2>&1 >/dev/null) && said="was taken: $said"
    verdict "$name" "$(grep -q "$text" <<<"$said" || echo "$said")"
}

browses() {
    same ls_lists_a_folder "$(mpc ls | paste -sd,)" "Blue Hour,Grey Mill,Sundry"
    same ls_lists_songs "$(mpc ls "Blue Hour/Dusk" | paste -sd,)" "$amber,$birch"
    same listall_lists_every_song "$(mpc listall | paste -sd,)" \
        "$amber,$birch,$chalk,$dune,$ember,$flint"
    same listall_lists_below_a_folder "$(mpc listall "Blue Hour" | paste -sd,)" "$amber,$birch"
    same list_lists_tags "$(mpc list artist | paste -sd,)" "Ann Other,Blue Hour,Grey Mill"
    same list_takes_a_filter "$(mpc list title album Ledger | paste -sd,)" "Chalk,Dune,Ember"
    same list_takes_an_expression "$(mpc list title "(artist == 'Ann Other')")" Flint
    same search_looks_anywhere_in_any_case "$(mpc search artist GREY | paste -sd,)" \
        "$chalk,$dune,$ember"
    same search_takes_any "$(mpc search any flin)" "$flint"
    same find_is_exact "$(mpc find artist grey; mpc find title Dune)" "$dune"
    same find_takes_an_expression \
        "$(mpc find "((genre == 'Jazz') AND (title != 'Amber'))")" "$birch"
    same format_knows_the_tags \
        "$(mpc -f '%artist%;%albumartist%;%album%;%title%;%track%;%date%;%genre%;%time%' find title \
            Birch)" "Blue Hour;Blue Hour;Dusk;Birch;2;1971-03-02;Jazz;0:08"
    same stats_counts "$(mpc stats | sed -nE 's/^(Artists|Albums|Songs): +//p' | paste -sd ' ')" \
        "3 2 6"
    verdict version_is_mpds "$(mpc version | grep -q '^mpd version: 0\.23\.' || mpc version)"
    same readcomments_tells_what_else_is_in_the_file \
        "$(mp readcomments "$flint" | grep -i "^title\|^mood" | paste -sd ' ')" \
        "Title: Flint mood: Grey skies"
    mpc albumart "$amber" >"$folder/got"
    verdict albumart_gives_the_cover_of_the_folder "$(cmp "$folder/got" "$folder/cover.png" 2>&1)"
    mpc readpicture "$flint" >"$folder/got"
    verdict readpicture_gives_what_the_file_holds "$(cmp "$folder/got" "$folder/picture.png" 2>&1)"
}

queues() {
    mpc clear >/dev/null
    mpc add "$amber" "$chalk"
    same add_queues_songs "$(titles)" "Amber Chalk"
    mpc add "Blue Hour"
    same add_queues_a_folder "$(titles)" "Amber Chalk Amber Birch"
    mpc del 3 >/dev/null
    same del_takes_one_out "$(titles)" "Amber Chalk Birch"
    mpc findadd title Dune
    same findadd_queues_what_it_finds "$(titles)" "Amber Chalk Birch Dune"
    mpc searchadd artist other
    same searchadd_queues_what_it_finds "$(titles)" "Amber Chalk Birch Dune Flint"
    mpc move 5 1 >/dev/null
    same move_moves "$(titles)" "Flint Amber Chalk Birch Dune"
    mpc del 2-3 >/dev/null
    same del_takes_a_range "$(titles)" "Flint Birch Dune"
    mpc insert "$ember"
    same insert_without_a_current_song_goes_first "$(titles)" "Ember Flint Birch Dune"
    mpc prio 7 2 3 >/dev/null
    same prio_sets_priorities "$(mpc -f %prio% playlist | paste -sd ' ')" "0 7 7 0"
    mpc clear >/dev/null
    same clear_clears "$(titles)" ""
    mpc add /
    mpc shuffle >/dev/null
    same shuffle_keeps_every_song "$(titles | tr ' ' '\n' | sort | paste -sd ' ')" \
        "Amber Birch Chalk Dune Ember Flint"
    mpc clear >/dev/null
    mpc add "$amber" "$birch" "$chalk" "$dune"
}

plays() {
    mpc play 2 >/dev/null
    waits_for play_plays Birch playing
    same queued_names_the_next "$(mpc -f %title% queued)" Chalk
    mpc insert "$flint"
    same insert_goes_behind_the_current_song "$(titles)" "Amber Birch Flint Chalk Dune"
    mpc seek 0:05 >/dev/null
    wait_for 10 field_is state play status
    between seek_goes_to_a_time "$(elapsed)" 4.9 7
    mpc seek 25% >/dev/null
    between seek_goes_to_a_percentage "$(elapsed)" 1.9 4
    mpc seek +3 >/dev/null
    between seek_goes_ahead "$(elapsed)" 4.8 7.5
    mpc seek -4 >/dev/null
    between seek_goes_back "$(elapsed)" 0.7 4
    mpc pause >/dev/null
    waits_for pause_pauses Birch paused
    refuses pause_if_playing_fails_when_paused '' mpc pause-if-playing
    mpc toggle >/dev/null
    waits_for toggle_plays_on Birch playing
    mpc pause-if-playing >/dev/null
    waits_for pause_if_playing_pauses Birch paused
    mpc seek 0:04 >/dev/null
    between seek_while_paused_stays_there "$(elapsed)" 3.9 4.1
    same seek_while_paused_stays_paused "$(state)" paused
    mpc cdprev >/dev/null
    waits_for cdprev_begins_the_song_anew Birch paused
    between cdprev_goes_to_its_beginning "$(elapsed)" 0 2
    mpc play >/dev/null
    mpc cdprev >/dev/null
    waits_for cdprev_at_a_beginning_goes_back Amber playing
    mpc next >/dev/null
    waits_for next_goes_on Birch playing
    mpc prev >/dev/null
    waits_for prev_goes_back Amber playing
    mpc seekthrough +0:10 >/dev/null
    waits_for seekthrough_goes_through_the_queue Birch playing
    between seekthrough_counts_seconds "$(elapsed)" 1.5 6
    mpc searchplay Dune >/dev/null
    waits_for searchplay_plays_what_it_finds Dune playing
    mpc crop >/dev/null
    same crop_leaves_the_current_song "$(titles)" Dune
    mpc stop >/dev/null
    same stop_stops "$(state)" ""
    mpc toggle >/dev/null
    waits_for toggle_plays_when_stopped Dune playing
    mpc stop >/dev/null
}

options() {
    local option
    for option in repeat random single consume; do
        mpc $option on >/dev/null
        same "${option}_turns_on" "$(mode $option)" on
        mpc $option >/dev/null
        same "${option}_toggles" "$(mode $option)" off
    done
    mpc single once >/dev/null
    same single_takes_once "$(mode single)" once
    mpc single off >/dev/null
    mpc volume 40 >/dev/null
    same volume_is_set "$(mpc status %volume%)" " 40%"
    mpc volume +15 >/dev/null
    same volume_is_changed "$(mpc status %volume%)" " 55%"
    mpc volume 100 >/dev/null
}

stores() {
    mpc clear >/dev/null
    mpc add "$ember" "$amber"
    mpc save evening
    same save_makes_a_playlist "$(mpc lsplaylists)" evening
    same playlist_shows_it "$(mpc -f %title% playlist evening | paste -sd ' ')" "Ember Amber"
    same it_is_a_file "$(grep -v '^#' "$playlists/evening".m3u* | paste -sd,)" "$ember,$amber"
    mpc clear >/dev/null
    mpc load evening >/dev/null
    same load_queues_it "$(titles)" "Ember Amber"
    mpc --range=1: load evening >/dev/null
    same load_takes_a_range "$(titles)" "Ember Amber Amber"
    refuses save_refuses_what_is_there 'already exists' mpc save evening
    mpc rm evening
    same rm_removes_it "$(mpc lsplaylists)" ""
    refuses load_refuses_what_is_not_there 'No such playlist' mpc load evening
}

updates() {
    track "Sundry/Gneiss.flac" mono.flac 2 2 "artist=Ann Other" title=Gneiss
    mpc --wait update Sundry >/dev/null
    same update_finds_what_is_new "$(mpc find title Gneiss)" Sundry/Gneiss.flac
    rm "$music/Sundry/Gneiss.flac"
    mpc --wait update >/dev/null
    same update_forgets_what_is_gone "$(mpc find title Gneiss)" ""
    cp -p "$music/$flint" "$folder/flint"
    sed -i 's/=Flint/=Slate/' "$music/$flint" # same size, same time
    touch -r "$folder/flint" "$music/$flint"
    mpc --wait update >/dev/null
    same update_passes_over_what_looks_unchanged "$(mpc find title Slate)" ""
    mpc --wait rescan >/dev/null
    same rescan_reads_everything_anew "$(mpc find title Slate)" "$flint"
    cp -p "$folder/flint" "$music/$flint"
    mpc --wait rescan Sundry >/dev/null
    same rescan_keeps_the_rest "$(mpc listall | wc -l)" 6
}

listens() {
    mpc idle sticker neighbor mount partition options >"$folder/idle" &
    mpc idleloop mixer >"$folder/idleloop" &
    local loop=$!
    stdbuf -oL mpc subscribe weather >"$folder/subscribed" &
    local subscriber=$!
    mpc waitmessage news >"$folder/message" &
    local waiter=$!
    wait_for 5 sh -c 'mpc channels | grep -q weather && mpc channels | grep -q news'
    same channels_names_what_is_subscribed "$(mpc channels | sort | paste -sd,)" \
        matchplay,news,weather
    mpc sendmessage weather "rain, then sun"
    mpc sendmessage news "the end"
    wait $waiter
    same waitmessage_gets_it "$(cat "$folder/message")" "the end"
    wait_for 5 grep -q rain "$folder/subscribed"
    same subscribe_gets_it "$(cat "$folder/subscribed")" "rain, then sun"
    mpc random on >/dev/null
    mpc random off >/dev/null
    wait_for 5 grep -q options "$folder/idle"
    same idle_ends_at_the_event "$(cat "$folder/idle")" options
    mpc volume 30 >/dev/null
    wait_for 5 grep -q mixer "$folder/idleloop"
    mpc volume 100 >/dev/null
    wait_for 5 sh -c "[ \$(grep -c mixer '$folder/idleloop') -ge 2 ]"
    verdict idleloop_goes_on "$([ "$(grep -cx mixer "$folder/idleloop")" -ge 2 ] ||
        cat "$folder/idleloop")"
    kill $loop $subscriber
}

switches() {
    same outputs_are_the_device_and_the_match "$(mpc outputs | sed 's/([^)]*)/()/' | paste -sd,)" \
        "Output 1 () is enabled,Output 2 () is enabled"
    mpc toggleoutput matched >/dev/null
    same toggleoutput_toggles "$(field_is outputenabled 1 outputs && mpc outputs | tail -n 1)" \
        "Output 2 (matched) is disabled"
    mpc enable matched >/dev/null
    same enable_enables "$(mpc outputs | tail -n 1)" "Output 2 (matched) is enabled"
    mpc disable 2 >/dev/null
    same disable_disables "$(mpc outputs | tail -n 1)" "Output 2 (matched) is disabled"
    mpc enable only 1 >/dev/null
    mpc enable 2 >/dev/null
    refuses outputset_knows_no_attributes . mpc outputset 1 depth=24
    mpc clear >/dev/null
    rm "$music/$ember"
    mpc add "$ember"
    mpc play >/dev/null
    wait_for 10 sh -c "mpc status | grep -q '^ERROR'"
    verdict a_missing_file_is_told "$(mpc status | grep '^ERROR' | grep -q Ember || mpc status)"
    mpc clearerror >/dev/null
    same clearerror_clears_it "$(mpc status | grep '^ERROR')" ""
}

absent() {
    local words
    for words in "sticker $amber list" "crossfade 3" "mixrampdb -17" "replaygain track" "mount"; do
        # shellcheck disable=SC2086
        refuses "what_is_not_there_is_unknown_${words%% *}" 'unknown command' mpc $words
    done
}

# What the device received: B, then A, then B again. Each switch is a fade of 20 ms.
ab() {
    player_stop
    rm -f "$words"
    player_start
    mpc clear >/dev/null
    mpc add "$amber"
    mpc play >/dev/null
    wait_for 10 words_reach 60000
    mpc toggleoutput matched >/dev/null
    wait_for 10 words_reach 150000
    mpc sendmessage matchplay "ab toggle"
    wait_for 15 field_is state stop status
    player_stop
    "$build/matchplayd" match -q "$music/$amber" -r "$data/master.flac" -o "$folder/b.wav"
    raw "$music/$amber" >"$folder/a.raw"
    raw "$folder/b.wav" >"$folder/b.raw"
    read -r names none < <(python3 "$tools/heard.py" "$words" A="$folder/a.raw" \
        B="$folder/b.raw" | sed -E 's/ ([0-9]+)$/,\1/' | tr ',' ' ' | sed -E 's/ /_/g;s/_([0-9]+)$/ \1/')
    same toggleoutput_and_sendmessage_toggle_what_the_device_gets "$names" B_A_B
    between each_switch_is_a_fade_of_20_ms "$none" 1 900
}

music_make
settings '[output]' "device = clock:$words" '[match]' "reference = $data/master.flac" \
    'start_wait_ms = 60000'
player_start
library 6
browses
queues
plays
options
stores
updates
listens
switches
absent
ab
