/** A log that says the same only once in a while. */
package org.datman.platform.log;
