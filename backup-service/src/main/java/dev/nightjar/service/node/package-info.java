/** The processes that share one database and one repository: who is alive, and work that only one of them does at a time. */
@NullMarked
package dev.nightjar.service.node;

import org.jspecify.annotations.NullMarked;
