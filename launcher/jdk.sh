# shellcheck shell=bash
# JDK 25: found, or from Debian, or brought beside Debian 12.

readonly JDK_RELEASE=25
readonly JDK_TREE=$NIGHTJAR_TOOLS/jdk-$JDK_RELEASE

find_jdk() {
    local home
    for home in "${JAVA_HOME:-}" /usr/lib/jvm/* "$(java_home_of_path)" "$JDK_TREE"/usr/lib/jvm/java-"$JDK_RELEASE"-*; do
        if is_jdk "$home"; then
            printf '%s' "$home"
            return
        fi
    done
    return 1
}

java_home_of_path() {
    local javac
    javac=$(command -v javac) && dirname "$(dirname "$(readlink -f "$javac")")"
}

# A JDK says its version in a file; it also has to be able to run, which a tree that was moved is not.
is_jdk() {
    [[ -n $1 && -x $1/bin/javac ]] && grep -qs "^JAVA_VERSION=\"${JDK_RELEASE}[.\"]" "$1/release" &&
        "$1/bin/java" -version >/dev/null 2>&1
}

install_jdk() {
    local package=openjdk-$JDK_RELEASE-jdk-headless
    apt_update_once
    if [[ -n $(apt_candidate "$package") ]]; then
        apt_install "JDK $JDK_RELEASE, to build and run" "$package"
        return
    fi
    [[ $(dpkg --print-architecture) == amd64 ]] ||
        fail "there is no JDK $JDK_RELEASE in this Debian; install one and set JAVA_HOME"
    apt_install "sets the loader of programs that are brought beside Debian" patchelf ca-certificates
    note "unpacking JDK $JDK_RELEASE of Debian $TREE_SUITE into $JDK_TREE; nothing on the host changes"
    rm -rf "$JDK_TREE"
    unpack_tree "$JDK_TREE" "$package"
    settle_tree "$JDK_TREE"
    trust_host_certificates "$JDK_TREE/usr/lib/jvm/java-$JDK_RELEASE-openjdk-amd64"
}

# Debian makes the JDK's trust store when it configures the package; an unpacked one gets it from the host's certificates.
trust_host_certificates() {
    local home=$1 store
    store=$(readlink -f "$home/lib/security")/cacerts
    rm -f "$store"
    quietly "$SETUP_LOG" "$home/bin/java" "$NIGHTJAR_ROOT/launcher/ImportCertificates.java" \
        /etc/ssl/certs/ca-certificates.crt "$store" || fail "cannot make the trust store of the JDK"
}

need_jdk() {
    JAVA_HOME=$(find_jdk) || {
        install_jdk
        JAVA_HOME=$(find_jdk) || fail "JDK $JDK_RELEASE does not run after its installation; see $SETUP_LOG"
    }
    export JAVA_HOME
    PATH=$JAVA_HOME/bin:$PATH
}

have_jdk() { find_jdk >/dev/null; }
