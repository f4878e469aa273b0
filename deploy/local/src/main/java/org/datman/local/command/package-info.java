/** What a person types: {@code demo, up, down, status, logs}. */
package org.datman.local.command;
