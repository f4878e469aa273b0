package org.datman.simulator.webhook;

import java.net.URI;

/** Where events are sent, and the secret that signs them. */
public record WebhookTarget(URI uri, byte[] secret) {}
