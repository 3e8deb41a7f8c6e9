/** Which kind of source is opened by what. */
@NullMarked
package dev.nightjar.service.source.connect;

import org.jspecify.annotations.NullMarked;
