/** HTTP: requests, responses, streaming, and the injection of faults. */
@NullMarked
package org.datman.simulator.http;

import org.jspecify.annotations.NullMarked;
