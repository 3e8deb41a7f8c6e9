# shellcheck shell=bash
# Programs of the next Debian, unpacked into a directory of their own. The host's packages, its libc above all, stay as they are.

readonly TREE_SUITE=trixie

# unpack_tree DIR PACKAGE...: the packages and all they depend on, as files below DIR.
unpack_tree() {
    local root=$1 work mirror deb
    shift
    mirror=$(debian_mirror)
    [[ -n $mirror ]] || fail "cannot tell which Debian mirror this machine uses; see /etc/apt/sources.list*"
    work=$(mktemp -d)
    fetch_tree_packages "$work" "$mirror" "$@"
    mkdir -p "$root"/usr/{bin,sbin,lib,lib64}
    local merged
    for merged in bin sbin lib lib64; do
        ln -sfn "usr/$merged" "$root/$merged"
    done
    for deb in "$work"/cache/archives/*.deb; do
        dpkg-deb --fsys-tarfile "$deb" |
            tar -x --keep-directory-symlink -C "$root" --exclude './usr/share/doc' --exclude './usr/share/man'
    done
    rm -rf "$work"
}

# apt with lists, state and cache of its own, and the host's network settings.
fetch_tree_packages() {
    local work=$1 mirror=$2
    shift 2
    mkdir -p "$work"/{state/lists,cache/archives}/partial
    : >"$work/status"
    printf 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s %s main\n' \
        "$mirror" "$TREE_SUITE" >"$work/sources.list"
    local options=(
        -q -o "Dir::State=$work/state" -o "Dir::State::status=$work/status" -o "Dir::Cache=$work/cache"
        -o "Dir::Etc::sourcelist=$work/sources.list" -o Dir::Etc::sourceparts=-
        -o Dir::Etc::preferences=- -o Dir::Etc::preferencesparts=-
        -o Acquire::Languages=none -o APT::Sandbox::User=root
    )
    quietly "$SETUP_LOG" apt-get "${options[@]}" update || fail "cannot read Debian $TREE_SUITE from $mirror"
    quietly "$SETUP_LOG" apt-get "${options[@]}" -y --download-only --no-install-recommends install "$@" ||
        fail "cannot fetch $* of Debian $TREE_SUITE"
}

# settle_tree DIR: makes the tree's programs run from where they are. Links that point into / point into the tree, and every
# program is loaded by the tree's own loader with the tree's own libraries (DT_RPATH, which reaches their dependencies too;
# an environment variable would reach children that are the host's).
settle_tree() {
    local root=$1 link file
    while IFS= read -r -d '' link; do
        ln -sfn "$root$(readlink "$link")" "$link"
    done < <(find "$root" -type l -lname '/*' -not -lname "$root/*" -print0)
    while IFS= read -r -d '' file; do
        is_program "$file" && bind_program "$root" "$file"
    done < <(find "$root/usr/bin" "$root/usr/lib/jvm" -type f -perm /111 -not -name '*.so*' -print0 2>/dev/null)
    return 0
}

is_program() {
    [[ $(head -c 4 "$1" | tail -c 3) == ELF ]] && patchelf --print-interpreter "$1" >/dev/null 2>&1
}

bind_program() {
    local root=$1 file=$2 own
    own=$(patchelf --print-rpath "$file")
    patchelf --set-interpreter "$root/usr/lib64/ld-linux-x86-64.so.2" "$file"
    patchelf --force-rpath --set-rpath "${own:+$own:}$root/usr/lib/x86_64-linux-gnu" "$file"
}
