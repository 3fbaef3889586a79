/*
 * limiter_loops_body.h - the text of the limiter's inner loops, read once for each tier.
 *
 * The file that includes it defines LOOPS (name of the table), TIER (attributes of the functions),
 * WIDTH, the type vec, and vec_load, vec_store, vec_all, vec_add, vec_sub, vec_mul, vec_div,
 * vec_fma (a*b+c), vec_max (the second where the first is NaN), vec_magnitude, vec_below (1 where
 * a < b, else 0).
 */

TIER static double vec_highest(vec a)
{
    double lanes[WIDTH];
    double result;

    vec_store(lanes, a);
    result = lanes[0];
    for (size_t k = 1; k < WIDTH; k++) {
        result = lanes[k] > result ? lanes[k] : result;
    }
    return result;
}

TIER static double vec_sum(vec a)
{
    double lanes[WIDTH];
    double result = 0;

    vec_store(lanes, a);
    for (size_t k = 0; k < WIDTH; k++) {
        result += lanes[k];
    }
    return result;
}

TIER static double loop_peak(const double *left, const double *right, size_t frames)
{
    vec a = vec_all(0), b = a, c = a, d = a; /* four, as each waits for its last maximum */

    for (size_t n = 0; n < frames; n += (size_t)2 * WIDTH) {
        a = vec_max(vec_magnitude(vec_load(left + n)), a);
        b = vec_max(vec_magnitude(vec_load(right + n)), b);
        c = vec_max(vec_magnitude(vec_load(left + n + WIDTH)), c);
        d = vec_max(vec_magnitude(vec_load(right + n + WIDTH)), d);
    }
    return vec_highest(vec_max(vec_max(a, b), vec_max(c, d)));
}

TIER static void loop_hard(const double *left, const double *right, size_t frames, double threshold,
                           double *out)
{
    vec one = vec_all(1), limit = vec_all(threshold);

    for (size_t n = 0; n < frames; n += WIDTH) {
        vec high = vec_max(vec_magnitude(vec_load(left + n)), limit);

        high = vec_max(vec_magnitude(vec_load(right + n)), high);
        vec_store(out + n, vec_sub(one, vec_div(limit, high)));
    }
}

/* Windows grow fourfold, then twofold, then to their size, in place: what is read lies ahead of
   what is written. */
TIER static void loop_slide(const double *in, size_t frames, size_t window, double *scratch,
                            double *out)
{
    const double *from = in;
    size_t width = 1;

    for (; width * 4 <= window; width *= 4) {
        for (size_t n = 0; n < frames + window - width * 4; n += WIDTH) {
            vec a = vec_max(vec_load(from + n), vec_load(from + n + width));
            vec b = vec_max(vec_load(from + n + 2 * width), vec_load(from + n + 3 * width));

            vec_store(scratch + n, vec_max(a, b));
        }
        from = scratch;
    }
    if (width * 2 <= window) {
        for (size_t n = 0; n < frames + window - width * 2; n += WIDTH) {
            vec_store(scratch + n, vec_max(vec_load(from + n), vec_load(from + n + width)));
        }
        from = scratch;
        width *= 2;
    }
    for (size_t n = 0; n < frames; n += WIDTH) {
        vec_store(out + n, vec_max(vec_load(from + n), vec_load(from + n + window - width)));
    }
}

TIER static void loop_higher(const double *one, const double *other, size_t frames, double *out)
{
    for (size_t n = 0; n < frames; n += WIDTH) {
        vec_store(out + n, vec_max(vec_load(one + n), vec_load(other + n)));
    }
}

struct taps {
    vec tap[WIDTH + 1];
};

/* The vector of y that follows `last`. */
TIER static inline vec step_forward(const struct taps *taps, vec carry, const double *in, vec last)
{
    vec even = vec_mul(taps->tap[0], vec_load(in));
    vec odd = vec_mul(taps->tap[1], vec_load(in - 1));

    for (size_t j = 2; j < WIDTH; j += 2) {
        even = vec_fma(taps->tap[j], vec_load(in - j), even);
        odd = vec_fma(taps->tap[j + 1], vec_load(in - j - 1), odd);
    }
    even = vec_fma(taps->tap[WIDTH], vec_load(in - WIDTH), even);
    return vec_fma(carry, last, vec_add(even, odd));
}

/* The vector of y that comes before `next` in time. */
TIER static inline vec step_backward(const struct taps *taps, vec carry, const double *in, vec next)
{
    vec even = vec_mul(taps->tap[0], vec_load(in));
    vec odd = vec_mul(taps->tap[1], vec_load(in + 1));

    for (size_t j = 2; j < WIDTH; j += 2) {
        even = vec_fma(taps->tap[j], vec_load(in + j), even);
        odd = vec_fma(taps->tap[j + 1], vec_load(in + j + 1), odd);
    }
    return vec_fma(carry, next, vec_add(even, odd));
}

TIER static inline void load_taps(struct taps *taps, const struct limiter_pole *pole)
{
    for (size_t j = 0; j <= WIDTH; j++) {
        taps->tap[j] = vec_all(pole->taps[j]);
    }
}

/* The first vector forward: what came before is in state and input alone. */
TIER static inline vec first_forward(const struct limiter_scan *scan, const struct taps *taps)
{
    double in[2 * WIDTH];
    vec state = vec_all(scan->state + scan->pole->ratio * scan->input);

    for (size_t k = 0; k < WIDTH; k++) {
        in[k] = 0;
        in[WIDTH + k] = scan->in[k];
    }
    return step_forward(taps, vec_all(scan->pole->carry), in + WIDTH,
                        vec_mul(state, vec_load(scan->pole->seed)));
}

/* The last vector of a block, the first one backward. */
TIER static inline vec first_backward(const struct limiter_scan *scan, const struct taps *taps,
                                      size_t at)
{
    double in[2 * WIDTH];
    double seed[WIDTH];

    for (size_t k = 0; k < WIDTH; k++) {
        in[k] = scan->in[at + k];
        in[WIDTH + k] = 0;
        seed[k] = scan->pole->seed[WIDTH - 1 - k] * scan->state;
    }
    return step_backward(taps, vec_all(scan->pole->carry), in, vec_load(seed));
}

TIER static inline void finish_forward(struct limiter_scan *scan, size_t frames)
{
    scan->state = scan->out[frames - 1];
    scan->input = scan->in[frames - 1];
}

TIER static void loop_forward(struct limiter_scan *one, struct limiter_scan *other, double *peaks,
                              size_t frames)
{
    struct taps one_taps, other_taps;
    vec one_carry = vec_all(one->pole->carry), other_carry = vec_all(other->pole->carry);
    vec a, b;

    load_taps(&one_taps, one->pole);
    load_taps(&other_taps, other->pole);
    a = first_forward(one, &one_taps);
    b = first_forward(other, &other_taps);
    vec_store(one->out, a);
    vec_store(other->out, b);
    vec_store(peaks, vec_max(b, vec_load(other->in)));
    for (size_t n = WIDTH; n < frames; n += WIDTH) {
        a = step_forward(&one_taps, one_carry, one->in + n, a);
        b = step_forward(&other_taps, other_carry, other->in + n, b);
        vec_store(one->out + n, a);
        vec_store(other->out + n, b);
        vec_store(peaks + n, vec_max(b, vec_load(other->in + n)));
    }
    finish_forward(one, frames);
    finish_forward(other, frames);
}

TIER static void loop_both_ways(struct limiter_scan *forward, struct limiter_scan *backward,
                                size_t frames)
{
    struct taps ahead_taps, back_taps;
    vec ahead_carry = vec_all(forward->pole->carry), back_carry = vec_all(backward->pole->carry);
    vec a, b;

    load_taps(&ahead_taps, forward->pole);
    load_taps(&back_taps, backward->pole);
    a = first_forward(forward, &ahead_taps);
    b = first_backward(backward, &back_taps, frames - WIDTH);
    vec_store(forward->out, a);
    vec_store(backward->out + frames - WIDTH, b);
    for (size_t n = WIDTH; n < frames; n += WIDTH) {
        size_t at = frames - WIDTH - n;

        a = step_forward(&ahead_taps, ahead_carry, forward->in + n, a);
        b = step_backward(&back_taps, back_carry, backward->in + at, b);
        vec_store(forward->out + n, a);
        vec_store(backward->out + at, b);
    }
    finish_forward(forward, frames);
}

TIER static double loop_dot(const double *one, const double *other, size_t frames)
{
    vec sum = vec_all(0);

    for (size_t n = 0; n < frames; n += WIDTH) {
        sum = vec_fma(vec_load(one + n), vec_load(other + n), sum);
    }
    return vec_sum(sum);
}

TIER static double loop_gain(const double *const parts[3], double *gain, size_t frames,
                             double output_gain, double limit, double *limited)
{
    vec one = vec_all(1), scale = vec_all(output_gain), under = vec_all(limit);
    vec most = vec_all(0), count = vec_all(0);

    for (size_t n = 0; n < frames; n += WIDTH) {
        vec high = vec_max(vec_load(gain + n), vec_load(parts[0] + n));

        high = vec_max(high, vec_max(vec_load(parts[1] + n), vec_load(parts[2] + n)));
        most = vec_max(high, most);
        high = vec_sub(one, high);
        count = vec_add(count, vec_below(high, under));
        vec_store(gain + n, vec_mul(high, scale));
    }
    *limited += vec_sum(count);
    return 1 - vec_highest(most);
}

TIER static void loop_swap(double *delay, double *audio, const double *gain, size_t frames)
{
    size_t n = 0;

    for (; n + WIDTH <= frames; n += WIDTH) {
        vec late = vec_load(delay + n);

        vec_store(delay + n, vec_load(audio + n));
        vec_store(audio + n, vec_mul(late, vec_load(gain + n)));
    }
    for (; n < frames; n++) {
        double late = delay[n];

        delay[n] = audio[n];
        audio[n] = late * gain[n];
    }
}

TIER static void loop_swap_evenly(double *delay, double *audio, double gain, size_t frames)
{
    vec scale = vec_all(gain);
    size_t n = 0;

    for (; n + WIDTH <= frames; n += WIDTH) {
        vec late = vec_load(delay + n);

        vec_store(delay + n, vec_load(audio + n));
        vec_store(audio + n, vec_mul(late, scale));
    }
    for (; n < frames; n++) {
        double late = delay[n];

        delay[n] = audio[n];
        audio[n] = late * gain;
    }
}

const struct limiter_loops LOOPS = {
    .width = WIDTH,
    .peak = loop_peak,
    .hard = loop_hard,
    .slide = loop_slide,
    .higher = loop_higher,
    .forward = loop_forward,
    .both_ways = loop_both_ways,
    .dot = loop_dot,
    .gain = loop_gain,
    .swap = loop_swap,
    .swap_evenly = loop_swap_evenly,
};
