/** XNAT's workflows: what was done to sessions, and whether it is over. */
package org.datman.simulator.workflow;
