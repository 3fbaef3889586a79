/*
 * match_report.h - what a match did, in words and in JSON.
 *
 * Threads: the main thread.
 */
#ifndef MP_COMMAND_MATCH_REPORT_H
#define MP_COMMAND_MATCH_REPORT_H

#include "command/json.h"
#include "match/render.h"

#include <stdio.h>

/* One line: "out.wav: +8.4 dB, brighter above 4 kHz by 6.0 dB; limited by 1.2 dB at most". */
void match_report_line(FILE *file, const struct render_request *request,
                       const struct render_report *report);
/* One object on a line of its own. */
void match_report_json(FILE *file, const struct render_request *request,
                       const struct render_report *report);
/* The members that describe a track, into the object that is open. */
void profile_json(struct json *json, const struct profile *profile);

/* 20 log10; -HUGE_VAL for 0. */
double amplitude_db(double amplitude);

#endif
