/** The page about one series that stands alone. */
package org.datman.metrics.report;
