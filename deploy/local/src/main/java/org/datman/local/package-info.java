/**
 * Everything on one machine: {@code process} keeps the six services, the simulator, Kafka and PostgreSQL running, {@code
 * command} is what a person types, {@code demo} follows sessions from webhook to verdict and judges whether every planted
 * fault was found.
 */
package org.datman.local;
