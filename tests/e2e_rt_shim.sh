#!/usr/bin/env bash
# e2e_rt_shim - the preloaded watch over the audio thread ends a program that breaks its rules.
set -u
build=${BUILD:-build}
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT

# planted THING [HOW]: runs it under the watch; its output is in $output, its status in $status
planted() {
    : >"$folder/report"
    output=$(RT_SHIM_REPORT=$folder/report LD_PRELOAD=$PWD/$build/tests/rt_shim.so \
        "$build/tests/rt_planted" "$@" 2>&1 </dev/null)
    status=$?
}

things="malloc calloc realloc free aligned_alloc posix_memalign mmap pthread_mutex_lock
    pthread_rwlock_rdlock pthread_cond_timedwait open fopen read write printf fprintf fwrite
    usleep nanosleep"

for thing in $things; do
    planted "$thing"
    if [ $status -eq 134 ] &&
        grep -Eq "^rt_shim: the audio thread called $thing(,|$)" <<<"$output"; then
        echo "ok stops_${thing}_in_the_audio_thread"
    else
        echo "not ok stops_${thing}_in_the_audio_thread: status $status, $output"
    fi
done

for how in prctl maker; do
    planted malloc $how
    if [ $status -eq 134 ]; then
        echo "ok knows_the_thread_named_by_$how"
    else
        echo "not ok knows_the_thread_named_by_$how: status $status, $output"
    fi
done

for how in other after; do
    stopped=""
    for thing in $things; do
        planted "$thing" $how
        [ $status -eq 0 ] || stopped="$stopped $thing"
    done
    case $how in
    other) name=leaves_other_threads_alone ;;
    after) name=leaves_the_thread_alone_once_it_has_another_name ;;
    esac
    [ -z "$stopped" ] && echo "ok $name" || echo "not ok $name: stopped$stopped"
done

planted clean
if [ $status -eq 0 ] && grep -q watched "$folder/report"; then
    echo "ok lets_eventfd_poll_and_clock_nanosleep_pass"
else
    echo "not ok lets_eventfd_poll_and_clock_nanosleep_pass: status $status, $output"
fi
