#!/usr/bin/env bash
# e2e_rt - the player plays its whole chain, and its audio thread is never seen to allocate, lock,
# touch a file or sleep out of turn (tests/shim/rt_shim.c watches it).
set -u
build=${BUILD:-build}
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT

# The player's own functions in the watch's backtrace, innermost first, with their lines.
name_callers() {
    sed -n 's/^.*matchplayd(+\(0x[0-9a-f]*\)).*/\1/p' "$1" |
        addr2line -p -f -s -e "$build/matchplayd" | sed 's/^/    /'
}

# plays NAME DEVICE [ARGUMENT...]: a few seconds of it, or all where the device is not paced
plays() {
    local name=$1 device=$2 status
    shift 2
    : >"$folder/report"
    { # bash's own word on an aborted program goes nowhere
        RT_SHIM_REPORT=$folder/report timeout -k 5 "${RT_PLAY_S:-5}" \
            env LD_PRELOAD="$PWD/$build/tests/rt_shim.so" \
            "$build/matchplayd" play -q -D "$device" --wait "$@" </dev/null >"$folder/output" 2>&1
        status=$?
    } 2>/dev/null
    if grep -q '^rt_shim: the audio thread called' "$folder/output"; then
        echo "not ok $name: $(grep '^rt_shim' "$folder/output")"
        name_callers "$folder/output"
    elif [ $status -ne 0 ] && [ $status -ne 124 ]; then # 124: still playing when time was up
        echo "not ok $name: status $status: $(tail -n 1 "$folder/output")"
    elif ! grep -q watched "$folder/report"; then
        echo "not ok $name: no thread called mp-audio was seen"
    else
        echo "ok $name"
    fi
}

plays audio_thread_keeps_its_rules_on_the_clock clock tests/data/ambient.flac \
    -r tests/data/master.flac
plays audio_thread_keeps_its_rules_on_alsa_null null tests/data/ambient.flac tests/data/mono.flac \
    -r tests/data/master.flac
plays audio_thread_keeps_its_rules_with_the_original null tests/data/mix.flac --original
plays audio_thread_keeps_its_rules_writing_16_bits "clock:$folder/words,S16" tests/data/mono.flac \
    -r tests/data/master.flac
