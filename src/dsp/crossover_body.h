/*
 * crossover_body.h - the text of the crossover's loops, read once for each tier.
 *
 * The file that includes it defines LOOPS (name of the table) and TIER (attributes of the
 * functions). Vectors are as long as what they hold; the compiler lays them in the registers that
 * the tier has.
 */

typedef double pair __attribute__((vector_size(16)));
typedef double quad __attribute__((vector_size(32)));
typedef double octet __attribute__((vector_size(64)));

/* One filter of each lane, one frame further: *x goes in and comes out. A macro, for vectors that
   a tier does not know must not be arguments. */
#define STEP(x, f, one, two)                                                                       \
    do {                                                                                           \
        __typeof__(x) out = (f).b0 * (x) + (one);                                                  \
                                                                                                   \
        (one) = (f).b1 * (x) - (f).a1 * out + (two);                                               \
        (two) = (f).b2 * (x) - (f).a2 * out;                                                       \
        (x) = out;                                                                                 \
    } while (0)

struct quad_filter {
    quad b0, b1, b2, a1, a2;
};
struct octet_filter {
    octet b0, b1, b2, a1, a2;
};

#define LOAD(type, from) (*(const type *)(const void *)(from))
#define STORE(type, to, value) (*(type *)(void *)(to) = (value))
#define LOAD_FILTER(type, from)                                                                    \
    {                                                                                              \
        LOAD(type, (from).b0), LOAD(type, (from).b1), LOAD(type, (from).b2),                       \
            LOAD(type, (from).a1), LOAD(type, (from).a2),                                          \
    }

TIER static void loop_split(struct crossover *crossover, const double *left, const double *right,
                            size_t frames, double *lanes, double power[CROSSOVER_LANES])
{
    struct crossover_halves *first = crossover->first;
    struct crossover_bands *second = crossover->second;
    const struct quad_filter f0 = LOAD_FILTER(quad, first[0]), f1 = LOAD_FILTER(quad, first[1]),
                             f2 = LOAD_FILTER(quad, first[2]);
    const struct octet_filter s0 = LOAD_FILTER(octet, second[0]),
                              s1 = LOAD_FILTER(octet, second[1]);
    quad one0 = LOAD(quad, first[0].one), two0 = LOAD(quad, first[0].two);
    quad one1 = LOAD(quad, first[1].one), two1 = LOAD(quad, first[1].two);
    quad one2 = LOAD(quad, first[2].one), two2 = LOAD(quad, first[2].two);
    octet one3 = LOAD(octet, second[0].one), two3 = LOAD(octet, second[0].two);
    octet one4 = LOAD(octet, second[1].one), two4 = LOAD(octet, second[1].two);
    octet squares = {0};

    for (size_t n = 0; n < frames; n++) {
        quad half = {left[n], right[n], left[n], right[n]};
        octet band;

        STEP(half, f0, one0, two0);
        STEP(half, f1, one1, two1);
        STEP(half, f2, one2, two2);
        band = __builtin_shufflevector(half, half, 0, 1, 0, 1, 2, 3, 2, 3);
        STEP(band, s0, one3, two3);
        STEP(band, s1, one4, two4);
        squares += band * band;
        STORE(octet, lanes + n * CROSSOVER_LANES, band);
    }
    STORE(quad, first[0].one, one0);
    STORE(quad, first[0].two, two0);
    STORE(quad, first[1].one, one1);
    STORE(quad, first[1].two, two1);
    STORE(quad, first[2].one, one2);
    STORE(quad, first[2].two, two2);
    STORE(octet, second[0].one, one3);
    STORE(octet, second[0].two, two3);
    STORE(octet, second[1].one, one4);
    STORE(octet, second[1].two, two4);
    for (size_t i = 0; i < CROSSOVER_LANES; i++) {
        power[i] = squares[i];
    }
}

TIER static void loop_sum(const double *lanes, size_t frames, const double from[CROSSOVER_BANDS],
                          const double to[CROSSOVER_BANDS], double *left, double *right)
{
    octet gain = {from[0], from[0], from[1], from[1], from[2], from[2], from[3], from[3]};
    octet last = {to[0], to[0], to[1], to[1], to[2], to[2], to[3], to[3]};
    octet step = (last - gain) * (1.0 / (double)frames);

    for (size_t n = 0; n < frames; n++) {
        octet band = LOAD(octet, lanes + n * CROSSOVER_LANES);
        quad half;
        pair both;

        gain += step;
        band *= gain;
        half = __builtin_shufflevector(band, band, 0, 1, 2, 3) +
               __builtin_shufflevector(band, band, 4, 5, 6, 7);
        both =
            __builtin_shufflevector(half, half, 0, 1) + __builtin_shufflevector(half, half, 2, 3);
        left[n] = both[0];
        right[n] = both[1];
    }
}

const struct crossover_loops LOOPS = {loop_split, loop_sum};
