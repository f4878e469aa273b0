/** Exporting again on request. */
package org.datman.export.reprocess;
