/*
 * bad_card.c - a sound card that goes wrong when told to: preloaded into the player by a script.
 *
 * BAD_CARD is a folder; what lies in it is what the card does:
 *   hang        opening it does not return
 *   hang_close  nor does closing it
 *   busy        opening it says that somebody else has it
 *   denied      opening it is not allowed
 *   gone        it is not there: opening fails, and what is open is disconnected
 *   eio         the same as a driver says it that was taken away: -EIO, though it runs on
 *   asleep      it is suspended, until the file is taken away and it is resumed
 *   stuck       it takes nothing and plays nothing, and says so to nobody
 *   xrun        taken away with the next look: it has run out
 * It is paced by sleeping as long as what it took lasts, for ALSA's `file` and `null` do not.
 */
#include "tests/shim/real.h"

#include <alsa/asoundlib.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { RATE_HZ = 44100, PATH_SIZE = 512 };

static atomic_bool ran_out, suspended;

static bool told(const char *what, bool take)
{
    const char *folder = getenv("BAD_CARD");
    char path[PATH_SIZE];

    if (folder == NULL) {
        return false;
    }
    snprintf(path, sizeof path, "%s/%s", folder, what);
    return take ? unlink(path) == 0 : access(path, F_OK) == 0;
}

static void wait_while(const char *what)
{
    while (told(what, false)) {
        usleep(10000);
    }
}

static int open_error(void)
{
    wait_while("hang");
    return told("denied", false)                       ? -EACCES
           : told("busy", false)                       ? -EBUSY
           : told("gone", false) || told("eio", false) ? -ENODEV
                                                       : 0;
}

int snd_pcm_open(snd_pcm_t **pcm, const char *name, snd_pcm_stream_t stream, int mode)
{
    int error = open_error();

    atomic_store(&ran_out, false);
    return error < 0 ? error : REAL(snd_pcm_open, pcm, name, stream, mode);
}

int snd_pcm_close(snd_pcm_t *pcm)
{
    wait_while("hang_close");
    return REAL(snd_pcm_close, pcm);
}

snd_pcm_state_t snd_pcm_state(snd_pcm_t *pcm)
{
    if (told("asleep", false)) {
        atomic_store(&suspended, true);
    }
    return told("gone", false)       ? SND_PCM_STATE_DISCONNECTED
           : atomic_load(&suspended) ? SND_PCM_STATE_SUSPENDED
           : atomic_load(&ran_out)   ? SND_PCM_STATE_XRUN
           : told("stuck", false)    ? SND_PCM_STATE_RUNNING
                                     : REAL(snd_pcm_state, pcm);
}

snd_pcm_sframes_t snd_pcm_avail_update(snd_pcm_t *pcm)
{
    if (told("xrun", true)) {
        atomic_store(&ran_out, true);
    }
    return told("gone", false)       ? -ENODEV
           : told("eio", false)      ? -EIO
           : atomic_load(&suspended) ? -ESTRPIPE
           : atomic_load(&ran_out)   ? -EPIPE
           : told("stuck", false)    ? 0
                                     : REAL(snd_pcm_avail_update, pcm);
}

snd_pcm_sframes_t snd_pcm_mmap_commit(snd_pcm_t *pcm, snd_pcm_uframes_t offset,
                                      snd_pcm_uframes_t frames)
{
    snd_pcm_sframes_t taken = REAL(snd_pcm_mmap_commit, pcm, offset, frames);

    if (taken > 0) {
        const struct timespec time = {.tv_nsec = (long)taken * (1000000000L / RATE_HZ)};

        nanosleep(&time, NULL);
    }
    return taken;
}

int snd_pcm_resume(snd_pcm_t *pcm)
{
    (void)pcm;
    if (told("asleep", false)) {
        return -EAGAIN;
    }
    atomic_store(&suspended, false);
    return 0;
}

int snd_pcm_prepare(snd_pcm_t *pcm)
{
    atomic_store(&ran_out, false);
    return told("gone", false) ? -ENODEV : REAL(snd_pcm_prepare, pcm);
}
