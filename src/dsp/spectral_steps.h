/*
 * spectral_steps.h - the steps of the convolver's transform on vectors in registers.
 *
 * Included by spectral_body.h, which says what must be defined.
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
