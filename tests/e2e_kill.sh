#!/usr/bin/env bash
# e2e_kill - the player is killed at random moments, in scans, changes and playing: the next start
# has a sound database, complete playlists, and the queue as of the last change.
#
# KILLS=200 (25 unless told), KILL_SEED=N repeats a run.
# shellcheck source=tests/serve_support.sh
. tests/serve_support.sh

# A hundred small files of different tags.
mkdir -p "$music/seeds"
ffmpeg -v error -ss 2 -t 2 -i "$data/mix.flac" "$folder/seed.flac" </dev/null
for number in 0 1 2 3 4 5 6 7 8 9; do
    ffmpeg -v error -i "$folder/seed.flac" -c copy -metadata "title=Title $number" \
        -metadata "artist=Artist $((number / 3))" "$music/seeds/$number.flac" </dev/null
    for copy in 0 1 2 3 4 5 6 7 8; do
        cp "$music/seeds/$number.flac" "$music/seeds/$number$copy.flac"
    done
done
settings '[output]' 'device = clock'
export MUSIC=$music
timeout -k 5 360 python3 "$tools/kill.py" "$build" "${KILLS:-25}" "${KILL_SEED:-$RANDOM}" ||
    echo "not ok it_starts_again: $(tail -n 3 "$XDG_STATE_HOME/said")"
