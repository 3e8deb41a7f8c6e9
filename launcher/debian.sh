# shellcheck shell=bash
# Debian's package manager, as far as the launcher needs it.

NIGHTJAR_TOOLS=${NIGHTJAR_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/nightjar/tools}
readonly SETUP_LOG=$NIGHTJAR_ROOT/target/nightjar/setup.log
readonly BACKPORTS_SOURCES=/etc/apt/sources.list.d/nightjar-backports.sources

can_install() {
    [[ $(id -u) -eq 0 ]] && command -v apt-get >/dev/null && [[ $(os_release ID) == debian ]]
}

os_release() {
    # shellcheck source=/dev/null
    (source /etc/os-release 2>/dev/null && printf '%s' "${!1:-}")
}

# A package list of today is good enough; one that is older or missing is fetched once per call of the launcher.
apt_update_once() {
    [[ -n ${APT_UPDATED:-} ]] && return
    note "fetching Debian's package lists"
    quietly "$SETUP_LOG" apt-get -q update || fail "apt-get update failed: is the network up?"
    APT_UPDATED=yes
}

# apt_candidate PACKAGE: the version that apt-get install would bring.
apt_candidate() {
    apt-cache policy "$1" 2>/dev/null | awk '/Candidate:/ && $2 != "(none)" {print $2; exit}'
}

# apt_install PURPOSE PACKAGE...: says what and why, then installs without recommendations.
apt_install() {
    local purpose=$1
    shift
    apt_update_once
    note "apt-get install $* ($purpose)"
    DEBIAN_FRONTEND=noninteractive quietly "$SETUP_LOG" \
        apt-get -q -y install --no-install-recommends "$@" || fail "cannot install $*"
}

# debian_mirror: the URI from which this machine gets Debian itself.
debian_mirror() {
    # $(REPO_URI) and the rest are apt's placeholders.
    # shellcheck disable=SC2016
    apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
        awk -v suite="$(os_release VERSION_CODENAME)" '($2 == suite || $2 == "stable") && $3 == "main" {print $1; exit}'
}

# enable_backports: adds the backports suite of the same mirror, unless it is there already.
enable_backports() {
    local suite
    suite=$(os_release VERSION_CODENAME)-backports
    # shellcheck disable=SC2016
    if apt-get indextargets --format '$(RELEASE)' 'Created-By: Packages' | grep -qx "$suite"; then
        return
    fi
    note "adding Debian's own $suite ($BACKPORTS_SOURCES)"
    printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\nSigned-By: %s\n' \
        "$(debian_mirror)" "$suite" /usr/share/keyrings/debian-archive-keyring.gpg >"$BACKPORTS_SOURCES"
    APT_UPDATED=
}
