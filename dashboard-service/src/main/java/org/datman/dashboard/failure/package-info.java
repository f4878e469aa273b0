/** Retrying and dismissing failures. */
package org.datman.dashboard.failure;
