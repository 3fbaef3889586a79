/*
 * queue.h - what is to be played, in MPD's terms: positions, ids that never change, versions.
 *
 * Every change raises the version; each entry knows the version at which it or its position changed
 * last (plchanges). An entry remembers the playlist that it was loaded from, through moves,
 * shuffle, save and restart: its reference is looked up there. Random order is a second order over
 * the same entries, new ones are mixed into what is still to come.
 *
 * Threads: none of its own and no lock: the server's thread owns it.
 */
#ifndef MP_LIBRARY_QUEUE_H
#define MP_LIBRARY_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum queue_single { QUEUE_SINGLE_OFF, QUEUE_SINGLE_ON, QUEUE_SINGLE_ONESHOT };

struct queue_entry {
    uint32_t id;      /* from 1 */
    uint32_t version; /* of the last change of it or of its position */
    uint8_t priority;
    const char *path;     /* relative to the music folder, or absolute, or an address */
    const char *playlist; /* name of the stored playlist that it came from, or NULL */
};

struct queue;

struct queue *queue_create(size_t most); /* NULL with ENOMEM */
void queue_destroy(struct queue *queue);

size_t queue_length(const struct queue *queue);
uint32_t queue_version(const struct queue *queue);
/* NULL: no such position. Valid until the next change. */
const struct queue_entry *queue_at(const struct queue *queue, size_t position);
/* -1: no such id. */
long queue_position(const struct queue *queue, uint32_t id);

/* All return 0 or -EINVAL (position), -ENOENT (id), -ENOSPC (full), -ENOMEM, and change nothing
   then. Ranges are [first, last). */
/* at: 0 ... length. *id: of the new entry. */
int queue_insert(struct queue *queue, size_t at, const char *path, const char *playlist,
                 uint32_t *id);
int queue_remove(struct queue *queue, size_t first, size_t last);
int queue_move(struct queue *queue, size_t first, size_t last, size_t to);
int queue_swap(struct queue *queue, size_t one, size_t other);
void queue_clear(struct queue *queue);
int queue_shuffle(struct queue *queue, size_t first, size_t last);
int queue_set_priority(struct queue *queue, size_t first, size_t last, uint8_t priority);

/* Modes. */
struct queue_modes {
    bool random, repeat, consume;
    enum queue_single single;
};
struct queue_modes queue_modes(const struct queue *queue);
void queue_set_modes(struct queue *queue, struct queue_modes modes);

/* What is played: id 0 is nothing. */
uint32_t queue_current(const struct queue *queue);
void queue_set_current(struct queue *queue, uint32_t id);
/* What comes after `id` (0: the beginning) when it has been played to its end, in the modes'
   order; 0: it is over. `by_hand`: somebody asked for the next one (repeat-one and single do not
   hold). Nothing changes. */
uint32_t queue_after(const struct queue *queue, uint32_t id, bool by_hand);
uint32_t queue_before(const struct queue *queue, uint32_t id);
/* `id` was played to its end (or left by hand): consume and oneshot take effect. */
void queue_played(struct queue *queue, uint32_t id);

/* Kept over restarts: atomic write; read of a file that is damaged restores what it can.
   `elapsed_s` and `current` come back so that playing goes on paused where it was. */
struct queue_rest {
    double elapsed_s;
    bool was_playing;
};
int queue_save(const struct queue *queue, const char *path, const struct queue_rest *rest);
int queue_restore(struct queue *queue, const char *path, struct queue_rest *rest);

#endif
