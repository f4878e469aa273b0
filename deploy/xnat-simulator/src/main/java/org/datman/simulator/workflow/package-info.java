/** XNAT's workflows of sessions and their status. */
package org.datman.simulator.workflow;
