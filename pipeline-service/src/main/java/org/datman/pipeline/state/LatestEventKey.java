package org.datman.pipeline.state;

import java.io.Serializable;

/** Event type and identity. */
record LatestEventKey(String session, String topic, String identity) implements Serializable {}
