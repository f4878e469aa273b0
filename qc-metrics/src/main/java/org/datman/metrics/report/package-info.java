/** The self-contained report page of one series. */
package org.datman.metrics.report;
