/** Where a repository's files lie: a small store of immutable named blobs, and the directory that implements it. */
@NullMarked
package dev.nightjar.storage.blob;

import org.jspecify.annotations.NullMarked;
