/** Publishing again: on request of a person, or because the rules changed. */
package org.datman.ingest.reprocess;
