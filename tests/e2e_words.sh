#!/usr/bin/env bash
# e2e_words - the two executables: which words go where, and what a signal leaves behind.
set -u
build=$(cd "${BUILD:-build}" && pwd) || exit 1
data=$PWD/tests/data
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1

# expect NAME STATUS PATTERN COMMAND...: exit status, and what stands on stdout or stderr
expect() {
    local name=$1 wanted=$2 pattern=$3 output status
    shift 3
    output=$("$@" 2>&1 </dev/null)
    status=$?
    if [ $status -ne "$wanted" ]; then
        echo "not ok $name: exit $status, not $wanted: $output"
    elif ! grep -q -- "$pattern" <<<"$output"; then
        echo "not ok $name: no '$pattern' in: $output"
    else
        echo "ok $name"
    fi
}

expect alone_it_wants_a_terminal 1 'there is no terminal here' "$build/matchplay"
expect passes_a_command_on 0 'third octaves' "$build/matchplay" analyze "$data/mono.flac"
expect passes_common_options_before_it 1 'none: No such file' \
    "$build/matchplay" -c none analyze "$data/mono.flac"
expect answers_help 0 'matchplay match' "$build/matchplay" --help
expect a_path_that_is_not_there_is_told 1 'none.flac' "$build/matchplay" none.flac
expect guesses_a_misspelt_command 2 'did you mean match?' "$build/matchplay" mathc x
cp "$build/matchplay" alone
expect says_when_the_other_half_is_missing 1 'matchplayd is neither beside' ./alone doctor

# Twelve minutes take long enough to be interrupted.
ffmpeg -v error -stream_loop 29 -i "$data/mix.flac" long.wav
for signal in INT TERM; do
    mkdir out
    env -u TERM --default-signal=INT,TERM "$build/matchplayd" match long.wav -r "$data/master.flac" -o out/o.wav 2>said &
    pid=$!
    sleep 0.3
    kill -$signal $pid 2>/dev/null
    wait $pid
    status=$?
    # A shell's loop ends only when what it runs dies of the SIGINT.
    wanted=1
    [ $signal = INT ] && wanted=130
    if [ $status -ne $wanted ] || [ "$(cat said)" != \
        "matchplay: out/o.wav: interrupted; nothing was written" ]; then
        echo "not ok ends_cleanly_on_SIG$signal: exit $status: $(cat said)"
    elif [ -n "$(ls -A out)" ]; then
        echo "not ok ends_cleanly_on_SIG$signal: left $(ls -A out)"
    else
        echo "ok ends_cleanly_on_SIG$signal"
    fi
    rm -rf out
done

# A shell's & ignores SIGINT for its child, nohup SIGHUP: the work goes on.
(trap '' HUP && exec "$build/matchplayd" match "$data/mono.flac" -r "$data/master.flac" -q \
    -o kept.wav) &
pid=$!
sleep 0.02
kill -HUP $pid 2>/dev/null
wait $pid
if [ -s kept.wav ]; then echo "ok ignored_signals_stay_ignored"; else
    echo "not ok ignored_signals_stay_ignored"; fi

# Every module in every tier that this processor has, each figure above nothing.
if "$build/matchplayd" bench --json 2>said | python3 -c '
import json, sys
told = json.load(sys.stdin)
tiers = [told] + told["narrower"]
names = ["convolver_f32", "convolver_f64", "conditioner", "match_eq", "dynamics", "spectral",
         "limiter", "limiter_true_peak", "exact_chain", "all_modules"]
assert told["block_frames"] == 512 and told["rate_hz"] == 44100
assert tiers[-1]["simd"] == "scalar" and len({tier["simd"] for tier in tiers}) == len(tiers)
assert all(tier[name + "_us"] > 0 for tier in tiers for name in names)
assert all(tier["all_modules_core_percent"] > 0 for tier in tiers + told["rates"])
' 2>>said; then echo "ok bench_tells_what_each_module_costs_in_each_tier"; else
    echo "not ok bench_tells_what_each_module_costs_in_each_tier: $(tail -n 1 said)"; fi
