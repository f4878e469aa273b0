package org.datman.local.process;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A Kafka that the lab runs, in place of the embedded one.
 *
 * @param bootstrapServers {@code host:port}, with commas between several
 */
public record ExternalKafka(String bootstrapServers) {

    private static final Pattern SERVERS = Pattern.compile("[^\\s,:/]+:\\d{1,5}(,[^\\s,:/]+:\\d{1,5})*");

    /** Environment variables that say how clients connect, as Quarkus reads them in the services. */
    private static final List<String> SECURITY = List.of("KAFKA_SECURITY_", "KAFKA_SASL_", "KAFKA_SSL_");

    /** @throws IOException when it has another form, with the right one */
    public static ExternalKafka of(String servers) throws IOException {
        String stripped = servers.strip();
        if (!SERVERS.matcher(stripped).matches()) {
            throw new IOException("--kafka is '" + servers
                    + "', which is no list of brokers; write host:port, with commas between several, as in"
                    + " kafka-1.example.org:9092,kafka-2.example.org:9092");
        }
        return new ExternalKafka(stripped);
    }

    /**
     * Properties of a client. TLS and SASL come from the environment, as for the services: {@code KAFKA_SECURITY_PROTOCOL} is
     * {@code security.protocol}, and so on.
     *
     * @param patience the timeout of each request
     */
    public static Map<String, Object> client(
            String bootstrapServers, Map<String, String> environment, Duration patience) {
        Map<String, Object> properties = new HashMap<>();
        environment.forEach((name, value) -> {
            if (SECURITY.stream().anyMatch(name::startsWith)) {
                properties.put(
                        name.substring("KAFKA_".length())
                                .toLowerCase(Locale.ROOT)
                                .replace('_', '.'),
                        value);
            }
        });
        properties.put("bootstrap.servers", bootstrapServers);
        properties.put("default.api.timeout.ms", Long.toString(patience.toMillis()));
        properties.put("request.timeout.ms", Long.toString(patience.toMillis()));
        return properties;
    }
}
