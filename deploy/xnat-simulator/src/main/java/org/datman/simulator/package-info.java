/** An XNAT server for tests and the demo, and the command that starts it. */
@NullMarked
package org.datman.simulator;

import org.jspecify.annotations.NullMarked;
