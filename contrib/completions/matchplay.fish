# fish completion for matchplay: put it into ~/.config/fish/completions.

set -l verbs play match analyze serve send stop scan devices doctor bench
set -l bare "not __fish_seen_subcommand_from $verbs"
set -l presets "matchering gentle full night original"

complete -c matchplay -s c -l config -r -d 'read another matchplayrc'
complete -c matchplay -s S -l socket -r -d 'socket, or HOST:PORT'
complete -c matchplay -s v -l verbose -d 'say more'
complete -c matchplay -s h -l help -d help
complete -c matchplay -n $bare -l version -d version
complete -c matchplay -n $bare -l matchplayrc -d 'every setting explained'
complete -c matchplay -n $bare -a play -d 'play files, folders and playlists here'
complete -c matchplay -n $bare -a match -d 'write a file that sounds like a reference'
complete -c matchplay -n $bare -a analyze -d 'say what a track sounds like'
complete -c matchplay -n $bare -a serve -d 'the player alone'
complete -c matchplay -n $bare -a send -d 'one command to the running player'
complete -c matchplay -n $bare -a stop -d 'end the running player'
complete -c matchplay -n $bare -a scan -d 'read the library now'
complete -c matchplay -n $bare -a devices -d 'the ALSA devices'
complete -c matchplay -n $bare -a doctor -d 'what this box allows'
complete -c matchplay -n $bare -a bench -d 'what the chain costs here'
complete -c matchplay -n '__fish_seen_subcommand_from play match' -s r -l reference -r \
    -d 'the track to sound like'
complete -c matchplay -n '__fish_seen_subcommand_from play match' -l preset -x -a $presets
complete -c matchplay -n '__fish_seen_subcommand_from play' -s D -l device -x -a 'default clock'
complete -c matchplay -n '__fish_seen_subcommand_from play' -l original -l wait
complete -c matchplay -n '__fish_seen_subcommand_from match' -s o -l output -r
complete -c matchplay -n '__fish_seen_subcommand_from match' -l format -x -a 'f32 s24 s16'
complete -c matchplay -n '__fish_seen_subcommand_from match' -l level -l eq -l width -x
complete -c matchplay -n '__fish_seen_subcommand_from match' -l no-limiter
complete -c matchplay -n '__fish_seen_subcommand_from match analyze bench' -l json
complete -c matchplay -n '__fish_seen_subcommand_from serve' -l foreground
complete -c matchplay -n '__fish_seen_subcommand_from send' -f \
    -a '(matchplay send commands 2>/dev/null | string replace "command: " "")'
