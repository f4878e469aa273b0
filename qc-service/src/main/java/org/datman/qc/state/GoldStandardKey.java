package org.datman.qc.state;

import java.io.Serializable;
import java.time.LocalDate;

/** What a gold standard applies to, and from when. */
record GoldStandardKey(String study, String site, String tag, LocalDate validFrom) implements Serializable {}
