/** Acknowledging an alarm with a note. */
package org.datman.dashboard.alarm;
