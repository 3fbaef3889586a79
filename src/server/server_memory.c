/* server_memory.c - keeps the player's memory under `memory_limit`. */
#include "server/server_memory.h"

#include "library/catalogue.h"
#include "match/cache.h"
#include "player/meters.h"
#include "server/server_internal.h"

#include <malloc.h>

enum { LOOK_MS = 5000 };

/* Below this share of the limit all is well again. */
static const double well = 0.9;

static double limit_of(const struct server *server)
{
    return 1e6 * (double)options_integer(server->parts.options, "memory_limit");
}

static void spare(struct server *server)
{
    struct server_parts *parts = &server->parts;

    player_set_lean(parts->player, true);
    catalogue_forget_searches(parts->catalogue);
    cache_shrink(parts->cache);
    malloc_trim(0);
}

static void tell(struct server *server, uint64_t bytes)
{
    long limit = options_integer(server->parts.options, "memory_limit");

    if (server->memory.refuses) {
        log_write(server->parts.log, LOG_WARNING,
                  "%.0f MB of memory in use, memory_limit is %ld: no new references are taken "
                  "until there is room; the music goes on",
                  (double)bytes / 1e6, limit);
    } else if (server->memory.tight) {
        log_write(server->parts.log, LOG_NOTICE,
                  "memory_limit = %ld was reached: what was kept for speed is let go, %.0f MB are "
                  "in use now",
                  limit, (double)bytes / 1e6);
    } else {
        log_write(server->parts.log, LOG_NOTICE, "there is memory enough again: %.0f MB in use",
                  (double)bytes / 1e6);
    }
}

void server_memory_look(struct server *server)
{
    struct server_memory before = server->memory;
    double limit = limit_of(server);
    uint64_t bytes = meters_memory();

    if ((double)bytes > limit) {
        spare(server);
        bytes = meters_memory();
        server->memory.tight = true;
        server->memory.refuses = (double)bytes > limit;
    } else if ((double)bytes <= well * limit) {
        server->memory.tight = server->memory.refuses = false;
        player_set_lean(server->parts.player, false);
    }
    if (server->memory.refuses != before.refuses || server->memory.tight != before.tight) {
        tell(server, bytes);
    }
}

bool server_memory_refuses(struct server *server)
{
    server_memory_look(server);
    return server->memory.refuses;
}

static void on_timer(uv_timer_t *timer)
{
    struct server *server = timer->data;

    server_enter(server);
    server_memory_look(server);
    server_leave(server);
}

void server_memory_start(struct server *server)
{
    uv_timer_init(&server->loop, &server->memory.timer);
    server->memory.timer.data = server;
    uv_timer_start(&server->memory.timer, on_timer, LOOK_MS, LOOK_MS);
}
