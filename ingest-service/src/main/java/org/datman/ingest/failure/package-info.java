/** Failures of reading a session, published so that the dashboard shows them. */
package org.datman.ingest.failure;
