/** What a repository is and the secrets that belong to it: its configuration and its key file. */
@NullMarked
package dev.nightjar.storage.key;

import org.jspecify.annotations.NullMarked;
