/*
 * crossover_body.h - the text of the crossover's loops, read once for each tier.
 *
 * The file that includes it defines LOOPS (name of the table), TIER (attributes of the functions)
 * and LANES: how many numbers the tier's vectors hold (2, 4 or 8). The eight lanes of the bands are
 * then 8 / LANES vectors, and what is done to one is written out for each: a vector longer than the
 * tier's registers would be laid in memory.
 */

typedef double pair __attribute__((vector_size(16)));
typedef double quad __attribute__((vector_size(32)));
typedef double octet __attribute__((vector_size(64)));

#if LANES == 8
#define HALF quad /* a vector of the first stage: low left, low right, high left, high right */
#define BAND octet
#define HALVES(X) X(0)
#define BANDS(X) X(0)
#define SPREAD(l, r) HALF half_0 = {l, r, l, r}
#define SPLIT() BAND band_0 = __builtin_shufflevector(half_0, half_0, 0, 1, 0, 1, 2, 3, 2, 3)
#define ADD_UP(to)                                                                                 \
    do {                                                                                           \
        quad two = __builtin_shufflevector(band_0, band_0, 0, 1, 2, 3) +                           \
                   __builtin_shufflevector(band_0, band_0, 4, 5, 6, 7);                            \
                                                                                                   \
        (to) = __builtin_shufflevector(two, two, 0, 1) + __builtin_shufflevector(two, two, 2, 3);  \
    } while (0)
#elif LANES == 4
#define HALF quad
#define BAND quad
#define HALVES(X) X(0)
#define BANDS(X) X(0) X(1)
#define SPREAD(l, r) HALF half_0 = {l, r, l, r}
#define SPLIT()                                                                                    \
    BAND band_0 = __builtin_shufflevector(half_0, half_0, 0, 1, 0, 1);                             \
    BAND band_1 = __builtin_shufflevector(half_0, half_0, 2, 3, 2, 3)
#define ADD_UP(to)                                                                                 \
    do {                                                                                           \
        quad two = band_0 + band_1;                                                                \
                                                                                                   \
        (to) = __builtin_shufflevector(two, two, 0, 1) + __builtin_shufflevector(two, two, 2, 3);  \
    } while (0)
#else
#define HALF pair
#define BAND pair
#define HALVES(X) X(0) X(1)
#define BANDS(X) X(0) X(1) X(2) X(3)
#define SPREAD(l, r)                                                                               \
    HALF half_0 = {l, r};                                                                          \
    HALF half_1 = half_0
#define SPLIT() BAND band_0 = half_0, band_1 = half_0, band_2 = half_1, band_3 = half_1
#define ADD_UP(to) ((to) = (band_0 + band_2) + (band_1 + band_3))
#endif

/* Vector i of a row of numbers. */
#define AT(type, row, i) ((type *)(void *)(row))[i]
#define CONST_AT(type, row, i) ((const type *)(const void *)(row))[i]

/* One filter of each lane, one frame further: x goes in and comes out. */
#define STEP(type, x, f, i, one, two)                                                              \
    do {                                                                                           \
        type out = CONST_AT(type, (f)->b0, i) * (x) + (one);                                       \
                                                                                                   \
        (one) = (CONST_AT(type, (f)->b1, i) * (x) + (two)) - CONST_AT(type, (f)->a1, i) * out;     \
        (two) = CONST_AT(type, (f)->b2, i) * (x)-CONST_AT(type, (f)->a2, i) * out;                 \
        (x) = out;                                                                                 \
    } while (0);

TIER static void loop_split(struct crossover *crossover, const double *left, const double *right,
                            size_t frames, double *lanes, double power[CROSSOVER_LANES])
{
    struct crossover_halves *first = crossover->first;
    struct crossover_bands *second = crossover->second;
    _Alignas(64) double squares[CROSSOVER_LANES];

#define TAKE_HALF(i)                                                                               \
    HALF one0_##i = AT(HALF, first[0].one, i), two0_##i = AT(HALF, first[0].two, i);               \
    HALF one1_##i = AT(HALF, first[1].one, i), two1_##i = AT(HALF, first[1].two, i);               \
    HALF one2_##i = AT(HALF, first[2].one, i), two2_##i = AT(HALF, first[2].two, i);
#define TAKE_BAND(i)                                                                               \
    BAND one3_##i = AT(BAND, second[0].one, i), two3_##i = AT(BAND, second[0].two, i);             \
    BAND one4_##i = AT(BAND, second[1].one, i), two4_##i = AT(BAND, second[1].two, i);             \
    BAND sum_##i = {0};
#define STEP_0(i) STEP(HALF, half_##i, &first[0], i, one0_##i, two0_##i)
#define STEP_1(i) STEP(HALF, half_##i, &first[1], i, one1_##i, two1_##i)
#define STEP_2(i) STEP(HALF, half_##i, &first[2], i, one2_##i, two2_##i)
#define STEP_3(i) STEP(BAND, band_##i, &second[0], i, one3_##i, two3_##i)
#define STEP_4(i) STEP(BAND, band_##i, &second[1], i, one4_##i, two4_##i)
#define STORE(i)                                                                                   \
    sum_##i += band_##i * band_##i;                                                                \
    AT(BAND, lanes + n * CROSSOVER_LANES, i) = band_##i;
#define GIVE_HALF(i)                                                                               \
    AT(HALF, first[0].one, i) = one0_##i;                                                          \
    AT(HALF, first[0].two, i) = two0_##i;                                                          \
    AT(HALF, first[1].one, i) = one1_##i;                                                          \
    AT(HALF, first[1].two, i) = two1_##i;                                                          \
    AT(HALF, first[2].one, i) = one2_##i;                                                          \
    AT(HALF, first[2].two, i) = two2_##i;
#define GIVE_BAND(i)                                                                               \
    AT(BAND, second[0].one, i) = one3_##i;                                                         \
    AT(BAND, second[0].two, i) = two3_##i;                                                         \
    AT(BAND, second[1].one, i) = one4_##i;                                                         \
    AT(BAND, second[1].two, i) = two4_##i;                                                         \
    AT(BAND, squares, i) = sum_##i;

    HALVES(TAKE_HALF)
    BANDS(TAKE_BAND)
    for (size_t n = 0; n < frames; n++) {
        SPREAD(left[n], right[n]);
        HALVES(STEP_0)
        HALVES(STEP_1)
        HALVES(STEP_2)
        SPLIT();
        BANDS(STEP_3)
        BANDS(STEP_4)
        BANDS(STORE)
    }
    HALVES(GIVE_HALF)
    BANDS(GIVE_BAND)
    for (size_t i = 0; i < CROSSOVER_LANES; i++) {
        power[i] = squares[i];
    }
}

TIER static void loop_sum(const double *lanes, size_t frames, const double from[CROSSOVER_BANDS],
                          const double to[CROSSOVER_BANDS], double *left, double *right)
{
    _Alignas(64) double start[CROSSOVER_LANES], slope[CROSSOVER_LANES];

#define TAKE_GAIN(i) BAND gain_##i = AT(BAND, start, i), step_##i = AT(BAND, slope, i);
#define WEIGH(i)                                                                                   \
    BAND band_##i = CONST_AT(BAND, lanes + n * CROSSOVER_LANES, i);                                \
    gain_##i += step_##i;                                                                          \
    band_##i *= gain_##i;

    for (size_t i = 0; i < CROSSOVER_LANES; i++) {
        start[i] = from[i / 2];
        slope[i] = (to[i / 2] - from[i / 2]) * (1.0 / (double)frames);
    }
    BANDS(TAKE_GAIN)
    for (size_t n = 0; n < frames; n++) {
        pair both;

        BANDS(WEIGH)
        ADD_UP(both);
        left[n] = both[0];
        right[n] = both[1];
    }
}

const struct crossover_loops LOOPS = {loop_split, loop_sum};
