#!/usr/bin/env bash
# e2e_radio - a radio station on loopback in the queue: heard, its name and titles told as they are
# heard, no end and no seeking in it, and found again by itself when the connection is lost.
# shellcheck source=tests/serve_support.sh
. tests/serve_support.sh

ffmpeg -v error -i "$data/mix.flac" -b:a 128k -write_xing 0 "$folder/mix.mp3" </dev/null
mkfifo "$folder/orders"
python3 "$tools/radio.py" "$folder/mix.mp3" --burst 3 <"$folder/orders" >"$folder/address" &
station=$!
exec 8>"$folder/orders"
order() {
    echo "$*" >&8
}
wait_for 20 test -s "$folder/address"
address=$(cat "$folder/address")

beyond() { # SECONDS: so much of the station was heard
    awk -v at="$(field elapsed status)" -v least="$1" 'BEGIN { exit !(at + 0 > least) }'
}

settings '[output]' 'device = clock' '[match]' "reference = $data/master.flac"
player_start
same handlers "$(mp urlhandlers | paste -sd ' ')" \
    'handler: file:// handler: http:// handler: https://'
mp add "$address"
mp play 0
wait_for 10 beyond 1
same it_is_heard "$(field state status)" play
same it_has_no_duration "$(mp status | grep '^duration')$(mp currentsong | grep -i '^time')" ""
same its_name_is_told "$(field Name currentsong)" 'Loopback FM'
same its_title_is_told "$(field Title currentsong)" 'First title'
same nobody_seeks_in_it "$(mp seekcur 3 2>&1 | grep -o 'Not seekable')" 'Not seekable'
verdict it_plays_on_where_it_was "$(beyond 1 || field elapsed status)"

# it is matched by what was heard of it so far, in a chain that is not late
has_plan() {
    mp match status | grep -q '^does: +'
}
wait_for 20 has_plan
same its_plan_is_a_running_one "$(field plan match status)" running
verdict it_says_what_it_rests_on "$(field running_s match status |
    awk '$1 < 3 || $1 > 16 { print $1 " s" }')"
posted() {
    [ "$(field latency_chain match meters latency)" -gt 0 ]
}
wait_for 10 posted
verdict its_chain_is_within_max_latency "$(mp match meters latency |
    awk '/^latency_chain/ { any = 1; if ($2 > 2048 || $2 == 0) print } END { if (!any) print "none" }')"
same and_it_says_what_it_does_without "$(field economy match status)" minimum-phase

# so is that of all the modules there are, with the short frames of the spectral one
economy_is() {
    field_is economy "$1" match status
}
mp match preset full >/dev/null
wait_for 20 economy_is 'minimum-phase short-spectral'
same all_modules_do_without_more "$(field economy match status)" 'minimum-phase short-spectral'
same and_the_meters_say_why \
    "$(mp match meters latency | sed -n 's/^latency_economy: //p' | paste -sd,)" \
    'minimum-phase short-spectral,to be at most 2048 frames late'
verdict and_are_within_max_latency_too "$(mp match meters latency |
    awk '/^latency_chain/ { any = 1; if ($2 > 2048 || $2 <= 396) print } / Spectral$/ { there = 1 }
         END { if (!any || !there) print "no spectral" }')"

# slot A holds a match of it, too
mp match slot a preset gentle >/dev/null
mp match ab original >/dev/null
wait_for 20 field_is plan_a ready match status
heard_is_matched() { # by the module of that name
    mp match meters modules | grep -q "^module: $1 "
}
verdict a_is_matched_too "$(wait_for 10 heard_is_matched match_eq || mp match status)"

# or a preset that needs no reference
mp match set reference "" >/dev/null
mp match slot b original >/dev/null
mp match slot a preset night >/dev/null
wait_for 10 field_is plan_a ready match status
verdict a_preset_alone_is_heard "$(wait_for 10 heard_is_matched dynamics || mp match status)"
mp match slot a original >/dev/null
mp match slot b matched >/dev/null
mp match set reference "$data/master.flac" >/dev/null
mp match ab matched >/dev/null

# idle tells of a new title, when it is heard
mp idle player playlist >"$folder/idled" &
idler=$!
sleep 0.3
order title 'Zweiter Titel – ü'
{ wait $idler; } 2>/dev/null
verdict a_new_title_wakes_who_idles "$(grep -q player "$folder/idled" || cat "$folder/idled")"
wait_for 10 field_is Title 'Zweiter Titel – ü' currentsong
same the_new_title_is_told "$(field Title currentsong)" 'Zweiter Titel – ü'
same the_queue_has_it_too "$(field Title playlistinfo)" 'Zweiter Titel – ü'

# a lost connection is sought again, and told while it is
order off
order drop
lost() {
    mp status | grep -q '^error: .*the connection is lost, and sought again'
}
wait_for 10 lost
verdict a_lost_connection_is_told "$(lost || mp status)"
order on
wait_for 15 eval '! lost'
verdict it_comes_back "$(lost && mp status)"
at=$(field elapsed status)
wait_for 15 beyond "$(awk -v at="$at" 'BEGIN { print at + 4 }')"
verdict it_is_heard_again "$(beyond "$at" || mp status)"
same it_was_told_once "$(grep -c 'sought again' "$folder/said")" 1

# what is there, and what is not
mp clear
mp add "${address%live}file"
mp play 0
wait_for 10 field_is state play status
verdict a_file_has_its_length "$(wait_for 5 eval '[ "$(field duration status)" = 24.033 ]' ||
    field duration status)"
mp seekcur 20
verdict and_can_be_sought_in "$(wait_for 5 beyond 19 || field elapsed status)"
wait_for 20 field_is state stop status
same and_ends "$(field state status)" stop
mp clear
mp add "${address%live}nothing"
mp play 0
wait_for 10 field_is state stop status
same what_is_not_there_is_told "$(field error status)" \
    "${address%live}nothing: there is nothing there (404); check the address"
mp clear
mp add "${address%live}silent"
mp play 0
same a_silent_one_is_waited_for "$(field state status)" play
mp stop
same but_no_longer_than_one_likes "$(field state status)" stop

# a restart goes on with the station
mp clear
printf '%s\n' '#EXTM3U' '#EXTINF:-1,My station' "$address" >"$folder/list.m3u"
mp match add "$folder/list.m3u" >/dev/null
mp play 0
wait_for 10 beyond 1
mp pause 1
player_stop
settings '[output]' 'device = clock' '[match]' "reference = $data/master.flac" \
    '[chain]' 'max_latency = 128'
player_start
same it_is_in_the_queue_after_a_restart "$(mp playlist)" "0:file: $address"
mp pause 0
wait_for 10 beyond 1
same and_goes_on "$(field state status)" play

# a bound that cannot be met: a true peak is found no sooner
mp match preset night >/dev/null
late() {
    grep -c 'max_latency: this source.s chain is 200 frames late, not 128 or less' \
        "$folder/said"
}
wait_for 20 eval '[ "$(late)" -gt 0 ]'
sleep 3.5 # more was heard of it: another match
same a_bound_that_cannot_be_met_is_told_once "$(late)" 1
player_stop
settings '[output]' 'device = clock'

# from the command line
timeout 20 "$build/matchplay" play -D clock --wait -q "${address%live}file" 2>"$folder/errors" &
player=$!
sleep 1
kill $player
{ wait $player; } 2>/dev/null
same play_plays_an_address "$(cat "$folder/errors")" ""
same match_refuses_an_address "$("$build/matchplay" match "$address" -r "$data/mix.flac" \
    -o "$folder/out.wav" 2>&1 | grep -c 'is an address')" 1
kill $station
