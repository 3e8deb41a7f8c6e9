package dev.nightjar.service.source.qmp;

/**
 * A disk of a machine under QMP.
 *
 * @param name what it is called in points and runs; outlives a restart
 * @param node the node that the guest writes to
 */
record MachineDisk(String name, BlockNode node) {}
