/* clock_file.c - the thread that appends the clock sink's words to a file. */
#include "output/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { LOOK_EVERY_MS = 20, STACK_BYTES = 512 * 1024 };

/* True if `text` names a word: "S16", "s24_3le", "FLOAT_LE". */
static bool parse_words(const char *text, enum word_format *words)
{
    for (int i = WORD_S16; i <= WORD_FLOAT; i++) {
        const char *name = word_name((enum word_format)i);
        size_t length = strlen(name);

        if (strncasecmp(text, name, length) == 0 &&
            (text[length] == '\0' || strcasecmp(text + length, "_LE") == 0)) {
            *words = (enum word_format)i;
            return true;
        }
    }
    return false;
}

int clock_parse(const char *device, char *path, size_t path_size, enum word_format *words,
                char message[SINK_MESSAGE_SIZE])
{
    const char *name = strchr(device, ':');
    const char *comma;
    size_t length;

    path[0] = '\0';
    if (name == NULL) {
        return 0;
    }
    name++;
    length = strlen(name);
    comma = strrchr(name, ',');
    /* A comma in a folder's or a file's own name stays with it: formats have no dot or slash. */
    if (comma != NULL && strpbrk(comma, "./") == NULL) {
        length = (size_t)(comma - name);
        if (!parse_words(comma + 1, words)) {
            snprintf(message, SINK_MESSAGE_SIZE,
                     "%s: there is no format \"%s\"; use S16, S24_3LE, S24, S32 or FLOAT", device,
                     comma + 1);
            return -EINVAL;
        }
    }
    if (length == 0) {
        snprintf(message, SINK_MESSAGE_SIZE,
                 "%s: the file's name is missing; write clock:FILE, or clock alone", device);
        return -EINVAL;
    }
    if (length >= path_size) {
        snprintf(message, SINK_MESSAGE_SIZE, "%.200s...: the file's name is too long", device);
        return -ENAMETOOLONG;
    }
    memcpy(path, name, length);
    path[length] = '\0';
    return 0;
}

/* Appends what is in the ring. 0 or a negative errno value. */
static int write_out(struct clock_file *file)
{
    struct clock_ring *ring = file->ring;
    uint64_t emptied = atomic_load_explicit(&ring->emptied, memory_order_relaxed);
    uint64_t filled = atomic_load_explicit(&ring->filled, memory_order_acquire);

    while (emptied < filled) {
        uint64_t place = emptied % ring->capacity_frames;
        uint64_t frames = filled - emptied;
        const unsigned char *words = ring->words + place * ring->frame_bytes;
        size_t bytes;

        if (frames > ring->capacity_frames - place) {
            frames = ring->capacity_frames - place;
        }
        bytes = (size_t)frames * ring->frame_bytes;
        while (bytes > 0) {
            ssize_t written = write(file->file_fd, words, bytes);

            if (written < 0 && errno != EINTR) {
                return -errno;
            }
            if (written > 0) {
                words += written;
                bytes -= (size_t)written;
            }
        }
        emptied += frames;
        atomic_store_explicit(&ring->emptied, emptied, memory_order_release);
    }
    return 0;
}

static void *run(void *argument)
{
    struct clock_file *file = argument;
    struct pollfd stop = {.fd = file->stop_fd, .events = POLLIN};
    int error = 0;
    bool last = false;

    while (!last && error == 0) {
        last = poll(&stop, 1, LOOK_EVERY_MS) > 0;
        error = write_out(file); /* also once after the stop: nothing is added any more */
    }
    if (error < 0) {
        atomic_store_explicit(&file->ring->error, error, memory_order_release);
    }
    return NULL;
}

/* Signals are for the program's other threads. */
static int start_thread(struct clock_file *file)
{
    pthread_attr_t attributes;
    sigset_t all;
    sigset_t before;
    int error = pthread_attr_init(&attributes);

    if (error != 0) {
        return -error;
    }
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    error = pthread_create(&file->thread, &attributes, run, file);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return -error;
}

struct clock_file *clock_file_start(const char *path, struct clock_ring *ring, int *error,
                                    char message[SINK_MESSAGE_SIZE])
{
    struct clock_file *file = calloc(1, sizeof *file);

    if (file == NULL) {
        *error = -ENOMEM;
        snprintf(message, SINK_MESSAGE_SIZE, "clock:%s: out of memory", path);
        return NULL;
    }
    file->ring = ring;
    file->stop_fd = -1;
    file->file_fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (file->file_fd < 0) {
        *error = -errno;
        snprintf(message, SINK_MESSAGE_SIZE,
                 "clock:%s: the file cannot be written (%s); choose another place", path,
                 strerror(errno));
        goto fail;
    }
    file->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    *error = file->stop_fd < 0 ? -errno : start_thread(file);
    if (*error < 0) {
        snprintf(message, SINK_MESSAGE_SIZE, "clock:%s: no thread for writing can be started (%s)",
                 path, strerror(-*error));
        goto fail;
    }
    return file;
fail:
    if (file->file_fd >= 0) {
        close(file->file_fd);
    }
    if (file->stop_fd >= 0) {
        close(file->stop_fd);
    }
    free(file);
    return NULL;
}

void clock_file_stop(struct clock_file *file)
{
    if (file == NULL) {
        return;
    }
    (void)eventfd_write(file->stop_fd, 1);
    pthread_join(file->thread, NULL);
    close(file->stop_fd);
    close(file->file_fd);
    free(file);
}
