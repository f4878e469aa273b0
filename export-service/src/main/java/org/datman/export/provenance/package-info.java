/** Where every file came from: source bytes, rule, converter, events. */
package org.datman.export.provenance;
