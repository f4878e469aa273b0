/** Queries for the tables of studies and sessions: filters, sorting, pages. */
@NullMarked
package org.datman.dashboard.listing;

import org.jspecify.annotations.NullMarked;
