#!/usr/bin/env bash
# e2e_presets - a preset is switched while its track plays: what comes before is the one match, what
# comes after the other, no frame is lost, and the true peak stays under the ceiling; the chain is
# edited and kept as a preset, which `match` and `play` take, too.
# shellcheck source=tests/serve_support.sh
. tests/serve_support.sh
master=$data/master.flac
rate=44100

# part FILE FROM FRAMES: stereo float32 words
part() {
    tail -c +$(($2 * 8 + 1)) "$1" | head -c $(($3 * 8))
}

# true_peak RAW: as libebur128 reads it
true_peak() {
    ffmpeg -v error -y -f f32le -ar $rate -ac 2 -i "$1" -c:a pcm_f32le "$folder/peak.wav" </dev/null
    "$build/matchplayd" analyze "$folder/peak.wav" --json | grep -o '"true_peak_dbtp": [-0-9.]*' |
        grep -o '[-0-9.]*$'
}

# below NAME RAW CEILING_DB: held, and near it
below() {
    local peak
    peak=$(true_peak "$2")
    verdict "$1" "$(awk -v peak="$peak" -v ceiling="$3" \
        'BEGIN { if (peak > ceiling + 0.1 || peak < ceiling - 2) print peak " dBTP" }')"
}

track one.flac mix.flac 4 6
settings '[output]' "device = clock:$words" '[match]' "reference = $master" 'start_wait_ms = 60000'
"$build/matchplayd" match -q "$music/one.flac" -r "$master" -o "$folder/exact.wav"
raw "$folder/exact.wav" >"$folder/exact.raw"
frames=$(($(stat -c %s "$folder/exact.raw") / 8))

player_start
library 1
mp add one.flac
mp play
wait_for 60 words_reach $((2 * rate))
mp match preset night
same the_status_says_what_the_chain_is_made_of "$(field chain match status)" \
    "match_eq dynamics limiter"
wait_for 60 words_reach $((3 * rate + rate / 2))
mp match chain set limiter ceiling -12
mp match preset save later
wait_for 60 field_is state stop status
player_stop
same no_frame_is_lost $(($(stat -c %s "$words") / 8)) "$frames"
part "$words" 0 $((2 * rate)) >"$folder/got.raw"
part "$folder/exact.raw" 0 $((2 * rate)) >"$folder/wanted.raw"
verdict the_exact_match_is_heard_until_the_switch "$(apart "$folder/got.raw" "$folder/wanted.raw")"
part "$words" $((2 * rate + 6 * rate / 10)) $((8 * rate / 10)) >"$folder/night.raw"
below the_night_holds_its_ceiling "$folder/night.raw" -6
part "$words" $((4 * rate + rate / 2)) $rate >"$folder/later.raw"
below an_edit_of_the_chain_holds "$folder/later.raw" -12

# What was kept is a preset like any other.
own=$XDG_CONFIG_HOME/matchplay/presets.ini
same it_is_in_the_file "$(grep -c 'limiter.ceiling = -12' "$own")" 1
"$build/matchplayd" match -q "$music/one.flac" -r "$master" --preset later -o "$folder/later.wav"
raw "$folder/later.wav" >"$folder/rendered.raw"
below match_takes_it "$folder/rendered.raw" -12
printf '[held]\nlimiter.true_peak = on\nlimiter.ceiling = -3\n' >>"$own"
"$build/matchplayd" match -q "$music/one.flac" -r "$master" --preset held -o "$folder/held.wav"
raw "$folder/held.wav" >"$folder/held.raw"
rm -f "$words"
"$build/matchplayd" play -q --wait "$music/one.flac" -r "$master" --preset held -D "clock:$words" \
    </dev/null
verdict play_makes_what_match_makes "$(apart "$words" "$folder/held.raw")"

# What is wrong in the file costs its line.
printf '[later]\nlimiter.cieling = -3\nreverb.size = 4\nspectral.range = 99\n' >>"$own"
said=$("$build/matchplayd" match -q "$music/one.flac" -r "$master" --preset later \
    -o "$folder/again.wav" 2>&1)
same every_wrong_line_is_told "$(grep -c 'presets.ini:[0-9]*: \[later\]' <<<"$said")" 3
raw "$folder/again.wav" >"$folder/again.raw"
verdict and_costs_nothing_else "$(apart "$folder/again.raw" "$folder/rendered.raw")"
