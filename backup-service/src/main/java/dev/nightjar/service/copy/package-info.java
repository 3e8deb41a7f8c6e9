/** Copies of recovery points in other repositories: by hand, after each backup, or once a day. */
@NullMarked
package dev.nightjar.service.copy;

import org.jspecify.annotations.NullMarked;
