package org.datman.contracts.event;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.NameBasedGenerator;
import java.util.UUID;

/**
 * Deterministic event ids: UUIDv5 (RFC 9562, SHA-1 of a name space and a name) of type + identity + revision, so that a
 * webhook, a sweep and a replay publish the same fact under the same id.
 */
public final class EventId {

    private static final NameBasedGenerator GENERATOR =
            Generators.nameBasedGenerator(UUID.fromString("5f0b4a1e-7d0c-5c55-9a57-64d1b7a54f3b"));

    private EventId() {}

    /** The id of an event; the same for equal type, identity and revision, whatever publishes it and whenever. */
    public static UUID of(Event event) {
        return of(event.type(), event.identity(), event.revision());
    }

    /** The id of an event of that type about {@code identity} at {@code revision}. */
    public static UUID of(EventType type, String identity, String revision) {
        return GENERATOR.generate(type.typeName() + "\n" + identity + "\n" + revision);
    }
}
