/*
 * rcfile.h - matchplayrc, and the settings file that :set writes, into the options.
 *
 * Threads: the thread that sets the options.
 */
#ifndef MP_CONFIG_RCFILE_H
#define MP_CONFIG_RCFILE_H

#include "config/ini.h"
#include "config/options.h"

#include <stdio.h>

/* Sets what the file says; a bad line, an unknown name or a value out of range is reported with its
   line and costs that setting alone. [keys] becomes bindings. 0, or negative errno when the file
   could not be read at all (-ENOENT: there is none), which is not reported. */
int rcfile_read(struct options *options, const char *path, config_report report, void *context);

/* Writes matchplayrc as it is shipped: every setting of the table with its help, commented out at
   its default. 0 or -EIO. */
int rcfile_write_template(FILE *file);

#endif
