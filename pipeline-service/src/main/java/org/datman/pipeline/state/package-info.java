/** The latest consumed events of sessions, and the last published decisions. */
@NullMarked
package org.datman.pipeline.state;

import org.jspecify.annotations.NullMarked;
