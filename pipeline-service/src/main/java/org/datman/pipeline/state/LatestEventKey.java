package org.datman.pipeline.state;

import java.io.Serializable;

/** One kind of event about one thing. */
record LatestEventKey(String session, String topic, String identity) implements Serializable {}
