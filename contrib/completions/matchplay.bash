# bash completion for matchplay: put it into /usr/share/bash-completion/completions/matchplay.

_matchplay_names() { # what --help of a command names as its options
    matchplay "$1" --help 2>/dev/null | sed -nE 's/^ +(-[a-zA-Z], )?(--[a-z-]+).*/\2/p'
}

_matchplay() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    local command="" i
    local commands="play match analyze serve send stop scan devices doctor bench"

    COMPREPLY=()
    for ((i = 1; i < COMP_CWORD; i++)); do
        case ${COMP_WORDS[i]} in
        -c | -S | --config | --socket) ((i++)) ;;
        -*) ;;
        *)
            command=${COMP_WORDS[i]}
            break
            ;;
        esac
    done
    case $before in
    -D | --device)
        mapfile -t COMPREPLY < <(compgen -W "default clock $(aplay -L 2>/dev/null | grep '^[a-z]')" \
            -- "$word")
        return
        ;;
    --preset)
        mapfile -t COMPREPLY < <(compgen -W "matchering gentle full night original" -- "$word")
        return
        ;;
    --format)
        mapfile -t COMPREPLY < <(compgen -W "f32 s24 s16" -- "$word")
        return
        ;;
    esac
    case $command in
    "")
        if [[ $word == -* ]]; then
            mapfile -t COMPREPLY < <(compgen -W "--help --version --matchplayrc --config --socket \
                --verbose" -- "$word")
        else
            mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$word")
            compopt -o default
        fi
        ;;
    send)
        if [[ $before == send ]]; then
            mapfile -t COMPREPLY < <(compgen -W "$(matchplay send commands 2>/dev/null |
                sed 's/^command: //')" -- "$word")
        elif [[ $before == match ]]; then
            mapfile -t COMPREPLY < <(compgen -W "$(matchplay send match verbs 2>/dev/null |
                sed 's/^verb: //')" -- "$word")
        fi
        ;;
    *)
        if [[ $word == -* ]]; then
            mapfile -t COMPREPLY < <(compgen -W "$(_matchplay_names "$command")" -- "$word")
        else
            compopt -o default
        fi
        ;;
    esac
}

complete -F _matchplay matchplay
