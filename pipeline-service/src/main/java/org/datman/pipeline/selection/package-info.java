/** Whether a session may run a tool: pure functions from the known state to a decision with its reason. */
package org.datman.pipeline.selection;
