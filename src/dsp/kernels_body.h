/*
 * kernels_body.h - the elementwise loops, once for each tier.
 *
 * Included by kernels_<tier>.c with these defined: DOUBLES of them in a vector VD, FLOATS in a VF
 * (1: plain numbers); VD_MEMORY, VF_MEMORY the same at the alignment of one number; SPREAD_D(x);
 * ABS_D, ABS_F; MAX_D(a, m), MAX_F(a, m): a where a > m, else m (so NaN in a is passed over);
 * MIN_D(a, m) in the same way; HIGHEST_F(v): of a VF without NaN; WIDEN(p): DOUBLES floats from p
 * as a VD; NARROW(p, v) and TRUNCATE(p, v): a VD to floats, to int32_t at p; SQRT_D(x);
 * WHERE_SAME(a, b, x), WHERE_OTHER(a, b, x): x where a == b (a != b), else 0. Nothing here is
 * fused, and what is done to a number does not depend on its place: but for the sums, every tier
 * gives the same bits.
 */

#define GET_D(p) (*(const VD_MEMORY *)(const void *)(p))
#define PUT_D(p, v) (*(VD_MEMORY *)(void *)(p) = (v))
#define GET_F(p) (*(const VF_MEMORY *)(const void *)(p))

MP_RT static void encode_mid_side(double *left, double *right, size_t frames)
{
    const VD half = SPREAD_D(0.5);
    size_t i = 0;

    for (; i + DOUBLES <= frames; i += DOUBLES) {
        VD l = GET_D(left + i), r = GET_D(right + i);

        PUT_D(left + i, (l + r) * half);
        PUT_D(right + i, (l - r) * half);
    }
    for (; i < frames; i++) {
        double l = left[i], r = right[i];

        left[i] = (l + r) * 0.5;
        right[i] = (l - r) * 0.5;
    }
}

MP_RT static void decode_mid_side(double *mid, double *side, size_t frames)
{
    size_t i = 0;

    for (; i + DOUBLES <= frames; i += DOUBLES) {
        VD m = GET_D(mid + i), s = GET_D(side + i);

        PUT_D(mid + i, m + s);
        PUT_D(side + i, m - s);
    }
    for (; i < frames; i++) {
        double m = mid[i], s = side[i];

        mid[i] = m + s;
        side[i] = m - s;
    }
}

MP_RT static void gain(double *audio, double by, size_t frames)
{
    const VD factor = SPREAD_D(by);
    size_t i = 0;

    for (; i + DOUBLES <= frames; i += DOUBLES) {
        PUT_D(audio + i, GET_D(audio + i) * factor);
    }
    for (; i < frames; i++) {
        audio[i] *= by;
    }
}

MP_RT static void mix_ramp(double *dst, const double *a, const double *b, double w_start,
                           double w_step, size_t frames)
{
    const double lane[8] = {0, 1, 2, 3, 4, 5, 6, 7};
    const VD start = SPREAD_D(w_start), step = SPREAD_D(w_step), one = SPREAD_D(1.0);
    VD index = GET_D(lane);
    size_t i = 0;

    for (; i + DOUBLES <= frames; i += DOUBLES) {
        VD w = start + step * index;

        PUT_D(dst + i, GET_D(a + i) * (one - w) + GET_D(b + i) * w);
        index += SPREAD_D((double)DOUBLES);
    }
    for (; i < frames; i++) {
        double w = w_start + w_step * (double)i;

        dst[i] = a[i] * (1.0 - w) + b[i] * w;
    }
}

MP_RT static double peak(const double *audio, size_t frames)
{
    VD most = SPREAD_D(0.0), other = SPREAD_D(0.0);
    double lane[DOUBLES], result = 0.0;
    size_t i = 0;

    for (; i + 2 * DOUBLES <= frames; i += 2 * DOUBLES) {
        VD x = ABS_D(GET_D(audio + i)), y = ABS_D(GET_D(audio + i + DOUBLES));

        most = MAX_D(x, most);
        other = MAX_D(y, other);
    }
    PUT_D(lane, MAX_D(other, most));
    for (size_t k = 0; k < DOUBLES; k++) {
        result = lane[k] > result ? lane[k] : result;
    }
    for (; i < frames; i++) {
        double x = audio[i] < 0.0 ? -audio[i] : audio[i];

        result = x > result ? x : result;
    }
    return result;
}

MP_RT static double peak_float(const float *audio, size_t frames)
{
    VF most = SPREAD_F(0.0F), other = SPREAD_F(0.0F);
    float result;
    size_t i = 0;

    for (; i + 2 * (size_t)FLOATS <= frames; i += 2 * (size_t)FLOATS) {
        most = MAX_F(ABS_F(GET_F(audio + i)), most);
        other = MAX_F(ABS_F(GET_F(audio + i + FLOATS)), other);
    }
    for (; i + FLOATS <= frames; i += FLOATS) {
        most = MAX_F(ABS_F(GET_F(audio + i)), most);
    }
    result = HIGHEST_F(MAX_F(other, most));
    for (; i < frames; i++) {
        float x = audio[i] < 0.0F ? -audio[i] : audio[i];

        result = x > result ? x : result;
    }
    return (double)result;
}

MP_RT static void widen(double *dst, const float *src, size_t frames)
{
    size_t i = 0;

    for (; i + DOUBLES <= frames; i += DOUBLES) {
        PUT_D(dst + i, WIDEN(src + i));
    }
    for (; i < frames; i++) {
        dst[i] = (double)src[i];
    }
}

/* The lanes of the four partial sums. */
INLINE double add_up(VD a, VD b, VD c, VD d)
{
    double lane[DOUBLES], result = 0.0;

    PUT_D(lane, (a + b) + (c + d));
    for (size_t k = 0; k < DOUBLES; k++) {
        result += lane[k];
    }
    return result;
}

MP_RT static double sum_of_squares(const double *audio, size_t frames)
{
    VD sum[4] = {SPREAD_D(0.0), SPREAD_D(0.0), SPREAD_D(0.0), SPREAD_D(0.0)};
    double result;
    size_t i = 0;

    for (; i + 4 * DOUBLES <= frames; i += 4 * DOUBLES) {
        VD a = GET_D(audio + i), b = GET_D(audio + i + DOUBLES);
        VD c = GET_D(audio + i + 2 * DOUBLES), d = GET_D(audio + i + 3 * DOUBLES);

        sum[0] += a * a;
        sum[1] += b * b;
        sum[2] += c * c;
        sum[3] += d * d;
    }
    result = add_up(sum[0], sum[1], sum[2], sum[3]);
    for (; i < frames; i++) {
        result += audio[i] * audio[i];
    }
    return result;
}

MP_RT static double sum_of_squares_float(const float *audio, size_t frames)
{
    VD sum[4] = {SPREAD_D(0.0), SPREAD_D(0.0), SPREAD_D(0.0), SPREAD_D(0.0)};
    double result;
    size_t i = 0;

    for (; i + 4 * DOUBLES <= frames; i += 4 * DOUBLES) {
        VD a = WIDEN(audio + i), b = WIDEN(audio + i + DOUBLES);
        VD c = WIDEN(audio + i + 2 * DOUBLES), d = WIDEN(audio + i + 3 * DOUBLES);

        sum[0] += a * a;
        sum[1] += b * b;
        sum[2] += c * c;
        sum[3] += d * d;
    }
    result = add_up(sum[0], sum[1], sum[2], sum[3]);
    for (; i < frames; i++) {
        result += (double)audio[i] * (double)audio[i];
    }
    return result;
}

MP_RT static void fold(double *audio, double *difference, size_t half)
{
    size_t i = 0;

    for (; i + DOUBLES <= half; i += DOUBLES) {
        VD a = GET_D(audio + i), b = GET_D(audio + half + i);

        PUT_D(difference + i, a - b);
        PUT_D(audio + i, a + b);
    }
    for (; i < half; i++) {
        double a = audio[i], b = audio[half + i];

        difference[i] = a - b;
        audio[i] = a + b;
    }
}

MP_RT static void add_magnitudes(double *sum, const double *spectrum, size_t bins)
{
    for (size_t k = 0; k < bins; k += DOUBLES) {
        const double *at = spectrum + k + k / KERNELS_GROUP * KERNELS_GROUP;
        VD re = GET_D(at), im = GET_D(at + KERNELS_GROUP);

        PUT_D(sum + k, GET_D(sum + k) + SQRT_D(re * re + im * im));
    }
}

MP_RT static void narrow(float *dst, const double *src, size_t frames)
{
    size_t i = 0;

    for (; i + DOUBLES <= frames; i += DOUBLES) {
        NARROW(dst + i, GET_D(src + i));
    }
    for (; i < frames; i++) {
        dst[i] = (float)src[i];
    }
}

/* The highest so far, of two vectors side by side. */
struct highest {
    VF one, other;
};

/* Of the phase whose taps these are, two vectors from `line` on; the highest so far goes up. */
INLINE void interpolate(const float *line, const float *taps, size_t steps, struct highest *most)
{
    VF first = SPREAD_F(0.0F), second = SPREAD_F(0.0F);

    for (size_t k = 0; k < steps; k++) {
        VF tap = SPREAD_F(taps[k]);

        first = first + tap * GET_F(line - k);
        second = second + tap * GET_F(line - k + FLOATS);
    }
    most->one = MAX_F(ABS_F(first), most->one);
    most->other = MAX_F(ABS_F(second), most->other);
}

/* Of three phases at once, `count` (1 or 2) vectors: sums that do not wait for each other. */
INLINE void interpolate_3(const float *line, const float *taps, size_t steps, size_t count,
                          struct highest *most)
{
    const VF zero = SPREAD_F(0.0F);
    VF a[2] = {zero, zero}, b[2] = {zero, zero}, c[2] = {zero, zero};

    for (size_t k = 0; k < steps; k++) {
        VF x = GET_F(line - k);

        a[0] = a[0] + SPREAD_F(taps[k]) * x;
        b[0] = b[0] + SPREAD_F(taps[steps + k]) * x;
        c[0] = c[0] + SPREAD_F(taps[2 * steps + k]) * x;
        if (count == 2) {
            VF y = GET_F(line - k + FLOATS);

            a[1] = a[1] + SPREAD_F(taps[k]) * y;
            b[1] = b[1] + SPREAD_F(taps[steps + k]) * y;
            c[1] = c[1] + SPREAD_F(taps[2 * steps + k]) * y;
        }
    }
    most->one = MAX_F(ABS_F(c[0]), MAX_F(ABS_F(b[0]), MAX_F(ABS_F(a[0]), most->one)));
    most->other = MAX_F(ABS_F(c[1]), MAX_F(ABS_F(b[1]), MAX_F(ABS_F(a[1]), most->other)));
}

/* Of one frame, all phases. */
INLINE float interpolate_frame(const float *line, const float *taps, size_t phases, size_t steps)
{
    float most = 0.0F;

    for (size_t p = 0; p < phases; p++) {
        float sum = 0.0F;

        for (size_t k = 0; k < steps; k++) {
            sum = sum + taps[p * steps + k] * *(line - k);
        }
        sum = sum < 0.0F ? -sum : sum;
        most = sum > most ? sum : most;
    }
    return most;
}

MP_RT static double true_peak(const float *line, const float *taps, size_t phases, size_t steps,
                              size_t frames)
{
    struct highest most = {SPREAD_F(0.0F), SPREAD_F(0.0F)};
    double samples = peak_float(line - steps / 2, frames), between;
    float rest = 0.0F;
    size_t n = 0;

    for (; phases == 3 && n + 2 * (size_t)FLOATS <= frames; n += 2 * (size_t)FLOATS) {
        interpolate_3(line + n, taps, steps, 2, &most);
    }
    for (; phases == 3 && n + FLOATS <= frames; n += FLOATS) {
        interpolate_3(line + n, taps, steps, 1, &most);
    }
    for (; n + 2 * (size_t)FLOATS <= frames; n += 2 * (size_t)FLOATS) {
        for (size_t p = 0; p < phases; p++) {
            interpolate(line + n, taps + p * steps, steps, &most);
        }
    }
    for (; n < frames; n++) {
        float high = interpolate_frame(line + n, taps, phases, steps);

        rest = high > rest ? high : rest;
    }
    between = (double)HIGHEST_F(MAX_F(most.other, most.one));
    between = (double)rest > between ? (double)rest : between;
    return samples > between ? samples : between;
}

/* Added and taken away again, it rounds a double of less than 2^51 to the nearest whole number,
   ties to even. */
#define ROUNDER 6755399441055744.0 /* 1.5 * 2^52 */
#define FAR 0x1p40                 /* far outside stays outside, and the rounding stays sound */

MP_RT static size_t quantise(const struct kernels_word *word, const double *audio,
                             const double *noise, size_t count, int32_t *words, size_t *inexact)
{
    const VD one = SPREAD_D(1.0), rounder = SPREAD_D(ROUNDER);
    VD held = SPREAD_D(0.0), other = SPREAD_D(0.0);
    double lane[2][DOUBLES], sums[2] = {0.0, 0.0};
    size_t i = 0;

    for (; i + DOUBLES <= count; i += DOUBLES) {
        VD x = GET_D(audio + i), v = WHERE_SAME(x, x, x) * SPREAD_D(word->scale), r, kept;

        v = MAX_D(MIN_D(v, SPREAD_D(FAR)), SPREAD_D(-FAR));
        r = (v + rounder) - rounder;
        other = other + WHERE_OTHER(r, v, one);
        if (noise != NULL) {
            r = ((v + WHERE_OTHER(r, v, GET_D(noise + i))) + rounder) - rounder;
        }
        kept = MAX_D(MIN_D(r, SPREAD_D(word->high)), SPREAD_D(word->low));
        held = held + WHERE_OTHER(kept, r, one);
        TRUNCATE(words + i, kept);
    }
    PUT_D(lane[0], held);
    PUT_D(lane[1], other);
    for (size_t k = 0; k < DOUBLES; k++) {
        sums[0] += lane[0][k];
        sums[1] += lane[1][k];
    }
    for (; i < count; i++) {
        double v = audio[i] == audio[i] ? audio[i] * word->scale : 0.0, r, kept;

        v = v < FAR ? v : FAR;
        v = v > -FAR ? v : -FAR;
        r = (v + ROUNDER) - ROUNDER;
        sums[1] += r != v ? 1.0 : 0.0;
        if (r != v && noise != NULL) {
            r = ((v + noise[i]) + ROUNDER) - ROUNDER;
        }
        kept = r < word->high ? r : word->high;
        kept = kept > word->low ? kept : word->low;
        sums[0] += kept != r ? 1.0 : 0.0;
        words[i] = (int32_t)kept;
    }
    *inexact += (size_t)sums[1];
    return (size_t)sums[0];
}

#undef ROUNDER
#undef FAR
#undef GET_D
#undef PUT_D
#undef GET_F
