#!/usr/bin/env bash
# e2e_slow_disk - the disk with the music sleeps for 5 s, twice, while a track plays and another is
# to follow: no dropout, every frame in its place, and commands are answered all the while. Then it
# sleeps while a client waits for a picture: others are answered, and the player ends in time.
# shellcheck source=tests/serve_support.sh
. tests/serve_support.sh
report=$folder/report
: >"$report"
# While the first plays from 1 to 6 s, the disk is read for its rest; from then on for the second.
track first.flac mix.flac 0 16 title=First
track second.flac ambient.flac 1 12 title=Second

disk_sleeps() {
    : >"$folder/trigger"
}

woke() { # N: as many reads at least have waited to their end
    [ "$(wc -l <"$report")" -ge "$1" ]
}

# While the disk sleeps, or this shows nothing: asked for its state and its queue, the player says.
answers_meanwhile() { # NAME WAITED_BEFORE
    wait_for 10 test ! -e "$folder/trigger"
    local trouble=
    [ ! -e "$folder/trigger" ] || trouble="nothing was read from the disk"
    field_is state play status || trouble="it does not play: $(mp status 2>&1 | head -n 3)"
    [ "$(mp playlistinfo | grep -c '^file')" = 2 ] || trouble="the queue was not told"
    [ "$(wc -l <"$report")" = "$2" ] || trouble="the disk was awake again"
    verdict "$1" "$trouble"
}

settings '[output]' "device = clock:$words" 'read_ahead_seconds = 10' \
    '[match]' "reference = $data/master.flac" 'start_wait_ms = 60000' 'limiter = no' # what a limiter remembers crosses the join
player_start "LD_PRELOAD=$build/tests/slow_disk.so" "SLOW_DISK_FOLDER=$music/" \
    "SLOW_DISK_TRIGGER=$folder/trigger" "SLOW_DISK_REPORT=$report" SLOW_DISK_MS=5000
library 2
mp add first.flac
mp add second.flac
mp play
wait_for 20 words_reach 44100
disk_sleeps
answers_meanwhile it_answers_while_the_disk_sleeps 0
wait_for 10 woke 1
wait_for 20 words_reach $((27 * 22050)) # 13.5 s: the join falls into the sleep
slept=$(wc -l <"$report")
disk_sleeps
answers_meanwhile it_answers_while_it_sleeps_again "$slept"
wait_for 30 words_reach $((27 * 44100)) # a second before the end
counted=$(dropouts)
verdict the_meters_show_how_long_the_disk_slept "$(mp match meters disk |
    awk '/^disk_read_longest/ { any = 1; if ($2 < 4000) print } END { if (!any) print "none" }')"
wait_for 40 field_is state stop status
verdict the_disk_slept_twice "$([ "$slept" -gt 0 ] || echo "not the first time"
    woke $((slept + 1)) || echo "not the second time")"
same no_dropout_is_counted "$counted" "0 0"
player_stop
for title in first second; do
    "$build/matchplayd" match -q --no-limiter "$music/$title.flac" -r "$data/master.flac" \
        -o "$folder/$title.wav" 2>/dev/null
done
raw "$folder/first.wav" "$folder/second.wav" >"$folder/wanted.raw"
# The filters reach 46 ms over the join: what is near it is not compared.
seam=$((16 * 44100))
verdict the_device_got_every_frame_before_the_join \
    "$(apart "$words" "$folder/wanted.raw" -n $((seam - 5000)))"
verdict the_device_got_every_frame_behind_the_join \
    "$(apart "$words" "$folder/wanted.raw" -s $((seam + 5000)))"

# --- who asks the disk itself --------------------------------------------------------------------
ms_of() { # COMMAND...: how long it took
    local begin=${EPOCHREALTIME/./}
    "$@" >/dev/null 2>&1
    echo $(((${EPOCHREALTIME/./} - begin) / 1000))
}

at_most() { # NAME MS LIMIT
    verdict "$1" "$([ "$2" -le "$3" ] || echo "$2 ms")"
}

asks_the_disk() { # in the background, until the disk sleeps
    disk_sleeps
    mp "$@" >"$folder/answer" 2>&1 &
    asker=$!
    wait_for 10 test ! -e "$folder/trigger"
}

mkdir "$music/art"
ffmpeg -v error -f lavfi -i color=red:s=8x8 -frames:v 1 "$music/art/cover.png" </dev/null
cp "$music/first.flac" "$music/art/first.flac"
player_start "LD_PRELOAD=$build/tests/slow_disk.so" "SLOW_DISK_FOLDER=$music/" \
    "SLOW_DISK_TRIGGER=$folder/trigger" SLOW_DISK_MS=3000
library 3
for words in "albumart art/first.flac 0" "lsinfo $music/art/first.flac"; do
    name=${words%% *}
    # shellcheck disable=SC2086
    asks_the_disk $words
    at_most "others_are_answered_while_${name}_waits_for_the_disk" "$(ms_of mp status)" 1000
    wait $asker
    verdict "${name}_is_answered_when_the_disk_is_awake" \
        "$(grep -qa "^size: \|^Title: First" "$folder/answer" || cat "$folder/answer")"
done
asks_the_disk readpicture first.flac 0
begin=${EPOCHREALTIME/./}
kill -TERM "$child"
{ wait "$child"; } 2>/dev/null
same it_ends_well_while_the_disk_sleeps $? 0
at_most it_ends_within_a_second_while_the_disk_sleeps $(((${EPOCHREALTIME/./} - begin) / 1000)) 1000
child=""
wait $asker || : # with an answer, or without: the player has gone
