/** The interface that the measurement of each kind of series implements, and the time of its stages. */
package org.datman.metrics.kind;
