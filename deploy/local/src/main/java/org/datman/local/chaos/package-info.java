/**
 * A whole system under faults: sessions arrive while processes are killed and paused, the network is cut, clocks are wrong, and the archive is full,
 * read-only or away. What the run left is recorded and judged by {@code org.datman.local.chaos.check}.
 */
@NullMarked
package org.datman.local.chaos;

import org.jspecify.annotations.NullMarked;
