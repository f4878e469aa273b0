/** A draft of a study file from the series of some sessions. */
@NullMarked
package org.datman.local.proposal;

import org.jspecify.annotations.NullMarked;
