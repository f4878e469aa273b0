/** A log filter that limits repeated lines. */
@NullMarked
package org.datman.platform.log;

import org.jspecify.annotations.NullMarked;
