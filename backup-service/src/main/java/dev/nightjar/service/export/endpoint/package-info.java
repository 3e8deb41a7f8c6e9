/** The NBD server of the appliance: where it listens, and its certificates. */
@NullMarked
package dev.nightjar.service.export.endpoint;

import org.jspecify.annotations.NullMarked;
