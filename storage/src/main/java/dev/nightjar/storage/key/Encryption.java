package dev.nightjar.storage.key;

import java.util.Arrays;
import java.util.Optional;

/** How a repository's frames are encrypted. */
public enum Encryption {
    /** Not at all: whoever can read the packs can read the disks. */
    NONE("none"),
    /** AES-256-GCM: whoever has neither passphrase nor recovery key sees ids, sizes and where disks are zero. */
    AES_256_GCM("aes-256-gcm");

    private final String configName;

    Encryption(String configName) {
        this.configName = configName;
    }

    /** The name in the configuration. */
    String configName() {
        return configName;
    }

    static Optional<Encryption> ofConfigName(String name) {
        return Arrays.stream(values())
                .filter(encryption -> encryption.configName.equals(name))
                .findFirst();
    }
}
