/* economy.c - what a chain does without, in words. */
#include "chain/economy.h"

#include <stdio.h>

void economy_write(const struct economy *economy, char *text, size_t size)
{
    const struct {
        bool spared;
        const char *word;
    } parts[] = {
        {economy->minimum_phase, "minimum-phase"},
        {economy->short_lookahead, "short-lookahead"},
        {economy->short_spectral && !economy->no_spectral, "short-spectral"},
        {economy->no_spectral, "no-spectral"},
        {economy->no_dynamics, "no-dynamics"},
        {economy->float32, "float32"},
    };
    size_t used = 0;

    text[0] = '\0';
    for (size_t i = 0; i < sizeof parts / sizeof parts[0] && used < size; i++) {
        int length = parts[i].spared ? snprintf(text + used, size - used, "%s%s",
                                                used > 0 ? " " : "", parts[i].word)
                                     : 0;

        used += length > 0 ? (size_t)length : 0;
    }
}
