/** Functional runs: steady state, motion, temporal signal and noise, ghosts, spikes. Definitions: qc specification A.2. */
@NullMarked
package org.datman.metrics.bold;

import org.jspecify.annotations.NullMarked;
