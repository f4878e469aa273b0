package org.datman.qc.state;

import java.io.Serializable;

/** An image that was reviewed. */
record ReviewKey(String accession, String stem) implements Serializable {}
