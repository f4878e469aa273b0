package org.datman.qc.state;

import java.io.Serializable;

/** A file of paired data. */
record ResourceKey(String accession, String identity) implements Serializable {}
