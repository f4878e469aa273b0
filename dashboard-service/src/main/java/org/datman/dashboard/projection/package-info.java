/**
 * The read model. The newest event about each subject is stored as published; rows for lists are derived from these events by
 * pure functions, so the order between topics does not matter and a rebuild gives the same result.
 */
@NullMarked
package org.datman.dashboard.projection;

import org.jspecify.annotations.NullMarked;
