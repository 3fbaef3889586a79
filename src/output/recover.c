/* recover.c - what an error of a sink means. */
#include "output/recover.h"

#include <errno.h>

enum { FIRST_DELAY_MS = 100, LONGEST_DELAY_MS = 5000 };

MP_RT enum recover_step recover_step_for(int error)
{
    if (error >= 0 || error == -EAGAIN || error == -EINTR) {
        return RECOVER_NOTHING;
    }
    if (error == -EPIPE) {
        return RECOVER_PREPARE;
    }
    if (error == -ESTRPIPE) {
        return RECOVER_RESUME;
    }
    if (error == -ENOSPC || error == -EDQUOT || error == -EFBIG) {
        return RECOVER_GIVE_UP; /* the file behind a sink is full */
    }
    return RECOVER_REOPEN;
}

enum recover_step recover_step_for_open(int error)
{
    switch (-error) {
    case EACCES:
    case EPERM:
    case EINVAL:
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
    case EISDIR:
        return RECOVER_GIVE_UP;
    default: /* busy, not there (yet), out of memory, a sound server that starts */
        return RECOVER_REOPEN;
    }
}

uint32_t recover_delay_ms(uint32_t attempt)
{
    uint32_t delay_ms = FIRST_DELAY_MS;

    if (attempt == 0) {
        return 0;
    }
    for (uint32_t i = 1; i < attempt && delay_ms < LONGEST_DELAY_MS; i++) {
        delay_ms *= 2;
    }
    return delay_ms < LONGEST_DELAY_MS ? delay_ms : LONGEST_DELAY_MS;
}

const char *recover_text(int error)
{
    switch (-error) {
    case EPIPE:
        return "xrun";
    case ESTRPIPE:
        return "suspended";
    case ENODEV:
    case ENOENT:
    case ENXIO:
        return "unplugged";
    case EIO:
    case EBADFD:
        return "broken";
    case EBUSY:
        return "in use";
    case EACCES:
    case EPERM:
        return "no permission";
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return "file is full";
    case ETIMEDOUT:
        return "hangs";
    default:
        return error < 0 ? "failed" : "works";
    }
}
