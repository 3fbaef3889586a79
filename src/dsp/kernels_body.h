/*
 * kernels_body.h - the elementwise loops, once for each tier.
 *
 * Included by kernels_<tier>.c with these defined: DOUBLES of them in a vector VD, FLOATS in a VF
 * (1: plain numbers); VD_MEMORY, VF_MEMORY the same at the alignment of one number; SPREAD_D(x);
 * ABS_D, ABS_F; MAX_D(a, m), MAX_F(a, m): a where a > m, else m (so NaN in a is passed over);
 * WIDEN(p): DOUBLES floats from p as a VD; SQRT_D(x).
 * Nothing here is fused, and what is done to a number does not depend on its place: but for the
 * sums, every tier gives the same bits.
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
    float lane[FLOATS], result = 0.0F;
    size_t i = 0;

    for (; i + 2 * FLOATS <= frames; i += 2 * FLOATS) {
        VF x = ABS_F(GET_F(audio + i)), y = ABS_F(GET_F(audio + i + FLOATS));

        most = MAX_F(x, most);
        other = MAX_F(y, other);
    }
    *(VF_MEMORY *)(void *)lane = MAX_F(other, most);
    for (size_t k = 0; k < FLOATS; k++) {
        result = lane[k] > result ? lane[k] : result;
    }
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

#undef GET_D
#undef PUT_D
#undef GET_F
