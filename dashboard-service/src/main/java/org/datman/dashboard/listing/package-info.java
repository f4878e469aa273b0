/** Queries for the tables of studies and sessions: filters, sorting, pages. */
package org.datman.dashboard.listing;
