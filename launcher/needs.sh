# shellcheck shell=bash
# What a command needs, and what to do about what is missing.

declare -rA NEED_HINT=(
    [jdk]="JDK 25 (found by JAVA_HOME, /usr/lib/jvm or PATH); Debian 13: apt install openjdk-25-jdk-headless"
    [maven]="Maven 3.8.7 or newer; Debian: apt install maven"
    [node]="Node.js 20.19 or newer with npm; Debian 13: apt install nodejs npm"
    [qemu]="QEMU's disk tools, 8.2 or newer; Debian 12: apt install -t bookworm-backports qemu-utils"
    [mke2fs]="mke2fs; Debian: apt install e2fsprogs"
    [nbdkit]="nbdkit; Debian: apt install nbdkit"
    [nbdinfo]="nbdinfo and nbdcopy; Debian: apt install libnbd-bin"
    [zstd]="zstd; Debian: apt install zstd"
    [emulator]="QEMU's emulator of a PC; Debian: apt install qemu-system-x86, of the same version as qemu-utils"
    [guest]="Debian's kernel for clouds and busybox-static, unpacked by this launcher as root on Debian"
    [restic]="restic; Debian: apt install restic"
    [borg]="borg; Debian: apt install borgbackup"
    [chromium]="Chromium; Debian: apt install chromium"
)

have_mke2fs() { command -v mke2fs >/dev/null || [[ -x /usr/sbin/mke2fs || -x /sbin/mke2fs ]]; }
have_nbdkit() { command -v nbdkit >/dev/null; }
have_nbdinfo() { command -v nbdinfo >/dev/null && command -v nbdcopy >/dev/null; }
have_zstd() { command -v zstd >/dev/null; }
have_restic() { command -v restic >/dev/null; }
have_borg() { command -v borg >/dev/null; }
have_chromium() { command -v chromium >/dev/null; }

need_mke2fs() { have_mke2fs || apt_install "makes the demo's file system" e2fsprogs; }
need_nbdkit() { have_nbdkit || apt_install "a second NBD server to test against" nbdkit; }
need_nbdinfo() { have_nbdinfo || apt_install "a second NBD client to test against" libnbd-bin; }
need_zstd() { have_zstd || apt_install "opens what Nightjar compressed" zstd; }
need_restic() { have_restic || apt_install "another backup program to measure against" restic; }
need_borg() { have_borg || apt_install "another backup program to measure against" borgbackup; }
need_chromium() { have_chromium || apt_install "the browser tests' browser" chromium; }

# set_up NEED...: afterwards everything is there and on the PATH, or the launcher has ended and said what is missing.
set_up() {
    local need missing=()
    use_brought_node
    let_postgres_run
    for need in "$@"; do
        "have_$need" || missing+=("$need")
    done
    if [[ ${#missing[@]} -gt 0 ]]; then
        can_install || refuse_to_install "${missing[@]}"
        step "Setting up this machine: ${missing[*]}"
    fi
    for need in "$@"; do
        "need_$need"
    done
    if [[ ${#missing[@]} -gt 0 ]]; then
        done_with "set up"
    fi
}

refuse_to_install() {
    local need
    say "Nightjar needs, and this machine does not have:"
    for need in "$@"; do
        say "  - ${NEED_HINT[$need]}"
    done
    fail "run this as root on Debian 12 or 13 to have it installed, or install it yourself"
}

# PostgreSQL does not run as root; see the script that is put on the PATH here.
let_postgres_run() {
    if [[ $(id -u) -eq 0 ]] && ! unshare -U true 2>/dev/null; then
        PATH=$NIGHTJAR_ROOT/launcher/no-user-namespaces:$PATH
    fi
}
