/** Small values that survive a restart. */
@NullMarked
package org.datman.ingest.setting;

import org.jspecify.annotations.NullMarked;
