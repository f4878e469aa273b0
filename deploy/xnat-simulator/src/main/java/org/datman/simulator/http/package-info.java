/** The wire: requests, answers, streaming, and how faults spoil them. */
package org.datman.simulator.http;
