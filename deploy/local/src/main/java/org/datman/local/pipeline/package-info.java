/** Tools that DATMAN brings, as the command line lists and copies them. */
@NullMarked
package org.datman.local.pipeline;

import org.jspecify.annotations.NullMarked;
