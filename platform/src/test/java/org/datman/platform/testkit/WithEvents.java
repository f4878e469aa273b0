package org.datman.platform.testkit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Base of tests that publish events to the service under test and read its events, on the Kafka of {@link KafkaAndPostgres}. */
public abstract class WithEvents {

    protected EventsOnKafka events;

    @BeforeEach
    protected final void connectToKafka() {
        events = EventsOnKafka.ofTests();
    }

    @AfterEach
    protected final void disconnectFromKafka() {
        events.close();
    }
}
