/** What a person can do about an alarm: say that it was seen, with a word. */
package org.datman.dashboard.alarm;
