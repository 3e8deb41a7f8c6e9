# shellcheck shell=bash
# QEMU's disk tools: 8.2 is the first with extended NBD headers.

readonly QEMU_AT_LEAST=8.2

qemu_version() {
    command -v qemu-img >/dev/null && qemu-img --version | sed -n 's/^qemu-img version \([0-9.]*\).*/\1/p'
}

have_qemu() {
    command -v qemu-storage-daemon >/dev/null && command -v qemu-nbd >/dev/null &&
        version_at_least "$(qemu_version)" "$QEMU_AT_LEAST"
}

need_qemu() {
    have_qemu && return
    apt_update_once
    local candidate
    candidate=$(apt_candidate qemu-utils)
    if version_at_least "${candidate#*:}" "$QEMU_AT_LEAST"; then
        apt_install "QEMU's disk tools" qemu-utils
    else
        enable_backports
        apt_install "QEMU's disk tools, $QEMU_AT_LEAST or newer" -t "$(os_release VERSION_CODENAME)-backports" qemu-utils
    fi
    have_qemu || fail "qemu-img is $(qemu_version) after the installation, $QEMU_AT_LEAST or newer is needed"
}
