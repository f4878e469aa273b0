/** Functional runs: steady state, motion, temporal signal and noise, ghosts, spikes. Definitions: qc specification <a href="{@docRoot}/../docs/qc-specification.md#A.2">A.2</a>. */
@NullMarked
package org.datman.metrics.bold;

import org.jspecify.annotations.NullMarked;
