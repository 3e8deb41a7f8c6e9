# shellcheck shell=bash
# The commands.

# Room for the chunk index's batches and pack buffers; memory does not grow with disk size. Native access is for zstd and Netty.
readonly SERVICE_JVM_OPTIONS=(
    -Xms128m -Xmx1g -XX:G1HeapRegionSize=4m -XX:+ExitOnOutOfMemoryError -XX:+UseCompactObjectHeaders
    --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow
)

# A tool is over soon: one thread of garbage collection, what it loads archived at its first end, and for the short ones no second
# compiler. Java does not know whether standard error is a terminal.
readonly TOOL_JVM_OPTIONS=(
    -XX:+UseSerialGC -Xshare:auto -XX:+AutoCreateSharedArchive
    -Xlog:cds=off -Xlog:cds+dynamic=off
    -Dstdout.encoding=UTF-8 -Dstderr.encoding=UTF-8
    --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow
)

command_help() {
    cat <<'HELP'
Nightjar: incremental backups of QEMU/KVM machines.

  ./nightjar demo [--exit] [--report FILE] [--keep DIR]
                         back up, change, back up again and restore a live QEMU disk, then show the dashboard
  ./nightjar serve [...] run the appliance on http://127.0.0.1:8740; arguments go to the service (--server.port=…)
  ./nightjar nbd info|list|map|copy URI …
                         look at any NBD server and copy its disks; --help tells more
  ./nightjar repository inspect|check|restore DIR|s3://… …
                         look at a repository, check it, and restore from it without any service; --help tells more
  ./nightjar bench nbd [--report FILE]
                         measure reading and serving over NBD, side by side with nbdcopy and qemu-nbd
  ./nightjar bench storage [--report FILE]
                         measure backups, restores and the catalog, side by side with borg, restic and nbdcopy
  ./nightjar test        run every test of the project, browser tests included
  ./nightjar fuzz [--minutes N]
                         fuzz everything that reads what a peer sends, each for so long (default: 10)
  ./nightjar campaign rot|faults|crash|kill|postgres|interleavings|object-lock [--seed N] [--minutes N]
                         try everything of a kind that can go wrong with a repository, at least for so long (default: 5)
  ./nightjar setup       only bring what the commands above need
  ./nightjar help        this text

Each command first brings what is missing on this machine (as root on Debian 12 or 13) and says what that is.

  JAVA_HOME              a JDK 25 to use
  NIGHTJAR_TOOLS         where tools go that Debian does not have (default: ~/.cache/nightjar/tools)
  NIGHTJAR_JAVA_OPTIONS  more options for the JVM of the service and of the tools for repositories, for example -Xmx4g
HELP
}

command_demo() {
    set_up jdk maven node qemu mke2fs
    build_if_needed backup-service demo
    exec "$JAVA_HOME/bin/java" -Xmx256m -Dstdout.encoding=UTF-8 -Dstderr.encoding=UTF-8 -jar "$(demo_jar)" \
        --service-jar "$(service_jar)" "$@"
}

command_serve() {
    set_up jdk maven node
    build_if_needed backup-service
    local more=()
    read -r -a more <<<"${NIGHTJAR_JAVA_OPTIONS:-}"
    exec "$JAVA_HOME/bin/java" "${SERVICE_JVM_OPTIONS[@]}" "${more[@]}" -jar "$(service_jar)" "$@"
}

command_nbd() {
    local options=()
    [[ ${1:-} == copy ]] || options+=(-XX:TieredStopAtLevel=1)
    run_tool nbd options "$@"
}

command_repository() {
    local more=()
    read -r -a more <<<"${NIGHTJAR_JAVA_OPTIONS:-}"
    run_tool repository more "$@"
}

# run_tool COMMAND OPTIONS ARGUMENT...: runs a command of the command line's jar; OPTIONS names an array of options for the JVM.
run_tool() {
    local command=$1
    local -n options_of_tool=$2
    local all=("${options_of_tool[@]}" -XX:SharedArchiveFile="$NIGHTJAR_ROOT/target/nightjar/$command.jsa")
    shift 2
    if [[ -t 2 ]]; then
        all+=(-Dnightjar.terminal=true "-Dnightjar.columns=$(tput cols 2>/dev/null || echo 80)")
    fi
    set_up jdk
    up_to_date "$(cli_jar || true)" || {
        set_up maven
        build cli
    }
    exec "$JAVA_HOME/bin/java" "${TOOL_JVM_OPTIONS[@]}" "${all[@]}" -jar "$(cli_jar)" "$command" "$@"
}

command_bench() {
    local memory=(-Xmx1g -XX:MaxDirectMemorySize=1g)
    if [[ ${1:-} == storage ]]; then
        set_up restic borg mke2fs
        # What is measured runs inside of this JVM: it has to do with what the service may have.
        memory=(-Xmx512m -XX:MaxDirectMemorySize=256m)
    fi
    set_up jdk maven node qemu nbdinfo
    build_if_needed backup-service bench
    exec "$JAVA_HOME/bin/java" "${memory[@]}" -XX:G1HeapRegionSize=4m -XX:+UseCompactObjectHeaders \
        --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
        -Dstdout.encoding=UTF-8 -Dstderr.encoding=UTF-8 -Dnightjar.service-jar="$(service_jar)" -jar "$(bench_jar)" "$@"
}

command_setup() {
    set_up jdk maven node qemu mke2fs nbdkit nbdinfo zstd chromium emulator guest
    done_with "everything is there: JDK $JDK_RELEASE in $JAVA_HOME, Maven $(mvn_version)," \
        "Node.js $(node_version), QEMU $(qemu_version)"
}

command_test() {
    set_up jdk maven node qemu mke2fs nbdkit nbdinfo zstd chromium emulator guest
    local log=$NIGHTJAR_ROOT/target/nightjar/test.log started=$SECONDS code=0
    mkdir -p "$(dirname "$log")"
    step "Running every test"
    note "log: ${log#"$NIGHTJAR_ROOT"/}"
    rm -rf "$NIGHTJAR_ROOT"/*/target/{surefire,failsafe}-reports
    (cd "$NIGHTJAR_ROOT" && mvn -B -ntp verify "$@") </dev/null 2>&1 | tee "$log" | show_progress || code=$?
    summarise $((SECONDS - started)) "$code"
}

command_fuzz() {
    local minutes=10
    if [[ ${1:-} == --minutes ]]; then
        minutes=${2:-}
        shift 2 || true
    fi
    [[ $minutes =~ ^[1-9][0-9]{0,4}$ && $# -eq 0 ]] || fail "usage: ./nightjar fuzz [--minutes N]"
    set_up jdk maven
    local log=$NIGHTJAR_ROOT/target/nightjar/fuzz.log code=0
    mkdir -p "$(dirname "$log")"
    step "Fuzzing for $minutes min a target, three at a time"
    note "log: ${log#"$NIGHTJAR_ROOT"/}; findings and what was learnt: fuzz/target/fuzz"
    (cd "$NIGHTJAR_ROOT" && mvn -B -ntp verify -pl fuzz -am -Dexec.skip -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false \
        -Dit.test=FuzzIT -Dfailsafe.failIfNoSpecifiedTests=false -Dfuzz.seconds=$((minutes * 60))) </dev/null >"$log" 2>&1 ||
        code=$?
    grep -E '^[A-Za-z]+FuzzTest: [0-9]+ inputs' "$log" >&2 || true
    [[ $code -eq 0 ]] || fail "an input broke a rule, or the build failed; see $log"
    done_with "no input broke a rule"
}

# What the test command takes a sample of, as a whole.
command_campaign() {
    local usage="usage: ./nightjar campaign rot|faults|crash|kill|postgres|interleavings|object-lock [--seed N] [--minutes N]"
    local name=${1:-} tests minutes=5 seed=() extent=()
    case $name in
        rot) tests=RotIT ;;
        faults) tests=FaultsIT,FullDiskIT,StoreFaultsIT ;;
        postgres) tests=PostgresIT,StaleCatalogIT,ContendedCatalogIT ;;
        crash)
            tests=CrashIT,KilledThenPowerCutIT
            extent=(-Dcrash.share=1 -Dcrash.draws=8)
            ;;
        kill)
            tests=KilledProcessIT
            extent=(-Dcrash.kills=250)
            ;;
        interleavings) tests=ReclaimInterleavingIT ;;
        object-lock)
            tests=ObjectLockCampaign
            [[ -n ${NIGHTJAR_CAMPAIGN_S3:-} ]] || fail "set NIGHTJAR_CAMPAIGN_S3 to the address of an object store with object lock"
            ;;
        *) fail "$usage" ;;
    esac
    shift
    while [[ $# -gt 0 ]]; do
        [[ ${2:-} =~ ^-?[0-9]{1,19}$ ]] || fail "$usage"
        case $1 in
            --minutes) minutes=$2 ;;
            --seed) seed=(-Dcampaign.seed="$2") ;;
            *) fail "$usage" ;;
        esac
        shift 2
    done
    set_up jdk maven
    local log=$NIGHTJAR_ROOT/target/nightjar/campaign-$name.log code=0
    mkdir -p "$(dirname "$log")"
    step "Campaign: $name"
    note "log: ${log#"$NIGHTJAR_ROOT"/}"
    (cd "$NIGHTJAR_ROOT" && mvn -B -ntp verify -pl storage -am -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false \
        -Dit.test="$tests" -Dfailsafe.failIfNoSpecifiedTests=false -Dcampaign.minutes="$minutes" "${seed[@]}" "${extent[@]}") \
        </dev/null >"$log" 2>&1 || code=$?
    grep -E '^campaign ' "$log" >&2 || true
    [[ $code -eq 0 ]] || fail "something did not hold, or the build failed; see $log"
    done_with "everything held"
}

# One line per module and test class; what went wrong as Maven says it.
show_progress() {
    grep --line-buffered -E '^\[INFO\] Building .*\[[0-9]+/[0-9]+\]|Tests run:.* -- in |^\[ERROR\]|✘' |
        sed -u -E \
            -e 's/^\[INFO\] Building ([^ ]+) .*/\n\1/' \
            -e 's/^\[[A-Z]+\] Tests run: ([0-9]+), Failures: 0, Errors: 0, Skipped: ([0-9]+), Time elapsed: ([0-9.]+) s -- in (.*)/  ✓ \4: \1 tests, \2 skipped, \3 s/' \
            -e 's/, 0 skipped//' >&2 || true
}

summarise() {
    local seconds=$1 code=$2 totals
    totals=$(find "$NIGHTJAR_ROOT" -path '*/target/*-reports/TEST-*.xml' -print0 | xargs -0 -r cat | awk '
        /<testsuite / {
            classes++
            count["tests"] += value("tests"); count["failures"] += value("failures")
            count["errors"] += value("errors"); count["skipped"] += value("skipped")
        }
        function value(name) { return match($0, " " name "=\"[0-9]+\"") ? substr($0, RSTART + length(name) + 3) + 0 : 0 }
        END {
            printf "%d Java tests in %d classes: %d failed, %d skipped", count["tests"], classes,
                count["failures"] + count["errors"], count["skipped"]
        }')
    say
    say "$totals; $((seconds / 60)) min $((seconds % 60)) s"
    if [[ $code -ne 0 ]]; then
        fail "tests failed; reports: */target/*-reports, log: target/nightjar/test.log"
    fi
    say "${GREEN}Every test passed.${PLAIN}"
}
