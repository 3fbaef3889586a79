#!/usr/bin/env bash
# e2e_clients - 100 idle and 10 busy clients while a matched track plays in real time, on a jack
# server that paces a dummy device: no dropout, every frame delivered, every command answered right.
#
# CLIENTS_S=60 keeps it up for a minute (.ci/run); 10 s unless told.
if [ -z "${JACK_DEFAULT_SERVER:-}" ]; then
    if ! command -v jackd >/dev/null; then
        echo "skip clients: no jackd here; contrib/deps.sh test installs it"
        exit 0
    fi
    exec tests/with-jackd bash "$0"
fi
# shellcheck source=tests/serve_support.sh
. tests/serve_support.sh
# shellcheck source=tests/serve_music.sh
. tests/serve_music.sh
seconds=${CLIENTS_S:-10}
cat >"$folder/asound.conf" <<CONF
</usr/share/alsa/alsa.conf>
pcm.words {
    type file
    slave.pcm { type jack playback_ports { 0 system:playback_1 1 system:playback_2 } }
    file "$words"
    format "raw"
}
CONF
music_make
ffmpeg -v error -stream_loop -1 -i "$data/ambient.flac" -t $((seconds + 10)) -ar 48000 -ac 2 \
    -metadata title=Long "$music/long.flac" </dev/null
settings '[output]' 'device = words' 'buffer_strategy = robust' \
    '[match]' "reference = $data/master.flac" 'start_wait_ms = 60000'
player_start "ALSA_CONFIG_PATH=$folder/asound.conf"
library 7
mp add long.flac
mp play
wait_for 20 words_reach 20000
python3 "$tools/clients.py" "$MATCHPLAY_SOCKET" "$seconds"
same it_plays_on "$(field state status)" play
same no_dropout_is_counted "$(dropouts)" "0 0"
wait_for 40 field_is state stop status
player_stop
"$build/matchplayd" match -q "$music/long.flac" -r "$data/master.flac" -o "$folder/b.wav"
raw "$folder/b.wav" >"$folder/wanted.raw"
verdict every_frame_is_delivered_as_match_writes_it "$(apart "$words" "$folder/wanted.raw")"
