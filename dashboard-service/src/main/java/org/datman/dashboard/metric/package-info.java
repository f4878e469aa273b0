/** Metric values over time, of a study, its sites and its tags. */
@NullMarked
package org.datman.dashboard.metric;

import org.jspecify.annotations.NullMarked;
