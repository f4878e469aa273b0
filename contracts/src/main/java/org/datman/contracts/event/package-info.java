/**
 * The events between the services: facts in the past tense, one record per kind of fact.
 *
 * <p>Every event travels as a CloudEvent 1.0 in binary mode: the attributes are Kafka headers ({@link
 * org.datman.contracts.event.Envelope}), the payload is the JSON of one of these records. Additive changes only; anything
 * else is a new type with {@code .v2}. No patient name, birth date or free text that may hold one is ever in an event.
 */
@NullMarked
package org.datman.contracts.event;

import org.jspecify.annotations.NullMarked;
