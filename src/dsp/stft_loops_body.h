/*
 * stft_loops_body.h - the text of the STFT's loops, read once for each tier.
 *
 * The file that includes it defines LOOPS (name of the table), TIER (attributes of the functions)
 * and LANES: how many floats the tier's vectors hold (4, 8 or 16).
 */

typedef float vec __attribute__((vector_size(4 * LANES)));
typedef float vec_memory __attribute__((vector_size(4 * LANES), aligned(4), may_alias));
/* Half a vector, and as many doubles as a vector has bytes for. */
typedef float half __attribute__((vector_size(2 * LANES)));
typedef float half_memory __attribute__((vector_size(2 * LANES), aligned(4), may_alias));
typedef double wide __attribute__((vector_size(4 * LANES)));
typedef double wide_memory __attribute__((vector_size(4 * LANES), aligned(8), may_alias));

#define VEC(p) (*(vec_memory *)(p))
#define CONST_VEC(p) (*(const vec_memory *)(p))
#define HALF(p) (*(half_memory *)(p))
#define CONST_HALF(p) (*(const half_memory *)(p))
#define WIDE(p) (*(wide_memory *)(p))
#define CONST_WIDE(p) (*(const wide_memory *)(p))

/* Every second number of two vectors, and each number of a half of one vector twice. */
#if LANES == 4
#define EVEN(a, b) __builtin_shufflevector(a, b, 0, 2, 4, 6)
#define ODD(a, b) __builtin_shufflevector(a, b, 1, 3, 5, 7)
#define TWICE_LOW(a) __builtin_shufflevector(a, a, 0, 0, 1, 1)
#define TWICE_HIGH(a) __builtin_shufflevector(a, a, 2, 2, 3, 3)
#elif LANES == 8
#define EVEN(a, b) __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14)
#define ODD(a, b) __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15)
#define TWICE_LOW(a) __builtin_shufflevector(a, a, 0, 0, 1, 1, 2, 2, 3, 3)
#define TWICE_HIGH(a) __builtin_shufflevector(a, a, 4, 4, 5, 5, 6, 6, 7, 7)
#else
#define EVEN(a, b)                                                                                 \
    __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30)
#define ODD(a, b)                                                                                  \
    __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31)
#define TWICE_LOW(a) __builtin_shufflevector(a, a, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7)
#define TWICE_HIGH(a)                                                                              \
    __builtin_shufflevector(a, a, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13, 14, 14, 15, 15)
#endif

TIER static void loop_take(float *to, const double *from, const float *window, size_t count)
{
    for (size_t i = 0; i < count; i += LANES / 2) {
        HALF(to + i) = __builtin_convertvector((wide)CONST_WIDE(from + i), half) *
                       (half)CONST_HALF(window + i);
    }
}

TIER static void loop_add(float *sum, const float *time, const float *window, size_t count)
{
    for (size_t i = 0; i < count; i += LANES) {
        VEC(sum + i) = CONST_VEC(sum + i) + CONST_VEC(time + i) * CONST_VEC(window + i);
    }
}

TIER static void loop_give(double *to, const double *past, float *sum, size_t count)
{
    const half nothing = {0};

    for (size_t i = 0; i < count; i += LANES / 2) {
        wide added = __builtin_convertvector((half)CONST_HALF(sum + i), wide);

        if (past != NULL) {
            added += CONST_WIDE(past + i);
        }
        WIDE(to + i) = added;
        HALF(sum + i) = nothing;
    }
}

TIER static void loop_power(float *power, const float *left, const float *right, size_t bins)
{
    for (size_t k = 0; k < bins; k += LANES) {
        vec l0 = CONST_VEC(left + 2 * k), l1 = CONST_VEC(left + 2 * k + LANES);
        vec r0 = CONST_VEC(right + 2 * k), r1 = CONST_VEC(right + 2 * k + LANES);
        vec p0 = l0 * l0 + r0 * r0, p1 = l1 * l1 + r1 * r1;

        VEC(power + k) = EVEN(p0, p1) + ODD(p0, p1);
    }
}

TIER static void loop_add_shape(float *to, const float *shape, float gain, size_t count)
{
    for (size_t i = 0; i < count; i += LANES) {
        VEC(to + i) = CONST_VEC(to + i) + gain * CONST_VEC(shape + i);
    }
}

TIER static void loop_scale(float *spectrum, const float *factor, size_t bins)
{
    for (size_t k = 0; k < bins; k += LANES) {
        vec by = CONST_VEC(factor + k);

        VEC(spectrum + 2 * k) = CONST_VEC(spectrum + 2 * k) * TWICE_LOW(by);
        VEC(spectrum + 2 * k + LANES) = CONST_VEC(spectrum + 2 * k + LANES) * TWICE_HIGH(by);
    }
}

const struct stft_loops LOOPS = {.take = loop_take,
                                 .add = loop_add,
                                 .give = loop_give,
                                 .power = loop_power,
                                 .add_shape = loop_add_shape,
                                 .scale = loop_scale};
