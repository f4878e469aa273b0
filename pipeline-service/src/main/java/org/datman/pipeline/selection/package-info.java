/** Whether a session may run a tool: pure functions from what is known to a decision that explains itself. */
package org.datman.pipeline.selection;
