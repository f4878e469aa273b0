/** Threads that work for as long as the service runs, and the health that tells when one of them has ended. */
package org.datman.platform.work;
