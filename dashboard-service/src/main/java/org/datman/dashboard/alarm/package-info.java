/** Acknowledging an alarm with a note. */
@NullMarked
package org.datman.dashboard.alarm;

import org.jspecify.annotations.NullMarked;
