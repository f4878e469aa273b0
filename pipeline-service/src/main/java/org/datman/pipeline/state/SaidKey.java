package org.datman.pipeline.state;

import java.io.Serializable;

/** A pipeline of a session. */
record SaidKey(String session, String pipeline) implements Serializable {}
