/*
 * settings.h - what was set while the player ran: `settings` in the state folder, read before
 * matchplayrc, which is never rewritten.
 *
 * Threads: the thread that sets the options.
 */
#ifndef MP_CONFIG_SETTINGS_H
#define MP_CONFIG_SETTINGS_H

#include "config/ini.h"
#include "config/options.h"

/* Writes one setting into the file, the others staying as they are; value NULL takes it out. The
   file is written whole or not at all. 0, or negative errno with a line in message: -EINVAL for a
   value that no line can hold. */
int settings_keep(const char *path, const struct option *option, const char *value, char *message,
                  size_t size);
/* Both files into new options: the settings file, then matchplayrc over it. Each may be missing;
   what is wrong in them is reported. NULL with errno. */
struct options *settings_read(const char *settings_path, const char *config_path,
                              config_report report, void *context);
/* False, with a line in message: no line of the file can hold this value. */
bool settings_can_keep(const struct option *option, const char *value, char *message, size_t size);
/* True when matchplayrc sets it, and so wins over the settings file at the next start. */
bool settings_overruled(const char *config_path, const struct option *option);

#endif
