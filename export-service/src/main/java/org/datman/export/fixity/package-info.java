/** Reads the exported files again, slowly, and reports differences from their published state. */
package org.datman.export.fixity;
