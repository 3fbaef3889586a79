/*
 * crossover_body.h - the text of the crossover's loops, read once for each tier.
 *
 * The file that includes it defines LOOPS (name of the table), TIER (attributes of the functions)
 * and WIDTH (numbers in a vector: 2, 4 or 8). Lanes are worked off a vector at a time, each over
 * all frames, so that the states of its filters stay in registers; filters in a row overlap, as one
 * waits for itself alone.
 */
#if WIDTH == 8
enum { HALF_WIDTH = 4 };
#else
enum { HALF_WIDTH = WIDTH };
#endif
enum { HALVES = 4 / HALF_WIDTH, OCTETS = CROSSOVER_LANES / WIDTH };

/* Of lanes of the first filters and of the second. May alias the doubles that they are made of. */
typedef double half_vec __attribute__((vector_size(8 * HALF_WIDTH), may_alias));
typedef double band_vec __attribute__((vector_size(8 * WIDTH), may_alias));

#define LOAD(type, from) (*(const type *)(const void *)(from))
#define STORE(type, to, value) (*(type *)(void *)(to) = (value))

/* One filter of each lane: its numbers, its states, and a frame through it. Macros, for vectors
   that a processor does not know must not be arguments. */
#define FILTER(type, name, from, at)                                                               \
    const type name##_b0 = LOAD(type, (from).b0 + (at)), name##_b1 = LOAD(type, (from).b1 + (at)), \
               name##_b2 = LOAD(type, (from).b2 + (at)), name##_a1 = LOAD(type, (from).a1 + (at)), \
               name##_a2 = LOAD(type, (from).a2 + (at));                                           \
    type name##_one = LOAD(type, (from).one + (at)), name##_two = LOAD(type, (from).two + (at))
#define STEP(type, name, x)                                                                        \
    do {                                                                                           \
        const type out_ = name##_b0 * (x) + name##_one;                                            \
                                                                                                   \
        name##_one = name##_b1 * (x)-name##_a1 * out_ + name##_two;                                \
        name##_two = name##_b2 * (x)-name##_a2 * out_;                                             \
        (x) = out_;                                                                                \
    } while (0)
#define KEEP(type, name, to, at)                                                                   \
    STORE(type, (to).one + (at), name##_one);                                                      \
    STORE(type, (to).two + (at), name##_two)

/* The halves, each of them in the places of both its bands. */
TIER static void split_halves(struct crossover_halves *first, size_t at, const double *left,
                              const double *right, size_t frames, double *lanes)
{
    FILTER(half_vec, f0, first[0], at);
    FILTER(half_vec, f1, first[1], at);
    FILTER(half_vec, f2, first[2], at);

    for (size_t n = 0; n < frames; n++) {
#if WIDTH == 2
        half_vec x = {left[n], right[n]};
#else
        half_vec x = {left[n], right[n], left[n], right[n]};
#endif

        STEP(half_vec, f0, x);
        STEP(half_vec, f1, x);
        STEP(half_vec, f2, x);
#if WIDTH == 2
        STORE(half_vec, lanes + n * CROSSOVER_LANES + 2 * at, x);
        STORE(half_vec, lanes + n * CROSSOVER_LANES + 2 * at + 2, x);
#else
        STORE(half_vec, lanes + n * CROSSOVER_LANES, __builtin_shufflevector(x, x, 0, 1, 0, 1));
        STORE(half_vec, lanes + n * CROSSOVER_LANES + 4, __builtin_shufflevector(x, x, 2, 3, 2, 3));
#endif
    }
    KEEP(half_vec, f0, first[0], at);
    KEEP(half_vec, f1, first[1], at);
    KEEP(half_vec, f2, first[2], at);
}

TIER static void split_bands(struct crossover_bands *second, size_t at, size_t frames,
                             double *lanes, double *power)
{
    FILTER(band_vec, s0, second[0], at);
    FILTER(band_vec, s1, second[1], at);
    band_vec squares = {0};

    for (size_t n = 0; n < frames; n++) {
        band_vec x = LOAD(band_vec, lanes + n * CROSSOVER_LANES + at);

        STEP(band_vec, s0, x);
        STEP(band_vec, s1, x);
        squares += x * x;
        STORE(band_vec, lanes + n * CROSSOVER_LANES + at, x);
    }
    KEEP(band_vec, s0, second[0], at);
    KEEP(band_vec, s1, second[1], at);
    for (size_t i = 0; i < WIDTH; i++) {
        power[at + i] = squares[i];
    }
}

TIER static void loop_split(struct crossover *crossover, const double *left, const double *right,
                            size_t frames, double *lanes, double power[CROSSOVER_LANES])
{
    for (size_t i = 0; i < HALVES; i++) {
        split_halves(crossover->first, i * HALF_WIDTH, left, right, frames, lanes);
    }
    for (size_t i = 0; i < OCTETS; i++) {
        split_bands(crossover->second, i * WIDTH, frames, lanes, power);
    }
}

TIER static void loop_sum(const double *lanes, size_t frames, const double from[CROSSOVER_BANDS],
                          const double to[CROSSOVER_BANDS], double *left, double *right)
{
    _Alignas(64) double gains[CROSSOVER_LANES], steps[CROSSOVER_LANES];
    band_vec gain[OCTETS], step[OCTETS];

    for (size_t i = 0; i < CROSSOVER_LANES; i++) {
        gains[i] = from[i / 2];
        steps[i] = (to[i / 2] - from[i / 2]) / (double)frames;
    }
    for (size_t i = 0; i < OCTETS; i++) {
        gain[i] = LOAD(band_vec, gains + i * WIDTH);
        step[i] = LOAD(band_vec, steps + i * WIDTH);
    }
    for (size_t n = 0; n < frames; n++) {
        const double *frame = lanes + n * CROSSOVER_LANES;
        band_vec all;

        gain[0] += step[0];
        all = gain[0] * LOAD(band_vec, frame);
#if WIDTH < 8
        gain[1] += step[1];
        all += gain[1] * LOAD(band_vec, frame + WIDTH);
#endif
#if WIDTH < 4
        gain[2] += step[2];
        all += gain[2] * LOAD(band_vec, frame + 2 * WIDTH);
        gain[3] += step[3];
        all += gain[3] * LOAD(band_vec, frame + 3 * WIDTH);
        left[n] = all[0];
        right[n] = all[1];
#elif WIDTH < 8
        left[n] = all[0] + all[2];
        right[n] = all[1] + all[3];
#else
        half_vec both = __builtin_shufflevector(all, all, 0, 1, 2, 3) +
                        __builtin_shufflevector(all, all, 4, 5, 6, 7);

        left[n] = both[0] + both[2];
        right[n] = both[1] + both[3];
#endif
    }
}

const struct crossover_loops LOOPS = {loop_split, loop_sum};
