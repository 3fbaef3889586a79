/*
 * spectral_body.h - the convolver's transform, once for each tier and precision.
 *
 * Included by kernels_<tier>.c for float and again for double, with these defined:
 * REAL the number; LANES of them in a vector VEC; CHUNK lanes in 128 bits (1 for scalar); NAME(x);
 * FMADD(a, b, c) a*b+c, FNMADD c-a*b; SPREAD(x) x in every lane; LOAD_DOUBLES(p),
 * STORE_DOUBLES(p, v) from and to doubles at any address; DEAL_CHUNKS_4(a, b, c, d) or
 * DEAL_CHUNKS_2(a, b): transposes chunks between vectors, in place; DEAL_LANES_4 or DEAL_LANES_2:
 * the same for the lanes inside each chunk.
 *
 * Vector radix-4 steps decimate in frequency on the way there and in time on the way back, so no
 * reordering is ever needed; the last steps, whose blocks are shorter than a vector, transpose so
 * that their butterflies also stand between vectors.
 */

#include "dsp/spectral_steps.h"

/* cos and sin of pi/8, cos of pi/4: the weights at a quarter, a half, three quarters of the block.
 */
#define COS_8 ((REAL)0.92387953251128675612818318939678829)
#define SIN_8 ((REAL)0.38268343236508977172845998403039887)
#define COS_4 ((REAL)0.70710678118654752440084436210484904)

/* The first radix-4 step: its inputs are real, and weighted. */
MP_RT static void NAME(first_pass)(const struct spectral *spectral, const double *time, REAL *work)
{
    const size_t quarter = spectral->size / 4;
    const REAL *w = spectral->first;
    const VEC cos_8 = SPREAD(COS_8), sin_8 = SPREAD(SIN_8), cos_4 = SPREAD(COS_4);

    for (size_t n = 0; n < quarter; n += LANES, w += 8 * LANES) {
        VEC a = LOAD_DOUBLES(time + n);
        VEC b = LOAD_DOUBLES(time + n + quarter);
        VEC c = cos_4 * LOAD_DOUBLES(time + n + 2 * quarter);
        VEC d = LOAD_DOUBLES(time + n + 3 * quarter);
        VEC even = a + c, odd = a - c;
        VEC sum = FMADD(d, sin_8, b * cos_8), turned_sum = FMADD(d, cos_8, b * sin_8);
        VEC difference = FNMADD(b, sin_8, d * cos_8), turned = FNMADD(b, cos_8, d * sin_8);
        struct NAME(four) x = {{{even + sum, -(turned_sum + c)},
                                {odd + difference, turned + c},
                                {even - sum, turned_sum - c},
                                {odd - difference, c - turned}}};

        x.v[0] = NAME(twiddle)(x.v[0], w);
        NAME(twiddle_4)(&x, w + 2 * LANES);
        NAME(write_4)(work, n, quarter, &x);
    }
}

/* The same for the odd bins of a real frame: the inputs are complex, the weights those above. */
MP_RT static void NAME(first_pass_odd)(const struct spectral *spectral, const double *time,
                                       REAL *work)
{
    const size_t quarter = spectral->size / 4;
    const double *negated = time + spectral->size; /* the imaginary parts */
    const REAL *w = spectral->first;
    const VEC cos_8 = SPREAD(COS_8), sin_8 = SPREAD(SIN_8), cos_4 = SPREAD(COS_4);

    for (size_t n = 0; n < quarter; n += LANES, w += 8 * LANES) {
        VEC b = LOAD_DOUBLES(time + n + quarter), b_i = LOAD_DOUBLES(negated + n + quarter);
        VEC c = LOAD_DOUBLES(time + n + 2 * quarter), c_i = LOAD_DOUBLES(negated + n + 2 * quarter);
        VEC d = LOAD_DOUBLES(time + n + 3 * quarter), d_i = LOAD_DOUBLES(negated + n + 3 * quarter);
        struct NAME(four) x = {{{LOAD_DOUBLES(time + n), -LOAD_DOUBLES(negated + n)},
                                {FNMADD(b_i, sin_8, b * cos_8), -FMADD(b_i, cos_8, b * sin_8)},
                                {cos_4 * (c - c_i), -(cos_4 * (c + c_i))},
                                {FNMADD(d_i, cos_8, d * sin_8), -FMADD(d_i, sin_8, d * cos_8)}}};

        NAME(step_4)(&x);
        x.v[0] = NAME(twiddle)(x.v[0], w);
        NAME(twiddle_4)(&x, w + 2 * LANES);
        NAME(write_4)(work, n, quarter, &x);
    }
}

MP_RT static void NAME(pass)(const struct spectral *spectral, size_t index, REAL *work)
{
    const size_t quarter = spectral->pass[index].length / 4;

    for (size_t block = 0; block < spectral->size; block += 4 * quarter) {
        const REAL *w = spectral->pass[index].twiddles;

        for (size_t n = block; n < block + quarter; n += LANES, w += 6 * LANES) {
            struct NAME(four) x = NAME(read_4)(work, n, quarter);

            NAME(step_4)(&x);
            NAME(twiddle_4)(&x, w);
            NAME(write_4)(work, n, quarter, &x);
        }
    }
}

MP_RT static void NAME(pass_back)(const struct spectral *spectral, size_t index, REAL *work)
{
    const size_t quarter = spectral->pass[index].length / 4;

    for (size_t block = 0; block < spectral->size; block += 4 * quarter) {
        const REAL *w = spectral->pass[index].twiddles;

        for (size_t n = block; n < block + quarter; n += LANES, w += 6 * LANES) {
            struct NAME(four) x = NAME(read_4)(work, n, quarter);

            NAME(twiddle_4_back)(&x, w);
            NAME(step_4_back)(&x);
            NAME(write_4)(work, n, quarter, &x);
        }
    }
}

/* Where number n of a spectrum lies in its line or filter, whose groups are `stride` apart. */
INLINE size_t NAME(place)(size_t n, size_t stride)
{
    return n / NAME(GROUP) * stride + n % NAME(GROUP);
}

/* The last steps, four vectors at a time in registers, into a slot of a line. */
MP_RT static void NAME(last_pass)(const struct spectral *spectral, const REAL *work, REAL *slot)
{
    const size_t stride = spectral->slots * 2 * NAME(GROUP); /* from a group to the next */
    const REAL *last = spectral->last, *inside = spectral->inside;
    const bool by_4 = spectral->last_radix == 4;

    for (size_t n = 0; n < spectral->size; n += 4 * LANES) {
        struct NAME(four) x = NAME(read_4)(work, n, LANES);

        if (by_4) {
            NAME(step_4)(&x);
            NAME(twiddle_4)(&x, last);
        } else {
            NAME(step_2)(&x);
            NAME(twiddle_2)(&x, last);
        }
        NAME(steps_inside)(&x, inside);
        NAME(write)(slot + NAME(place)(n, stride), NAME(GROUP), x.v[0]);
        NAME(write)(slot + NAME(place)(n + LANES, stride), NAME(GROUP), x.v[1]);
        NAME(write)(slot + NAME(place)(n + 2 * LANES, stride), NAME(GROUP), x.v[2]);
        NAME(write)(slot + NAME(place)(n + 3 * LANES, stride), NAME(GROUP), x.v[3]);
    }
}

/* Sums of products: this block's, and the next block's as far as it is known. */
struct NAME(sums) {
    struct NAME(complex) now, next;
};

/* sum + x * h, with the parts that subtract kept apart in *minus. */
INLINE void NAME(multiply)(struct NAME(complex) * sum, VEC *minus, struct NAME(complex) x,
                           struct NAME(complex) h)
{
    sum->re = FMADD(x.re, h.re, sum->re);
    *minus = FMADD(x.im, h.im, *minus);
    sum->im = FMADD(x.re, h.im, sum->im);
    sum->im = FMADD(x.im, h.re, sum->im);
}

/* Line and filter stand in the second cache: the next group is fetched while this one is summed.
   Narrow vectors take longer over a group than the fetching, and need no help. */
INLINE void NAME(fetch)(const REAL *group)
{
    if (2 * LANES >= NAME(GROUP)) {
        __builtin_prefetch(group);
        __builtin_prefetch(group + NAME(GROUP));
    }
}

/* One vector of both sums. From the oldest block (the slot after the newest) to the newest, each
   with its partition for this block and with the one before, its partition for the next block: all
   is read once for two blocks. */
INLINE struct NAME(sums)
    NAME(sum_all)(const REAL *line, const REAL *filter, size_t newest, size_t slots)
{
    const struct NAME(complex) none = {SPREAD(0), SPREAD(0)};
    const size_t end = slots * 2 * NAME(GROUP);
    struct NAME(sums) sums = {none, none};
    struct NAME(complex) before = none;
    VEC minus = SPREAD(0), minus_next = SPREAD(0);
    size_t slot = (newest + 1) * 2 * NAME(GROUP);

    for (size_t i = 0; i < slots; i++) {
        struct NAME(complex) x, h = NAME(read)(filter, NAME(GROUP));

        slot &= (size_t)0 - (size_t)(slot != end); /* the line is a circle; no jump */
        x = NAME(read)(line + slot, NAME(GROUP));
        NAME(fetch)(filter + end);
        NAME(fetch)(line + slot + end);
        NAME(multiply)(&sums.now, &minus, x, h);
        NAME(multiply)(&sums.next, &minus_next, x, before);
        before = h;
        slot += 2 * NAME(GROUP);
        filter += 2 * NAME(GROUP);
    }
    sums.now.re -= minus;
    sums.next.re -= minus_next;
    return sums;
}

/* One vector of this block's sum: what was known of it, and the newest block. */
INLINE struct NAME(complex) NAME(sum_newest)(const REAL *line, const REAL *filter, size_t newest,
                                             size_t slots, const REAL *ahead)
{
    struct NAME(complex) sum = NAME(read)(ahead, NAME(GROUP));
    VEC minus = SPREAD(0);

    NAME(multiply)
    (&sum, &minus, NAME(read)(line + newest * 2 * NAME(GROUP), NAME(GROUP)),
     NAME(read)(filter + (slots - 1) * 2 * NAME(GROUP), NAME(GROUP)));
    sum.re -= minus;
    return sum;
}

/* The first step back of one vector: its sum. */
INLINE struct NAME(complex)
    NAME(sum_at)(const struct spectral *spectral, const struct spectral_channel *channel,
                 const REAL *filter, bool known, size_t n)
{
    const size_t slots = spectral->slots, place = NAME(place)(n, slots * 2 * NAME(GROUP));
    const REAL *line = channel->line;
    REAL *ahead = channel->ahead;
    struct NAME(sums) sums;

    if (known) {
        return NAME(sum_newest)(line + place, filter + place, channel->newest, slots,
                                ahead + AT(n));
    }
    sums = NAME(sum_all)(line + place, filter + place, channel->newest, slots);
    NAME(write)(ahead + AT(n), NAME(GROUP), sums.next);
    return sums.now;
}

/* Multiplies, sums, and takes the first steps back. */
INLINE void NAME(last_pass_back)(const struct spectral *spectral,
                                 const struct spectral_channel *channel, const REAL *filter,
                                 bool known, REAL *work)
{
    const REAL *last = spectral->last, *inside = spectral->inside;
    const bool by_4 = spectral->last_radix == 4;

    for (size_t n = 0; n < spectral->size; n += 4 * LANES) {
        struct NAME(four) x;

        x.v[0] = NAME(sum_at)(spectral, channel, filter, known, n);
        x.v[1] = NAME(sum_at)(spectral, channel, filter, known, n + LANES);
        x.v[2] = NAME(sum_at)(spectral, channel, filter, known, n + 2 * LANES);
        x.v[3] = NAME(sum_at)(spectral, channel, filter, known, n + 3 * LANES);
        NAME(steps_inside_back)(&x, inside);
        if (by_4) {
            NAME(twiddle_4_back)(&x, last);
            NAME(step_4_back)(&x);
        } else {
            NAME(twiddle_2_back)(&x, last);
            NAME(step_2)(&x);
        }
        NAME(write_4)(work, n, LANES, &x);
    }
}

/* One vector of the result: its real part is sound, its imaginary part the tail, negated. */
INLINE void NAME(finish)(struct NAME(complex) z, REAL *overlap, double *time)
{
    STORE_DOUBLES(time, READ(overlap) + z.re);
    WRITE(overlap, -z.im);
}

MP_RT static void NAME(first_pass_back)(const struct spectral *spectral, const REAL *work,
                                        REAL *overlap, double *time)
{
    const size_t quarter = spectral->size / 4;
    const REAL *w = spectral->first;
    const VEC cos_8 = SPREAD(COS_8), sin_8 = SPREAD(SIN_8), cos_4 = SPREAD(COS_4);

    for (size_t n = 0; n < quarter; n += LANES, w += 8 * LANES) {
        struct NAME(four) x = NAME(read_4)(work, n, quarter);
        struct NAME(complex) b, c, d;

        x.v[0] = NAME(twiddle_back)(x.v[0], w);
        NAME(twiddle_4_back)(&x, w + 2 * LANES);
        NAME(step_4_back)(&x);
        b.re = FNMADD(x.v[1].im, sin_8, x.v[1].re * cos_8);
        b.im = FMADD(x.v[1].re, sin_8, x.v[1].im * cos_8);
        c.re = cos_4 * (x.v[2].re - x.v[2].im);
        c.im = cos_4 * (x.v[2].re + x.v[2].im);
        d.re = FNMADD(x.v[3].im, cos_8, x.v[3].re * sin_8);
        d.im = FMADD(x.v[3].re, cos_8, x.v[3].im * sin_8);
        NAME(finish)(x.v[0], overlap + n, time + n);
        NAME(finish)(b, overlap + n + quarter, time + n + quarter);
        NAME(finish)(c, overlap + n + 2 * quarter, time + n + 2 * quarter);
        NAME(finish)(d, overlap + n + 3 * quarter, time + n + 3 * quarter);
    }
}

/* All but the first pass. */
INLINE void NAME(other_passes)(const struct spectral *spectral,
                               const struct spectral_channel *channel)
{
    for (size_t i = 0; i < spectral->passes; i++) {
        NAME(pass)(spectral, i, channel->work);
    }
    NAME(last_pass)
    (spectral, channel->work, (REAL *)channel->line + channel->newest * 2 * NAME(GROUP));
}

MP_RT static void NAME(forward)(const struct spectral *spectral,
                                const struct spectral_channel *channel, const double *time)
{
    NAME(first_pass)(spectral, time, channel->work);
    NAME(other_passes)(spectral, channel);
}

MP_RT static void NAME(forward_odd)(const struct spectral *spectral,
                                    const struct spectral_channel *channel, const double *time)
{
    NAME(first_pass_odd)(spectral, time, channel->work);
    NAME(other_passes)(spectral, channel);
}

MP_RT static void NAME(backward)(const struct spectral *spectral,
                                 const struct spectral_channel *channel, const void *filter,
                                 bool known, double *time)
{
    if (known) {
        NAME(last_pass_back)(spectral, channel, filter, true, channel->work);
    } else {
        NAME(last_pass_back)(spectral, channel, filter, false, channel->work);
    }
    for (size_t i = spectral->passes; i-- > 0;) {
        NAME(pass_back)(spectral, i, channel->work);
    }
    NAME(first_pass_back)(spectral, channel->work, channel->overlap, time);
}

#undef COS_8
#undef SIN_8
#undef COS_4
#undef AT
#undef READ
#undef WRITE
