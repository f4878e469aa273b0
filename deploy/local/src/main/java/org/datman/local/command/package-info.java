/** The commands: {@code demo, up, down, status, logs}. */
@NullMarked
package org.datman.local.command;

import org.jspecify.annotations.NullMarked;
