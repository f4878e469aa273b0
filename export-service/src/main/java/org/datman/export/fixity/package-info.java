/** Reads what was exported again, slowly, and tells what is no longer as it was published. */
package org.datman.export.fixity;
