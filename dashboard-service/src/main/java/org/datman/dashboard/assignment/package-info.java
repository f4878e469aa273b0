/** The tag that a person assigns to a series, whatever the rules say. */
@NullMarked
package org.datman.dashboard.assignment;

import org.jspecify.annotations.NullMarked;
