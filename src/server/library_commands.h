/*
 * library_commands.h - the commands of the database, which stand in several files.
 *
 * Threads: the server's loop.
 */
#ifndef MP_SERVER_LIBRARY_COMMANDS_H
#define MP_SERVER_LIBRARY_COMMANDS_H

#include "library/search.h"
#include "server/commands.h"
#include "server/server.h"

/* library_find.c */
int library_find(struct client *client, const struct words *words);
int library_search(struct client *client, const struct words *words);
int library_find_add(struct client *client, const struct words *words);
int library_search_add(struct client *client, const struct words *words);
int library_search_add_playlist(struct client *client, const struct words *words);
/* `match findaddpl NAME FILTER ...`: as searchaddpl, but exact, as find is. */
int library_find_add_playlist(struct client *client, const struct words *words);

/* library_list.c */
int library_list(struct client *client, const struct words *words);
int library_count(struct client *client, const struct words *words);

/* library_comments.c */
int library_read_comments(struct client *client, const struct words *words);

/* library_pictures.c */
int library_album_art(struct client *client, const struct words *words);
int library_read_picture(struct client *client, const struct words *words);

/* library_filter.c: words[first ... end) as a filter;
   0, or what client_ack gave. */
int library_parse_filter(struct client *client, struct filter **filter, const struct words *words,
                         size_t first, size_t end, bool fold);
/* Below the music folder and nowhere else: no empty part, no "." and no "..". */
bool library_uri_is_safe(const char *uri);
/* Does words[*end - 2] say `name`: then *value is the word behind it, and both are taken off. */
bool library_take_option(const struct words *words, size_t first, size_t *end, const char *name,
                         const char **value);

#endif
