# shellcheck shell=bash
# A guest for the tests: Debian's kernel for clouds and a busybox, unpacked and not installed, and a QEMU to boot them.

readonly GUEST_FILES=$NIGHTJAR_TOOLS/guest
# What a disk on virtio takes, in the order in which they are loaded.
readonly GUEST_MODULES=(virtio_ring virtio virtio_pci_legacy_dev virtio_pci_modern_dev virtio_pci virtio_blk)

have_emulator() { command -v qemu-system-x86_64 >/dev/null; }

# Of the same suite as the disk tools, with which it shares files.
need_emulator() {
    have_emulator && return
    apt_update_once
    local suite=()
    if ! version_at_least "$(apt_candidate qemu-system-x86 | sed 's/^[0-9]*://')" "$QEMU_AT_LEAST"; then
        enable_backports
        suite=(-t "$(os_release VERSION_CODENAME)-backports")
    fi
    apt_install "boots a guest from a recovery point" "${suite[@]}" qemu-system-x86
}

have_guest() { [[ -f $GUEST_FILES/complete ]]; }

need_guest() {
    have_guest && return
    apt_update_once
    local work kernel
    kernel=$(apt-cache depends linux-image-cloud-amd64 | awk '/Depends: linux-image-/ {print $2; exit}')
    [[ -n $kernel ]] || fail "Debian's kernel for clouds (linux-image-cloud-amd64) cannot be found"
    note "fetching $kernel and busybox-static (unpacked into $GUEST_FILES, not installed)"
    work=$(mktemp -d)
    (cd "$work" && quietly "$SETUP_LOG" apt-get -q -o APT::Sandbox::User=root download "$kernel" busybox-static) ||
        fail "cannot fetch $kernel and busybox-static"
    local deb
    for deb in "$work"/*.deb; do
        dpkg-deb --fsys-tarfile "$deb" |
            tar -x -C "$work" --exclude './usr/share/doc' --exclude './usr/share/man'
    done
    rm -rf "$GUEST_FILES"
    mkdir -p "$GUEST_FILES/modules"
    cp "$work"/boot/vmlinuz-* "$GUEST_FILES/vmlinuz"
    find "$work" -path '*bin/busybox' -type f -exec cp {} "$GUEST_FILES/busybox" \;
    local module found number=0
    for module in "${GUEST_MODULES[@]}"; do
        number=$((number + 1))
        found=$(find "$work" -name "$module.ko*" -print -quit)
        case $found in
            *.ko) cp "$found" "$GUEST_FILES/modules/$number-$module.ko" ;;
            *.ko.xz) xz -dc "$found" >"$GUEST_FILES/modules/$number-$module.ko" ;;
            *) ;; # Part of the kernel itself.
        esac
    done
    rm -rf "$work"
    touch "$GUEST_FILES/complete"
}
