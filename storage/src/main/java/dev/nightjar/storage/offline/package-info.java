/** Offline: a repository by itself, without catalog and without service: looked at, proven, read. Nothing here changes a repository. */
@NullMarked
package dev.nightjar.storage.offline;

import org.jspecify.annotations.NullMarked;
