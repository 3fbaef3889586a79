#!/usr/bin/env bash
# e2e_null - what `match` writes and what a device receives from `play` is what the offline matcher
# makes: at most -120 dBFS apart anywhere; and the same, to -140 dBFS, whatever the length of a
# block and the instructions that the processor has.
set -u
build=${BUILD:-build}
null=$build/tests/null
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
export ALSA_CONFIG_PATH=$PWD/tests/asound/capture.conf
master=tests/data/master.flac

# within NAME LIMIT_DB ONE OTHER: as long as each other, and no further apart; ONE is then removed
within() {
    local name=$1 limit=$2 figures
    if ! figures=$("$null" "$3" "$4" 2>&1); then
        echo "not ok $name: $figures"
    elif ! awk -v limit="$limit" '{ exit !($2 == $3 && $2 > 0 && ($1 == "-inf" || $1 + 0 <= limit)) }' \
        <<<"$figures"; then
        echo "not ok $name: (dB, frames, frames, worst at) $figures"
    else
        echo "ok $name ${figures%% *} dB"
    fi
    rm -f "$3" # so that nothing is compared twice
}

# play DEVICE TARGET [ARGUMENT...]
play() {
    local device=$1 target=$2
    shift 2
    "$build/matchplayd" play -q --wait -D "$device" "$target" -r "$master" "$@" </dev/null
}

# settings FILE LINE...: a matchplayrc with these lines
settings() {
    local file=$1
    shift
    printf '%s\n' "$@" >"$file"
}

tiers="scalar"
for tier in sse2 avx2 avx512 neon; do # match refuses the ones this processor has not
    if "$build/matchplayd" match -q tests/data/mono.flac -r "$master" -o "$folder/tier.wav" \
        --simd $tier 2>/dev/null; then
        tiers="$tiers $tier"
    fi
done

for pair in mix ambient mono; do
    target=tests/data/$pair.flac
    golden=tests/data/expected/${pair}__master.limited.flac
    "$build/matchplayd" match -q "$target" -r "$master" -o "$folder/$pair.wav"
    cp "$folder/$pair.wav" "$folder/copy.wav"
    within "match_equals_the_offline_matcher_$pair" -120 "$folder/copy.wav" "$golden"
    play "capture:$folder/$pair.raw" "$target"
    within "an_alsa_device_receives_the_offline_match_$pair" -120 "$folder/$pair.raw" "$golden"
done
play "clock:$folder/clock.raw" tests/data/mono.flac
within the_clock_receives_the_offline_match_mono -120 "$folder/clock.raw" \
    tests/data/expected/mono__master.limited.flac

for pair in mono ambient; do
    target=tests/data/$pair.flac
    for block in 64 128 512 1024 4096; do
        "$build/matchplayd" match -q "$target" -r "$master" -o "$folder/block.wav" --block $block
        within "match_is_the_same_in_blocks_of_${block}_$pair" -140 "$folder/block.wav" \
            "$folder/$pair.wav"
        settings "$folder/rc" '[output]' "block_size = $block"
        play "capture:$folder/block.raw" "$target" -c "$folder/rc"
        within "play_is_the_same_in_blocks_of_${block}_$pair" -140 "$folder/block.raw" \
            "$folder/$pair.wav"
    done
    for tier in $tiers; do
        "$build/matchplayd" match -q "$target" -r "$master" -o "$folder/tier.wav" --simd "$tier"
        within "match_is_the_same_with_${tier}_$pair" -140 "$folder/tier.wav" "$folder/$pair.wav"
        settings "$folder/rc" '[chain]' "simd = $tier"
        play "capture:$folder/tier.raw" "$target" -c "$folder/rc"
        within "play_is_the_same_with_${tier}_$pair" -140 "$folder/tier.raw" "$folder/$pair.wav"
    done
done
