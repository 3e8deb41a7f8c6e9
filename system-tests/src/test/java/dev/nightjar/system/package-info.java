/** The whole appliance, as processes and over its REST API, against real QEMU, PostgreSQL and a browser. */
package dev.nightjar.system;
