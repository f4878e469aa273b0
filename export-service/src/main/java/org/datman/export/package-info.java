/**
 * Takes a tagged series from XNAT to named, verified files in the archive, and takes files out of the public names again
 * when they are no longer what XNAT and the study's rules say. Kafka is the work queue, the archive holds the state.
 */
package org.datman.export;
