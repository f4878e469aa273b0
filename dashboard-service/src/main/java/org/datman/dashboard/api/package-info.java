/** The same as the pages show, as JSON and CSV, under {@code /api}. */
package org.datman.dashboard.api;
