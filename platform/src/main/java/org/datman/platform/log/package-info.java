/** A log filter that limits repeated lines. */
package org.datman.platform.log;
