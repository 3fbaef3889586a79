/*
 * doctor_system.h - what doctor asks the kernel and the session, and how it writes its lines.
 *
 * Threads: the main thread.
 */
#ifndef MP_COMMAND_DOCTOR_SYSTEM_H
#define MP_COMMAND_DOCTOR_SYSTEM_H

enum doctor_mark { DOCTOR_GOOD, DOCTOR_NOTE, DOCTOR_BAD };

/* "  ok  NAME       TEXT" on stdout. */
void doctor_say(enum doctor_mark mark, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* What to do about it, on the line below. */
void doctor_fix(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Is a thread under SCHED_FIFO to be had at this priority? */
void doctor_check_scheduling(int priority);
/* How much memory may be locked? */
void doctor_check_memory(void);
/* May this user open sound devices? */
void doctor_check_audio_group(void);
/* Do a user's processes outlive the session? */
void doctor_check_linger(void);

#endif
