package org.datman.simulator.archive;

/** A session or subject shared with another project, where it may have another label. */
public record Share(String project, String label) {}
