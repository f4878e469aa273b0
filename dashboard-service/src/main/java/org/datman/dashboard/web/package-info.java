/** Shared by all pages: the layout, display texts and times, the CSRF filter. */
@NullMarked
package org.datman.dashboard.web;

import org.jspecify.annotations.NullMarked;
