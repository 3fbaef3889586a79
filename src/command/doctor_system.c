/* doctor_system.c - what doctor asks the kernel and the session. */
#include "command/doctor_system.h"

#include <errno.h>
#include <grp.h>
#include <pthread.h>
#include <pwd.h>
#include <sched.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

/* Stack, blocks, rings and two chains at 192 kHz stay below this. */
enum { LOCK_MIB = 32, GROUPS_MAX = 256 };

void doctor_say(enum doctor_mark mark, const char *name, const char *format, ...)
{
    static const char *const marks[] = {"ok", "--", "!!"};
    va_list arguments;

    printf("  %s  %-12s ", marks[mark], name);
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    printf("\n");
}

void doctor_fix(const char *format, ...)
{
    va_list arguments;

    printf("                   -> ");
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    printf("\n");
}

static void *do_nothing(void *argument)
{
    return argument;
}

/* 0 or errno. */
static int try_fifo(int priority)
{
    struct sched_param param = {.sched_priority = priority};
    pthread_attr_t attributes;
    pthread_t thread;
    int error;

    pthread_attr_init(&attributes);
    pthread_attr_setinheritsched(&attributes, PTHREAD_EXPLICIT_SCHED);
    pthread_attr_setschedpolicy(&attributes, SCHED_FIFO);
    pthread_attr_setschedparam(&attributes, &param);
    error = pthread_create(&thread, &attributes, do_nothing, NULL);
    pthread_attr_destroy(&attributes);
    if (error == 0) {
        pthread_join(thread, NULL);
    }
    return error;
}

static void fix_limits(void)
{
    doctor_fix(
        "cp contrib/limits.d-matchplay.conf /etc/security/limits.d/matchplay.conf (as root),");
    doctor_fix("adduser %s audio, and log in anew", getlogin() != NULL ? getlogin() : "YOU");
}

void doctor_check_scheduling(int priority)
{
    struct rlimit limit;
    int error;

    if (priority == 0) {
        doctor_say(DOCTOR_NOTE, "SCHED_FIFO", "not asked for: thread_priority is 0");
        return;
    }
    error = try_fifo(priority);
    if (error == 0) {
        doctor_say(DOCTOR_GOOD, "SCHED_FIFO", "the audio thread runs at priority %d", priority);
        return;
    }
    doctor_say(DOCTOR_BAD, "SCHED_FIFO",
               "priority %d is refused (%s): music plays, but other work "
               "can interrupt it",
               priority, strerror(error));
    if (getrlimit(RLIMIT_RTPRIO, &limit) == 0 && limit.rlim_max >= (rlim_t)priority) {
        doctor_fix("ulimit -r %d before matchplay", priority);
    } else if (getrlimit(RLIMIT_RTPRIO, &limit) == 0 && limit.rlim_max > 0) {
        doctor_fix("set thread_priority = %lu in [system] of matchplayrc, or",
                   (unsigned long)limit.rlim_max);
        fix_limits();
    } else {
        fix_limits();
    }
}

void doctor_check_memory(void)
{
    size_t bytes = (size_t)LOCK_MIB << 20;
    struct rlimit limit = {0, 0};
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    bool locked = memory != MAP_FAILED && mlock(memory, bytes) == 0;

    if (memory != MAP_FAILED) {
        munmap(memory, bytes);
    }
    getrlimit(RLIMIT_MEMLOCK, &limit);
    if (locked) {
        doctor_say(DOCTOR_GOOD, "memlock", "%d MiB can be locked", LOCK_MIB);
        return;
    }
    doctor_say(DOCTOR_BAD, "memlock",
               "%d MiB cannot be locked (the limit is %llu KiB): what the "
               "audio thread uses may be swapped out",
               LOCK_MIB, (unsigned long long)limit.rlim_cur / 1024);
    fix_limits();
}

static bool is_member(gid_t group)
{
    gid_t groups[GROUPS_MAX];
    int count = getgroups(GROUPS_MAX, groups);

    for (int i = 0; i < count; i++) {
        if (groups[i] == group) {
            return true;
        }
    }
    return getegid() == group;
}

void doctor_check_audio_group(void)
{
    const struct group *audio = getgrnam("audio");

    if (access("/dev/snd", F_OK) != 0) {
        doctor_say(DOCTOR_BAD, "sound card",
                   "there is no /dev/snd: the kernel knows no sound card");
        doctor_fix("load its driver (modprobe snd-usb-audio, snd-hda-intel, ...); in a container,");
        doctor_fix("pass /dev/snd in; -D clock plays without one");
    }
    if (audio != NULL && is_member(audio->gr_gid)) {
        doctor_say(DOCTOR_GOOD, "group audio", "you are in it");
    } else if (geteuid() == 0) {
        doctor_say(DOCTOR_NOTE, "group audio", "not needed: you are root");
    } else {
        doctor_say(DOCTOR_NOTE, "group audio",
                   "you are not in it: on a desktop the session gives "
                   "you the device, over SSH nobody does");
        doctor_fix("adduser %s audio, and log in anew", getlogin() != NULL ? getlogin() : "YOU");
    }
}

void doctor_check_linger(void)
{
    const struct passwd *user = getpwuid(getuid());
    char path[512];

    if (access("/run/systemd/system", F_OK) != 0) {
        doctor_say(DOCTOR_GOOD, "linger", "not needed: no systemd here ends your processes");
        return;
    }
    if (user == NULL) {
        doctor_say(DOCTOR_NOTE, "linger", "user %lu has no name, so it cannot be looked up",
                   (unsigned long)getuid());
        return;
    }
    snprintf(path, sizeof path, "/var/lib/systemd/linger/%s", user->pw_name);
    if (access(path, F_OK) == 0) {
        doctor_say(DOCTOR_GOOD, "linger", "your processes outlive your sessions");
        return;
    }
    doctor_say(DOCTOR_NOTE, "linger", "systemd may end your processes when you log out");
    doctor_fix("loginctl enable-linger %s", user->pw_name);
}
