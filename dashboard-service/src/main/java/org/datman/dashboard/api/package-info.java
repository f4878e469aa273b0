/** The data of the pages as JSON and CSV, under {@code /api}. */
@NullMarked
package org.datman.dashboard.api;

import org.jspecify.annotations.NullMarked;
