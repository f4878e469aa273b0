/** Takes files out of the public names without deleting them. */
package org.datman.export.withdraw;
