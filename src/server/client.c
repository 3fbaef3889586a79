/* client.c - one connection: made, read from, written to, ended. */
#include "server/client_internal.h"
#include "server/server_internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OUTPUT_KEPT = 16384 };

struct sending {
    uv_write_t request;
    char *bytes;
};

struct client *client_create(struct server *server, bool local)
{
    struct client *client = calloc(1, sizeof *client);

    if (client == NULL) {
        return NULL;
    }
    client->server = server;
    client->local = local;
    client->permissions = local ? PERMISSION_ALL : PERMISSION_NONE;
    client->tags = CLIENT_TAGS_STANDARD;
    client->binary_limit = CLIENT_BINARY_STANDARD;
    client->command = "";
    return client;
}

void client_forget_messages(struct client *client)
{
    for (size_t i = 0; i < client->message_count; i++) {
        free(client->messages[i].channel);
        free(client->messages[i].text);
    }
    client->message_count = 0;
}

void client_destroy(struct client *client)
{
    if (client == NULL) {
        return;
    }
    client_forget_messages(client);
    for (size_t i = 0; i < client->channel_count; i++) {
        free(client->channels[i]);
    }
    free(client->input.held);
    free(client->input.partial);
    free(client->input.list);
    free(client->output.bytes);
    free(client);
}

struct server *client_server(const struct client *client)
{
    return client->server;
}

unsigned client_permissions(const struct client *client)
{
    return client->permissions;
}

bool client_is_local(const struct client *client)
{
    return client->local;
}

uint64_t client_tags(const struct client *client)
{
    return client->tags;
}

size_t client_binary_limit(const struct client *client)
{
    return client->binary_limit;
}

size_t client_unsent(const struct client *client)
{
    return client->connected ? uv_stream_get_write_queue_size(&client->uv.stream) : 0;
}

static void on_closed(uv_handle_t *handle)
{
    client_destroy(handle->data);
}

void client_abandon(struct client *client)
{
    if (client->connected && !client->closing) {
        client->closing = true;
        errand_forget(client->errand);
        client->errand = NULL;
        server_forget(client->server, client);
        uv_close(&client->uv.handle, on_closed);
    }
}

static void on_written(uv_write_t *request, int status)
{
    struct sending *sending = (struct sending *)request;
    struct client *client = request->handle->data;

    free(sending->bytes);
    free(sending);
    server_enter(client->server);
    client->active_ms = server_now_ms(client->server);
    if (status < 0 || (client->leaving && client_unsent(client) == 0)) {
        client_abandon(client);
    }
    server_leave(client->server);
}

void client_push(struct client *client)
{
    struct client_output *output = &client->output;
    uv_buf_t buffer =
        uv_buf_init(output->bytes + output->sent, (unsigned)(output->length - output->sent));
    int written;

    if (!client->connected || client->closing || client_unsent(client) > 0) {
        return;
    }
    written = uv_try_write(&client->uv.stream, &buffer, 1);
    if (written > 0) {
        output->sent += (size_t)written;
    }
    if (output->sent == output->length) {
        output->sent = output->length = 0;
    }
}

static bool write_later(struct client *client)
{
    struct client_output *output = &client->output;
    struct sending *sending = calloc(1, sizeof *sending);
    uv_buf_t buffer =
        uv_buf_init(output->bytes + output->sent, (unsigned)(output->length - output->sent));

    if (sending == NULL) {
        return false;
    }
    sending->bytes = output->bytes;
    if (uv_write(&sending->request, &client->uv.stream, &buffer, 1, on_written) != 0) {
        free(sending);
        return false;
    }
    output->bytes = NULL;
    output->sent = output->length = output->capacity = 0;
    return true;
}

void client_flush(struct client *client)
{
    struct client_output *output = &client->output;

    if (!client->connected || client->closing) {
        return;
    }
    if (output->length > output->sent) {
        client_push(client);
    }
    if (output->length > output->sent && !output->overflowed && !write_later(client)) {
        client_abandon(client);
        return;
    }
    if (output->capacity > OUTPUT_KEPT) { /* of a long answer */
        free(output->bytes);
        output->bytes = NULL;
        output->sent = output->length = output->capacity = 0;
    }
    if (output->overflowed) {
        log_write(server_parts(client->server)->log, LOG_WARNING,
                  "client %s: more than %zu KiB wait to be read by it; it is let go",
                  client->address, server_limits(client->server)->output_bytes / 1024);
        client_abandon(client);
    }
}

void client_close(struct client *client)
{
    client_flush(client);
    client->leaving = true;
    if (client->connected && !client->closing) {
        uv_read_stop(&client->uv.stream);
        if (client_unsent(client) == 0) {
            client_abandon(client);
        }
    }
}

static void on_room(uv_handle_t *handle, size_t wanted, uv_buf_t *buffer)
{
    struct client *client = handle->data;

    (void)wanted;
    *buffer = server_room(client->server);
}

static void on_bytes(uv_stream_t *stream, ssize_t count, const uv_buf_t *buffer);

static void settle(struct client *client, bool stays)
{
    client_flush(client);
    if (!stays) {
        client_close(client);
    } else if (client->rests > 0) {
        server_wake(client->server);
    }
}

void client_go_on(struct client *client)
{
    client->active_ms = server_now_ms(client->server);
    server_begin_turn(client->server);
    settle(client, client_feed_on(client));
    if (client->errand == NULL && client->rests == 0 && !client->closing && !client->leaving) {
        uv_read_start(&client->uv.stream, on_room, on_bytes);
    }
}

static void on_bytes(uv_stream_t *stream, ssize_t count, const uv_buf_t *buffer)
{
    struct client *client = stream->data;
    bool stays = count >= 0;

    if (count == 0) {
        return;
    }
    server_enter(client->server);
    client->active_ms = server_now_ms(client->server);
    if (stays) {
        stays = client_feed(client, buffer->base, (size_t)count);
    }
    settle(client, stays);
    if (client->errand != NULL || client->rests > 0) {
        uv_read_stop(&client->uv.stream);
    }
    server_leave(client->server);
}

/* Whoever has one IPv6 address has as many as they like beside it. */
static uint64_t network_of(const struct sockaddr_storage *address)
{
    uint64_t network = 0;

    if (address->ss_family == AF_INET) {
        network = ((const struct sockaddr_in *)address)->sin_addr.s_addr;
    } else {
        const struct in6_addr *six = &((const struct sockaddr_in6 *)address)->sin6_addr;

        memcpy(&network, six->s6_addr, sizeof network);
        if (IN6_IS_ADDR_V4MAPPED(six)) {
            memcpy(&network, six->s6_addr + 12, 4);
        }
    }
    return network;
}

void client_name(struct client *client)
{
    struct sockaddr_storage address;
    int length = sizeof address;

    snprintf(client->address, sizeof client->address, "on the socket");
    if (!client->local &&
        uv_tcp_getpeername(&client->uv.tcp, (struct sockaddr *)&address, &length) == 0) {
        uv_ip_name((const struct sockaddr *)&address, client->address, sizeof client->address);
        client->network = network_of(&address);
    }
}

int client_begin(struct client *client)
{
    client->uv.handle.data = client;
    client->active_ms = server_now_ms(client->server);
    client_write(client, PROTOCOL_GREETING, strlen(PROTOCOL_GREETING));
    client_flush(client);
    return client->closing ? -EPIPE : uv_read_start(&client->uv.stream, on_room, on_bytes);
}
