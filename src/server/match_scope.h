/*
 * match_scope.h - SCOPE KEY in the words of a verb: whose references, preset or amounts are meant.
 *
 *   track [URI]               a track: below the music folder, or (local clients) an absolute path
 *   playlist [NAME]           a stored playlist
 *   album [ARTIST ALBUM]      an album
 *   all
 * A KEY that is left out, or "", is that of the track that is heard.
 *
 * Threads: the server's loop.
 */
#ifndef MP_SERVER_MATCH_SCOPE_H
#define MP_SERVER_MATCH_SCOPE_H

#include "server/client.h"
#include "server/track_sound.h"

struct match_scope {
    enum reference_scope scope;
    struct reference_key key; /* its texts are the scope's own */
    char *uri;                /* of a track, as clients name it */
};

/* The scope that begins at words[*at], which is moved past it. 0, or an ACK that was sent, with
   nothing to finish. */
int match_scope_take(struct client *client, const struct words *words, size_t *at,
                     struct match_scope *scope);
void match_scope_finish(struct match_scope *scope);
/* scope: and track:, playlist:, or artist: and album:. */
void match_scope_print(struct client *client, const struct match_scope *scope);

/* The entry that is heard, or where playing would go on; borrowed until the queue changes. False:
   there is none. */
bool match_heard_entry(struct server_parts *parts, struct queue_entry *entry);
/* How what is heard sounds; where nothing is, what the settings say. 0 or negative errno. */
int match_heard_sound(struct server_parts *parts, struct track_sound *sound);

/* A uri with a component "..", which could lead out of the music folder. */
bool match_path_climbs(const char *uri);

/* What the scope says itself; the caller's to finish. 0, or an ACK that was sent. */
int match_scope_read(struct client *client, const struct match_scope *scope,
                     struct playlist_sound *sound);
/* Sets it, and tells player and clients. */
int match_scope_set(struct client *client, const struct match_scope *scope,
                    const struct playlist_sound *sound);

/* match_sound.c. Changes one thing that a scope says; the words from `at` on name the scope. 0, or
   an ACK that was sent. `change` has both texts of what_value. */
typedef int match_change(struct client *client, struct playlist_sound *sound, const char *what,
                         const char *value);
int match_scope_change(struct client *client, const struct words *words, size_t at,
                       match_change *change, const char *const what_value[2]);
/* A setting, now and at the next start; likewise. */
int match_option_set(struct client *client, const char *name, const char *value);

/* match_plan.c. plan: none, asked, waiting, failed (failure: why), planned, or ready; does: what,
   in words; reference_gone: it serves from what was measured before. */
void match_print_plan_state(struct client *client, const struct queue_entry *entry);
/* plan_a: none (A is the original), waiting, failed or ready. */
void match_print_plan_of_a(struct client *client, const struct queue_entry *entry);

/* match_reference.c. REF[:WEIGHT] as a client names it; the path is the caller's. 0, or an ACK that
   was sent. */
int match_reference_take(struct client *client, const char *word, struct playlist_reference *to);

/* What a scope or a playlist says itself, a pair each: its references with their weights, and (the
   second) preset and amounts. */
void match_references_print(struct client *client, const struct playlist_sound *sound);
void match_sound_print(struct client *client, const struct playlist_sound *sound);

#endif
