package org.datman.local.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.commons.io.FileUtils;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.study.HeaderKeywords;
import org.datman.contracts.study.SeriesTagger;
import org.datman.contracts.study.StudyConfigurations;
import org.datman.local.command.RealSessions.Place;
import org.datman.local.proposal.ConfigurationProposal;
import org.datman.local.proposal.ConfigurationProposal.Session;
import org.datman.local.proposal.XnatSample;
import org.datman.local.proposal.XnatSample.Sampled;
import org.datman.local.trial.SessionFolder;
import org.datman.local.yaml.YamlText;
import org.datman.simulator.importer.SessionLoader;
import org.datman.xnat.SourceKind;
import org.datman.xnat.XnatClient;
import org.datman.xnat.XnatException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code datman config propose}: a draft of a study file from sessions of a folder or of an XNAT project. */
@Command(
        name = "propose",
        description = {
            "Writes a draft of a study file from DICOM sessions of a folder, or from the newest sessions of an XNAT project (one"
                    + " file of each series is downloaded): tags from ReproIn names, descriptions and headers, what to"
                    + " ignore, and expected numbers by majority; then applies it to the same sessions.",
            "Each rule has a comment with what it was made of. Read them: a draft is a guess.",
            "Exit code 0: every series has a tag or is ignored; 1: some has no rule or several; 2: nothing could be read."
        },
        exitCodeOnExecutionException = 2,
        mixinStandardHelpOptions = true)
final class ProposeCommand implements Callable<Integer> {

    private static final SessionRef NOWHERE = new SessionRef("proposal", "PROPOSAL");
    private static final int SHOWN = 20;

    @Spec
    private CommandSpec spec;

    @ParentCommand
    private ConfigCommand config;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "SESSIONS",
            description = "A folder with a sub-folder or archive of DICOM per session.")
    private @Nullable Path sessions;

    @Option(
            names = "--xnat",
            paramLabel = "URL",
            description = "Sessions of this XNAT (DATMAN_XNAT_USER, DATMAN_XNAT_PASSWORD[_FILE]) instead of a folder.")
    private @Nullable String xnat;

    @Option(
            names = "--sessions",
            defaultValue = "20",
            paramLabel = "N",
            description = "Newest sessions of the XNAT project that are looked at (default: ${DEFAULT-VALUE}).")
    private int most;

    @Option(names = "--study", required = true, paramLabel = "CODE", description = "Study code: A-Z and 0-9.")
    private String study;

    @Option(
            names = "--site",
            defaultValue = "LAB",
            paramLabel = "CODE",
            description = "Site of sessions whose name gives none (default: ${DEFAULT-VALUE}).")
    private String site;

    @Option(
            names = "--project",
            paramLabel = "ID",
            description = "XNAT project of the sessions (default: the study code).")
    private @Nullable String project;

    @Option(names = "--out", paramLabel = "FILE", description = "New file (default: CODE.yml).")
    private @Nullable Path out;

    @Override
    public Integer call() throws IOException {
        for (String code : List.of(study, site)) {
            if (!code.matches("[A-Z0-9]+")) {
                throw new CommandLine.ParameterException(
                        spec.commandLine(), "'" + code + "' is no code; a study and a site have A-Z and 0-9 only");
            }
        }
        Path file = out == null ? Path.of(study + ".yml") : out;
        if (Files.exists(file)) {
            throw new IOException(file + " exists; a draft overwrites nothing, choose another file with --out");
        }
        if ((sessions == null) == (xnat == null)) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "Give a folder of sessions, or --xnat URL with --project ID");
        }
        PrintWriter text = spec.commandLine().getOut();
        Place place = new Place(study, site, project == null ? study : project);
        List<Session> read = sessions != null ? folder(sessions, place, text) : project(place, text);
        ConfigurationProposal draft = ConfigurationProposal.of(study, site, place.project(), read);
        StringBuilder content = new StringBuilder("# A draft, made by 'datman config propose' from " + read.size()
                + " session(s). Check every rule, then delete these lines.\n");
        draft.notes().forEach(note -> content.append("# ").append(note).append('\n'));
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Files.writeString(file, content + YamlText.of(draft.configuration()));
        return report(file, draft, read, text);
    }

    private static List<Session> folder(Path sessions, Place place, PrintWriter text) throws IOException {
        if (!Files.isDirectory(sessions)) {
            throw new IOException(sessions + " is no folder; give one with a sub-folder or archive per session");
        }
        List<Sampled> found = new ArrayList<>();
        for (Path session : SessionLoader.sessionsIn(sessions)) {
            found.add(new Sampled(RealSessions.label(session.getFileName().toString(), place), session));
        }
        return read(found, sessions.toString(), place, text);
    }

    private List<Session> project(Place place, PrintWriter text) throws IOException {
        URI server = XnatAccount.address("--xnat", Objects.requireNonNull(xnat));
        Path downloads = Files.createTempDirectory("datman-propose-");
        try (XnatClient client = new XnatClient(XnatAccount.access(SourceKind.XNAT, server, config.environment()))) {
            text.println("  Reading one file of each series of at most " + most + " sessions of " + place.project());
            text.flush();
            List<Sampled> sampled = new XnatSample(client, problem -> text.println("  " + problem))
                    .download(place.project(), most, downloads);
            return read(sampled, "the project " + place.project(), place, text);
        } catch (XnatException unreadable) {
            throw new IOException(unreadable.getMessage(), unreadable);
        } finally {
            FileUtils.deleteDirectory(downloads.toFile());
        }
    }

    private static List<Session> read(List<Sampled> found, String where, Place place, PrintWriter text)
            throws IOException {
        if (found.isEmpty()) {
            throw new IOException("There is no session in " + where);
        }
        List<Session> read = new ArrayList<>();
        Path work = Files.createTempDirectory("datman-propose-");
        try {
            for (Sampled session : found) {
                List<SeriesDiscovered> series = SessionFolder.read(
                                session.folder(),
                                NOWHERE,
                                place.project(),
                                session.label(),
                                work,
                                Set.copyOf(HeaderKeywords.CARRIED))
                        .series();
                if (series.isEmpty()) {
                    text.println("  " + session.label() + " holds no DICOM series; left out");
                } else {
                    read.add(new Session(session.label(), series));
                }
                FileUtils.cleanDirectory(work.toFile());
            }
        } finally {
            FileUtils.deleteDirectory(work.toFile());
        }
        if (read.isEmpty()) {
            throw new IOException("No session of " + where + " holds a DICOM series");
        }
        return read;
    }

    private int report(Path file, ConfigurationProposal draft, List<Session> read, PrintWriter text)
            throws IOException {
        StudyConfigurations made = StudyConfigurations.loadFile(file);
        if (!made.errors().isEmpty()) {
            made.errors().forEach(text::println);
            text.println("The draft has faults; correct them in " + file);
            return 1;
        }
        Map<SeriesTagged.Decision, Integer> decisions = new TreeMap<>();
        List<String> open = new ArrayList<>();
        for (Session session : read) {
            for (SeriesDiscovered series : session.series()) {
                SeriesTagged decision = SeriesTagger.decide(series, made);
                decisions.merge(decision.decision(), 1, Integer::sum);
                switch (decision.decision()) {
                    case UNMATCHED, AMBIGUOUS, UNNAMED ->
                        open.add(session.label() + " scan " + series.scan() + ": "
                                + decision.reason().message());
                    case TAGGED, IGNORED, NOT_CONVERTIBLE, REMOVED -> {}
                }
            }
        }
        draft.notes().forEach(note -> text.println("  " + note));
        open.stream().limit(SHOWN).forEach(line -> text.println("  " + line));
        if (open.size() > SHOWN) {
            text.println("  and " + (open.size() - SHOWN) + " more");
        }
        text.println("Written: " + file + ". Of the series of " + read.size() + " session(s): " + decisions);
        text.println("Next: read the comments in " + file + ", then "
                + (sessions != null
                        ? "./datman try " + file + " " + sessions
                        : "./datman rules preview " + file + " on a running installation"));
        return open.isEmpty() ? 0 : 1;
    }
}
