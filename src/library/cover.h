/*
 * cover.h - the picture of an album as a file beside its tracks.
 *
 * cover, folder, front and albumart, in this order, as png, jpg, jpeg, webp, jxl or gif; case
 * aside. Where a track lies in a folder of one disc of several ("CD 1"), the folder above counts as
 * well.
 *
 * Threads: any but the audio thread. It reads the folder.
 */
#ifndef MP_LIBRARY_COVER_H
#define MP_LIBRARY_COVER_H

/* The path of the cover for a track of this path, the caller's; NULL with errno, ENOENT: none. */
char *cover_find(const char *track);

#endif
