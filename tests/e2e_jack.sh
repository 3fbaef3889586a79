#!/usr/bin/env bash
# e2e_jack - matched playback in real time, on a jack server that paces a dummy device: no dropout,
# every frame delivered, and a server that hangs is noticed.
#
# JACK_PLAY_S=120 plays two minutes (.ci/run); 15 s unless told.
set -u
build=$(cd "${BUILD:-build}" && pwd) || exit 1
data=$PWD/tests/data
seconds=${JACK_PLAY_S:-15}
if ! command -v jackd >/dev/null; then
    echo "skip jack: no jackd here; contrib/deps.sh test installs it"
    exit 0
fi
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT

verdict() { # NAME TROUBLE: none is good
    if [ -z "$2" ]; then echo "ok $1"; else echo "not ok $1: ${2//$'\n'/; }"; fi
}

# What goes to the server is written to a file on its way.
cat >"$folder/asound.conf" <<CONF
</usr/share/alsa/alsa.conf>
pcm.words {
    type file
    slave.pcm { type jack playback_ports { 0 system:playback_1 1 system:playback_2 } }
    file "$folder/words"
    format "raw"
}
CONF
export ALSA_CONFIG_PATH=$folder/asound.conf
printf '[output]\nbuffer_strategy = robust\n' >"$folder/rc"
ffmpeg -v error -stream_loop -1 -i "$data/ambient.flac" -t "$seconds" -ar 48000 -ac 2 "$folder/t.wav"
"$build/matchplayd" match -q "$folder/t.wav" -r "$data/master.flac" -o "$folder/matched.wav"
ffmpeg -v error -i "$folder/matched.wav" -f f32le "$folder/matched"

tests/with-jackd timeout $((seconds + 60)) "$build/matchplayd" -c "$folder/rc" play -q -D words \
    --wait -r "$data/master.flac" "$folder/t.wav" >"$folder/said" 2>&1 </dev/null
status=$?
trouble=$(grep -v -e '^$' "$folder/said")
[ $status -eq 0 ] || trouble="exit status $status: $trouble"
verdict "plays_${seconds}_s_matched_without_a_dropout" "$trouble"

# The music's frames, and behind them the silence that carries the last ones out.
verdict every_frame_is_delivered_as_match_writes_it "$(python3 - "$folder" <<'PY'
import array, sys
got = array.array('f', open(sys.argv[1] + '/words', 'rb').read())
wanted = array.array('f', open(sys.argv[1] + '/matched', 'rb').read())
if len(got) < len(wanted):
    print(f'{len(got) // 2} frames of {len(wanted) // 2}')
else:
    worst = max(map(abs, map(float.__sub__, got[:len(wanted)], wanted)))
    if worst > 1e-6:
        print(f'the words differ by {worst}')
    if any(got[len(wanted):]):
        print('there is more than the music')
PY
)"

# A server that is stopped gives no error at all: only a watch notices.
cat >"$folder/hang" <<HANG
"$build/matchplayd" -c "$folder/rc" play -q -D words --original "$folder/t.wav" 2>"$folder/hung" &
player=\$!
sleep 2
server=\$(pgrep -P \${JACK_DEFAULT_SERVER##*-} jackd)
kill -STOP \$server
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    sleep 0.5
    ! grep -q 'takes no sound' "$folder/hung" || break
done
kill -CONT \$server
sleep 1
kill -TERM \$player
wait \$player
HANG
tests/with-jackd timeout 60 sh "$folder/hang" >"$folder/said" 2>&1 </dev/null
verdict a_device_that_hangs_is_told \
    "$(grep -q 'words: the device takes no sound' "$folder/hung" || cat "$folder/hung" "$folder/said")"
