/* shadow.c - what the chain that is heard was built of, so that a copy of it can be built. */
#include "player/shadow.h"

#include "player/player_internal.h"

#include <errno.h>
#include <string.h>

static void note_side(struct noted_side *side, const struct run_in *run_in)
{
    *side = (struct noted_side){.match = run_in->match != NULL ? match_keep(run_in->match) : NULL,
                                .rack = *run_in->rack,
                                .economy = run_in->economy};
}

void shadow_note(struct player *player, uint64_t rendition, const struct run_in *a,
                 const struct run_in *b)
{
    struct noted_rendition *noted, before;

    pthread_mutex_lock(&player->lock);
    noted = &player->noted[player->next_noted];
    player->next_noted = (player->next_noted + 1) % PLAYER_NOTED;
    before = *noted;
    noted->rendition = rendition;
    note_side(&noted->a, a);
    note_side(&noted->b, b);
    noted->precision = b->precision;
    noted->rate_hz = b->format->rate_hz;
    pthread_mutex_unlock(&player->lock);
    match_let_go(before.a.match);
    match_let_go(before.b.match);
}

void shadow_forget(struct player *player)
{
    for (size_t i = 0; i < PLAYER_NOTED; i++) {
        match_let_go(player->noted[i].a.match);
        match_let_go(player->noted[i].b.match);
        player->noted[i] = (struct noted_rendition){.rendition = 0};
    }
}

/* Holds the lock. */
static const struct noted_rendition *find(const struct player *player, uint64_t rendition)
{
    for (size_t i = 0; i < PLAYER_NOTED && rendition != 0; i++) {
        if (player->noted[i].rendition == rendition) {
            return &player->noted[i];
        }
    }
    return NULL;
}

bool shadow_read(struct player *player, struct shadow *shadow)
{
    struct output_status output;
    const struct noted_rendition *noted;

    memset(shadow, 0, sizeof *shadow);
    output_read_status(player->output, &output);
    pthread_mutex_lock(&player->lock);
    noted = find(player, output.rendition_id);
    if (noted != NULL && player->device_open) {
        const struct noted_side *side = output.b_weight >= 0.5 ? &noted->b : &noted->a;

        shadow->match = side->match != NULL ? match_keep(side->match) : NULL;
        shadow->rack = side->rack;
        shadow->precision = noted->precision;
        shadow->economy = side->economy;
        shadow->format =
            (struct module_format){.rate_hz = noted->rate_hz,
                                   .block_frames = player->settings.output.block_frames,
                                   .kernels = player->settings.output.kernels};
        shadow->words = player->device.words;
        shadow->bits = player->device.significant_bits;
        shadow->dither = player->settings.output.dither;
    }
    pthread_mutex_unlock(&player->lock);
    return shadow->format.rate_hz != 0;
}

void shadow_finish(struct shadow *shadow)
{
    match_let_go(shadow->match);
    *shadow = (struct shadow){.match = NULL};
}

bool shadow_equal(const struct shadow *one, const struct shadow *other)
{
    return one->match == other->match && one->precision == other->precision &&
           one->format.rate_hz == other->format.rate_hz && one->words == other->words &&
           one->bits == other->bits && one->dither == other->dither &&
           memcmp(&one->economy, &other->economy, sizeof one->economy) == 0 &&
           rack_equal(&one->rack, &other->rack);
}

int shadow_build(const struct shadow *shadow, struct chain **chain)
{
    const struct run_in run_in = {.match = shadow->match,
                                  .rack = &shadow->rack,
                                  .format = &shadow->format,
                                  .precision = shadow->precision,
                                  .economy = shadow->economy};

    *chain = NULL;
    if (shadow->match == NULL || plan_is_identity(match_plan(shadow->match), &shadow->rack)) {
        return 0;
    }
    errno = ENOMEM;
    *chain = run_in_chain(&run_in);
    return *chain == NULL ? -errno : 0;
}

double shadow_programme_peak(const struct shadow *shadow)
{
    double peak = shadow->match != NULL ? match_plan(shadow->match)->target_peak : 0.0;

    return peak > 0.0 ? peak : 1.0;
}
