/**
 * Everything on one machine: {@code process} keeps the six services, the simulator, Kafka and PostgreSQL running, {@code
 * command} holds the commands, {@code demo} follows sessions from webhook to verdict and checks whether every planted
 * fault was found.
 */
@NullMarked
package org.datman.local;

import org.jspecify.annotations.NullMarked;
