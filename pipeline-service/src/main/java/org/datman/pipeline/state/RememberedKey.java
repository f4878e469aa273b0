package org.datman.pipeline.state;

import java.io.Serializable;

/** One kind of event about one thing. */
record RememberedKey(String session, String topic, String identity) implements Serializable {}
