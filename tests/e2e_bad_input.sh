#!/usr/bin/env bash
# e2e_bad_input - whatever is given to match and play: one line that names it and says what to do,
# the right exit status, nothing half-written left behind; in play the music goes on.
set -u
build=$(cd "${BUILD:-build}" && pwd) || exit 1
player=$build/matchplayd
data=$PWD/tests/data
export ALSA_CONFIG_PATH=$PWD/tests/asound/capture.conf
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1
mkdir out

# --- what is bad ---------------------------------------------------------------------------------

make_sound() { ffmpeg -nostdin -v error -y "$@"; }

make_good() {
    make_sound -t 3 -i "$data/mix.flac" mix.wav
    make_sound -t 3 -i "$data/mix.flac" mix.flac
    make_sound -t 3 -i "$data/mix.flac" -c:a pcm_f32le mix_float.wav
    make_sound -t 3 -i "$data/mix.flac" -b:a 128k mix.mp3
    make_sound -t 3 -i "$data/master.flac" ref.flac
}

make_broken() {
    : >empty.flac
    echo "this is no music" >text.flac
    mkdir folder.flac
    mkfifo fifo.wav
    head -c 100000 mix.flac >cut.flac
    head -c 20000 mix.mp3 >cut.mp3
    head -c 200000 mix.wav >cut.wav
    { head -c 8400 mix.flac && head -c 100000 /dev/urandom; } >random.flac
    make_sound -t 1 -i mix.wav -bitexact random.wav
    head -c 176400 /dev/urandom | dd of=random.wav bs=44 seek=1 conv=notrunc status=none
}

make_odd() {
    make_sound -i mix.wav -af atrim=end_sample=1 one_frame.wav
    make_sound -i mix.wav -af atrim=end_sample=4000 short.wav
    make_sound -f lavfi -i anullsrc=r=44100:cl=stereo -t 0 no_frame.wav
    make_sound -f lavfi -i anullsrc=r=44100:cl=stereo -t 1 silence.wav
    make_sound -f lavfi -i "aevalsrc=0.5|0.5:s=44100" -t 1 dc.wav
    make_sound -i mix.wav -af "pan=stereo|FL=FL|FR=-1*FL" no_middle.wav
    make_sound -i mix.wav -af "pan=5.1|FL=FL|FR=FR|FC=FL|LFE=FL|BL=FL|BR=FR" surround.wav
    make_sound -i mix.wav -af volume=30dB clipped.wav
    # one NaN and one infinity over two samples of the sound
    begin=$(($(grep -obUam 1 data mix_float.wav | head -n 1 | cut -d: -f1) + 8))
    cp mix_float.wav nan.wav
    printf '\0\0\xc0\x7f' | dd of=nan.wav bs=1 seek=$((begin + 40000)) conv=notrunc status=none
    printf '\0\0\x80\xff' | dd of=nan.wav bs=1 seek=$((begin + 80000)) conv=notrunc status=none
    { head -c $begin mix_float.wav && head -c 400000 /dev/zero | tr '\0' '\377'; } >all_nan.wav
}

make_good
make_broken
make_odd

# --- match ---------------------------------------------------------------------------------------

# judge NAME STATUS WANTED LINES PATTERN: what the last command said stands in the file `said`
judge() {
    local name=$1 status=$2 wanted=$3 lines=$4 pattern=$5
    if [ "$status" -ne "$wanted" ]; then
        echo "not ok $name: exit $status, not $wanted: $(cat said)"
    elif [ "$(wc -l <said)" -ne "$lines" ]; then
        echo "not ok $name: not $lines lines: $(cat said)"
    elif [ -n "$pattern" ] && ! grep -q -- "$pattern" said; then
        echo "not ok $name: no '$pattern' in: $(cat said)"
    else
        return 0
    fi
    return 1
}

# refuses NAME STATUS PATTERN ARGUMENT...: one line; what stood in out/ before is all that is there
refuses() {
    local name=$1 wanted=$2 pattern=$3 status
    shift 3
    rm -rf out && mkdir out && echo before >out/o.wav
    timeout 60 "$player" match "$@" </dev/null >answer 2>said
    status=$?
    judge "$name" $status "$wanted" 1 "$pattern" || return
    if [ "$(ls -A out)" != o.wav ] || [ "$(cat out/o.wav)" != before ] || [ -s answer ]; then
        echo "not ok $name: left $(ls -A out), said $(cat answer)"
    else
        echo "ok $name"
    fi
}

refuses_target() { refuses "refuses_$1" 1 "^matchplay: $2: .*; " "$2" -r ref.flac -o out/o.wav; }
refuses_reference() {
    refuses "refuses_$1_as_reference" 1 "^matchplay: $2: .*; " mix.flac -r "$2" -o out/o.wav
}

for check in refuses_target refuses_reference; do
    $check a_missing_file missing.flac
    $check a_folder folder.flac
    $check an_empty_file empty.flac
    $check text_named_flac text.flac
    $check random_bytes_after_a_flac_header random.flac
    $check a_file_without_a_frame no_frame.wav
    $check one_frame one_frame.wav
    $check what_is_too_short short.wav
    $check silence silence.wav
    $check dc dc.wav
    $check what_has_no_middle no_middle.wav
    $check nothing_but_nan all_nan.wav
    $check a_pipe_that_nobody_writes fifo.wav
    $check a_device_without_end /dev/zero
    $check an_address http://localhost/x.flac
done

# matches NAME LINES PATTERN TARGET REFERENCE: done, with so many lines of warning
matches() {
    local name=$1 lines=$2 pattern=$3 target=$4 reference=$5 status
    rm -rf out && mkdir out
    timeout 60 "$player" match -q -r "$reference" -o out/o.wav -- "$target" </dev/null 2>said
    status=$?
    judge "$name" $status 0 "$lines" "$pattern" || return
    if [ "$(ls -A out)" != o.wav ] || ! ffprobe -v error out/o.wav; then
        echo "not ok $name: left $(ls -A out)"
    else
        echo "ok $name"
    fi
}

matches warns_of_a_truncated_flac 1 '^matchplay: cut.flac: .*; ' cut.flac ref.flac
matches warns_of_a_truncated_mp3 1 '^matchplay: cut.mp3: .*; ' cut.mp3 ref.flac
matches warns_of_a_truncated_wav 1 '^matchplay: cut.wav: .*; ' cut.wav ref.flac
matches warns_of_nan 1 '^matchplay: nan.wav: 2 samples' nan.wav ref.flac
matches warns_of_surround 1 '^matchplay: surround.wav: 6 channels' surround.wav ref.flac
matches warns_of_clipping 1 '^matchplay: clipped.wav: is clipped' clipped.wav ref.flac
matches warns_of_a_truncated_reference 1 '^matchplay: cut.flac: ' mix.flac cut.flac
matches takes_random_bytes_after_a_wav_header 1 '^matchplay: random.wav: ' random.wav ref.flac
# same NAME TARGET REFERENCE: there is nothing to match
same() { refuses "$1" 1 "^matchplay: $2: is the same sound as .*; " "$2" -r "$3" -o out/o.wav; }
same knows_the_reference_itself mix.flac mix.flac
same knows_a_copy_in_16_bits mix_float.wav mix.wav
same knows_a_copy_in_float mix.flac mix_float.wav

refuses says_that_the_disk_is_full 1 '^matchplay: /dev/full: .*; ' mix.flac -r ref.flac -o /dev/full
refuses says_that_the_disk_is_full_after_a_warning 1 '^matchplay: /dev/full: .*; ' nan.wav \
    -r ref.flac -o /dev/full
refuses refuses_a_missing_folder 1 '^matchplay: out/no/o.wav: .*; ' mix.flac -r ref.flac \
    -o out/no/o.wav
refuses refuses_a_folder_as_out 1 '^matchplay: folder.flac: .*; ' mix.flac -r ref.flac -o folder.flac
refuses refuses_the_target_as_out 1 '^matchplay: mix.wav: this is the target' mix.wav -r ref.flac \
    -o mix.wav
refuses refuses_the_reference_as_out 1 '^matchplay: mix.wav: this is the reference' ref.flac \
    -r mix.wav -o mix.wav
ln -s mix.wav link.wav
refuses refuses_a_link_to_the_target_as_out 1 '^matchplay: link.wav: this is the target' mix.wav \
    -r ref.flac -o link.wav
refuses refuses_f32_in_flac 2 'out/o.flac: FLAC holds no f32' mix.flac -r ref.flac -o out/o.flac \
    --format f32
refuses refuses_an_unknown_ending 2 'out/o.mp3' mix.flac -r ref.flac -o out/o.mp3
refuses refuses_an_unknown_format 2 '--format s8: it is ' mix.flac -r ref.flac \
    -o out/o.wav --format s8
refuses refuses_a_weight_of_0 2 'ref.flac:0' mix.flac -r ref.flac:0 -o out/o.wav
refuses refuses_an_amount_past_100 2 '120' mix.flac -r ref.flac -o out/o.wav --level 120
refuses refuses_two_targets 2 'cut.wav' mix.flac cut.wav -r ref.flac -o out/o.wav
refuses wants_a_reference 2 'REF' mix.flac -o out/o.wav
refuses wants_an_output 2 'OUT' mix.flac -r ref.flac
refuses refuses_an_unknown_option 2 'loud' mix.flac -r ref.flac -o out/o.wav --loud

if [ "$(id -u)" -ne 0 ]; then
    mkdir locked && chmod 500 locked
    refuses refuses_a_locked_folder 1 '^matchplay: locked/o.wav: .*; ' mix.flac -r ref.flac \
        -o locked/o.wav
else # root may write anywhere but where the kernel keeps its own
    refuses refuses_a_locked_folder 1 '^matchplay: /sys/o.wav: .*; ' mix.flac -r ref.flac \
        -o /sys/o.wav
fi
(
    ulimit -f 200
    refuses takes_away_what_grows_past_a_limit 1 '^matchplay: out/o.wav: .*; ' mix.flac -r ref.flac \
        -o out/o.wav
)

# a deep path must not push the reason off the line
deep=$(printf 'deep%.0s' {1..50})
mkdir -p "$deep/$deep/$deep" && : >"$deep/$deep/$deep/x.flac"
refuses keeps_the_reason_behind_a_long_path 1 ': is empty; ' "$deep/$deep/$deep/x.flac" -r ref.flac \
    -o out/o.wav

# --- names ---------------------------------------------------------------------------------------

number=0
for name in "a space.flac" "q'uo\"te.flac" $'new\nline.flac' $'esc\e[31m.flac' "日本 ü.flac" \
    $'latin\xe9.flac' http:x.flac a:0.5.flac a:0.5 -r.flac '$(id) %s%n.flac' '~x.flac' file:y.flac \
    'concat:a|b.flac'; do
    number=$((number + 1))
    cp mix.flac "./$name"
    matches "takes_odd_name_${number}_as_target" 0 '' "$name" ref.flac
    matches "takes_odd_name_${number}_as_reference" 0 '' mix.mp3 "$name"
    if timeout 60 "$player" play -q -D null -r "$name" -- mix.mp3 </dev/null >said 2>&1 &&
        timeout 60 "$player" play -q -D null -r ref.flac -- "$name" </dev/null >>said 2>&1 &&
        [ ! -s said ]; then
        echo "ok takes_odd_name_${number}_in_play"
    else
        echo "not ok takes_odd_name_${number}_in_play: $(cat said)"
    fi
done
refuses keeps_to_one_line_whatever_the_name 1 'mis?sing?.flac: ' $'mis\nsing\e.flac' -r ref.flac \
    -o out/o.wav

# --- standard files and signals ------------------------------------------------------------------

# closed NAME: out/o.wav is there, and nothing was written into it but the sound
closed() {
    if cmp -s out/o.wav good.wav; then echo "ok $1"; else echo "not ok $1: $(ls -lA out)"; fi
    rm -rf out && mkdir out
}
"$player" match mix.flac -r ref.flac -q -o good.wav
rm -rf out && mkdir out
"$player" match mix.flac -r ref.flac -o out/o.wav >&- && closed matches_with_stdout_closed
"$player" match nan.wav -r ref.flac -q -o good.wav 2>/dev/null
"$player" match nan.wav -r ref.flac -o out/o.wav <&- >&- 2>&- && closed matches_with_all_closed

make_sound -stream_loop 39 -i "$data/mix.flac" long.wav
# interrupted NAME SIGNAL STATUS: in the midst of writing
interrupted() {
    local name=$1 signal=$2 wanted=$3 pid status
    rm -rf out && mkdir out && echo before >out/o.wav
    env --default-signal=INT "$player" match long.wav -r ref.flac -o out/o.wav >answer 2>said &
    pid=$!
    for _ in {1..500}; do
        [ "$(ls -A out)" = o.wav ] || break
        sleep 0.01
    done
    sleep 0.2
    kill "-$signal" $pid
    wait $pid
    status=$?
    judge "$name" $status "$wanted" 1 '^matchplay: out/o.wav: interrupted' || return
    if [ "$(ls -A out)" != o.wav ] || [ "$(cat out/o.wav)" != before ]; then
        echo "not ok $name: left $(ls -A out)"
    else
        echo "ok $name"
    fi
}
interrupted leaves_nothing_on_sigint INT 130
interrupted leaves_nothing_on_sigterm TERM 1
interrupted leaves_nothing_on_sighup HUP 1

# --- play ----------------------------------------------------------------------------------------

good=132300 # frames of mix.wav

# plays NAME STATUS LINES PATTERN FRAMES ARGUMENT...: words of so many frames reach the device
plays() {
    local name=$1 wanted=$2 lines=$3 pattern=$4 frames=$5 status bytes
    shift 5
    rm -f words
    timeout 60 "$player" play -q -D capture:words "$@" </dev/null >said 2>&1
    status=$?
    judge "$name" $status "$wanted" "$lines" "$pattern" || return
    bytes=$(stat -c %s words 2>/dev/null || echo 0)
    if [ "$bytes" -ne $((frames * 8)) ]; then
        echo "not ok $name: $((bytes / 8)) frames, not $frames"
    else
        echo "ok $name"
    fi
}

# skips NAME FILE: alone it is an error, among others it is passed over
skips() {
    plays "play_fails_with_$1_alone" 1 1 "^matchplay: $2: .*; " 0 "$2" -r ref.flac
    plays "play_skips_$1" 0 1 "^matchplay: $2: .*; " $((2 * good)) mix.wav "$2" mix.wav -r ref.flac
}
skips a_missing_file missing.flac
skips an_empty_file empty.flac
skips text_named_flac text.flac
skips random_bytes_after_a_flac_header random.flac
skips a_file_without_a_frame no_frame.wav
skips a_pipe_that_nobody_writes fifo.wav
skips a_device_without_end /dev/zero
skips an_address http://localhost/x.flac
plays play_fails_with_an_empty_folder 1 1 'there is no music' 0 folder.flac -r ref.flac

# unchanged NAME FILE PATTERN: a match asked for and not to be had; the words are the file's own
unchanged() {
    local name=$1 file=$2 pattern=$3
    make_sound -i "$file" -f f32le own
    timeout 60 "$player" play -q -D capture:words --wait -r ref.flac "$file" </dev/null >said 2>&1
    judge "$name" $? 0 1 "$pattern" || return
    if cmp -s own words; then echo "ok $name"; else echo "not ok $name: other words"; fi
}
rm -f words
unchanged play_leaves_silence_alone silence.wav '^matchplay: silence.wav: is silent, so it plays as it is'
rm -f words
unchanged play_leaves_dc_alone dc.wav '^matchplay: dc.wav: .*plays as it is'
rm -f words
unchanged play_leaves_one_frame_alone one_frame.wav '^matchplay: one_frame.wav: .*plays as it is'
rm -f words
unchanged play_leaves_short_sound_alone short.wav '^matchplay: short.wav: .*plays as it is'
rm -f words
unchanged play_leaves_no_middle_alone no_middle.wav '^matchplay: no_middle.wav: .*plays as it is'

plays play_warns_of_nan 0 1 '^matchplay: nan.wav: 2 samples' $((2 * good)) nan.wav mix.wav -r ref.flac
plays play_warns_of_a_truncated_file 0 1 '^matchplay: cut.wav: it ends before' $((49980 + good)) cut.wav \
    mix.wav -r ref.flac
plays play_says_once_that_the_reference_is_missing 0 1 '^matchplay: missing.flac: .*; ' $((3 * good)) mix.wav \
    mix.flac mix_float.wav -r missing.flac
plays play_says_once_that_the_reference_is_silent 0 1 '^matchplay: silence.wav: is silent.*; ' $((2 * good)) \
    mix.wav mix.flac -r silence.wav
plays play_leaves_the_reference_itself_alone 0 2 '^matchplay: mix_float.wav: is the same sound' \
    $((2 * good)) --wait mix.wav mix_float.wav -r mix.flac

plays says_that_a_device_is_missing 1 1 '^matchplay: nosuch: no such device; ' 0 mix.wav -D nosuch
plays says_that_a_card_is_missing 1 1 '^matchplay: hw:9,0: no such device; ' 0 mix.wav -D hw:9,0
plays says_that_the_clocks_file_is_nowhere 1 1 '^matchplay: clock:no/words: .*; ' 0 mix.wav -D clock:no/words
plays says_that_the_clocks_format_is_none 1 1 '^matchplay: clock:words,S99: .*; ' 0 mix.wav -D clock:words,S99
plays gives_up_a_full_file_in_place_of_a_device 1 1 '^matchplay: clock:/dev/full: No space left .*; ' 0 \
    mix.wav -D clock:/dev/full
plays wants_something_to_play 2 1 'nothing to play' 0

# --- playlists -----------------------------------------------------------------------------------

mkdir list
cp mix.wav ref.flac list
ln -s . list/loop
printf '%s\n' '#EXTM3U' '#MATCHPLAY-REFERENCE:1.0,ref.flac' '#MATCHPLAY-REFERENCE:abc,ref.flac' \
    '#MATCHPLAY-REFERENCE:1.0,' missing.flac mix.wav list.m3u8 inner.m3u >list/list.m3u8
printf 'list.m3u8\r\nmix.wav\r\n' >list/inner.m3u
plays play_takes_a_bad_playlist_as_far_as_it_goes 0 3 '^matchplay: list/missing.flac: .*; ' $((2 * good)) \
    list/list.m3u8
grep -q '^matchplay: list/list.m3u8:3: a reference is written ' said &&
    grep -q '^matchplay: list/list.m3u8:4: ' said && echo "ok names_the_lines_of_a_playlist" ||
    echo "not ok names_the_lines_of_a_playlist: $(cat said)"
plays play_takes_a_folder_with_a_loop 0 0 '' $((2 * good)) list
printf '#MATCHPLAY-REFERENCE:1,gone.flac\nmix.wav\nmix.wav\n' >list/gone.m3u8
plays play_names_a_playlists_missing_reference 0 1 'list/gone.flac: .*; ' $((2 * good)) \
    list/gone.m3u8
: >void.m3u8
plays play_says_that_a_playlist_is_empty 1 1 'there is no music' 0 void.m3u8
plays play_says_that_a_playlist_is_missing 1 1 '^matchplay: missing.m3u8: .*; ' 0 missing.m3u8
seq -f 'gone-%g.flac' 500 >unmounted.m3u8
echo mix.wav >>unmounted.m3u8
plays play_does_not_flood_for_a_missing_disk 0 21 '^matchplay: 480 more are left out' $good unmounted.m3u8

# --- while it plays ------------------------------------------------------------------------------

# changed NAME FILE PATTERN COMMAND...: half a second in, a command changes a file
changed() {
    local name=$1 file=$2 pattern=$3 status
    shift 3
    cp long.wav live.wav
    cp ref.flac live_ref.flac
    rm -f words
    timeout 60 "$player" play -c rc -q -D clock:words "$file" one_frame.wav -r live_ref.flac \
        </dev/null >said 2>&1 &
    sleep 0.5
    "$@"
    wait $!
    status=$?
    if [ $status -ne 0 ] || ! grep -q -- "$pattern" said; then
        echo "not ok $name: exit $status: $(cat said)"
    else
        echo "ok $name"
    fi
}
printf '[output]\nread_ahead_seconds = 1\n' >rc
changed plays_on_when_the_file_is_emptied live.wav '^matchplay: live.wav: it ends before' \
    truncate -s 0 live.wav
changed plays_on_when_the_file_is_replaced live.wav '^matchplay: live.wav: ' cp mix.flac live.wav
changed plays_on_when_file_and_reference_vanish mix.mp3 '' rm live_ref.flac mix.mp3

# ended NAME SIGNAL STATUS: in a terminal that must be as it was
ended() {
    local name=$1 signal=$2 wanted=$3 pid
    rm -f pid status before after
    cat >session <<END
stty -g >before
env --default-signal=INT,QUIT sh -c 'echo \$\$ >pid; exec "$player" play -D clock mix.wav -r ref.flac'
echo \$? >status
stty -g >after
END
    script -qec 'bash session' /dev/null </dev/null >said 2>&1 &
    for _ in {1..500}; do
        grep -q '0:00/' said && [ -s pid ] && break
        sleep 0.01
    done
    kill "-$signal" "$(cat pid)"
    wait $!
    if [ "$(cat status)" != "$wanted" ]; then
        echo "not ok $name: exit $(cat status), not $wanted"
    elif ! cmp -s before after; then
        echo "not ok $name: the terminal is not as it was"
    else
        echo "ok $name"
    fi
}
ended restores_the_terminal_on_sigint INT 130
ended restores_the_terminal_on_sigquit QUIT 0
ended restores_the_terminal_on_sigterm TERM 0
ended restores_the_terminal_on_sighup HUP 0

# A reader of the messages that goes away does not end the music.
rm -f words
{
    timeout 60 "$player" play -q -D clock:words empty.flac short.wav empty.flac short.wav </dev/null \
        2>&1 >/dev/null
    echo $? >status
} | true
for _ in {1..1000}; do
    [ -s status ] && break
    sleep 0.01
done
if [ "$(cat status)" = 0 ] && [ "$(stat -c %s words)" -eq 64000 ]; then
    echo "ok plays_on_when_stderr_is_gone"
else
    echo "not ok plays_on_when_stderr_is_gone: exit $(cat status), $(stat -c %s words) bytes"
fi
