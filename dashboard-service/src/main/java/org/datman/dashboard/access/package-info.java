/** Which studies and sites a person may see, and what the person may do there: one place decides, every query obeys. */
@NullMarked
package org.datman.dashboard.access;

import org.jspecify.annotations.NullMarked;
