/**
 * What every service shares, by feature: {@code event} (publishing and consuming events), {@code outbox} (the transactional
 * outbox), {@code archive} (file locations and atomic writes), {@code study} (the study configuration, reloaded),
 * {@code time} (the clock), {@code work} (threads that must not end), {@code log} (a log filter for repeated lines).
 */
@NullMarked
package org.datman.platform;

import org.jspecify.annotations.NullMarked;
