/** The clock that services inject. */
@NullMarked
package org.datman.platform.time;

import org.jspecify.annotations.NullMarked;
