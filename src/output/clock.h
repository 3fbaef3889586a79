/*
 * clock.h - inside the clock sink: the file behind "clock:FILE".
 *
 * The audio thread fills a ring of frames; a thread of the file's own appends them to it.
 */
#ifndef MP_OUTPUT_CLOCK_H
#define MP_OUTPUT_CLOCK_H

#include "output/sink.h"

#include <pthread.h>
#include <stdatomic.h>

/* The words between the audio thread and the file; without a file, the device's own buffer. */
struct clock_ring {
    unsigned char *words;
    size_t bytes;
    uint64_t capacity_frames;
    size_t frame_bytes;
    _Atomic uint64_t filled;  /* frames committed since the open; written by the audio thread */
    _Atomic uint64_t emptied; /* frames that are in the file; written by the file's thread */
    _Atomic int error;        /* negative errno when the file could not be written */
};

struct clock_file {
    struct clock_ring *ring;
    pthread_t thread;
    int file_fd, stop_fd;
};

/* "clock:FILE[,FORMAT]" apart: path "" if there is none. *words is left as it is without FORMAT.
   -EINVAL with a line in message for an unknown FORMAT, -ENAMETOOLONG. */
int clock_parse(const char *device, char *path, size_t path_size, enum word_format *words,
                char message[SINK_MESSAGE_SIZE]);

/* Opens the file for appending and starts its thread. NULL with *error and a line in message. */
struct clock_file *clock_file_start(const char *path, struct clock_ring *ring, int *error,
                                    char message[SINK_MESSAGE_SIZE]);
/* Writes what the ring still holds, ends the thread, closes the file. NULL is fine. */
void clock_file_stop(struct clock_file *file);

#endif
