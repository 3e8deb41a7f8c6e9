# shellcheck shell=bash
# Maven.

readonly MAVEN_AT_LEAST=3.8.7

# Without a JDK, Maven cannot say its version; need_maven, which comes after the JDK, asks again.
have_maven() {
    command -v mvn >/dev/null || return 1
    have_jdk || return 0
    version_at_least "$(mvn_version)" "$MAVEN_AT_LEAST"
}

# Asked outside the project, whose .mvn/jvm.config an older java on the PATH does not understand.
mvn_version() {
    (cd / && JAVA_HOME=$(find_jdk) mvn -v 2>/dev/null) | sed -n 's/.*Apache Maven \([0-9.]*\).*/\1/p'
}

need_maven() {
    have_maven && return
    apt_install "builds Nightjar" maven
    have_maven || fail "Maven $MAVEN_AT_LEAST or newer is needed, this Debian has $(mvn_version)"
}
