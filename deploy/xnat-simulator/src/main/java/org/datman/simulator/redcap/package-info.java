/** REDCap's API for tests: records that a test saves. */
@NullMarked
package org.datman.simulator.redcap;

import org.jspecify.annotations.NullMarked;
