/* library_filter.c - the filters and options of commands that look for songs. */
#include "server/library_commands.h"

#include <errno.h>
#include <string.h>

bool library_take_option(const struct words *words, size_t first, size_t *end, const char *name,
                         const char **value)
{
    if (*end < first + 2 || strcmp(words->word[*end - 2], name) != 0) {
        return false;
    }
    *value = words->word[*end - 1];
    *end -= 2;
    return true;
}

int library_parse_filter(struct client *client, struct filter **filter, const struct words *words,
                         size_t first, size_t end, bool fold)
{
    struct catalogue *catalogue = server_parts(client_server(client))->catalogue;
    char message[512];
    const char *base;
    int error =
        filter_parse(filter, words->word + first, end - first, fold, message, sizeof message);

    if (error == -EINVAL) {
        return client_ack(client, ACK_ARG, "%s", message);
    }
    if (error < 0) {
        return client_ack_errno(client, error, "filter");
    }
    base = filter_base(*filter);
    if (base != NULL && (base[0] == '/' || (!catalogue_is_folder(catalogue, base) &&
                                            catalogue_find(catalogue, base) == NULL))) {
        filter_destroy(*filter);
        *filter = NULL;
        return client_ack(client, ACK_NO_EXIST, "No such directory");
    }
    return 0;
}
