/**
 * Exports a tagged series from XNAT to named, verified files in the archive, and withdraws files
 * when they no longer match XNAT and the study's rules. Kafka is the work queue, the archive holds the state.
 */
@NullMarked
package org.datman.export;

import org.jspecify.annotations.NullMarked;
