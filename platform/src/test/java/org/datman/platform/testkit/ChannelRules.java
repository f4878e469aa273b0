package org.datman.platform.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.TreeSet;
import org.datman.contracts.event.EventType;
import org.datman.contracts.topic.Topics;

/** What every channel of a service must declare: failure handling never relies on a default. */
public final class ChannelRules {

    private static final String INCOMING = "mp.messaging.incoming.";

    private ChannelRules() {}

    /** The faults of the channels in the {@code application.properties} of a service; empty when there are none. */
    public static List<String> breaches(String service) throws IOException {
        Properties properties = new Properties();
        try (InputStream in = ChannelRules.class.getClassLoader().getResourceAsStream("application.properties")) {
            properties.load(in);
        }
        TreeSet<String> channels = new TreeSet<>();
        for (String key : properties.stringPropertyNames()) {
            if (key.startsWith(INCOMING)) {
                String rest = key.substring(INCOMING.length());
                channels.add(rest.substring(0, rest.indexOf('.')));
            }
        }
        List<String> breaches = new ArrayList<>();
        TreeSet<String> topics = new TreeSet<>();
        for (String channel : channels) {
            String topic = properties.getProperty(INCOMING + channel + ".topic", "");
            topics.add(topic);
            // Without it a channel with concurrency subscribes to topics named "<channel>$1", "<channel>$2" …
            if (topic.isEmpty()) {
                breaches.add(
                        INCOMING + channel + ".topic is missing; it must be set even when the channel has its name");
            }
            expect(breaches, properties, channel, "connector", "smallrye-kafka");
            expect(breaches, properties, channel, "failure-strategy", "dead-letter-queue");
            expect(breaches, properties, channel, "dead-letter-queue.topic", topic + "." + service + ".dlq");
            expect(breaches, properties, channel, "group.id", "datman-" + service);
        }
        for (EventType type : EventType.values()) {
            boolean declared = Topics.consumersOf(type).contains(service);
            if (declared != topics.contains(type.topic())) {
                breaches.add(
                        type.topic() + (declared ? " is declared as consumed by " : " is not declared as consumed by ")
                                + service + " in Topics, but its channels differ");
            }
        }
        return breaches;
    }

    private static void expect(
            List<String> breaches, Properties properties, String channel, String attribute, String expected) {
        String actual = properties.getProperty(INCOMING + channel + "." + attribute);
        if (!expected.equals(actual)) {
            breaches.add(INCOMING + channel + "." + attribute + " is " + actual + "; it must be " + expected);
        }
    }
}
