/* balance.c - the parts of the spectrum whose share of the sound is held to a reference's. */
#include "measure/balance.h"

#include "measure/bands.h"

#include <math.h>

enum { LOW_PARTS = 3, FIRST_ALONE = 13 };

size_t balance_first_band(size_t part)
{
    static const size_t low[LOW_PARTS] = {0, 7, 11};

    if (part >= BALANCE_PARTS) {
        return BANDS;
    }
    return part < LOW_PARTS ? low[part] : FIRST_ALONE + part - LOW_PARTS;
}

double balance_edge_hz(size_t part)
{
    return bands_middle_hz(balance_first_band(part)) * pow(10.0, -0.05);
}

double balance_middle_hz(size_t part)
{
    return sqrt(balance_edge_hz(part) * balance_edge_hz(part + 1));
}
