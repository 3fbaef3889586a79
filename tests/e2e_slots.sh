#!/usr/bin/env bash
# e2e_slots - the two slots of A/B hold any two of the original, presets and references: what is
# heard is what such a match renders, at equal loudness, too; a wrong slot is told.
# shellcheck source=tests/serve_support.sh
. tests/serve_support.sh
track one.flac mix.flac 2 7 title=One
cp "$data/master.flac" "$data/ambient.flac" "$music/"
one=$music/one.flac

render() { # NAME REFERENCE OPTION...
    "$build/matchplayd" match "$one" -r "$music/$2" -o "$folder/$1.wav" "${@:3}" >/dev/null
}

heard() { # the passages in what the device got since the last look
    python3 "$tools/passages.py" "$words" O="$one" M="$folder/matched.wav" H="$folder/half.wav" \
        L="$folder/like.wav" | paste -sd ' '
}

settled() {
    field_is plan ready match status || field_is slot_b original match status
}

plays() { # B, then A, then B; prints what that was
    mp stop >/dev/null
    : >"$words"
    mp match ab matched >/dev/null
    mp play 0 >/dev/null
    wait_for 20 settled
    sleep 0.7
    mp match ab original >/dev/null
    sleep 0.7
    mp match ab matched >/dev/null
    sleep 0.7
    mp stop >/dev/null
    heard
}

mkdir -p "$XDG_CONFIG_HOME/matchplay"
printf '%s\n' '[half]' 'name = half' 'eq = 50' 'level = 50' >"$XDG_CONFIG_HOME/matchplay/presets.ini"
settings '[output]' "device = clock:$words" '[match]' 'start_wait_ms = 60000' \
    'slot_a = preset nosuch' "reference = $music/master.flac"
render matched master.flac
render half master.flac --preset half
render like ambient.flac
shim=$build/tests/rt_shim.so # ends a player whose audio thread does what it may not
if [ -e "$shim" ]; then player_start LD_PRELOAD="$shim"; else player_start; fi
library 3
verdict a_wrong_slot_of_the_settings_is_told \
    "$(grep -q 'slot_a = there is no preset nosuch' "$folder/said" || echo silence)"
mp match slot a original >/dev/null
mp add one.flac >/dev/null
mp repeat 1 >/dev/null

same as_it_is_unless_told "$(plays)" "M O M"
mp match slot a preset half >/dev/null
same a_preset_in_A "$(plays)" "M H M"
same is_told "$(field slot_a match status)" "preset half"
mp match slot b preset half >/dev/null
mp match slot a matched >/dev/null
same the_other_way_round "$(plays)" "H M H"
mp match slot b reference ambient.flac >/dev/null
same another_reference_in_B "$(plays)" "L M L"
mp match slot b original >/dev/null
same the_original_in_B "$(plays)" "O M O"

# While it plays: A changes, and B goes on.
mp match slot b matched >/dev/null
mp match slot a original >/dev/null
mp stop >/dev/null
: >"$words"
mp match ab original >/dev/null
mp play 0 >/dev/null
wait_for 20 field_is plan ready match status
sleep 0.7
mp match slot a preset half >/dev/null
sleep 2
mp stop >/dev/null
same a_slot_changes_while_it_plays "$(heard)" "O H"

# --- equal loudness ----------------------------------------------------------------------------
loudness() {
    ffmpeg -nostats -i "$1" -af ebur128 -f null - 2>&1 | sed -n 's/^ *I: *\(-[0-9.]*\) LUFS/\1/p' |
        tail -n 1
}
mp match loudness equal >/dev/null
mp play 0 >/dev/null
measured() {
    field_is gains measured match status
}
wait_for 20 measured
difference=$(awk -v a="$(field gain_original match status)" -v b="$(field gain_matched match status)" \
    -v la="$(loudness "$folder/half.wav")" -v lb="$(loudness "$folder/matched.wav")" \
    'BEGIN { d = (la + a) - (lb + b); print (d < 0 ? -d : d) <= 0.25 ? "" : d " dB apart" }')
verdict slots_are_equally_loud "$difference"
half_db=$(field gain_original match status)
mp match hear reference >/dev/null
c_is_measured() {
    field_is hearing reference match status && [ -n "$(field gain_reference match status)" ] &&
        measured
}
wait_for 20 c_is_measured
difference=$(awk -v a="$half_db" -v c="$(field gain_reference match status)" \
    -v la="$(loudness "$folder/half.wav")" -v lc="$(loudness "$music/master.flac")" \
    'BEGIN { d = (la + a) - (lc + c); print (d < 0 ? -d : d) <= 0.25 ? "" : d " dB apart" }')
verdict the_reference_itself_is_as_loud "$difference"
mp match hear track >/dev/null
wait_for 5 field_is hearing track match status
same the_player_is_well "$(field state status)" play

# --- how far A is ------------------------------------------------------------------------------
a_becomes() { # PLAN SLOT...
    mp match slot a "${@:2}" >/dev/null
    wait_for 10 field_is plan_a "$1" match status
    field plan_a match status
}
ffmpeg -v error -f lavfi -i anullsrc=r=44100 -t 5 "$music/silent.flac" </dev/null
same a_that_cannot_be_is_told "$(a_becomes failed reference silent.flac)" failed
same the_original_is_no_plan "$(a_becomes none original)" none
same a_that_is_there_is_told "$(a_becomes ready preset half)" ready
mp match slot b preset original >/dev/null
wait_for 10 field_is plan none match status
same nothing_is_waited_for_where_the_preset_is_the_original "$(field plan match status)" none
mp match slot b matched >/dev/null
wait_for 10 field_is plan ready match status

# --- what is wrong is told ---------------------------------------------------------------------
said() {
    mp match slot "$@" 2>&1
}
verdict no_such_preset "$(said a preset hafl | grep -q 'nearest is half' || said a preset hafl)"
verdict no_such_kind "$(said a nonsense | grep -q 'a slot holds original' || said a nonsense)"
verdict no_such_slot "$(said c original | grep -q 'it is a or b' || said c original)"
verdict no_such_file "$(said a reference none.flac | grep -q 'no such file' || said a reference none.flac)"
same both_are_told "$(mp match slot | paste -sd ' ')" "slot_a: preset half slot_b: matched"
