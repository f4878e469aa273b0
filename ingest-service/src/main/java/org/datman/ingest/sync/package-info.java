/** Reads a session from XNAT, compares it with what was published, and publishes what changed. */
package org.datman.ingest.sync;
