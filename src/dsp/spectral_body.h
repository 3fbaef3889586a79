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

enum {
    NAME(GROUP) = SPECTRAL_GROUP / sizeof(REAL), /* real parts in a group */
};

/* Where number n of a plain array of groups lies; its imaginary part is GROUP further on. */
#define AT(n) ((n) + ((n) & ~(size_t)(NAME(GROUP) - 1)))
#define READ(p) (*(const VEC *)(const void *)(p))
#define WRITE(p, v) (*(VEC *)(void *)(p) = (v))

struct NAME(complex) {
    VEC re, im;
};

/* The four vectors that a radix-4 step works on. */
struct NAME(four) {
    struct NAME(complex) v[4];
};

INLINE struct NAME(complex) NAME(read)(const REAL *p, size_t imaginary)
{
    struct NAME(complex) z = {READ(p), READ(p + imaginary)};

    return z;
}

INLINE void NAME(write)(REAL *p, size_t imaginary, struct NAME(complex) z)
{
    WRITE(p, z.re);
    WRITE(p + imaginary, z.im);
}

INLINE struct NAME(complex) NAME(add)(struct NAME(complex) a, struct NAME(complex) b)
{
    struct NAME(complex) z = {a.re + b.re, a.im + b.im};

    return z;
}

INLINE struct NAME(complex) NAME(subtract)(struct NAME(complex) a, struct NAME(complex) b)
{
    struct NAME(complex) z = {a.re - b.re, a.im - b.im};

    return z;
}

/* a + i b */
INLINE struct NAME(complex) NAME(add_turned)(struct NAME(complex) a, struct NAME(complex) b)
{
    struct NAME(complex) z = {a.re - b.im, a.im + b.re};

    return z;
}

/* a - i b */
INLINE struct NAME(complex) NAME(subtract_turned)(struct NAME(complex) a, struct NAME(complex) b)
{
    struct NAME(complex) z = {a.re + b.im, a.im - b.re};

    return z;
}

/* z times the twiddle at w: LANES real parts, LANES imaginary parts. */
INLINE struct NAME(complex) NAME(twiddle)(struct NAME(complex) z, const REAL *w)
{
    VEC re = READ(w), im = READ(w + LANES);
    struct NAME(complex) product = {FNMADD(z.im, im, z.re * re), FMADD(z.im, re, z.re * im)};

    return product;
}

/* z times its conjugate. */
INLINE struct NAME(complex) NAME(twiddle_back)(struct NAME(complex) z, const REAL *w)
{
    VEC re = READ(w), im = READ(w + LANES);
    struct NAME(complex) product = {FMADD(z.im, im, z.re * re), FNMADD(z.re, im, z.im * re)};

    return product;
}

INLINE void NAME(step_4)(struct NAME(four) * x)
{
    struct NAME(complex) even = NAME(add)(x->v[0], x->v[2]);
    struct NAME(complex) odd = NAME(add)(x->v[1], x->v[3]);
    struct NAME(complex) even_difference = NAME(subtract)(x->v[0], x->v[2]);
    struct NAME(complex) odd_difference = NAME(subtract)(x->v[1], x->v[3]);

    x->v[0] = NAME(add)(even, odd);
    x->v[1] = NAME(subtract_turned)(even_difference, odd_difference);
    x->v[2] = NAME(subtract)(even, odd);
    x->v[3] = NAME(add_turned)(even_difference, odd_difference);
}

INLINE void NAME(step_4_back)(struct NAME(four) * x)
{
    struct NAME(complex) even = NAME(add)(x->v[0], x->v[2]);
    struct NAME(complex) odd = NAME(add)(x->v[1], x->v[3]);
    struct NAME(complex) even_difference = NAME(subtract)(x->v[0], x->v[2]);
    struct NAME(complex) odd_difference = NAME(subtract)(x->v[1], x->v[3]);

    x->v[0] = NAME(add)(even, odd);
    x->v[1] = NAME(add_turned)(even_difference, odd_difference);
    x->v[2] = NAME(subtract)(even, odd);
    x->v[3] = NAME(subtract_turned)(even_difference, odd_difference);
}

/* Twiddles of a radix-4 step: those of outputs 1, 2, 3. */
INLINE void NAME(twiddle_4)(struct NAME(four) * x, const REAL *w)
{
    x->v[1] = NAME(twiddle)(x->v[1], w);
    x->v[2] = NAME(twiddle)(x->v[2], w + 2 * LANES);
    x->v[3] = NAME(twiddle)(x->v[3], w + 4 * LANES);
}

INLINE void NAME(twiddle_4_back)(struct NAME(four) * x, const REAL *w)
{
    x->v[1] = NAME(twiddle_back)(x->v[1], w);
    x->v[2] = NAME(twiddle_back)(x->v[2], w + 2 * LANES);
    x->v[3] = NAME(twiddle_back)(x->v[3], w + 4 * LANES);
}

/* Two radix-2 steps side by side: of vectors 0 and 1, of 2 and 3. */
INLINE void NAME(step_2)(struct NAME(four) * x)
{
    struct NAME(complex) a = x->v[0], b = x->v[2];

    x->v[0] = NAME(add)(a, x->v[1]);
    x->v[1] = NAME(subtract)(a, x->v[1]);
    x->v[2] = NAME(add)(b, x->v[3]);
    x->v[3] = NAME(subtract)(b, x->v[3]);
}

INLINE void NAME(twiddle_2)(struct NAME(four) * x, const REAL *w)
{
    x->v[1] = NAME(twiddle)(x->v[1], w);
    x->v[3] = NAME(twiddle)(x->v[3], w);
}

INLINE void NAME(twiddle_2_back)(struct NAME(four) * x, const REAL *w)
{
    x->v[1] = NAME(twiddle_back)(x->v[1], w);
    x->v[3] = NAME(twiddle_back)(x->v[3], w);
}

#if LANES > CHUNK
/* Transposes the 128-bit chunks of the vectors, so that those of one block stand below each other;
   its own inverse. */
INLINE void NAME(deal_chunks)(struct NAME(four) * x)
{
#if LANES == 4 * CHUNK
    DEAL_CHUNKS_4(&x->v[0].re, &x->v[1].re, &x->v[2].re, &x->v[3].re);
    DEAL_CHUNKS_4(&x->v[0].im, &x->v[1].im, &x->v[2].im, &x->v[3].im);
#else
    DEAL_CHUNKS_2(&x->v[0].re, &x->v[1].re);
    DEAL_CHUNKS_2(&x->v[0].im, &x->v[1].im);
    DEAL_CHUNKS_2(&x->v[2].re, &x->v[3].re);
    DEAL_CHUNKS_2(&x->v[2].im, &x->v[3].im);
#endif
}
#endif

#if LANES > 1
/* The same for the lanes in each chunk. */
INLINE void NAME(deal_lanes)(struct NAME(four) * x)
{
#if CHUNK == 4
    DEAL_LANES_4(&x->v[0].re, &x->v[1].re, &x->v[2].re, &x->v[3].re);
    DEAL_LANES_4(&x->v[0].im, &x->v[1].im, &x->v[2].im, &x->v[3].im);
#else
    DEAL_LANES_2(&x->v[0].re, &x->v[1].re);
    DEAL_LANES_2(&x->v[0].im, &x->v[1].im);
    DEAL_LANES_2(&x->v[2].re, &x->v[3].re);
    DEAL_LANES_2(&x->v[2].im, &x->v[3].im);
#endif
}
#endif

/* The steps whose blocks are a vector or shorter. */
INLINE void NAME(steps_inside)(struct NAME(four) * x, const REAL *w)
{
#if LANES > CHUNK
    NAME(deal_chunks)(x);
#if LANES == 4 * CHUNK
    NAME(step_4)(x);
    NAME(twiddle_4)(x, w);
#else
    NAME(step_2)(x);
    NAME(twiddle_2)(x, w);
#endif
#endif
#if LANES > 1
    NAME(deal_lanes)(x);
#if CHUNK == 4
    NAME(step_4)(x);
#else
    NAME(step_2)(x);
#endif
#endif
    (void)x;
    (void)w;
}

INLINE void NAME(steps_inside_back)(struct NAME(four) * x, const REAL *w)
{
#if LANES > 1
#if CHUNK == 4
    NAME(step_4_back)(x);
#else
    NAME(step_2)(x);
#endif
    NAME(deal_lanes)(x);
#endif
#if LANES > CHUNK
#if LANES == 4 * CHUNK
    NAME(twiddle_4_back)(x, w);
    NAME(step_4_back)(x);
#else
    NAME(twiddle_2_back)(x, w);
    NAME(step_2)(x);
#endif
    NAME(deal_chunks)(x);
#endif
    (void)x;
    (void)w;
}

INLINE struct NAME(four) NAME(read_4)(const REAL *p, size_t n, size_t apart)
{
    struct NAME(four) x;

    x.v[0] = NAME(read)(p + AT(n), NAME(GROUP));
    x.v[1] = NAME(read)(p + AT(n + apart), NAME(GROUP));
    x.v[2] = NAME(read)(p + AT(n + 2 * apart), NAME(GROUP));
    x.v[3] = NAME(read)(p + AT(n + 3 * apart), NAME(GROUP));
    return x;
}

INLINE void NAME(write_4)(REAL *p, size_t n, size_t apart, const struct NAME(four) * x)
{
    NAME(write)(p + AT(n), NAME(GROUP), x->v[0]);
    NAME(write)(p + AT(n + apart), NAME(GROUP), x->v[1]);
    NAME(write)(p + AT(n + 2 * apart), NAME(GROUP), x->v[2]);
    NAME(write)(p + AT(n + 3 * apart), NAME(GROUP), x->v[3]);
}

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

/* Adds to sum the products of `count` slots from line and filter on. */
INLINE void NAME(multiply)(VEC sum[4], const REAL *line, const REAL *filter, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        VEC xr = READ(line), xi = READ(line + NAME(GROUP));
        VEC hr = READ(filter), hi = READ(filter + NAME(GROUP));

        sum[0] = FMADD(xr, hr, sum[0]);
        sum[1] = FMADD(xi, hi, sum[1]);
        sum[2] = FMADD(xr, hi, sum[2]);
        sum[3] = FMADD(xi, hr, sum[3]);
        line += 2 * NAME(GROUP);
        filter += 2 * NAME(GROUP);
    }
}

/* One vector of the sum over all partitions. The oldest slot is the one after the newest. */
INLINE struct NAME(complex) NAME(accumulate)(const REAL *line, const REAL *filter, size_t place,
                                             size_t newest, size_t slots)
{
    VEC sum[4] = {SPREAD(0), SPREAD(0), SPREAD(0), SPREAD(0)};
    const size_t older = slots - 1 - newest;
    struct NAME(complex) z;

    line += place;
    filter += place;
    NAME(multiply)(sum, line + (newest + 1) * 2 * NAME(GROUP), filter, older);
    NAME(multiply)(sum, line, filter + older * 2 * NAME(GROUP), newest + 1);
    z.re = sum[0] - sum[1];
    z.im = sum[2] + sum[3];
    return z;
}

/* Multiplies, sums, and takes the first steps back. */
MP_RT static void NAME(last_pass_back)(const struct spectral *spectral, const REAL *line,
                                       size_t newest, const REAL *filter, REAL *work)
{
    const size_t slots = spectral->slots, stride = slots * 2 * NAME(GROUP);
    const REAL *last = spectral->last, *inside = spectral->inside;
    const bool by_4 = spectral->last_radix == 4;

    for (size_t n = 0; n < spectral->size; n += 4 * LANES) {
        struct NAME(four) x;

        x.v[0] = NAME(accumulate)(line, filter, NAME(place)(n, stride), newest, slots);
        x.v[1] = NAME(accumulate)(line, filter, NAME(place)(n + LANES, stride), newest, slots);
        x.v[2] = NAME(accumulate)(line, filter, NAME(place)(n + 2 * LANES, stride), newest, slots);
        x.v[3] = NAME(accumulate)(line, filter, NAME(place)(n + 3 * LANES, stride), newest, slots);
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

MP_RT static void NAME(forward)(const struct spectral *spectral, const double *time, void *work,
                                void *line, size_t slot)
{
    NAME(first_pass)(spectral, time, work);
    for (size_t i = 0; i < spectral->passes; i++) {
        NAME(pass)(spectral, i, work);
    }
    NAME(last_pass)(spectral, work, (REAL *)line + slot * 2 * NAME(GROUP));
}

MP_RT static void NAME(backward)(const struct spectral *spectral, const void *line, size_t newest,
                                 const void *filter, void *work, void *overlap, double *time)
{
    NAME(last_pass_back)(spectral, line, newest, filter, work);
    for (size_t i = spectral->passes; i-- > 0;) {
        NAME(pass_back)(spectral, i, work);
    }
    NAME(first_pass_back)(spectral, work, overlap, time);
}

#undef COS_8
#undef SIN_8
#undef COS_4
#undef AT
#undef READ
#undef WRITE
