package org.datman.ingest.configuration;

import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletionStage;
import org.datman.contracts.event.ConfigurationConfirmed;
import org.datman.platform.event.EventConsumer;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;

/** Handles a person's confirmation of a change of the study configuration. */
@ApplicationScoped
class ConfirmationListener {

    private final EventConsumer consumer;
    private final Acceptance acceptance;

    ConfirmationListener(EventConsumer consumer, Acceptance acceptance) {
        this.consumer = consumer;
        this.acceptance = acceptance;
    }

    @Incoming("configuration-confirmed")
    @Blocking
    CompletionStage<Void> on(Message<byte[]> message) {
        return consumer.consume(message, ConfigurationConfirmed.class, "confirm-configuration", confirmed -> {
            ConfigurationConfirmed event = confirmed.event();
            acceptance.confirm(event.study(), event.change(), event.confirmedBy());
        });
    }
}
