package org.datman.qc.trend;

import java.io.Serializable;

/** A metric of an image, by one version of its definition. */
record TrendValueKey(String session, String scan, String stem, String metric, String version) implements Serializable {}
