#!/usr/bin/env bash
# e2e_scan - the library as a user reads it: with a player and without, and ended at any moment.
set -u
build=$(cd "${BUILD:-build}" && pwd) || exit 1
folder=$(mktemp -d) || exit 1
cd "$folder" || exit 1
mkdir -p home config/matchplay
export HOME=$folder/home XDG_CONFIG_HOME=$folder/config XDG_DATA_HOME=$folder/data
export XDG_CACHE_HOME=$folder/cache XDG_STATE_HOME=$folder/state
export MATCHPLAY_SOCKET=$folder/socket
printf '[output]\ndevice = clock\n[library]\nmusic_directory = %s/music\n' "$folder" \
    >config/matchplay/matchplayrc

matchplay() { "$build/matchplay" "$@" </dev/null; }
check() { if [ "$2" = "$3" ]; then echo "ok $1"; else echo "not ok $1: '$2', not '$3'"; fi; }
holds() { if grep -q -- "$3" <<<"$2"; then echo "ok $1"; else echo "not ok $1: no '$3' in '$2'"; fi; }
end() { matchplay stop >/dev/null 2>&1; rm -rf "$folder"; }
trap end EXIT

holds says_that_there_is_no_music "$(matchplay scan 2>&1)" \
    "music: there is no such folder; set music_directory"
"$build/tests/make_library" music 400 40 >/dev/null || exit 1
first=$(ls music | head -n 1)
echo rubbish >music/bad.flac

# --- by itself -----------------------------------------------------------------------------------
holds reads_one_folder "$(matchplay scan "$first")" '^20 files: 20 new or changed, 0 gone$'
holds reads_the_rest "$(matchplay scan)" \
    '^401 files: 381 new or changed, 0 gone, 1 cannot be read (-v names them)$'
check reads_nothing_twice "$(matchplay scan)" '401 files: 0 new or changed, 0 gone'
rm "music/$first"/*/01*
check sees_what_is_gone "$(cd "music/$first" && matchplay scan .)" '18 files: 0 new or changed, 2 gone'
holds reads_all_again "$(matchplay scan --again -v 2>&1)" '^399 files: 399 new or changed, 0 gone, 1'
holds names_what_it_cannot_read "$(matchplay scan --again -v 2>&1)" 'bad.flac: is no sound file'
matchplay scan /usr >said 2>&1
check refuses_other_folders "$? $(grep -c 'is not in the music folder' said)" '1 1'

# --- killed ----------------------------------------------------------------------------------------
# However it ends, the next one finds a sound library and reads only what is missing.
for pause in 0.02 0.05 0.08 0.1 0.12 0.15; do
    rm -rf data
    "$build/matchplayd" scan >/dev/null 2>&1 &
    sleep $pause
    kill -9 $! 2>/dev/null
    wait $! 2>/dev/null
done
holds goes_on_after_a_kill "$(matchplay scan --again 2>&1)" '^399 files: 399 new or changed, 0 gone'
check sets_nothing_aside "$(ls data/matchplay | grep -c damaged)" 0

# --- by the player -------------------------------------------------------------------------------
matchplay serve >/dev/null || exit 1
check the_player_reads_it "$(matchplay scan)" '398 tracks'
song=$(find music -name '02*' | head -n 1)
cp "$song" "music/new.${song##*.}"
check the_player_reads_what_is_new "$(matchplay scan)" '399 tracks'
echo rubbish >music/worse.flac
holds the_player_tells_what_it_cannot_read "$(matchplay scan --again)" \
    "^399 tracks, 2 cannot be read (the player's log names them)$"
holds and_its_log_names_it "$(cat state/matchplay/log)" 'worse.flac: cannot be played: '
rm music/worse.flac
