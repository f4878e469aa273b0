package org.datman.qc.state;

import java.io.Serializable;

/** A scan of a session. */
record SeriesKey(String accession, String scan) implements Serializable {}
