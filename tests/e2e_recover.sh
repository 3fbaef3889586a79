#!/usr/bin/env bash
# e2e_recover - a card that hangs, is pulled, sleeps, is in use: the music waits for it and goes on
# where it was, commands are answered all the while, and `match meters recovery` has the history.
# shellcheck source=tests/serve_support.sh
. tests/serve_support.sh
card=$folder/card
mkdir "$card"
ffmpeg -v error -stream_loop 5 -i "$data/mix.flac" -t 100 "$music/long.flac" </dev/null

goes() { # wrong WHAT, or well WHAT again
    case $1 in
    wrong) : >"$card/$2" ;;
    well) rm -f "$card/$2" ;;
    esac
}

history_has() { # TEXT
    mp match meters recovery | grep -q "^recovery: .*$1"
}

state_is() {
    field_is recovery_state "$1" match meters recovery
}

elapsed_ms() {
    field elapsed status | tr -d . | sed 's/^0*//'
}

error_has() { # PATTERN
    field error status | grep -q "$1"
}

moves() { # from that elapsed time, in ms, on: what is heard is beyond it, but not far
    local now
    now=$(elapsed_ms)
    [ "${now:-0}" -gt "$1" ] && [ "${now:-0}" -lt $(($1 + 5000)) ]
}

# at_once COMMAND...: answered within two seconds, on two busy cores
at_once() {
    timeout 2 "$build/matchplay" send "$@" </dev/null >/dev/null 2>&1
}

settings '[output]' "device = capture:$words" 'bit_depth = 16'
player_start "LD_PRELOAD=$build/tests/bad_card.so" "BAD_CARD=$card" \
    "ALSA_CONFIG_PATH=$root/tests/asound/capture.conf"
library 1
mp add long.flac

# A driver that hangs while it is opened.
goes wrong hang
mp play
trouble=
wait_for 10 history_has "does not answer while it is opened: the music waits for it" ||
    trouble="nothing is said of it: $(mp match meters recovery)"
at_once status || trouble="status was not answered"
at_once seek 0 20 || trouble="seek was not answered"
state_is "waits for the device" || trouble="it does not wait"
at_once stop || trouble="stop was not answered"
wait_for 3 field_is state stop status || trouble="it did not stop"
verdict a_driver_that_hangs_keeps_nobody "$trouble"
mp play 0
mp seek 0 12
goes well hang
wait_for 10 moves 12000 || trouble="it does not play from 12 s: $(mp status | grep -E 'state|elapsed|error')"
verdict it_plays_when_the_driver_answers "$trouble"

# What passes by itself.
trouble=
goes wrong xrun
wait_for 5 history_has "dropout: the device ran out" || trouble="no dropout is told of"
wait_for 5 state_is well || trouble="it is not well"
verdict an_xrun_is_got_over "$trouble"
trouble=
goes wrong asleep
wait_for 5 state_is recovering || trouble="the sleep is not seen"
goes well asleep
wait_for 5 history_has "device: the machine slept: the device was resumed" ||
    trouble="no waking is told of"
wait_for 5 moves "$(elapsed_ms)" || trouble="it does not play on"
verdict a_suspended_device_is_resumed "$trouble"

# What has to be opened anew.
comes_back() { # WHAT TEXT
    local trouble="" before
    before=$(elapsed_ms)
    goes wrong "$1"
    wait_for 15 state_is "waits for the device" || trouble="it does not wait for it"
    history_has "$2" || trouble="not told as $2: $(mp match meters recovery)"
    at_once status || trouble="status was not answered"
    before=$(elapsed_ms)
    goes well "$1"
    wait_for 10 moves "$before" ||
        trouble="it does not go on from $before: $(mp status | grep -E 'state|elapsed|error')"
    history_has "is open again: the music goes on where it was heard last" ||
        trouble="its coming back is not told"
    sleep 3.2 # it has to have played for a while before the next trouble, or it would be given up
    verdict "$3" "$trouble"
}
comes_back gone "is gone (No such device): the music waits for it" one_that_is_pulled_is_waited_for
comes_back eio "is gone (Input/output error): the music waits for it" \
    so_is_one_whose_driver_says_input_output_error
comes_back stuck "takes no sound (it hangs): the music waits for it" so_is_one_that_hangs_in_silence

# Pulled, and when it is there again another program has it.
trouble=
before=$(elapsed_ms)
goes wrong gone
wait_for 15 state_is "waits for the device" || trouble="it does not wait for it"
goes wrong busy
goes well gone
wait_for 5 error_has "in use by another program.*; the music waits for it" ||
    trouble="the screen does not tell: $(field error status)"
sleep 2.2 # two tries more
same each_reason_for_waiting_is_told_once \
    "$(mp match meters recovery | grep -c 'in use by another.*: the music waits for it')" 1
goes well busy
wait_for 10 moves "$before" ||
    trouble="it does not go on from $before: $(mp status | grep -E 'state|elapsed|error')"
verdict one_that_others_took_meanwhile_is_told_and_waited_for "$trouble"
sleep 3.2

# Closing hangs: stop is done all the same.
trouble=
goes wrong hang_close
mp stop
wait_for 5 field_is state stop status || trouble="it did not stop"
at_once ping || trouble="it does not answer"
goes well hang_close
verdict a_driver_that_hangs_while_it_closes_keeps_nobody "$trouble"

# In use by others.
trouble=
goes wrong busy
mp play
wait_for 5 history_has "device: capture:.* in use" || trouble="not told: $(mp match meters recovery)"
wait_for 5 field_is state stop status || trouble="it does not say that it cannot play"
goes well busy
mp play
wait_for 10 field_is state play status || trouble="it does not play when the device is free"
verdict a_device_in_use_is_told "$trouble"

# Pulled, and then not allowed: that does not pass by itself.
trouble=
sleep 3.2
goes wrong gone
wait_for 15 state_is "waits for the device" || trouble="it does not wait for it"
goes wrong denied
goes well gone
wait_for 10 field_is state stop status || trouble="it goes on waiting"
error_has "no permission; .*; playing was stopped" || trouble="not told: $(field error status)"
history_has "no permission" ||
    trouble="no history: $(mp match meters recovery)"
goes well denied
mp play
wait_for 10 field_is state play status || trouble="it does not play when it may"
verdict one_that_is_forbidden_is_not_waited_for "$trouble"

# A file that vanishes, and one that is garbage.
trouble=
head -c 300000 /dev/urandom >"$music/garbage.flac"
mp add "$music/garbage.flac" 2>/dev/null
mp update >/dev/null
wait_for 10 not_updating
mp add garbage.flac 2>/dev/null
mp playid "$(mp playlistinfo | sed -n 's/^Id: //p' | tail -n 1)" 2>/dev/null
mp play 1 2>/dev/null
wait_for 10 history_has "file: .*garbage.flac" || trouble="not told: $(mp match meters recovery)"
at_once status || trouble="it does not answer"
verdict garbage_is_passed_over_and_told "$trouble"
player_stop
