#!/usr/bin/env bash
# e2e_references - two playlists, two references, one queue: each track is heard as `match` makes it
# with its own playlist's reference, to -120 dBFS, after a shuffle, a move and a restart; and a
# reference that is changed reaches what is queued.
# shellcheck source=tests/serve_support.sh
. tests/serve_support.sh
export ALSA_CONFIG_PATH=$root/tests/asound/capture.conf
mkdir -p "$playlists"

# Half a second of silence in front; behind, what a limiter needs to come to rest (to -120 dB).
padded() { # PATH SOURCE BEGIN_S PAD_S
    mkdir -p "$(dirname "$music/$1")"
    ffmpeg -v error -ss "$3" -t 5 -i "$data/$2" -ac 2 \
        -af "adelay=500:all=1,apad=pad_dur=$4,volume=3dB" -metadata "title=${1##*/}" "$music/$1" \
        </dev/null
}

playlist() { # NAME REFERENCE URI...
    local name=$1 reference=$2
    shift 2
    printf '%s\n' '#EXTM3U' "#MATCHPLAY-REFERENCE:1.0,$reference" "$@" >"$playlists/$name.m3u8"
}

matched() { # FILE REFERENCE: raw words
    "$build/matchplayd" match -q "$1" -r "$2" -o "$folder/matched.wav" 2>/dev/null
    raw "$folder/matched.wav"
}

uris() {
    mp playlistinfo | sed -n 's/^file: //p'
}

padded jazz/one.flac mix.flac 2 10
padded jazz/two.flac mix.flac 12 10
padded rock/one.flac ambient.flac 1 10
padded rock/two.flac mono.flac 1 10
padded plain.flac ambient.flac 8 0.5
declare -A reference=([jazz]=$data/master.flac [rock]=$data/mix.flac)
for name in jazz rock; do
    playlist $name "${reference[$name]}" $name/one.flac $name/two.flac
done
settings '[output]' "device = capture:$words" '[match]' 'start_wait_ms = 60000'
player_start
library 5
mp load jazz
mp load rock
mp shuffle
mp move 3 1
order=$(uris)
same every_track_is_queued_once "$(sort <<<"$order" | paste -sd ' ')" \
    "jazz/one.flac jazz/two.flac rock/one.flac rock/two.flac"
player_stop
player_start
same the_order_holds_over_a_restart "$(uris)" "$order"
mp play 0
wait_for 60 field_is state stop status
same it_plays_to_the_end "$(field state status)$(field error status)" stop
: >"$folder/wanted.raw"
while read -r uri; do
    matched "$music/$uri" "${reference[${uri%%/*}]}" >>"$folder/wanted.raw"
done <<<"$order"
same it_is_as_long_as_all_of_them "$(stat -c %s "$words")" "$(stat -c %s "$folder/wanted.raw")"
verdict each_track_has_its_own_playlists_reference "$(apart "$words" "$folder/wanted.raw")"

# Two more, in time: the second is decoded and its plan is made when its reference changes.
player_stop
rm -f "$words"
settings '[output]' "device = clock:$words" '[match]' 'start_wait_ms = 60000'
player_start
mp clear
mp add plain.flac
mp load jazz 0:1
mp play 0
wait_for 20 words_reach 60000
mp match reference playlist jazz "$data/ambient.flac"
verdict the_playlists_own_file_says_so "$(grep -qE "MATCHPLAY-REFERENCE:1(\.0)?,$data/ambient.flac" \
    "$playlists/jazz.m3u8" || cat "$playlists/jazz.m3u8")"
first=$(frames_of "$music/plain.flac")
wait_for 40 words_reach $((first + 260000)) # into the silence behind
mp stop
player_stop
{
    raw "$music/plain.flac"
    matched "$music/jazz/one.flac" "$data/ambient.flac"
} >"$folder/wanted.raw"
head -c $(((first + 250000) * 8)) "$words" >"$folder/got.raw"
head -c $(((first + 250000) * 8)) "$folder/wanted.raw" >"$folder/part.raw"
verdict a_changed_reference_reaches_what_is_queued "$(apart "$folder/got.raw" "$folder/part.raw")"
