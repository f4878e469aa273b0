/** Shared by all pages: the layout, display texts and times, the CSRF filter. */
package org.datman.dashboard.web;
