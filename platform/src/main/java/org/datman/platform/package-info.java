/**
 * What every service shares, by feature: {@code event} (saying and hearing events), {@code outbox} (database and Kafka as
 * one), {@code archive} (where files lie and how they are written), {@code study} (the study configuration, reloaded),
 * {@code time} (the clock), {@code work} (threads that must not end), {@code log} (a log that does not repeat itself).
 */
package org.datman.platform;
