/** Provenance of every file: source bytes, rule, converter, events. */
package org.datman.export.provenance;
