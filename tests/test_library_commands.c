/* test_library_commands.c - list, find, count and their kin, answered as Debian's mpd 0.23.12
   answers them; where the order of texts is ours (case aside), the songs are such that it is the
   same. */
#include "library/database.h"
#include "library_support.h"
#include "server_support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void put(struct database *database, const char *uri, double seconds, const char *tags)
{
    struct made_record made;

    record_make(&made, uri, tags);
    made.tags.duration_s = seconds;
    assert_int_equal(database_put(database, &made.record), 0);
}

static void put_all(const char *path)
{
    struct database *database;
    struct made_record broken;
    char message[512];

    assert_int_equal(database_open(&database, path, NULL, message, sizeof message), 0);
    assert_int_equal(database_begin(database), 0);
    put(database, "Bjork/Homogenic/01.flac", 1.5,
        "Artist=Bj\xC3\xB6rk|Album=Homogenic|Title=Hunter|Track=1/10|Date=1997|Genre=Pop");
    put(database, "Bjork/Homogenic/02.flac", 2.037,
        "Artist=Bj\xC3\xB6rk|AlbumArtist=Bj\xC3\xB6rk|Album=Homogenic|Title=J\xC3\xB3ga|Track=02");
    put(database, "Acdc/hells.flac", 2, "Artist=AC/DC|Album=Back in Black|Title=Hells \"Bells\"");
    put(database, "Various/x1.flac", 1,
        "Artist=One|AlbumArtist=Various|Album=Mix|Title=It's mine|Track=10");
    put(database, "Various/x2.flac", 1,
        "Artist=Two|AlbumArtist=Various|Album=Mix|Title=Two|Track=9|ArtistSort=Zwei");
    put(database, "plain.flac", 2, "");
    record_make(&broken, "broken.flac", "");
    broken.record.error = "no sound in it";
    assert_int_equal(database_put(database, &broken.record), 0);
    assert_int_equal(database_commit(database), 0);
    database_close(database);
}

static int set_up(void **state)
{
    struct served *served = served_start("[library]\nauto_update = no\n");
    char path[256];

    served_stop(served);
    snprintf(path, sizeof path, "%s/data/matchplay/library.db", served_folder(served));
    put_all(path);
    served_start_again(served);
    *state = served;
    return 0;
}

static int tear_down(void **state)
{
    served_destroy(*state);
    return 0;
}

struct exchange {
    const char *asked, *answered;
};

static void hold(const struct served *served, const struct exchange *exchanges, size_t count)
{
    int client = served_connect(served);

    for (size_t i = 0; i < count; i++) {
        const char *answer = served_ask(client, exchanges[i].asked);

        if (strcmp(answer, exchanges[i].answered) != 0) {
            print_error("%s\n", exchanges[i].asked);
        }
        assert_string_equal(answer, exchanges[i].answered);
    }
    close(client);
}

#define HOLD(served, exchanges) hold(served, exchanges, sizeof(exchanges) / sizeof(exchanges)[0])

#define HUNTER                                                                                     \
    "file: Bjork/Homogenic/01.flac\nLast-Modified: 1970-01-01T00:16:40Z\nFormat: 44100:16:2\n"     \
    "Artist: Bj\xC3\xB6rk\nAlbum: Homogenic\nTitle: Hunter\nTrack: 1\nGenre: Pop\nDate: 1997\n"    \
    "Time: 2\nduration: 1.500\n"
#define PLAIN                                                                                      \
    "file: plain.flac\nLast-Modified: 1970-01-01T00:16:40Z\nFormat: 44100:16:2\n"                  \
    "Time: 2\nduration: 2.000\n"
#define DIRECTORY(name) "directory: " name "\nLast-Modified: 1970-01-01T00:16:40Z\n"

static void lists_tags_and_groups_of_them(void **state)
{
    static const struct exchange exchanges[] = {
        {"list artist",
         "Artist: \nArtist: AC/DC\nArtist: Bj\xC3\xB6rk\nArtist: One\nArtist: Two\nOK\n"},
        {"list albumartist", "AlbumArtist: \nAlbumArtist: AC/DC\nAlbumArtist: Bj\xC3\xB6rk\n"
                             "AlbumArtist: Various\nOK\n"},
        {"list artistsort", "ArtistSort: \nArtistSort: AC/DC\nArtistSort: Bj\xC3\xB6rk\n"
                            "ArtistSort: One\nArtistSort: Zwei\nOK\n"},
        {"list album group albumartist",
         "AlbumArtist: \nAlbum: \nAlbumArtist: AC/DC\nAlbum: Back in Black\n"
         "AlbumArtist: Bj\xC3\xB6rk\nAlbum: Homogenic\nAlbumArtist: Various\nAlbum: Mix\nOK\n"},
        {"list title \"(album == 'Mix')\" group albumartist group artist",
         "Artist: One\nAlbumArtist: Various\nTitle: It's mine\n"
         "Artist: Two\nAlbumArtist: Various\nTitle: Two\nOK\n"},
        {"list title \"(album == 'Mix')\" group albumartist",
         "AlbumArtist: Various\nTitle: It's mine\nTitle: Two\nOK\n"},
        {"list album \"AC/DC\"", "Album: Back in Black\nOK\n"},
        {"list album artist \"AC/DC\"", "Album: Back in Black\nOK\n"},
        {"list artist album Mix", "Artist: One\nArtist: Two\nOK\n"},
        {"list artist window 1:3", "Artist: AC/DC\nArtist: Bj\xC3\xB6rk\nOK\n"},
        {"list file base Various", "file: Various/x2.flac\nfile: Various/x1.flac\nOK\n"},
        {"list artist One", "ACK [2@0] {list} should be \"Album\" for 3 arguments\n"},
        {"list any", "ACK [2@0] {list} Unknown tag type: any\n"},
        {"list album group foo", "ACK [2@0] {list} Unknown tag type: foo\n"},
        {"list artist group artist", "ACK [2@0] {list} Conflicting group\n"},
        {"list", "ACK [2@0] {list} too few arguments for \"list\"\n"},
    };

    HOLD(*state, exchanges);
}

static void finds_sorts_and_cuts_windows(void **state)
{
    static const struct exchange exchanges[] = {
        {"find title Hunter", HUNTER "OK\n"},
        {"find title hunter", "OK\n"},
        {"search title HUNT", HUNTER "OK\n"},
        {"find \"((artist == 'Bj\xC3\xB6rk') AND (title == 'Hunter'))\"", HUNTER "OK\n"},
        {"find track 1", HUNTER "OK\n"},
        {"find \"(artist == '')\"", PLAIN "OK\n"},
        {"find \"(artist != '')\" sort -track window 3:4", HUNTER "OK\n"},
        {"find \"(title == 'Hunter')\" window 1:", "OK\n"},
        {"find base Various/", "ACK [2@0] {find} Bad URI\n"},
        {"find base nothing", "ACK [50@0] {find} No such directory\n"},
        {"search base various", "ACK [50@0] {search} No such directory\n"},
        {"find foo bar", "ACK [2@0] {find} Unknown filter type\n"},
        {"find artist", "ACK [2@0] {find} Incorrect number of filter arguments\n"},
        {"find title Hunter sort foo", "ACK [2@0] {find} Unknown sort tag\n"},
        {"find title Hunter window 3:1", "ACK [2@0] {find} Malformed range: 3:1\n"},
        {"find title Hunter window 0:1 sort title", "ACK [2@0] {find} Unknown filter type\n"},
        {"find sort title", "ACK [2@0] {find} Incorrect number of filter arguments\n"},
    };

    HOLD(*state, exchanges);
}

static void counts_songs_and_whole_seconds(void **state)
{
    static const struct exchange exchanges[] = {
        {"count artist Bj\xC3\xB6rk", "songs: 2\nplaytime: 3\nOK\n"},
        {"count \"(artist == 'nobody')\"", "songs: 0\nplaytime: 0\nOK\n"},
        {"count \"(artist == 'nobody')\" group album", "OK\n"},
        {"count group album", "Album: \nsongs: 1\nplaytime: 2\n"
                              "Album: Back in Black\nsongs: 1\nplaytime: 2\n"
                              "Album: Homogenic\nsongs: 2\nplaytime: 3\n"
                              "Album: Mix\nsongs: 2\nplaytime: 2\nOK\n"},
        {"count group foo", "ACK [2@0] {count} Unknown tag type: foo\n"},
        {"count foo bar", "ACK [2@0] {count} Unknown filter type\n"},
    };

    HOLD(*state, exchanges);
}

static void browses_the_tree(void **state)
{
    static const struct exchange exchanges[] = {
        {"listall", "file: broken.flac\nfile: plain.flac\ndirectory: Acdc\n"
                    "file: Acdc/hells.flac\ndirectory: Bjork\ndirectory: Bjork/Homogenic\n"
                    "file: Bjork/Homogenic/01.flac\nfile: Bjork/Homogenic/02.flac\n"
                    "directory: Various\nfile: Various/x2.flac\nfile: Various/x1.flac\nOK\n"},
        {"listall Various",
         "directory: Various\nfile: Various/x2.flac\nfile: Various/x1.flac\nOK\n"},
        {"listall plain.flac", "file: plain.flac\nOK\n"},
        {"listallinfo plain.flac", PLAIN "OK\n"},
        {"lsinfo", "file: broken.flac\nLast-Modified: 1970-01-01T00:16:40Z\n"
                   "Format: 44100:16:2\nTime: 200\nduration: 200.000\nError: no sound in it\n" PLAIN
                       DIRECTORY("Acdc") DIRECTORY("Bjork") DIRECTORY("Various") "OK\n"},
        {"lsinfo Bjork", DIRECTORY("Bjork/Homogenic") "OK\n"},
        {"lsinfo Bjork/Homogenic/01.flac", HUNTER "OK\n"},
        {"lsinfo nothing", "ACK [50@0] {lsinfo} No such directory\n"},
        {"lsinfo Various/", "ACK [50@0] {lsinfo} No such directory\n"},
        {"lsinfo ../", "ACK [50@0] {lsinfo} No such directory\n"},
        {"listall /Various", "ACK [50@0] {listall} No such directory\n"},
        {"readcomments nothing", "ACK [50@0] {readcomments} No such song\n"},
        {"readcomments Various/x2.flac",
         "Artist: Two\nArtistSort: Zwei\nAlbum: Mix\nAlbumArtist: Various\nTitle: Two\n"
         "Track: 9\nOK\n"},
        {"albumart Various/x1.flac 0", "ACK [50@0] {albumart} No file exists\n"},
        {"albumart ../x 0", "ACK [50@0] {albumart} No file exists\n"},
        {"albumart x y", "ACK [2@0] {albumart} Integer expected: y\n"},
        {"readpicture nothing 0", "ACK [50@0] {readpicture} No such song\n"},
        {"update ../x", "ACK [2@0] {update} Malformed path\n"},
        {"update /x", "ACK [2@0] {update} Malformed path\n"},
        {"update x/./y", "ACK [2@0] {update} Malformed path\n"},
    };

    HOLD(*state, exchanges);
}

static void adds_what_is_found_to_the_queue(void **state)
{
    static const struct exchange exchanges[] = {
        {"findadd album Mix", "OK\n"},
        {"searchadd title HUNT position 1", "OK\n"},
        {"findadd \"(artist != '')\" sort title window 0:1 position 0", "OK\n"},
        {"playlist", "0:file: Acdc/hells.flac\n1:file: Various/x2.flac\n"
                     "2:file: Bjork/Homogenic/01.flac\n3:file: Various/x1.flac\nOK\n"},
        {"findadd title nothing", "OK\n"},
        {"findadd album Mix position 77", "ACK [2@0] {findadd} Number too large: 77\n"},
        {"findadd album Mix position +0", "ACK [55@0] {findadd} No current song\n"},
        {"findadd album Mix position x", "ACK [2@0] {findadd} Integer expected: x\n"},
    };

    HOLD(*state, exchanges);
}

static void adds_what_is_found_to_a_playlist(void **state)
{
    static const struct exchange exchanges[] = {
        {"searchaddpl mine album mix", "OK\n"},
        {"searchaddpl mine title hunt position 0", "OK\n"},
        {"listplaylist mine", "file: Bjork/Homogenic/01.flac\nfile: Various/x2.flac\n"
                              "file: Various/x1.flac\nOK\n"},
        {"searchaddpl mine title hunt position 77", "ACK [2@0] {searchaddpl} Bad position\n"},
        {"match findaddpl other \"(album == 'mix')\"", "OK\n"},
        {"match findaddpl other \"(album == 'Mix')\" sort title window 1:2", "OK\n"},
        {"listplaylist other", "file: Various/x2.flac\nOK\n"},
        {"searchaddpl a/b title hunt", "ACK [2@0] {searchaddpl} Bad playlist name\n"},
        {"searchaddpl mine", "ACK [2@0] {searchaddpl} too few arguments for \"searchaddpl\"\n"},
    };
    int client;

    HOLD(*state, exchanges);
    client = served_connect(*state);
    assert_non_null(strstr(served_ask(client, "lsinfo"), "playlist: mine\nLast-Modified: "));
    close(client);
}

/* By place: Hunter, Joga, then x2 and x1 of Mix; the queue: hells, Hunter, x1, Joga, Hunter. */
static void finds_the_next_hit_in_every_list(void **state)
{
    static const struct exchange exchanges[] = {
        {"add Acdc/hells.flac", "OK\n"},
        {"add Bjork/Homogenic/01.flac", "OK\n"},
        {"add Various/x1.flac", "OK\n"},
        {"add Bjork/Homogenic/02.flac", "OK\n"},
        {"add Bjork/Homogenic/01.flac", "OK\n"},
        {"match find queue hunter 0 +1", "position: 1\nOK\n"},
        {"match find queue \"BJ\xC3\x96RK hunt\" 1 +1", "position: 4\nOK\n"},
        {"match find queue hunter 4 +0", "position: 4\nOK\n"},
        {"match find queue hunter 3 -1", "position: 1\nOK\n"},
        {"match find queue hunter 0 -0", "position: 4\nOK\n"},
        {"match find queue \"(file == 'Various/x1.flac')\" 0 +1", "position: 2\nOK\n"},
        {"match find queue \"mine joga\" 0 +1", "OK\n"},
        {"match find queue ack 1 +1", "position: 0\nOK\n"}, /* inside of Back */
        {"save jazz", "OK\n"},
        {"match find playlist jazz \"back hells\" 3 +1", "position: 0\nOK\n"},
        {"match find playlist jazz hunter 4 -1", "position: 1\nOK\n"},
        {"match find playlist none hunter 4 -1", "ACK [50@0] {match} No such playlist\n"},
        {"match find \"\" Title hunter 0 +1", "position: 2\nOK\n"},
        {"match find queue hunter 0", "ACK [2@0] {match} too few arguments for \"match find\"\n"},
        {"match find queue hunter 0 +1 x",
         "ACK [2@0] {match} wrong number of arguments for \"match find\"\n"},
        {"match find \"\" Title hunter 0",
         "ACK [2@0] {match} wrong number of arguments for \"match find\"\n"},
        {"match find queue hunter 0 +2", "ACK [2@0] {match} +1, -1, +0 or -0 is expected: +2\n"},
    };

    HOLD(*state, exchanges);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(lists_tags_and_groups_of_them, set_up, tear_down),
        cmocka_unit_test_setup_teardown(finds_sorts_and_cuts_windows, set_up, tear_down),
        cmocka_unit_test_setup_teardown(counts_songs_and_whole_seconds, set_up, tear_down),
        cmocka_unit_test_setup_teardown(browses_the_tree, set_up, tear_down),
        cmocka_unit_test_setup_teardown(adds_what_is_found_to_the_queue, set_up, tear_down),
        cmocka_unit_test_setup_teardown(adds_what_is_found_to_a_playlist, set_up, tear_down),
        cmocka_unit_test_setup_teardown(finds_the_next_hit_in_every_list, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
