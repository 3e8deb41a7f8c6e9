# shellcheck shell=bash
# Building, quietly unless it fails.

readonly BUILD_LOG=$NIGHTJAR_ROOT/target/nightjar/build.log
readonly BUILD_STAMP=$NIGHTJAR_ROOT/target/nightjar/built

service_jar() { newest_jar "$NIGHTJAR_ROOT"/backup-service/target/backup-service-*-exec.jar; }
bench_jar() { newest_jar "$NIGHTJAR_ROOT"/bench/target/bench-*.jar; }
cli_jar() { newest_jar "$NIGHTJAR_ROOT"/cli/target/cli-*.jar; }
demo_jar() { newest_jar "$NIGHTJAR_ROOT"/demo/target/demo-*.jar; }

newest_jar() {
    local jar
    for jar in "$@"; do
        case $jar in
            *-sources.jar | *-javadoc.jar | *-tests.jar | *'*'*) ;;
            *)
                printf '%s' "$jar"
                return
                ;;
        esac
    done
    return 1
}

# up_to_date JAR: it exists, and no source is newer than the last build. (The jars' own times are fixed, for reproducible builds.)
up_to_date() {
    [[ -n $1 && -f $1 && -f $BUILD_STAMP ]] || return 1
    [[ -z $(cd "$NIGHTJAR_ROOT" && find pom.xml ./*/pom.xml ./*/src web-ui \
        \( -name node_modules -o -name target -o -name dist -o -name test -o -name e2e -o -path '*/src/api/schema.d.ts' \) -prune \
        -o -type f -newer "$BUILD_STAMP" -print -quit) ]]
}

# build MODULE...: packages the modules and what they need, without tests.
build() {
    local modules started=$SECONDS
    modules=$(
        IFS=,
        echo "$*"
    )
    step "Building Nightjar"
    note "the first time this fetches its libraries; log: ${BUILD_LOG#"$NIGHTJAR_ROOT"/}"
    mkdir -p "$(dirname "$BUILD_LOG")"
    : >"$BUILD_LOG"
    touch "$BUILD_STAMP.started"
    (cd "$NIGHTJAR_ROOT" && quietly "$BUILD_LOG" mvn -B -ntp -pl "$modules" -am -DskipTests \
        -Dspotless.check.skip=true package) || fail "the build failed"
    mv "$BUILD_STAMP.started" "$BUILD_STAMP"
    done_with "built in $((SECONDS - started)) s"
}

build_if_needed() {
    local module jar
    for module in "$@"; do
        case $module in
            backup-service) jar=$(service_jar || true) ;;
            bench) jar=$(bench_jar || true) ;;
            cli) jar=$(cli_jar || true) ;;
            demo) jar=$(demo_jar || true) ;;
            *) jar= ;;
        esac
        if ! up_to_date "$jar"; then
            build "$@"
            return
        fi
    done
}
