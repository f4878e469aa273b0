/** The commands: {@code demo, up, down, status, logs}. */
package org.datman.local.command;
