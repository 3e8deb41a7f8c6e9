/** Repositories in the buckets of S3-compatible object stores. */
@NullMarked
package dev.nightjar.storage.blob.s3;

import org.jspecify.annotations.NullMarked;
