/** Whether a session may run a tool: pure functions from the known state to a decision with its reason. */
@NullMarked
package org.datman.pipeline.selection;

import org.jspecify.annotations.NullMarked;
