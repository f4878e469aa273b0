package org.datman.simulator.container;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.datman.simulator.auth.SimulatedAccounts;
import org.datman.simulator.http.Refusal;
import org.jspecify.annotations.Nullable;

/** Commands, where they are enabled, and the containers that were started. Kept in memory only; thread-safe. */
public final class ContainerService {
    /** The supported members of a command, of its wrappers and of their inputs. */
    private static final Set<String> COMMAND = Set.of(
            "name",
            "label",
            "description",
            "version",
            "schema-version",
            "info-url",
            "image",
            "type",
            "command-line",
            "override-entrypoint",
            "environment-variables",
            "secrets",
            "inputs",
            "xnat");

    private static final Set<String> WRAPPER =
            Set.of("name", "label", "description", "contexts", "external-inputs", "derived-inputs");
    private static final Set<String> INPUT =
            Set.of("name", "label", "description", "type", "required", "default-value", "replacement-key");
    private static final Set<String> EXTERNAL_INPUT = Set.of("name", "label", "description", "type", "required");
    private static final Set<String> DERIVED_INPUT = Set.of(
            "name",
            "label",
            "description",
            "type",
            "derived-from-wrapper-input",
            "derived-from-xnat-object-property",
            "provides-value-for-command-input");

    private final Clock clock;
    private final SimulatedAccounts accounts;
    private final Supplier<String> address;
    private final Map<String, String> systemProperties;
    private final @Nullable ContainerRunner runner;
    private final Map<Long, Command> commands = new LinkedHashMap<>();
    private final Set<Long> site = new HashSet<>();
    private final Map<String, Set<Long>> projects = new HashMap<>();
    private final List<Container> containers = new ArrayList<>();
    private long lastNumber;

    /**
     * @param address of this server, for the container's {@code XNAT_HOST}
     * @param systemProperties the source of secrets: those of XNAT's Tomcat
     * @param runner null where there is no container server
     */
    public ContainerService(
            Clock clock,
            SimulatedAccounts accounts,
            Supplier<String> address,
            Map<String, String> systemProperties,
            @Nullable ContainerRunner runner) {
        this.clock = clock;
        this.accounts = accounts;
        this.address = address;
        this.systemProperties = Map.copyOf(systemProperties);
        this.runner = runner;
    }

    // ---- commands --------------------------------------------------------------------------------------------------

    /**
     * Registers a command.
     *
     * @throws Refusal 400 when it has no name or image, or exists already; 501 for members that would be ignored
     */
    public synchronized Command add(ObjectNode document) {
        for (String required : List.of("name", "image", "command-line")) {
            if (document.path(required).asText().isEmpty()) {
                throw new Refusal(400, "Invalid command: " + required + " is missing");
            }
        }
        Optional<Command> same = commands.values().stream()
                .filter(c -> c.document().path("name").equals(document.path("name"))
                        && c.document().path("version").equals(document.path("version")))
                .findFirst();
        if (same.isPresent()) {
            throw new Refusal(
                    400, "Bad request: command " + document.path("name").asText() + " exists already");
        }
        if (!document.path("type").asText("docker").equals("docker")) {
            throw Refusal.notDone("commands of type " + document.path("type").asText());
        }
        requireKnown(document, COMMAND, "a command");
        document.path("inputs").forEach(input -> requireKnown(input, INPUT, "an input"));
        for (JsonNode wrapper : document.path("xnat")) {
            requireKnown(wrapper, WRAPPER, "a wrapper");
            wrapper.path("external-inputs").forEach(input -> requireKnown(input, EXTERNAL_INPUT, "an external input"));
            wrapper.path("derived-inputs").forEach(input -> requireKnown(input, DERIVED_INPUT, "a derived input"));
        }
        ObjectNode copy = document.deepCopy();
        long id = ++lastNumber;
        copy.put("id", id);
        for (JsonNode wrapper : copy.path("xnat")) {
            ((ObjectNode) wrapper).put("id", ++lastNumber);
        }
        Command command = new Command(id, copy);
        commands.put(id, command);
        return command;
    }

    private static void requireKnown(JsonNode document, Set<String> known, String of) {
        if (!document.isObject()) {
            throw new Refusal(400, of + " must be a JSON object: " + document);
        }
        for (Map.Entry<String, JsonNode> member : document.properties()) {
            JsonNode value = member.getValue();
            boolean nothing = value.isNull()
                    || (value.isContainerNode()
                            ? value.isEmpty()
                            : value.asText().isEmpty());
            if (!nothing && !known.contains(member.getKey())) {
                throw Refusal.notDone(member.getKey() + " of " + of);
            }
        }
    }

    public synchronized List<Command> commands() {
        return List.copyOf(commands.values());
    }

    /** @throws Refusal 404 when there is none */
    public synchronized Command command(long id) {
        Command command = commands.get(id);
        if (command == null) {
            throw new Refusal(404, "Could not find command with id " + id);
        }
        return command;
    }

    public synchronized void delete(long id) {
        command(id).wrappers().forEach(wrapper -> {
            site.remove(wrapper.id());
            projects.values().forEach(enabled -> enabled.remove(wrapper.id()));
        });
        commands.remove(id);
    }

    /** @throws Refusal 404 when there is none */
    public synchronized Command.Wrapper wrapper(long id) {
        return commands.values().stream()
                .flatMap(command -> command.wrappers().stream())
                .filter(wrapper -> wrapper.id() == id)
                .findFirst()
                .orElseThrow(() -> new Refusal(404, "Could not find wrapper with id " + id));
    }

    public synchronized List<Command.Wrapper> wrappers() {
        return commands.values().stream()
                .flatMap(command -> command.wrappers().stream())
                .toList();
    }

    /** Turns a wrapper on or off, for the site where the project is null. */
    public synchronized void enable(long wrapper, @Nullable String project, boolean on) {
        wrapper(wrapper);
        Set<Long> where = project == null ? site : projects.computeIfAbsent(project, p -> new HashSet<>());
        if (on) {
            where.add(wrapper);
        } else {
            where.remove(wrapper);
        }
    }

    /** Whether a wrapper is on: for the site, and for the project where one is given. */
    public synchronized boolean isEnabled(long wrapper, @Nullable String project) {
        wrapper(wrapper);
        return site.contains(wrapper)
                && (project == null || projects.getOrDefault(project, Set.of()).contains(wrapper));
    }

    // ---- containers ------------------------------------------------------------------------------------------------

    public synchronized List<Container> containers() {
        return List.copyOf(containers);
    }

    private synchronized long number() {
        return ++lastNumber;
    }

    private synchronized Container add(Container container) {
        containers.add(container);
        return container;
    }

    /**
     * Starts a wrapper for a session, as its subscriber, and waits for the end of the container.
     *
     * @param session the session as the Event Service describes it
     * @param user whose rights the container has
     */
    public Container launch(long wrapperId, JsonNode session, String project, String user) throws InterruptedException {
        Command command;
        Command.Wrapper wrapper;
        synchronized (this) {
            wrapper = wrapper(wrapperId);
            command = commands.values().stream()
                    .filter(c -> c.wrappers().stream().anyMatch(w -> w.id() == wrapperId))
                    .findFirst()
                    .orElseThrow();
        }
        long id = number();
        String line = "";
        String status = "Failed";
        String output;
        try {
            if (!isEnabled(wrapperId, project)) {
                throw new Refusal(400, "The command is not enabled for " + project);
            }
            line = commandLine(command, wrapper, session);
            Map<String, String> environment = environment(command, user, id);
            if (runner == null) {
                throw new Refusal(424, "Set up Docker server before using this REST endpoint.");
            }
            ContainerRunner.Result result = runner.run(new ContainerRunner.Job(
                    command.document().path("image").asText(),
                    line,
                    command.document().path("override-entrypoint").asBoolean(),
                    environment));
            status = result.exitCode() == 0 ? "Complete" : "Failed";
            output = result.output();
        } catch (Refusal | IOException e) {
            output = String.valueOf(e.getMessage());
        }
        return add(new Container(
                id,
                command.id(),
                wrapperId,
                wrapper.name(),
                project,
                session.path("id").asText(),
                user,
                line,
                status,
                output,
                clock.instant()));
    }

    /** The command line with each input's replacement key replaced by the property of the session it is derived from. */
    private static String commandLine(Command command, Command.Wrapper wrapper, JsonNode session) {
        String line = command.document().path("command-line").asText();
        for (JsonNode input : command.document().path("inputs")) {
            String name = input.path("name").asText();
            String value = null;
            for (JsonNode derived : wrapper.document().path("derived-inputs")) {
                if (derived.path("provides-value-for-command-input").asText().equals(name)) {
                    String property =
                            derived.path("derived-from-xnat-object-property").asText();
                    value = session.has(property) ? session.path(property).asText() : null;
                }
            }
            if (value == null && input.hasNonNull("default-value")) {
                value = input.path("default-value").asText();
            }
            if (value == null && input.path("required").asBoolean()) {
                throw new Refusal(400, "No value for the required input " + name);
            }
            line = line.replace(input.path("replacement-key").asText("#" + name + "#"), value == null ? "" : value);
        }
        return line;
    }

    private Map<String, String> environment(Command command, String user, long id) {
        Map<String, String> environment = new HashMap<>();
        SimulatedAccounts.Token token = accounts.issue(user);
        environment.put("XNAT_HOST", address.get());
        environment.put("XNAT_USER", token.alias());
        environment.put("XNAT_PASS", token.secret());
        environment.put("XNAT_WORKFLOW_ID", Long.toString(id));
        environment.put("XNAT_EVENT_ID", Long.toString(id));
        for (Map.Entry<String, JsonNode> variable :
                command.document().path("environment-variables").properties()) {
            environment.put(variable.getKey(), variable.getValue().asText());
        }
        for (JsonNode secret : command.document().path("secrets")) {
            JsonNode source = secret.path("source");
            if (!source.path("type").asText().equals("system-property")) {
                throw new Refusal(
                        400,
                        "Unknown source of a secret: " + source.path("type").asText());
            }
            String name = source.path("identifier").asText();
            if (!systemProperties.containsKey(name)) {
                throw new Refusal(400, "Could not read secret: there is no system property " + name);
            }
            environment.put(secret.path("destination").path("identifier").asText(), systemProperties.get(name));
        }
        return environment;
    }
}
