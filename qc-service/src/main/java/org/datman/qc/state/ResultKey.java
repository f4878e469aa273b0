package org.datman.qc.state;

import java.io.Serializable;

/** An image of a scan. */
record ResultKey(String session, String scan, String stem) implements Serializable {}
