package org.datman.ingest.redcap;

import java.io.Serializable;

/** Primary key of {@link RedcapForm}. */
record RedcapFormKey(String study, String record, String event) implements Serializable {}
