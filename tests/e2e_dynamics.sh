#!/usr/bin/env bash
# e2e_dynamics - a track whose dynamics follow its reference: what was planned is told, what each
# band does is on the meters, nothing but the exact match is measured without it, and what is heard
# is what a file gets.
# shellcheck source=tests/serve_support.sh
. tests/serve_support.sh
master=$data/master.flac
rate=44100

track one.flac mix.flac 4 6
settings '[output]' "device = clock:$words" '[match]' "reference = $master" 'start_wait_ms = 60000'
mkdir -p "$XDG_CONFIG_HOME/matchplay"
cat >"$XDG_CONFIG_HOME/matchplay/presets.ini" <<EOF
[shaped]
chain = conditioner match_eq dynamics limiter
conditioner.dc_filter = on
dynamics.mode = reference
EOF
"$build/matchplayd" match -q "$music/one.flac" -r "$master" --preset shaped -o "$folder/shaped.wav"
raw "$folder/shaped.wav" >"$folder/shaped.raw"

shim=$build/tests/rt_shim.so # ends a player whose audio thread does what it may not
if [ -e "$shim" ]; then player_start LD_PRELOAD="$shim"; else player_start; fi
library 1
mp add one.flac
mp match preset shaped
mp play
wait_for 20 field_is plan ready match status
mp match plan >"$folder/plan"
same each_band_is_told "$(grep -c '^dynamics: [1-4] [0-9.]* [0-9.]* [-+][0-9.]*' "$folder/plan")" 4
verdict towards_the_reference "$(sed -n 's/^dynamics: //p' "$folder/plan" |
    awk '($3 - $2) * $4 < 0 { print "band " $1 " from " $2 " to " $3 " by " $4 }')"
same and_all_in_one_line "$(grep -c '^shapes: dynamics [-+0-9. ]* dB' "$folder/plan")" 1
mp match meters limiter >/dev/null
dynamics_are_there() { [ -n "$(field dynamics match meters limiter)" ]; }
verdict what_they_do_is_on_the_meters "$(wait_for 5 dynamics_are_there || echo it is not)"
same of_four_bands "$(field dynamics match meters limiter | wc -w)" 4
wait_for 60 field_is state stop status
verdict a_player_makes_what_match_makes "$(apart "$words" "$folder/shaped.raw")"
player_stop
