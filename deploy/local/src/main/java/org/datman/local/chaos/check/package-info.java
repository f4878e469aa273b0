/**
 * Decides from what was recorded of a run with faults whether anything was lost, done twice, reordered or changed. Pure: no process, file or
 * server is asked, so that each violation is planted in a test.
 */
@NullMarked
package org.datman.local.chaos.check;

import org.jspecify.annotations.NullMarked;
