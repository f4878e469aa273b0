package org.datman.qc.trend;

import java.io.Serializable;

/** An image of a session. */
record HeaderValueKey(String session, String scan, String stem) implements Serializable {}
