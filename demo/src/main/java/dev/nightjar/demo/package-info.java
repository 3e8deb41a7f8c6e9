/** The demo: the main job on a real disk, start to end, through the appliance's REST API only. */
@NullMarked
package dev.nightjar.demo;

import org.jspecify.annotations.NullMarked;
