#!/usr/bin/env bash
# e2e_meters - what the player measures while it plays, a blind test over the protocol, the next
# hit, and files from outside of the library.
# shellcheck source=tests/serve_support.sh
. tests/serve_support.sh

track one.flac mix.flac 0 20 title=Uno artist=Anna
track two.flac mono.flac 0 9 title=Due artist=Berta
mkdir -p "$folder/elsewhere/disc"
ffmpeg -v error -ss 2 -t 6 -i "$data/mix.flac" -metadata title=Guest "$folder/elsewhere/disc/1.flac"
ffmpeg -v error -ss 9 -t 6 -i "$data/mix.flac" "$folder/elsewhere/disc/2.flac"
printf '%s\n' '#EXTM3U' "#MATCHPLAY-REFERENCE:1.0,$data/master.flac" disc/2.flac \
    >"$folder/elsewhere/list.m3u8"
settings '[output]' 'device = clock' '[match]' 'start_wait_ms = 60000'
shim=$build/tests/rt_shim.so # ends a player whose audio thread does what it may not
if [ -e "$shim" ]; then player_start LD_PRELOAD="$shim"; else player_start; fi
library 2

# number NAME COMMAND...: the first number of a value
number() {
    field "$@" | cut -d ' ' -f 1
}

between() { # VALUE LOW HIGH: nothing if it is
    awk -v x="$1" -v low="$2" -v high="$3" \
        'BEGIN { if (x == "" || x + 0 < low || x + 0 > high) print "\"" x "\" is not in " low " to " high }'
}

meter_is_there() { # METER NAME
    [ -n "$(field "$2" match meters "$1")" ]
}

# --- the next hit -------------------------------------------------------------------------------

same the_next_hit_is_found "$(field position match find '' Title uno 0 +1)" 1
same and_the_one_before "$(field position match find '' Title due 1 +1)" 0
same an_expression_finds_its_track \
    "$(field position match find '' Title "(Title == 'Uno')" 0 +1)" 1
same a_bracket_need_not_be_one "$(mp match find '' Title '(live' 0 +1)" ""
same nothing_where_there_is_none "$(mp match find '' Title nowhere 0 +1)" ""

# --- from elsewhere -----------------------------------------------------------------------------

mp match add "$folder/elsewhere/disc" "$folder/nowhere" >"$folder/answer" 2>&1
same a_folder_from_elsewhere_is_queued "$(grep -c 'added: 2' "$folder/answer")" 1
same what_is_not_there_is_told "$(grep -c 'warning: .*nowhere: No such file' "$folder/answer")" 1
wait_for 5 field_is Title Guest playlistinfo 0
same tags_of_guests_follow "$(field Title playlistinfo 0)" Guest
same guests_are_in_no_search "$(mp search title guest)" ""
mp match add "$folder/nowhere" >/dev/null 2>&1
same nothing_there_is_an_error $? 1
mp clear
mp match add "$folder/elsewhere/list.m3u8" >/dev/null
same a_playlist_rules_what_came_from_it \
    "$(field Reference match queue 0)" "$data/master.flac"

# --- meters -------------------------------------------------------------------------------------

mp clear
mp match reference all "$data/master.flac" >/dev/null 2>&1 ||
    mp match reference all set "$data/master.flac" >/dev/null 2>&1
mp add one.flac
same names_are_listed "$(mp match meters | grep -c '^meter: ')" 17
same an_unknown_one_is_refused "$(mp match meters nonsense 2>&1 | grep -c 'no meter')" 1
mp play
wait_for 10 field_is plan ready match status

# the quality control, on a copy of the chain, at float words here
same nothing_is_probed_before_it_is_asked_for \
    "$(ps -L -o comm= -p "$child" | grep -c '^mp-quality')" 0
wait_for 20 meter_is_there quality quality_thdn
verdict the_chain_adds_next_to_nothing \
    "$(between "$(field quality_thdn match meters quality)" -400 -140)"
verdict its_noise_is_far_below_the_sound \
    "$(between "$(field quality_snr match meters quality)" 141 400)"
verdict the_limiter_shows_in_its_modulation \
    "$(between "$(field quality_imd match meters quality)" -120 0)"
same all_is_well "$(field recovery_state match meters recovery)" well
# what each part is late by, how long the disk took, and a quality that is set
verdict latency_is_told_part_by_part "$(mp match meters latency | awk '
    /^latency_part/ && $NF != "total" && $NF != "chain" { sum += $2 }
    /^latency_part/ && $NF == "total" { total = $2 }
    END { if (total == "" || total + 0 != sum) print "the parts are " sum ", all of it is " total }')"
verdict the_disk_is_timed "$(between "$(field disk_read match meters disk)" 0 60000)"
same all_of_the_chain_is_played "$(field quality match status)" full
mp match set quality float32 >/dev/null
wait_for 5 field_is quality float32 match status
same a_quality_can_be_held "$(field load_quality match meters load)" float32
# how the audio thread is scheduled, whoever has changed it
thread=$(ps -L -o lwp=,comm= -p "$child" | awk '$2 == "mp-audio" { print $1 }')
may_run_on() {
    sed -n 's/^Cpus_allowed_list:[[:space:]]*//p' "/proc/$child/task/$thread/status"
}
same its_processors_are_told "$(field thread_cpus match meters thread)" "$(may_run_on)"
taskset -cp "$(may_run_on | grep -o '^[0-9]*')" "$thread" >/dev/null
same as_they_are_now "$(field thread_cpus match meters thread)" "$(may_run_on)"
same and_its_priority "$(field thread_priority match meters thread)" \
    "$(ps -L -o lwp=,rtprio= -p "$child" | awk -v t="$thread" '$1 == t { print $2 + 0 }')"
mp match set quality auto >/dev/null
wait_for 5 field_is quality full match status
same and_left_to_the_player "$(field quality_wish match status)" auto
mp match meters loudness levels true_peak spectrum limiter modules fft >/dev/null
wait_for 5 meter_is_there loudness after_integrated
sleep 1
mp match meters loudness levels true_peak spectrum limiter reference modules load fft >"$folder/answer"
got() {
    sed -n "s/^$1: //p" "$folder/answer" | cut -d ' ' -f "${2:-1}"
}
verdict the_original_is_measured "$(between "$(got before_integrated)" -35 -10)"
verdict the_match_is_louder \
    "$(awk -v a="$(got before_integrated)" -v b="$(got after_integrated)" 'BEGIN { if (b - a < 3) print a " and " b }')"
verdict peaks_are_below_full_scale "$(between "$(got after_peak)" -12 0)"
verdict correlation_is_one "$(between "$(got before_correlation)" -1 1)"
same the_spectrum_has_31_bands "$(sed -n 's/^after_spectrum: //p' "$folder/answer" | wc -w)" 31
same and_120_lines_of_an_fft "$(sed -n 's/^after_fft: //p' "$folder/answer" | wc -w)" 120
same the_references_too "$(sed -n 's/^reference_spectrum: //p' "$folder/answer" | wc -w)" 31
same each_module_has_its_time "$(sed -n 's/^module: //p' "$folder/answer" | cut -d ' ' -f 1 |
    paste -sd ' ')" "match_eq limiter"
verdict the_load_is_that_of_a_player "$(between "$(got load_mean)" 0 60)"

# --- a blind test -------------------------------------------------------------------------------

same too_few_trials_are_refused "$(mp match abx start 4 2>&1 | grep -c '5 to 50')" 1
same a_test_waits_for_equal_loudness "$(field abx match abx start 5)" waiting
verdict it_begins "$(wait_for 10 field_is abx running match abx status || echo it does not)"
same ab_is_hidden "$(field ab match status)" hidden
same ab_is_refused "$(mp match ab original 2>&1 | grep -c 'blind test')" 1
mp match meters levels limiter modules quality >"$folder/answer"
same what_is_heard_is_withheld \
    "$(grep -c '^after_\|^limiter_\|^module\|^quality_' "$folder/answer")" 0
same a_slot_is_not_changed_now "$(mp match slot a matched 2>&1 | grep -c 'blind test')" 1
same x_may_be_named "$(field answered match abx answer a)" 1
for answer in b a b; do
    mp match abx hear x >/dev/null
    mp match abx answer $answer >/dev/null
done
same nothing_is_told_before_the_end "$(mp match abx status | grep -c 'right\|p_value')" 0
mp match abx answer a >"$folder/answer"
same the_end_is_told "$(got abx)" "done"
verdict with_its_p_value "$(between "$(got p_value)" 0.03 1)"
same and_kept "$(grep -c ' of 5 right, p = .*  A: original  B: matched  reference: ' \
    "$XDG_STATE_HOME/matchplay/abx.log")" 1
same what_was_heard_is_back "$(field ab match status)" matched
