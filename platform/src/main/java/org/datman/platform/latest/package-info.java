/**
 * The latest event about each thing, with one rule for which of two is newer. Used by services with a database; needs {@code db/latest} among the
 * Flyway locations.
 */
@NullMarked
package org.datman.platform.latest;

import org.jspecify.annotations.NullMarked;
