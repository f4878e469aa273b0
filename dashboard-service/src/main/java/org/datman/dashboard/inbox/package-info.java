/** The start page: everything that needs a person now. */
@NullMarked
package org.datman.dashboard.inbox;

import org.jspecify.annotations.NullMarked;
