/** Configuration of the appliance, and the database it runs on: an embedded PostgreSQL or any other. */
@NullMarked
package dev.nightjar.service.config;

import org.jspecify.annotations.NullMarked;
