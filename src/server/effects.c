/* effects.c - what a changed setting changes, and when. */
#include "server/effects.h"

#include "chain/preset.h"
#include "player/player_options.h"
#include "server/server_internal.h"
#include "server/slots.h"

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

static void set_loudness(struct server *server)
{
    player_set_equal_loudness(server->parts.player,
                              options_choice(server->parts.options, "ab_loudness") == 1);
    server_wake(server);
}

static void set_album_mode(struct server *server)
{
    player_set_album_mode(server->parts.player,
                          (enum album_mode)options_choice(server->parts.options, "match_mode"));
}

bool effects_allow(const struct server_parts *parts, const char *name, const char *value,
                   char *message, size_t size)
{
    if (strcmp(name, "preset") == 0) {
        return presets_expect(parts->presets, value, message, size);
    }
    if (strcmp(name, slot_option(SLOT_A)) == 0 || strcmp(name, slot_option(SLOT_B)) == 0) {
        return slot_is_good(parts, value, message, size);
    }
    return true;
}

void effects_warn(const struct server_parts *parts)
{
    const char *const names[] = {"preset", slot_option(SLOT_A), slot_option(SLOT_B)};
    char message[512];

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (!effects_allow(parts, names[i], options_text(parts->options, names[i]), message,
                           sizeof message)) {
            log_write(parts->log, LOG_WARNING, "%s = %s", names[i], message);
        }
    }
}

static void change_match(struct server *server)
{
    effects_warn(&server->parts);
    server_match_changed(server);
}

static void set_monitor(struct server *server)
{
    player_set_monitor(server->parts.player,
                       options_boolean(server->parts.options, "monitor_performance"));
}

static void set_gpu(struct server *server)
{
    player_options_tell(server->parts.options, server->parts.log);
}

static void set_quality(struct server *server)
{
    player_set_quality(server->parts.player, player_options_quality(server->parts.options));
    server_wake(server);
}

static const struct {
    const char *name;
    void (*apply)(struct server *server);
} at_once[] = {
    {"reference", server_match_changed},
    {"preset", change_match},
    {"slot_a", change_match},
    {"slot_b", change_match},
    {"level", server_match_changed},
    {"eq", server_match_changed},
    {"width", server_match_changed},
    {"limiter", server_match_changed},
    {"max_boost_db", server_match_changed},
    {"match_mode", set_album_mode},
    {"volume_control", server_volume_renew},
    {"ab_loudness", set_loudness},
    {"quality", set_quality},
    {"monitor_performance", set_monitor},
    {"enable_gpu", set_gpu},
    {"auto_update", server_library_start},
    {"music_directory", server_library_move},
    {"summaries", server_playing_look},
    {"listen_address", open_tcp_anew},
    {"port", open_tcp_anew},
    {"password", open_tcp_anew},
    {"max_connections", server_read_limits},
    {"connection_timeout", server_read_limits},
    {"max_command_list_size", server_read_limits},
    {"max_output_buffer_size", server_read_limits},
    {"memory_limit", server_memory_look},
    {"log_level", set_log_level},
};

static const char *set_device(struct server *server)
{
    const char *device = options_text(server->parts.options, "device");

    return player_set_device(server->parts.player, device) == 0
               ? "when the device is opened next, after a stop"
               : "at the next start";
}

const char *effects_apply(struct server *server, const struct option *option)
{
    if (strcmp(option->name, "device") == 0) {
        return set_device(server);
    }
    for (size_t i = 0; i < sizeof at_once / sizeof at_once[0]; i++) {
        if (strcmp(at_once[i].name, option->name) == 0) {
            at_once[i].apply(server);
            return "now";
        }
    }
    return "at the next start";
}
