/* queue_commands.c - add, delete, move and their kin. */
#include "server/queue_commands.h"

#include "server/uri_list.h"

#include <errno.h>
#include <limits.h>

static struct queue *queue_of(const struct client *client)
{
    return server_parts(client_server(client))->queue;
}

static int take_unsigned(struct client *client, const char *text, uint32_t *number)
{
    char message[256];

    return protocol_unsigned(text, number, message, sizeof message)
               ? 0
               : client_ack(client, ACK_ARG, "%s", message);
}

/* As far as the queue goes; one that begins behind its end is an error. */
static int take_range(struct client *client, const char *text, struct range *range)
{
    char message[256];
    size_t length = queue_length(queue_of(client));

    if (!protocol_range(text, range, message, sizeof message)) {
        return client_ack(client, ACK_ARG, "%s", message);
    }
    if (range->first > length) {
        return queue_refuse(client, -ERANGE);
    }
    range->last = range->last < length ? range->last : length;
    return 0;
}

static int take_id(struct client *client, const char *text, uint32_t *id)
{
    int status = take_unsigned(client, text, id);

    if (status == 0 && queue_position_of(queue_of(client), *id) < 0) {
        status = queue_refuse(client, -ENOENT);
    }
    return status;
}

static int finish(struct client *client, int error)
{
    if (error != 0) {
        return queue_refuse(client, error);
    }
    server_queue_changed(client_server(client));
    return 0;
}

/* --- adding ----------------------------------------------------------------------------------- */

static int add(struct client *client, const struct words *words, enum uri_wish wish)
{
    struct queue *queue = queue_of(client);
    struct uri_list list = {0};
    size_t position = queue_length(queue);
    int status = words->count > 2 ? queue_place_take(client, words->word[2], &position) : 0;

    if (status == 0) {
        status = uri_list_take(&list, client, words->word[1], wish);
    }
    if (status == 0) {
        status = uri_list_queue(&list, client, position, NULL);
    }
    if (status == 0 && wish == URI_SONG) {
        client_pairf(client, "Id", "%u", (unsigned)queue_id_at(queue, position));
    }
    uri_list_finish(&list);
    return status;
}

int queue_run_add(struct client *client, const struct words *words)
{
    return add(client, words, URI_FOLDERS);
}

int queue_run_addid(struct client *client, const struct words *words)
{
    return add(client, words, URI_SONG);
}

/* --- taking out ------------------------------------------------------------------------------- */

int queue_run_clear(struct client *client, const struct words *words)
{
    (void)words;
    player_stop(server_parts(client_server(client))->player);
    queue_clear(queue_of(client));
    server_changed(client_server(client), EVENT_PLAYER);
    return finish(client, 0);
}

/* When what is heard is taken out, playing goes on with what follows; paused, it stops there. */
static int delete (struct client *client, size_t first, size_t last)
{
    struct server_parts *parts = server_parts(client_server(client));
    struct queue *queue = parts->queue;
    long current = queue_position_of(queue, queue_current(queue));
    uint32_t survivor = QUEUE_NONE;
    struct player_status status;
    int error;

    if (current < (long)first || current >= (long)last) {
        return finish(client, queue_delete(queue, first, last));
    }
    player_read_status(parts->player, &status);
    if (status.state != PLAYER_STOPPED) {
        survivor = queue_survivor(queue, first, last);
    }
    error = queue_delete(queue, first, last);
    if (error == 0) {
        queue_set_current(queue, survivor);
        if (survivor != QUEUE_NONE && status.state != PLAYER_PAUSED) {
            player_play(parts->player, survivor, 0);
        } else {
            player_stop(parts->player);
        }
        server_changed(client_server(client), EVENT_PLAYER);
    }
    return finish(client, error);
}

int queue_run_delete(struct client *client, const struct words *words)
{
    struct range range;
    int status = take_range(client, words->word[1], &range);

    if (status != 0 || range.first == range.last) {
        return status;
    }
    return delete (client, range.first, range.last);
}

int queue_run_deleteid(struct client *client, const struct words *words)
{
    uint32_t id;
    int status = take_id(client, words->word[1], &id);
    long position = status == 0 ? queue_position_of(queue_of(client), id) : 0;

    return status != 0 ? status : delete (client, (size_t)position, (size_t)position + 1);
}

/* --- order ------------------------------------------------------------------------------------ */

static int move(struct client *client, const struct range *range, const char *text)
{
    size_t to;
    int status;

    if (range->first >= range->last || range->last > queue_length(queue_of(client))) {
        return queue_refuse(client, -ERANGE);
    }
    status = queue_destination_take(client, text, range, &to);
    return status != 0
               ? status
               : finish(client, queue_move(queue_of(client), range->first, range->last, to));
}

int queue_run_move(struct client *client, const struct words *words)
{
    char message[256];
    struct range range;

    if (!protocol_range(words->word[1], &range, message, sizeof message)) {
        return client_ack(client, ACK_ARG, "%s", message);
    }
    if (range.last > INT_MAX) {
        return client_ack(client, ACK_ARG, "Open-ended range not supported");
    }
    return move(client, &range, words->word[2]);
}

int queue_run_moveid(struct client *client, const struct words *words)
{
    struct range range;
    uint32_t id;
    int status = take_id(client, words->word[1], &id);

    if (status != 0) {
        return status;
    }
    range.first = (size_t)queue_position_of(queue_of(client), id);
    range.last = range.first + 1;
    return move(client, &range, words->word[2]);
}

int queue_run_swap(struct client *client, const struct words *words)
{
    uint32_t one = 0, other = 0;
    int status = take_unsigned(client, words->word[1], &one);

    if (status == 0) {
        status = take_unsigned(client, words->word[2], &other);
    }
    return status != 0 ? status : finish(client, queue_swap(queue_of(client), one, other));
}

int queue_run_swapid(struct client *client, const struct words *words)
{
    struct queue *queue = queue_of(client);
    uint32_t one = 0, other = 0;
    int status = take_unsigned(client, words->word[1], &one);

    if (status == 0) {
        status = take_unsigned(client, words->word[2], &other);
    }
    if (status == 0 && (queue_position_of(queue, one) < 0 || queue_position_of(queue, other) < 0)) {
        status = queue_refuse(client, -ENOENT);
    }
    return status != 0 ? status
                       : finish(client, queue_swap(queue, (size_t)queue_position_of(queue, one),
                                                   (size_t)queue_position_of(queue, other)));
}

/* Stopped, there is no current entry any more: playing begins with whatever comes first. */
int queue_run_shuffle(struct client *client, const struct words *words)
{
    struct server_parts *parts = server_parts(client_server(client));
    struct range range = {0, queue_length(parts->queue)};
    struct player_status player;
    int status = words->count > 1 ? take_range(client, words->word[1], &range) : 0;

    if (status != 0) {
        return status;
    }
    player_read_status(parts->player, &player);
    if (player.state == PLAYER_STOPPED) {
        queue_set_current(parts->queue, QUEUE_NONE);
    }
    return finish(client, queue_shuffle(parts->queue, range.first, range.last));
}

static int take_priority(struct client *client, const char *text, uint8_t *priority)
{
    uint32_t number;
    int status = take_unsigned(client, text, &number);

    if (status == 0 && number > UINT8_MAX) {
        status = client_ack(client, ACK_ARG, "Number too large: %s", text);
    }
    *priority = status == 0 ? (uint8_t)number : 0;
    return status;
}

int queue_run_prio(struct client *client, const struct words *words)
{
    struct queue *queue = queue_of(client);
    struct range range;
    uint8_t priority;
    int status = take_priority(client, words->word[1], &priority);

    for (size_t i = 2; status == 0 && i < words->count; i++) {
        status = take_range(client, words->word[i], &range);
        for (size_t at = range.first; status == 0 && at < range.last; at++) {
            queue_set_priority(queue, queue_id_at(queue, at), priority);
        }
    }
    server_queue_changed(client_server(client)); /* what stood before an error holds */
    return status;
}

int queue_run_prioid(struct client *client, const struct words *words)
{
    uint32_t id;
    uint8_t priority;
    int status = take_priority(client, words->word[1], &priority);

    for (size_t i = 2; status == 0 && i < words->count; i++) {
        status = take_id(client, words->word[i], &id);
        if (status == 0) {
            queue_set_priority(queue_of(client), id, priority);
        }
    }
    server_queue_changed(client_server(client));
    return status;
}
