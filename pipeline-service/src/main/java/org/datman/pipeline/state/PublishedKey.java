package org.datman.pipeline.state;

import java.io.Serializable;

/** A pipeline of a session. */
record PublishedKey(String session, String pipeline) implements Serializable {}
