/** Lock: points that nobody can delete before a date, and what the store itself keeps for them. */
@NullMarked
package dev.nightjar.storage.lock;

import org.jspecify.annotations.NullMarked;
