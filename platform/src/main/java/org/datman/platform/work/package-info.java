/** Worker threads that run as long as the service, and the health check that reports when one has ended. */
@NullMarked
package org.datman.platform.work;

import org.jspecify.annotations.NullMarked;
