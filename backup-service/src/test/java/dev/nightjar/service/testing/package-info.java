/** What tests of the whole service share: the running context, and clients of its REST API and its event streams. */
@NullMarked
package dev.nightjar.service.testing;

import org.jspecify.annotations.NullMarked;
