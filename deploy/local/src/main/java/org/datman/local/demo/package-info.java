/**
 * Follows sessions from webhook to verdict by consuming every topic, as any client could: {@code SessionHistory} holds the
 * events of a session, {@code EndState} decides whether it is finished, {@code PlantedFaults} whether a fault was found.
 */
@NullMarked
package org.datman.local.demo;

import org.jspecify.annotations.NullMarked;
