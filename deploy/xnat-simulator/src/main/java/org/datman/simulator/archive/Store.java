package org.datman.simulator.archive;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rows of the archive and their numbers, kept in memory and, where a file is given, across restarts. */
final class Store {
    /** Everything that is kept, as written to the state file. */
    record Snapshot(
            long lastNumber,
            int lastSession,
            int lastSubject,
            List<Project> projects,
            List<Subject> subjects,
            List<Session> sessions,
            List<Assessor> assessors) {

        Snapshot {
            // State files of earlier builds have none.
            assessors = assessors == null ? List.of() : List.copyOf(assessors);
        }
    }

    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .addModule(new SimpleModule()
                    .addSerializer(Path.class, ToStringSerializer.instance)
                    .addDeserializer(Path.class, new PathReader()))
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();

    /** Paths are written as plain text: thousands of them as URIs cost more than all other data. */
    private static final class PathReader extends StdScalarDeserializer<Path> {
        private static final long serialVersionUID = 1;

        PathReader() {
            super(Path.class);
        }

        @Override
        public Path deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            String text = parser.getText();
            // State files of earlier builds have URIs.
            return text.startsWith("file:///") ? Path.of(URI.create(text)) : Path.of(text);
        }
    }

    final Map<String, Project> projects = new LinkedHashMap<>();
    final Map<String, Subject> subjects = new LinkedHashMap<>();
    final Map<String, Session> sessions = new LinkedHashMap<>();
    final Map<String, Assessor> assessors = new LinkedHashMap<>();
    private final String siteId;
    private final @Nullable Path file;
    private long lastNumber = 1000;
    private int lastSession;
    private int lastSubject;

    /** @param file where to keep the rows, null to forget them */
    Store(String siteId, @Nullable Path file) {
        this.siteId = siteId;
        this.file = file;
        if (file != null && Files.exists(file)) {
            read(file);
        }
    }

    long nextNumber() {
        return ++lastNumber;
    }

    String nextSession() {
        return String.format(Locale.ROOT, "%s_E%05d", siteId, ++lastSession);
    }

    String nextSubject() {
        return String.format(Locale.ROOT, "%s_S%05d", siteId, ++lastSubject);
    }

    private void read(Path from) {
        try {
            Snapshot snapshot = JSON.readValue(from.toFile(), Snapshot.class);
            lastNumber = snapshot.lastNumber();
            lastSession = snapshot.lastSession();
            lastSubject = snapshot.lastSubject();
            snapshot.projects().forEach(p -> projects.put(p.id(), p));
            snapshot.subjects().forEach(s -> subjects.put(s.id(), s));
            snapshot.sessions().forEach(s -> sessions.put(s.id(), s));
            snapshot.assessors().forEach(a -> assessors.put(a.id(), a));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the simulator's state file " + from + " cannot be read; delete it to start afresh", e);
        }
    }

    /** Writes a temporary file, then renames it: a killed simulator leaves the old rows, never part of the new ones. */
    void save() {
        if (file == null) {
            return;
        }
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Path beside = file.resolveSibling(file.getFileName() + ".new");
            JSON.writeValue(
                    beside.toFile(),
                    new Snapshot(
                            lastNumber,
                            lastSession,
                            lastSubject,
                            new ArrayList<>(projects.values()),
                            new ArrayList<>(subjects.values()),
                            new ArrayList<>(sessions.values()),
                            new ArrayList<>(assessors.values())));
            Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("the simulator cannot keep its state in " + file, e);
        }
    }
}
