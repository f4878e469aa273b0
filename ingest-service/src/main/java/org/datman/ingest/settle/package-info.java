/** Publishes that the upload of a session is complete. */
package org.datman.ingest.settle;
