/** Metric values over time, of a study, its sites and its tags. */
package org.datman.dashboard.metric;
