#!/usr/bin/env bash
# e2e_vm - the player on real kernel drivers, in a virtual machine: a loopback card that records
# every word, Intel HDA, and a USB card that is pulled. `make vm` runs it: four minutes.
#
# Needs `contrib/deps.sh vm`. A busy host stops the guest for long enough to lose words in the
# drivers; silence within a recording is allowed for where the player says that it dropped out.
set -u
cd "$(dirname "$0")/.." || exit 1
build=$(cd "${BUILD:-build}" && pwd) || exit 1
if [ -z "${VM:-}" ]; then
    echo "skip vm: it takes minutes; make vm runs it"
    exit 0
fi
if [ ! -e "$VM/initrd.gz" ]; then
    echo "skip vm: no virtual machine in $VM; contrib/deps.sh vm gets it"
    exit 0
fi
vm=$(cd "$VM" && pwd) || exit 1
data=$PWD/tests/data
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT

verdict() { # NAME TROUBLE: none is good
    if [ -z "$2" ]; then echo "ok $1"; else echo "not ok $1: ${2//$'\n'/; }"; fi
}

# --- material: noise, in which each frame tells its place ----------------------------------------

noise() { # NAME RATE SECONDS BITS
    python3 - "$2" "$3" "$4" >"$folder/$1.s32" <<'PY'
import array, random, sys
rate, seconds, bits = map(int, sys.argv[1:])
random.seed(bits)
top = 1 << (bits - 2)
words = (random.randint(-top, top) << (32 - bits) for _ in range(rate * seconds * 2))
sys.stdout.buffer.write(array.array('i', words).tobytes())
PY
    ffmpeg -v error -f s32le -ar "$2" -ac 2 -i "$folder/$1.s32" \
        -sample_fmt "$([ "$4" = 16 ] && echo s16 || echo s32)" -bits_per_raw_sample "$4" \
        "$folder/$1.flac"
}

noise noise16 48000 4 16
noise noise24 48000 4 24
noise long 48000 30 16
noise cd 44100 2 16
ffmpeg -v error -i "$data/ambient.flac" -t 6 -ar 48000 -ac 2 "$folder/music.flac"
for bits in 16 24 32; do
    printf '[output]\nbit_depth = %s\nbuffer_strategy = robust\n' $bits >"$folder/rc-s$bits"
done
printf '[output]\nbuffer_strategy = adaptive\n' >"$folder/rc-adaptive"

# --- the guest, and the hand at its plug ------------------------------------------------------

{
    echo "PLAYER=$build/matchplayd TOOLS=$vm/tools DATA=$data"
    cat tests/vm/guest-plays
} >"$folder/guest"

plug() { # carries out the guest's lines `do COMMAND`, each once
    local carried=0 lines
    while sleep 0.1; do
        lines=$(sed -n 's/^do //p' "$folder/output" 2>/dev/null)
        while [ "$(grep -c . <<<"$lines")" -gt $carried ]; do
            carried=$((carried + 1))
            sed -n "${carried}p" <<<"$lines" >&3
        done
    done
}

mkfifo "$folder/monitor.in" "$folder/monitor.out"
exec 3<>"$folder/monitor.in" 4<>"$folder/monitor.out"
plug &
hand=$!
VM_TIMEOUT=${VM_TIMEOUT:-280} tests/vm/boot "$folder" -monitor "pipe:$folder/monitor" \
    -device qemu-xhci -device usb-audio,audiodev=sound,id=ua
status=$?
kill $hand
if [ -n "${VM_KEEP:-}" ]; then # to look at what went wrong
    mkdir -p "$VM_KEEP" && cp -r "$folder"/*.said "$folder"/*.rec "$folder"/*.s32 "$folder/output" "$VM_KEEP"
fi
if [ $status -ne 0 ]; then
    verdict the_guest_runs_to_its_end "status $status: $(tail -n 3 "$folder/output")"
    exit 1
fi

# When nobody plays any more the loopback card hands out a little of what stood in the recorder's
# buffer (65536 frames) before it clears it: that is silence.
for recording in "$folder"/*.rec; do
    python3 - "$recording" <<'PY'
import sys
name = sys.argv[1]
size = 4 if name.endswith('/s16.rec') else 6 if name.endswith('/s24.rec') else 8
data = open(name, 'rb').read()
frames = [data[i:i + size] for i in range(0, len(data), size)]
with open(name, 'wb') as out:
    for i, frame in enumerate(frames):
        stale = i >= 65536 and frame == frames[i - 65536]
        out.write(bytes(size) if stale else frame)
PY
done

# --- what came out ----------------------------------------------------------------------------

said() {
    cat "$folder/$1.said" 2>/dev/null
}

pieces() {
    tests/vm/pieces "$folder/$1.rec" "$folder/$2.s32"
}

ended() { # NAME STATUS
    grep -qx "$1 ended $2" "$folder/output" || echo "it did not end with $2: $(said "$1" | tail -n 1)"
}

# The words of a recording against the source's own, cut from S32. Where they differ there is a
# dropout: silence, and then the next word.
exact() { # NAME SOURCE BYTES_PER_WORD
    python3 - "$folder/$1.rec" "$folder/$2.s32" "$3" "$(said "$1" | grep -c dropout)" <<'PY'
import sys
size, told = int(sys.argv[3]), int(sys.argv[4])
rec, wide = open(sys.argv[1], 'rb').read(), open(sys.argv[2], 'rb').read()
source = b''.join(wide[i + 4 - size:i + 4] for i in range(0, len(wide), 4))
frame, at, silences, silent = 2 * size, 0, 0, True
for begin in range(0, len(source), frame):
    word = source[begin:begin + frame]
    if any(word) and not silent and not any(rec[at:at + frame]):
        silences += 1
    silent = False
    while any(word) and at < len(rec) and not any(rec[at:at + frame]):
        at += frame
    if rec[at:at + frame] != word:
        print(f'frame {begin // frame} of {len(source) // frame} is another')
        break
    at += frame
else:
    if any(rec[at:]):
        print('there is more than the music')
if silences > told:
    print(f'{silences} silences, {told} dropouts told')
PY
}

verdict audio_thread_has_real_time_priority "$(grep -q 'policy: SCHED_FIFO' "$folder/output" || echo no)"
verdict words_of_16_bits_are_the_files "$(ended s16 0; exact s16 noise16 2)"
verdict words_of_24_bits_are_the_files "$(ended s24 0; exact s24 noise24 3)"
verdict words_of_32_bits_are_the_files "$(ended s32 0; exact s32 noise24 4)"

"$build/matchplayd" match -q "$folder/music.flac" -r "$data/master.flac" -o "$folder/matched.wav"
ffmpeg -v error -i "$folder/matched.wav" -f f32le "$folder/matched.f32"
verdict matched_words_are_those_of_match "$(ended matched 0; python3 - "$folder" <<'PY'
import array, sys
rec = array.array('i', open(sys.argv[1] + '/matched.rec', 'rb').read())
wanted = array.array('f', open(sys.argv[1] + '/matched.f32', 'rb').read())
begin = next((i for i, word in enumerate(rec) if word), 0) // 2 * 2
first = next((i for i, word in enumerate(wanted) if abs(word) > 2 ** -31), 0) // 2 * 2
worst, at, frames = 0.0, begin, 0
for i in range(first, len(wanted), 2):
    if at + 1 < len(rec) and not rec[at] and not rec[at + 1] and abs(wanted[i]) > 1e-4:
        while at + 1 < len(rec) and not rec[at] and not rec[at + 1]:
            at += 2  # a dropout
    if at + 1 >= len(rec):
        print('the recording ends too soon')
        break
    worst = max(worst, abs(rec[at] / 2 ** 31 - wanted[i]), abs(rec[at + 1] / 2 ** 31 - wanted[i + 1]))
    at += 2
if worst > 1e-6:
    print(f'differs by {worst}')
PY
)"

lost=$(pieces stopped noise16 | grep -v -e '^play' -e '^gap')
count=$(said stopped | grep -c dropout)
gaps=$(pieces stopped noise16 | grep -c '^gap')
verdict a_stopped_process_drops_out_and_goes_on_with_the_next_frame \
    "$(ended stopped 0; [ "$count" -ge 1 ] || echo no dropout told
       [ "$gaps" -ge 1 ] || echo no silence; [ "$gaps" -le "$count" ] || echo "$gaps silences, $count dropouts"
       [ -z "$lost" ] || pieces stopped noise16)"

verdict keys_pause_and_seek_without_a_click \
    "$([ "$(pieces keys long | grep -v -e '^play' -e '^gap' | cut -d' ' -f1 | xargs)" = \
        'pause cross cross wrong' ] || echo "not pause, cross, cross and the last fade:" "$(pieces keys long)")"

# After the fade-in, what was heard last: written, less what the card held (200 ms and a block).
written=$(said unbound | sed -n 's/.*was lost (.* at frame \([0-9]*\)).*/\1/p' | head -n 1)
from=$(pieces unbound long | sed -n '2s/^play [0-9]* from //p')
verdict music_goes_on_where_it_was_when_the_driver_is_back \
    "$([ "${from:-0}" -le "${written:-0}" ] && [ "${from:-0}" -gt $((${written:-0} - 12000)) ] ||
        echo "lost at $written:" "$(pieces unbound long)")"
verdict a_driver_that_goes_is_waited_for \
    "$(ended unbound 130; said unbound | grep -q 'hw:Loopback,0: the device is gone' || said unbound
       said unbound | grep -q 'hw:Loopback,0: the device is back' || said unbound)"
verdict a_usb_card_that_is_pulled_is_waited_for_and_left_by_interrupt \
    "$(ended unplugged 130
       [ "$(said unplugged | grep -c 'hw:Audio,0: the device is gone (No such device)')" -eq 2 ] || said unplugged
       said unplugged | grep -q 'hw:Audio,0: the device is back' || said unplugged)"
verdict a_list_of_two_rates_opens_the_card_at_each \
    "$(ended rates 0; grep '^rate ' "$folder/output" | cut -d' ' -f2 | xargs | grep -qx '44100 48000' ||
        grep '^rate ' "$folder/output")"
verdict a_busy_card_is_told_with_its_holder \
    "$(ended busy 1; said busy | grep -q 'hw:Intel,0 is in use by matchplayd, pid [0-9]' || said busy)"
