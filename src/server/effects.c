/* effects.c - what a changed setting changes, and when. */
#include "server/effects.h"

#include "server/server_internal.h"

#include <string.h>

static void set_log_level(struct server *server)
{
    if (!server->verbose) {
        log_set_level(server->parts.log,
                      (enum log_level)options_choice(server->parts.options, "log_level"));
    }
}

static void open_tcp_anew(struct server *server)
{
    server_close_tcp(server);
    server_open_tcp(server);
}

static void tell_mixer(struct server *server)
{
    server_changed(server, EVENT_MIXER);
}

static void set_album_mode(struct server *server)
{
    player_set_album_mode(server->parts.player,
                          (enum album_mode)options_choice(server->parts.options, "match_mode"));
}

static void nothing(struct server *server)
{
    (void)server; /* it is looked up whenever it is needed */
}

static const struct {
    const char *name;
    void (*apply)(struct server *server);
} at_once[] = {
    {"reference", server_match_changed},
    {"preset", server_match_changed},
    {"level", server_match_changed},
    {"eq", server_match_changed},
    {"width", server_match_changed},
    {"limiter", server_match_changed},
    {"max_boost_db", server_match_changed},
    {"match_mode", set_album_mode},
    {"volume_control", tell_mixer},
    {"auto_update", server_library_start},
    {"summaries", nothing},
    {"listen_address", open_tcp_anew},
    {"port", open_tcp_anew},
    {"password", open_tcp_anew},
    {"max_connections", server_read_limits},
    {"connection_timeout", server_read_limits},
    {"max_command_list_size", server_read_limits},
    {"max_output_buffer_size", server_read_limits},
    {"log_level", set_log_level},
};

const char *effects_apply(struct server *server, const struct option *option)
{
    for (size_t i = 0; i < sizeof at_once / sizeof at_once[0]; i++) {
        if (strcmp(at_once[i].name, option->name) == 0) {
            at_once[i].apply(server);
            return "now";
        }
    }
    return "at the next start";
}
