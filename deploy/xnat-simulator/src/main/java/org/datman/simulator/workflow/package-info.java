/** XNAT's workflows of sessions and their status. */
@NullMarked
package org.datman.simulator.workflow;

import org.jspecify.annotations.NullMarked;
