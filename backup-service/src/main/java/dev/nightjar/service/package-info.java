/** The appliance: it backs machines up, keeps their recovery points and restores them; one package a feature. */
@NullMarked
package dev.nightjar.service;

import org.jspecify.annotations.NullMarked;
