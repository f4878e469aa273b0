/** What was scanned just now, for the person at the scanner: whether a series must be repeated while the participant is still there. */
@NullMarked
package org.datman.dashboard.today;

import org.jspecify.annotations.NullMarked;
