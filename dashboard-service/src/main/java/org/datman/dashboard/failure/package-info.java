/** Retrying and dismissing failures. */
@NullMarked
package org.datman.dashboard.failure;

import org.jspecify.annotations.NullMarked;
