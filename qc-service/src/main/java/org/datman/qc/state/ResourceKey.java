package org.datman.qc.state;

import java.io.Serializable;

/** An associated file. */
record ResourceKey(String accession, String identity) implements Serializable {}
