/*
 * sink_pattern.h - for tests of sinks: words that tell their place, played and compared.
 */
#ifndef MP_TESTS_SINK_PATTERN_H
#define MP_TESTS_SINK_PATTERN_H

#include "output/sink.h"

/* A new file name in a folder of its own, for a test's capture; removed by pattern_remove. */
void pattern_path(char path[SINK_TEXT_SIZE]);
void pattern_remove(const char *path);

/* The words of `frames` frames, the first being number `frame`. */
void pattern_fill(void *words, enum word_format format, uint64_t frame, uint32_t frames);
/* Plays `frames` frames of the pattern, the first being number `first`, in pieces of `block`, and
   drains. Xruns are recovered and counted. Returns their number or a negative errno value. */
int pattern_play(struct sink *sink, const struct sink_format *format, uint64_t first,
                 uint64_t frames, uint32_t block);
/* The first frame of the file that is not the pattern's, or -1 if all `frames` are right and no
   more are there. */
int64_t pattern_first_difference(const char *path, const struct sink_format *format,
                                 uint64_t frames);

#endif
