/* blind.c - the player in a blind test: what is heard changes, and nobody is told what it is. */
#include "player/player_internal.h"

void player_set_blind(struct player *player, bool blind)
{
    atomic_store(&player->blind, blind);
}

bool player_is_blind(const struct player *player)
{
    return atomic_load(&player->blind);
}

void player_switch_blindly(struct player *player, bool original)
{
    atomic_store(&player->original, original); /* a seek goes on with it */
    output_switch_blindly(player->output, original ? 0.0 : 1.0);
}
