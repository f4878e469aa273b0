package org.datman.kubernetes;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/** The environment variables that a service reads, from its sources and those of the modules that it is made of. */
final class ServiceSettings {

    /** What no source of ours names: settings of the data source, read by Quarkus, and of the JVM and its allocator. */
    private static final Set<String> OF_OTHERS = Set.of(
            "QUARKUS_DATASOURCE_JDBC_URL",
            "QUARKUS_DATASOURCE_USERNAME",
            "QUARKUS_DATASOURCE_PASSWORD",
            "JDK_JAVA_OPTIONS",
            "MALLOC_ARENA_MAX");

    private static final Pattern PROPERTY = Pattern.compile("\"(datman\\.[a-z0-9.-]+)\"");
    private static final Pattern MAPPING = Pattern.compile("@ConfigMapping\\(prefix = \"([^\"]+)\"\\)");
    private static final Pattern METHOD =
            Pattern.compile("(?m)^    [A-Z][A-Za-z<>]* ([a-z][A-Za-z]*)\\(\\);|^    int ([a-z][A-Za-z]*)\\(\\);");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z_]+)");

    private ServiceSettings() {}

    static Set<String> of(Path root, String service) throws IOException {
        Set<String> variables = new HashSet<>(OF_OTHERS);
        Stream.concat(ConsumerConfig.configNames().stream(), ProducerConfig.configNames().stream())
                .forEach(name -> variables.add(variable("kafka." + name)));
        List<String> modules = new ArrayList<>(List.of(service + "-service", "platform", "contracts"));
        if (Files.readString(root.resolve(service + "-service/pom.xml")).contains("datman-xnat-client")) {
            modules.add("xnat-client");
        }
        for (String module : modules) {
            read(root.resolve(module).resolve("src/main"), variables);
        }
        return variables;
    }

    private static void read(Path sources, Set<String> variables) throws IOException {
        try (Stream<Path> files = Files.walk(sources)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(".java")) {
                    java(Files.readString(file), variables);
                } else if (name.endsWith(".properties")) {
                    properties(Files.readString(file), variables);
                }
            }
        }
    }

    private static void java(String source, Set<String> variables) {
        Matcher property = PROPERTY.matcher(source);
        while (property.find()) {
            variables.add(variable(property.group(1)));
        }
        Matcher mapping = MAPPING.matcher(source);
        if (mapping.find()) {
            Matcher method = METHOD.matcher(source);
            while (method.find()) {
                String camel = method.group(1) != null ? method.group(1) : method.group(2);
                variables.add(variable(mapping.group(1) + "." + camel.replaceAll("([A-Z])", "-$1")));
            }
        }
    }

    private static void properties(String source, Set<String> variables) throws IOException {
        Properties properties = new Properties();
        properties.load(new StringReader(source));
        properties.stringPropertyNames().forEach(key -> variables.add(variable(key)));
        Matcher variable = VARIABLE.matcher(source);
        while (variable.find()) {
            variables.add(variable.group(1));
        }
    }

    private static String variable(String property) {
        return property.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }
}
