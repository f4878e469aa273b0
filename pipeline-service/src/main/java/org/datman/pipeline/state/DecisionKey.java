package org.datman.pipeline.state;

import java.io.Serializable;

/** A pipeline of a session. */
record DecisionKey(String session, String pipeline) implements Serializable {}
