/* trouble.c - what was got over without anybody's help: dropouts, a sleep, modules that fail. */
#include "player/player_internal.h"

enum { LOOKED_AT = 16 };

static void note_dropouts(struct player *player, const struct output_status *status)
{
    uint64_t total = status->performance.dropouts[0] + status->performance.dropouts[1];
    struct dropout last[LOOKED_AT];
    size_t fresh = (size_t)(total - player->recovery.told_dropouts);
    size_t kept;

    if (total == player->recovery.told_dropouts) {
        return;
    }
    player->recovery.told_dropouts = total;
    kept = performance_dropouts(output_performance(player->output), last, LOOKED_AT);
    for (size_t i = fresh < kept ? fresh : kept; i > 0; i--) { /* the newest is the first */
        const struct dropout *dropout = &last[i - 1];

        recovery_note(&player->recovery, RECOVERY_DROPOUT, dropout->time_ns, "%s",
                      dropout->cause == DROPOUT_DEVICE
                          ? "the device ran out: it went on with the next frame, and more is kept "
                            "ready"
                      : player->decoder != NULL && decoder_info(player->decoder)->remote
                          ? "the network came too late: it went on with the next frame"
                          : "the file came too late: it went on with the next frame");
    }
}

void trouble_watch(struct player *player, const struct output_status *status)
{
    note_dropouts(player, status);
    if (status->resumes != player->recovery.told_resumes) {
        player->recovery.told_resumes = status->resumes;
        recovery_note(&player->recovery, RECOVERY_DEVICE, 0,
                      "the machine slept: the device was resumed");
    }
}

void trouble_module(struct player *player, const char *module)
{
    bool left_out = recovery_fault(&player->recovery, module, player_now_ms());
    const char *name = module != NULL ? module : "the chain";
    const char *done = left_out ? "it is left out until playing is stopped" : "it was begun anew";

    player_tell(player, LOG_WARNING, "%s gave what is no number; %s", name, done);
    recovery_note(&player->recovery, RECOVERY_CHAIN, 0, "%s gave what is no number: %s", name,
                  done);
}
