/** A real Orthanc for tests. */
@NullMarked
package org.datman.simulator.orthanc;

import org.jspecify.annotations.NullMarked;
