/** HTTP: requests, responses, streaming, and the injection of faults. */
package org.datman.simulator.http;
