/**
 * What every service shares, by feature: {@code event} (saying and hearing events), {@code outbox} (database and Kafka as
 * one), {@code archive} (where files lie and how they are written), {@code study} (the study configuration, reloaded),
 * {@code time} (the clock).
 */
package org.datman.platform;
