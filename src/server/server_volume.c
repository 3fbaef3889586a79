/* server_volume.c - the volume that remotes turn. */
#include "server/server_volume.h"

#include "server/server_internal.h"

#include <errno.h>
#include <math.h>

enum { TRY_AGAIN_MS = 5000 };
enum { CONTROL_SOFTWARE, CONTROL_HARDWARE, CONTROL_NONE }; /* as the choices stand */

static int control_of(const struct server *server)
{
    return options_choice(server->parts.options, "volume_control");
}

/* --- the card's ------------------------------------------------------------------------------- */

static void unwatch(uv_handle_t *handle)
{
    struct server_volume *volume = handle->data;

    volume->watched = false;
}

static void on_mixer(uv_poll_t *poll, int status, int events)
{
    struct server_volume *volume = poll->data;
    struct server *server = volume->server;

    (void)events;
    server_enter(server);
    if (status < 0 || mixer_get(volume->mixer) == -ENODEV) { /* which takes what happened in */
        server_volume_close(server);
    }
    server_changed(server, EVENT_MIXER);
    server_leave(server);
}

/* The mixer, opened if need be; NULL: it cannot be. */
static struct mixer *mixer_of(struct server *server)
{
    struct server_volume *volume = &server->volume;
    const char *device = options_text(server->parts.options, "device");
    char message[SINK_MESSAGE_SIZE];

    if (volume->mixer != NULL || volume->watched ||
        (volume->failed_ms != 0 && server_now_ms(server) - volume->failed_ms < TRY_AGAIN_MS)) {
        return volume->mixer;
    }
    if (mixer_open(&volume->mixer, device, NULL, message) < 0) {
        if (volume->failed_ms == 0) {
            log_write(server->parts.log, LOG_WARNING, "%s", message);
        }
        volume->failed_ms = server_now_ms(server);
        return NULL;
    }
    volume->failed_ms = 0;
    if (mixer_descriptor(volume->mixer) >= 0 &&
        uv_poll_init(&server->loop, &volume->watch, mixer_descriptor(volume->mixer)) == 0) {
        volume->server = server;
        volume->watch.data = volume;
        volume->watched = true;
        uv_poll_start(&volume->watch, UV_READABLE, on_mixer);
    }
    return volume->mixer;
}

void server_volume_close(struct server *server)
{
    struct server_volume *volume = &server->volume;

    if (volume->watched && !uv_is_closing((uv_handle_t *)&volume->watch)) {
        uv_poll_stop(&volume->watch);
        uv_close((uv_handle_t *)&volume->watch, unwatch);
    }
    mixer_close(volume->mixer);
    volume->mixer = NULL;
}

/* --- either ------------------------------------------------------------------------------------
 */

int server_volume_read(struct server *server)
{
    struct player_status status;
    struct mixer *mixer;
    int read;

    switch (control_of(server)) {
    case CONTROL_SOFTWARE:
        player_read_status(server->parts.player, &status);
        return (int)lround(100.0 * cbrt(status.volume));
    case CONTROL_HARDWARE:
        mixer = mixer_of(server);
        read = mixer != NULL ? mixer_get(mixer) : -ENODEV;
        if (mixer != NULL && read < 0) {
            server_volume_close(server);
        }
        return read < 0 ? -1 : read;
    default:
        return -1;
    }
}

int server_volume_set(struct server *server, int volume)
{
    double share = volume / 100.0;
    struct mixer *mixer;

    switch (control_of(server)) {
    case CONTROL_SOFTWARE:
        player_set_volume(server->parts.player, share * share * share);
        return 0;
    case CONTROL_HARDWARE:
        mixer = mixer_of(server);
        return mixer != NULL ? mixer_set(mixer, volume) : -ENOTSUP;
    default:
        return -ENOTSUP;
    }
}

void server_volume_renew(struct server *server)
{
    server_volume_close(server);
    server->volume.failed_ms = 0;
    if (control_of(server) != CONTROL_SOFTWARE) {
        player_set_volume(server->parts.player, 1.0);
    }
    server_changed(server, EVENT_MIXER);
}
