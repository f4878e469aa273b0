/** Rules by which answers go wrong. */
package org.datman.simulator.fault;
