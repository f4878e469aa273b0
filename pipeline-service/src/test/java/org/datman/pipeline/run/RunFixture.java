package org.datman.pipeline.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.datman.contracts.archive.ArchiveMark;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.PipelineRequested;
import org.datman.contracts.event.PipelineRequestedBuilder;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.study.PipelineRule;
import org.datman.contracts.study.PipelineRule.Container;
import org.datman.pipeline.boutiques.DescriptorException;
import org.datman.pipeline.boutiques.Tool;
import org.datman.pipeline.boutiques.Tools;
import org.datman.pipeline.container.Containers;
import org.datman.pipeline.container.PinnedImage;
import org.datman.pipeline.runner.JobRunner;
import org.datman.pipeline.runner.Runners;
import org.datman.platform.archive.Archive;
import org.datman.platform.study.Studies;
import org.eclipse.microprofile.config.spi.ConfigProviderResolver;

/** An archive and a study of the test resources with its tools, in which attempts are made without a database. */
final class RunFixture {

    static final SessionRef REF = new SessionRef("test", "A");

    private final Path folder;
    private final String session;
    private final Archive archive;
    private final Studies studies;
    private final Tools tools;

    /** @param session name of a session of the study */
    RunFixture(Path folder, String session, String... files) throws IOException {
        this(folder, session, texts(session, files));
    }

    /**
     * With its own study file and tools.
     *
     * @param files texts by path in the configuration folder
     */
    RunFixture(Path folder, String session, Map<String, String> files) throws IOException {
        this.folder = folder;
        this.session = session;
        this.archive = new Archive(Files.createDirectories(folder.resolve("archive")));
        ArchiveMark.create(archive.root());
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = home().resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        this.studies = new Studies(home(), Duration.ofHours(1), Clock.systemUTC());
        // Without the folder of descriptors that the configuration of these tests names.
        this.tools = new Tools(ConfigProviderResolver.instance().getBuilder().build(), home());
    }

    private static Map<String, String> texts(String session, String... files) throws IOException {
        Map<String, String> texts = new HashMap<>();
        String study = studyOf(session) + ".yml";
        texts.put(study, Files.readString(Path.of("src/test/resources/studies", study)));
        for (String file : files) {
            texts.put(file, Files.readString(Path.of("src/test/resources/tools", file)));
        }
        return texts;
    }

    /** Where study file and descriptors are. */
    Path home() {
        return folder.resolve("studies");
    }

    Path work() {
        return folder.resolve("work");
    }

    Archive archive() {
        return archive;
    }

    List<PipelineRule> rules() {
        return studies.current().study(study()).orElseThrow().pipelines();
    }

    Attempt attempt(JobRunner runner) {
        return attempt(runner, containers("cosign", Map.of()));
    }

    /** Containers of rules that name one. */
    Containers containers(String cosign, Map<String, String> environment) {
        return new Containers(Container.NONE, home().resolve("images"), home(), cosign, environment);
    }

    Attempt attempt(JobRunner runner, Containers containers) {
        return new Attempt(
                studies,
                tools,
                archive,
                new Runners(runner),
                containers,
                Clock.systemUTC(),
                work(),
                Duration.ofMinutes(5),
                Duration.ofMillis(50));
    }

    /** As it is claimed by a worker. */
    Job job(PipelineRule rule, Map<String, FileRef> inputs) throws IOException, DescriptorException {
        Containers containers = containers("cosign", Map.of());
        Tool tool = tools.load(rule.descriptor());
        PipelineRequested request = PipelineRequestedBuilder.builder()
                .session(REF)
                .study(study())
                .sessionName(session)
                .pipeline(rule.name())
                .tool(tool.descriptor().name())
                .toolVersion(tool.descriptor().toolVersion())
                .descriptorSha256(tool.sha256())
                .parameters(Map.of())
                .inputs(inputs)
                .runKey(Archive.sha256(
                        archive.resolve(inputs.values().iterator().next().path())))
                .requestedBy("rules")
                .requestId("r1")
                .configRevision("c1")
                .time(Instant.EPOCH)
                .image(containers.image(rule, tool).map(PinnedImage::text))
                .build();
        return new Job(1, "worker", 1, null, Envelope.first(request, "/datman/pipeline", Instant.EPOCH));
    }

    private String study() {
        return studyOf(session);
    }

    private static String studyOf(String session) {
        return session.substring(0, session.indexOf('_'));
    }
}
