package dev.nightjar.system;

import dev.nightjar.testkit.StorageDaemon;
import dev.nightjar.testkit.StorageDaemon.LiveDisk;

/**
 * A live machine with a disk, and its id in the appliance.
 *
 * @param id the appliance's name for it
 * @param machine the machine
 * @param disk its disk
 */
record Protected(String id, StorageDaemon machine, LiveDisk disk) {}
