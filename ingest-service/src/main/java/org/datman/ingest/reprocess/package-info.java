/** Saying things again: because a person asked, or because the rules changed. */
package org.datman.ingest.reprocess;
