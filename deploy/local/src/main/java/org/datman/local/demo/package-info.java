/**
 * Follows sessions from webhook to verdict by hearing every topic, as any outsider could: {@code SessionHistory} is what was
 * said of a session, {@code EndState} whether it is finished, {@code PlantedFaults} whether a fault was found.
 */
package org.datman.local.demo;
