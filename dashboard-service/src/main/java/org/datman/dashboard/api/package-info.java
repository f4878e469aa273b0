/** The data of the pages as JSON and CSV, under {@code /api}. */
package org.datman.dashboard.api;
