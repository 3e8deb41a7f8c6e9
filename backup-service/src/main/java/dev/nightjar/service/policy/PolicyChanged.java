package dev.nightjar.service.policy;

import java.util.UUID;

/**
 * A policy was added, changed or removed; published inside the transaction that does it.
 *
 * @param policyId which
 */
public record PolicyChanged(UUID policyId) {}
