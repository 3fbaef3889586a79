/* server.c - the loop: its lock, its clients, its signals, what has changed, and its end. */
#include "server/server_guests.h"
#include "server/server_internal.h"
#include "server/server_start.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SILENCE_CHECK_MS = 5000, TURN_NS = 50 * 1000 * 1000 };

static const char *const event_names[EVENTS] = {
    "database", "update",   "stored_playlist", "playlist",     "player",
    "mixer",    "output",   "options",         "subscription", "message",
    "sticker",  "neighbor", "mount",           "partition",    "match",
};

const char *server_event_name(enum server_event event)
{
    return event_names[event];
}

struct server_parts *server_parts(struct server *server)
{
    return &server->parts;
}

const struct server_limits *server_limits(const struct server *server)
{
    return &server->limits;
}

int64_t server_started_s(const struct server *server)
{
    return server->started_s;
}

int64_t server_now_ms(const struct server *server)
{
    return (int64_t)uv_now(&server->loop);
}

uv_buf_t server_room(struct server *server)
{
    return uv_buf_init(server->room, SERVER_ROOM);
}

/* --- the lock, and what is told when it is given back ----------------------------------------- */

void server_lock(struct server *server)
{
    pthread_mutex_lock(&server->lock);
}

void server_unlock(struct server *server)
{
    pthread_mutex_unlock(&server->lock);
}

void server_enter(struct server *server)
{
    server_lock(server);
    server_begin_turn(server);
}

void server_begin_turn(struct server *server)
{
    server->turn_ns = uv_hrtime();
}

bool server_turn_is_over(const struct server *server)
{
    return uv_hrtime() - server->turn_ns > TURN_NS;
}

uint64_t server_next_rest(struct server *server)
{
    return ++server->rests;
}

static void tell_events(struct server *server)
{
    static const unsigned keeping =
        1u << EVENT_PLAYER | 1u << EVENT_MIXER | 1u << EVENT_OUTPUT | 1u << EVENT_OPTIONS;
    struct client *next;

    if (server->events == 0) {
        return;
    }
    if ((server->events & keeping) != 0 && !server->ended) {
        server_playing_keep(server); /* a seek, too, is where a restart goes on from */
    }
    for (struct client *client = server->clients; client != NULL; client = next) {
        next = client->next;
        client->events |= server->events;
        client_tell_events(client);
        client_flush(client);
    }
    server->events = 0;
}

/* Everything that keeps the loop alive is closed; it ends when that is done. */
static void end(struct server *server)
{
    struct client *next;

    server->ended = true;
    server_close_sockets(server);
    for (struct client *client = server->clients; client != NULL; client = next) {
        next = client->next;
        client_flush(client);
        client_close(client);
    }
    uv_stop(&server->loop);
}

void server_leave(struct server *server)
{
    if (server->list_changed) { /* once for all that a list of commands did */
        server->list_changed = false;
        player_list_changed(server->parts.player);
    }
    if (server->queue_shrank) {
        server->queue_shrank = false;
        server_guests_drop(server);
    }
    tell_events(server);
    if (server->quitting && !server->ended) {
        end(server);
    }
    server_unlock(server);
}

void server_changed(struct server *server, enum server_event event)
{
    server->events |= 1u << event;
}

void server_queue_changed(struct server *server)
{
    size_t length = queue_length(server->parts.queue);

    server->queue_shrank = server->queue_shrank || length < server->queue_length;
    server->queue_length = length;
    queue_store_save(server->parts.queue_store, &server->place);
    server->list_changed = true;
    server_changed(server, EVENT_PLAYLIST);
}

void server_modes_changed(struct server *server)
{
    queue_store_save(server->parts.queue_store, &server->place);
    server->list_changed = true;
    server_changed(server, EVENT_OPTIONS);
}

void server_switched(struct server *server)
{
    server_changed(server, EVENT_MATCH);
    server_changed(server, EVENT_OPTIONS); /* those who know no `match` wait for this */
}

void server_match_changed(struct server *server)
{
    server->list_changed = true;
    server_switched(server);
}

void server_quit(struct server *server)
{
    server->quitting = true;
}

/* --- clients ---------------------------------------------------------------------------------- */

static void on_silence(uv_timer_t *timer)
{
    struct server *server = timer->data;
    struct client *next;

    server_enter(server);
    for (struct client *client = server->clients; client != NULL; client = next) {
        bool waits = client->idling && client_unsent(client) == 0;

        next = client->next;
        if (!waits && server->limits.idle_ms > 0 &&
            server_now_ms(server) - client->active_ms > server->limits.idle_ms) {
            log_write(server->parts.log, LOG_DEBUG, "client %s: silent for too long",
                      client->address);
            client_abandon(client);
        }
    }
    server_leave(server);
}

void server_forget(struct server *server, struct client *client)
{
    struct client **link = client->previous != NULL ? &client->previous->next : &server->clients;

    *link = client->next;
    if (client->next != NULL) {
        client->next->previous = client->previous;
    }
    server->client_count--;
    if (client->channel_count > 0) {
        server_changed(server, EVENT_SUBSCRIPTION);
    }
    if (server->client_count == 0) {
        uv_timer_stop(&server->timer);
    }
}

static void remember(struct server *server, struct client *client)
{
    client->next = server->clients;
    if (client->next != NULL) {
        client->next->previous = client;
    }
    server->clients = client;
    if (server->client_count++ == 0 && !server->ended) {
        uint64_t limit_ms = (uint64_t)server->limits.idle_ms;
        uint64_t every_ms =
            limit_ms > 0 && limit_ms < SILENCE_CHECK_MS ? limit_ms : SILENCE_CHECK_MS;

        uv_timer_start(&server->timer, on_silence, every_ms, every_ms);
    }
}

void server_accept(struct server *server, uv_stream_t *listener, bool local)
{
    struct client *client = client_create(server, local);
    int error;

    if (client == NULL) {
        return; /* the connection waits on until there is memory */
    }
    error = local ? uv_pipe_init(&server->loop, &client->uv.pipe, 0)
                  : uv_tcp_init(&server->loop, &client->uv.tcp);
    if (error != 0) {
        client_destroy(client);
        return;
    }
    client->uv.handle.data = client;
    client->connected = true;
    remember(server, client);
    if (uv_accept(listener, &client->uv.stream) != 0) {
        client_abandon(client);
        return;
    }
    client_name(client);
    if (server->client_count > server->limits.clients) {
        log_write(server->parts.log, LOG_WARNING,
                  "client %s is turned away: %zu are here already (max_connections in [server])",
                  client->address, server->limits.clients);
        client_abandon(client);
    } else if (client_begin(client) != 0) {
        client_abandon(client);
    }
}

/* --- waking and signals -------------------------------------------------------------------------
 */

void server_wake(struct server *server)
{
    uv_async_send(&server->wake);
}

void server_ask_to_end(struct server *server)
{
    atomic_store(&server->asked_to_end, true);
    server_wake(server);
}

/* Of the clients that have more to be carried out, the one that has rested longest. True: there are
   others. */
static bool go_on_with_one(struct server *server)
{
    struct client *first = NULL;
    unsigned resting = 0;

    for (struct client *client = server->clients; client != NULL; client = client->next) {
        if (client->rests > 0 && !client->leaving) {
            first = first == NULL || client->rests < first->rests ? client : first;
            resting++;
        }
    }
    if (first != NULL) {
        client_go_on(first);
    }
    return resting > 1;
}

static void quit_on_signal(struct server *server)
{
    log_write(server->parts.log, LOG_NOTICE, "asked to end by a signal");
    server_quit(server);
}

static void on_wake(uv_async_t *wake)
{
    struct server *server = wake->data;
    bool more;

    server_enter(server);
    if (atomic_exchange(&server->asked_to_end, false)) {
        quit_on_signal(server);
    }
    more = server_library_take(server);
    more = server_guests_take(server, NULL) || more;
    more = go_on_with_one(server) || more;
    if (more) {
        uv_async_send(wake); /* the rest after others had their turn */
    }
    server_playing_look(server);
    server_leave(server);
}

static void on_signal(uv_signal_t *signal, int number)
{
    struct server *server = signal->data;

    server_enter(server);
    if (number == SIGTERM || number == SIGINT) {
        quit_on_signal(server);
    } else if (number == SIGUSR1) {
        server_renew_socket(server);
    } else {
        log_write(server->parts.log, LOG_DEBUG, "the terminal has gone; playing on");
    }
    server_leave(server);
}

static void watch_signals(struct server *server)
{
    static const int numbers[] = {SIGTERM, SIGINT, SIGUSR1, SIGHUP};

    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        uv_signal_t *signal = &server->signals[i];

        uv_signal_init(&server->loop, signal);
        signal->data = server;
        uv_signal_start(signal, on_signal, numbers[i]);
        server->signal_count++;
    }
    signal(SIGPIPE, SIG_IGN);
}

/* --- beginning and end --------------------------------------------------------------------------
 */

static size_t kib(const struct options *options, const char *name)
{
    return (size_t)options_integer(options, name) * 1024;
}

void server_read_limits(struct server *server)
{
    const struct options *options = server->parts.options;

    server->limits.clients = (size_t)options_integer(options, "max_connections");
    server->limits.list_bytes = kib(options, "max_command_list_size");
    server->limits.output_bytes = kib(options, "max_output_buffer_size");
    server->limits.idle_ms = options_integer(options, "connection_timeout") * 1000;
}

struct server *server_create(const struct server_settings *settings, char *message, size_t size)
{
    struct server *server = calloc(1, sizeof *server);

    snprintf(message, size, "out of memory");
    if (server == NULL) {
        return NULL;
    }
    pthread_mutex_init(&server->lock, NULL);
    server->started_s = (int64_t)time(NULL);
    server->room = malloc(SERVER_ROOM);
    if (server->room == NULL || uv_loop_init(&server->loop) != 0) {
        goto fail;
    }
    server->loop_made = true;
    uv_async_init(&server->loop, &server->wake, on_wake);
    server->wake.data = server;
    uv_timer_init(&server->loop, &server->timer);
    server->timer.data = server;
    watch_signals(server);
    if (server_parts_make(server, settings, message, size) != 0) {
        goto fail;
    }
    server->wish = *settings->wish;
    server->verbose = settings->verbose;
    server_read_limits(server);
    if (server_open_socket(server, settings->socket, message, size) != 0) {
        goto fail;
    }
    server_open_tcp(server);
    return server;
fail:
    server_destroy(server);
    return NULL;
}

void server_run(struct server *server)
{
    server_enter(server);
    server_playing_start(server);
    server_library_start(server);
    server_guests_start(server);
    server_edits_start(server);
    server_memory_start(server);
    server_leave(server);
    uv_run(&server->loop, UV_RUN_DEFAULT);
}

static void close_handle(uv_handle_t *handle, void *context)
{
    (void)context;
    if (!uv_is_closing(handle)) {
        uv_close(handle, NULL);
    }
}

void server_save(struct server *server)
{
    server_enter(server);
    server_playing_save(server);
    server_leave(server);
}

void server_destroy(struct server *server)
{
    struct client *next;

    if (server == NULL) {
        return;
    }
    if (server->loop_made) {
        server_lock(server);
        server_close_sockets(server);
        for (struct client *client = server->clients; client != NULL; client = next) {
            next = client->next;
            client_abandon(client);
        }
        server_unlock(server);
        server_parts_finish(server);
        uv_walk(&server->loop, close_handle, NULL);
        uv_run(&server->loop, UV_RUN_DEFAULT);
        uv_loop_close(&server->loop);
    } else {
        server_parts_finish(server);
    }
    pthread_mutex_destroy(&server->lock);
    free(server->room);
    free(server);
}
