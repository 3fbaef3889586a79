/* library_pictures.c - cover art: of the folder, and embedded in the track. */
#include "server/library_commands.h"

#include <string.h>

int library_album_art(struct client *client, const struct words *words)
{
    (void)words;
    return client_ack(client, ACK_NO_EXIST, "No file exists");
}

int library_read_picture(struct client *client, const struct words *words)
{
    const struct catalogue *catalogue = server_parts(client_server(client))->catalogue;

    if (catalogue_find(catalogue, words->word[1]) == NULL) {
        return client_ack(client, ACK_NO_EXIST, "No such song");
    }
    return 0;
}
