/*
 * limiter_model.h - the offline limiter over a whole file, slow and plain, to test against.
 * MATCHING step 11 word for word: nothing streamed, nothing cut short, long double nowhere needed.
 */
#ifndef MP_TESTS_LIMITER_MODEL_H
#define MP_TESTS_LIMITER_MODEL_H

#include <stddef.h>
#include <stdint.h>

/* The gain of every frame of a file of `frames` frames. 0, or -1 when memory runs out. */
int limiter_model_gain(const double *left, const double *right, size_t frames, uint32_t rate_hz,
                       double *gain);

#endif
