/* options_table.c - the entries: what can be set, between what bounds, and what it is for. */
#include "config/options.h"

#define TEXT(section, name, standard, help)                                                        \
    {                                                                                              \
        section, name, OPTION_TEXT, 0, 0, NULL, standard, "", help                                 \
    }
#define INTEGER(section, name, minimum, maximum, standard, unit, help)                             \
    {                                                                                              \
        section, name, OPTION_INTEGER, minimum, maximum, NULL, standard, unit, help                \
    }
#define NUMBER(section, name, minimum, maximum, standard, unit, help)                              \
    {                                                                                              \
        section, name, OPTION_NUMBER, minimum, maximum, NULL, standard, unit, help                 \
    }
#define BOOLEAN(section, name, standard, help)                                                     \
    {                                                                                              \
        section, name, OPTION_BOOLEAN, 0, 0, NULL, standard, "", help                              \
    }
#define CHOICE(section, name, choices, standard, help)                                             \
    {                                                                                              \
        section, name, OPTION_CHOICE, 0, 0, choices, standard, "", help                            \
    }

static const char *const rate_choices[] = {"native", "44100",  "48000",  "88200",  "96000",
                                           "176400", "192000", "352800", "384000", NULL};
static const char *const depth_choices[] = {"auto", "16", "24", "32", "float", NULL};
static const char *const block_choices[] = {"64",   "128",  "256",  "512",
                                            "1024", "2048", "4096", NULL};
static const char *const strategy_choices[] = {"fixed", "adaptive", "robust", NULL};
static const char *const mode_choices[] = {"track", "album", "auto", NULL};
static const char *const loudness_choices[] = {"true", "equal", NULL};
static const char *const precision_choices[] = {"float64", "float32", NULL};
static const char *const quality_choices[] = {"auto",        "full",     "float32", "no-spectral",
                                              "no-dynamics", "original", NULL};
static const char *const processing_choices[] = {"realtime", "offline", NULL};
static const char *const simd_choices[] = {"auto",   "scalar", "sse2", "avx2",
                                           "avx512", "neon",   NULL};
static const char *const volume_choices[] = {"software", "hardware", "none", NULL};
static const char *const theme_choices[] = {"dark", "light", NULL};
static const char *const level_choices[] = {"error", "warning", "notice", "debug", NULL};

static const struct option entries[] = {
    TEXT("output", "device", "default",
         "Where the sound goes: any ALSA name (matchplay devices lists them), \"clock\" for\n"
         "none at all but in time, or \"clock:FILE\" to record what a device would get."),
    CHOICE("output", "sample_rate", rate_choices, "native",
           "The device's rate in Hz: the track's own, or one that all is resampled to."),
    CHOICE("output", "bit_depth", depth_choices, "auto",
           "The device's word: the longest it has, or 16, 24, 32 or float."),
    CHOICE("output", "block_size", block_choices, "512",
           "Frames that the chain works on at a time. Smaller answers faster and costs more."),
    INTEGER("output", "num_buffers", 2, 1024, "8", "blocks",
            "The least number of blocks between the decoder and the sound."),
    NUMBER("output", "read_ahead_seconds", 1, 120, "10", "s",
           "How far the decoder reads ahead, so that a sleeping disk is not heard."),
    CHOICE("output", "buffer_strategy", strategy_choices, "adaptive",
           "How full the device is kept: always fill_target_ms; more after a dropout and slowly\n"
           "less again; or never less than 200 ms."),
    NUMBER("output", "fill_target_ms", 2, 2000, "50", "ms",
           "How much the device holds ahead of what is heard. A key is heard after about this."),
    NUMBER("output", "buffer_ms", 10, 2000, "500", "ms",
           "The device's buffer is opened as large as it gives, up to this."),
    NUMBER("output", "release_after", 0, 86400, "10", "s",
           "A pause this long gives the device back to others; 0 never does."),
    BOOLEAN("output", "dither", "yes",
            "TPDF dither where a sample is longer than the device's word."),
    CHOICE("output", "volume_control", volume_choices, "software",
           "What the volume of remotes turns: the samples, the card's own mixer, or nothing."),

    TEXT("match", "reference", "",
         "The file that every track shall sound like, unless its playlist names another.\n"
         "Empty: tracks stay as they are."),
    CHOICE("match", "match_mode", mode_choices, "track",
           "One match for each track, one for a whole album, or an album's for neighbours of\n"
           "one album."),
    TEXT("match", "preset", "matchering", "The preset to start with; presets.ini names them."),
    TEXT("match", "slot_a", "original",
         "What A is: original, matched (what holds for the track), preset NAME, or\n"
         "reference REF[:WEIGHT]."),
    TEXT("match", "slot_b", "matched", "What B is, likewise."),
    NUMBER("match", "level", 0, 100, "100", "%", "How far the level follows the reference's."),
    NUMBER("match", "eq", 0, 100, "100", "%", "How far the tone follows the reference's."),
    NUMBER("match", "width", 0, 100, "100", "%", "How far the width follows the reference's."),
    BOOLEAN("match", "limiter", "yes",
            "Hold peaks under full scale. Without it they clip where the words are integers."),
    NUMBER("match", "max_boost_db", 0, 60, "0", "dB",
           "No frequency is lifted by more than this against the others; 0: no bound."),
    INTEGER("match", "start_wait_ms", 0, 60000, "500", "ms",
            "How long a track waits for its match. Then it starts as it is, and fades over."),
    CHOICE("match", "ab_loudness", loudness_choices, "true",
           "Compare original and matched at their true level, or equally loud."),
    INTEGER("match", "cache_limit", 16, 65536, "256", "MB",
            "Room on the disk for what was measured; what was used longest ago goes first."),

    CHOICE("chain", "eq_precision", precision_choices, "float64",
           "Arithmetic of the match filter. float32 takes half the time and costs some 20 dB."),
    CHOICE("chain", "quality", quality_choices, "auto",
           "What is left out where the computer is too slow: as much as is needed, or always the\n"
           "same, from nothing to all of the match."),
    INTEGER("chain", "max_latency", 128, 65536, "2048", "frames",
            "How late the chain may make a live source, at 44.1 kHz; as long at other rates."),
    CHOICE("chain", "simd", simd_choices, "auto",
           "Instructions for the inner loops: the best that the processor has, or this."),

    TEXT("library", "music_directory", "",
         "The folder with your music. Empty: what your desktop calls Music, else ~/Music."),
    BOOLEAN("library", "auto_update", "yes",
            "Read what changes in the music folder at once, and all of it at start."),
    BOOLEAN("library", "summaries", "yes",
            "Measure the tracks of the library one by one while nothing plays."),

    TEXT("server", "listen_address", "",
         "The address at which remotes reach the player over the network, \"0.0.0.0\" for\n"
         "every one this machine has. Empty: none but this user, through a socket. It is\n"
         "heeded only with a password."),
    INTEGER("server", "port", 1, 65535, "6600", "", "The port there; 6600 is MPD's."),
    TEXT("server", "password", "",
         "What remotes must say, with what they may do behind an @ (all if nothing is said):\n"
         "\"secret@read,add,player,control,admin\". Several are separated by spaces. See that\n"
         "no other user can read this file."),
    INTEGER("server", "max_connections", 1, 1000, "200", "",
            "Clients at a time; further ones are turned away."),
    INTEGER("server", "connection_timeout", 0, 86400, "60", "s",
            "A client that says nothing for so long, and is not waiting for news, is let go;\n"
            "0: none is."),
    INTEGER("server", "max_command_list_size", 4, 65536, "2048", "KiB",
            "The longest list of commands that is taken."),
    INTEGER("server", "max_output_buffer_size", 64, 1048576, "8192", "KiB",
            "A client that leaves more than this unread is let go."),

    CHOICE("tui", "theme", theme_choices, "dark",
           "Colours for a dark or a light ground. NO_COLOR in the environment: none."),
    BOOLEAN("tui", "status_meters", "yes", "Meters in the status lines from the start; V toggles."),
    NUMBER("tui", "meters_per_second", 1, 30, "10", "/s",
           "How often meters are drawn. Over SSH four times a second, unless this is set."),
    BOOLEAN("tui", "mouse", "yes",
            "The mouse selects and scrolls. With no it marks text as the terminal does."),

    CHOICE("system", "processing_mode", processing_choices, "realtime",
           "realtime: the sound keeps time, and starts as it is where its match is late. offline:\n"
           "each track waits until its match is ready and measured; nothing is left out."),
    INTEGER("system", "memory_limit", 128, 65536, "512", "MB",
            "Past it what is kept for speed is let go, then no new references are taken; the\n"
            "music never stops."),
    BOOLEAN("system", "monitor_performance", "yes",
            "Keep the times of modules and disk, for the meters."),
    BOOLEAN("system", "enable_gpu", "no",
            "For later: matchplay computes on the processor, and says so where this is yes."),
    INTEGER("system", "thread_priority", 0, 99, "70", "",
            "SCHED_FIFO priority of the audio thread; 0: an ordinary thread."),
    TEXT("system", "cpu_affinity", "",
         "Processors that the audio thread may run on, as in \"1\" or \"1,3\". Empty: any."),
    CHOICE("system", "log_level", level_choices, "notice",
           "What is told: error, warning, notice or debug."),
};

const struct option *options_table(size_t *count)
{
    *count = sizeof entries / sizeof entries[0];
    return entries;
}
