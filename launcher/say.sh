# shellcheck shell=bash
# What the launcher says. Everything goes to standard error, so that a command's own output stays clean.

if [[ -t 2 && -z ${NO_COLOR:-} ]]; then
    BOLD=$'\e[1m' DIM=$'\e[2m' RED=$'\e[31m' GREEN=$'\e[32m' PLAIN=$'\e[0m'
else
    BOLD='' DIM='' RED='' GREEN='' PLAIN=''
fi

say() { printf '%s\n' "$*" >&2; }
step() { printf '%s▸ %s%s\n' "$BOLD" "$*" "$PLAIN" >&2; }
note() { printf '  %s%s%s\n' "$DIM" "$*" "$PLAIN" >&2; }
done_with() { printf '  %s✓%s %s\n' "$GREEN" "$PLAIN" "$*" >&2; }

fail() {
    printf '%snightjar: %s%s\n' "$RED" "$*" "$PLAIN" >&2
    exit 1
}

# quietly LOG COMMAND...: output goes to the log; if the command fails, the end of its output is shown.
quietly() {
    local log=$1 start code=0
    shift
    mkdir -p "$(dirname "$log")"
    start=$(wc -c 2>/dev/null <"$log" || echo 0)
    "$@" >>"$log" 2>&1 </dev/null || code=$?
    if [[ $code -ne 0 ]]; then
        tail -c "+$((start + 1))" "$log" | tail -n 40 >&2
        say "${RED}failed: $*${PLAIN}"
        note "the whole output is in $log"
    fi
    return "$code"
}

# version_at_least HAVE WANTED: compares dotted numbers.
version_at_least() {
    [[ -n $1 && $(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1) == "$2" ]]
}
