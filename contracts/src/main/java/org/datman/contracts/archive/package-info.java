/** What services and installer share about the archive. */
package org.datman.contracts.archive;
