package org.datman.local.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SeriesTagged.Decision;
import org.datman.contracts.study.StudyConfigurations;
import org.datman.local.command.RealSessions.Place;
import org.datman.local.trial.SessionTrial;
import org.datman.local.trial.SessionTrial.TagCount;
import org.datman.simulator.importer.DicomHeaders;
import org.datman.simulator.importer.SessionLoader;
import org.datman.simulator.importer.Unpacker;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code datman try}: applies a study file to sessions in a folder, without a running system. */
@Command(
        name = "try",
        description = {
            "Tries a study file on DICOM sessions: tags, names and reasons, with nothing running and nothing written.",
            "Exit code 0: every series has a decision and every expected number is there; 1: something needs attention;"
                    + " 2: the study file or the sessions cannot be read."
        },
        exitCodeOnExecutionException = 2,
        mixinStandardHelpOptions = true)
final class TryCommand implements Callable<Integer> {

    private static final int NEAREST_SHOWN = 3;
    private static final int OTHERS_SHOWN = 10;

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "STUDY", description = "A study file, or a folder of study files.")
    private Path study;

    @Parameters(
            index = "1",
            paramLabel = "SESSIONS",
            description =
                    "A folder with a sub-folder or archive per session, or one session: a folder or archive of DICOM.")
    private Path sessions;

    @Option(
            names = "--session",
            paramLabel = "LABEL",
            description = "SESSIONS is one session, of this label (default: derived from its name).")
    private @Nullable String session;

    @Option(names = "--project", description = "XNAT project that they come to, where the study files have several.")
    private @Nullable String project;

    private final Clock clock;

    TryCommand() {
        this(Clock.system(ZoneId.systemDefault()));
    }

    TryCommand(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        StudyConfigurations studies = studies();
        if (!studies.errors().isEmpty()) {
            studies.errors().forEach(error -> out.println(error));
            out.println(studies.errors().size() + " fault(s); nothing was tried");
            return 2;
        }
        Place place = Place.of(studies, project);
        Path work = Files.createTempDirectory("datman-try-");
        try {
            return tryAll(studies, place, work, out);
        } finally {
            FileUtils.deleteDirectory(work.toFile());
        }
    }

    private int tryAll(StudyConfigurations studies, Place place, Path work, PrintWriter out) throws IOException {
        List<Path> all = all(out);
        Map<Path, SessionTrial> tried = new HashMap<>();
        if (all.size() > 1) {
            SessionTrial first = trial(all.get(0), studies, place, work);
            SessionTrial second = trial(all.get(1), studies, place, work);
            tried.put(all.get(0), first);
            tried.put(all.get(1), second);
            if (!first.studyUid().isEmpty() && first.studyUid().equals(second.studyUid())) {
                out.println("Taken as one session: " + all.get(0).getFileName() + " and "
                        + all.get(1).getFileName() + " hold the same study (StudyInstanceUID)");
                all = List.of(whole());
            }
        }
        int attention = 0;
        for (Path one : all) {
            SessionTrial known = tried.get(one);
            SessionTrial trial = known == null ? trial(one, studies, place, work) : known;
            print(trial, out);
            out.flush();
            attention += trial.needsAttention() ? 1 : 0;
        }
        out.println(all.size() + " session(s) tried, " + attention + " need(s) attention");
        return attention == 0 ? 0 : 1;
    }

    private SessionTrial trial(Path one, StudyConfigurations studies, Place place, Path work) throws IOException {
        String label = session == null ? RealSessions.label(one.getFileName().toString(), place) : session;
        try {
            return SessionTrial.of(one, place.project(), label, studies, work, clock);
        } finally {
            FileUtils.deleteDirectory(work.toFile());
            Files.createDirectories(work);
        }
    }

    private Path whole() {
        return sessions.toAbsolutePath().normalize();
    }

    private StudyConfigurations studies() throws IOException {
        if (!Files.exists(study)) {
            throw new IOException(study + " does not exist; give a study file, or a folder of study files");
        }
        StudyConfigurations studies =
                Files.isDirectory(study) ? StudyConfigurations.load(study) : StudyConfigurations.loadFile(study);
        if (studies.errors().isEmpty() && studies.valid().isEmpty()) {
            throw new IOException("There is no study file (.yml or .yaml) in " + study);
        }
        return studies;
    }

    /** The sessions to try; other files are listed, and make their folder a session when they are DICOM. */
    private List<Path> all(PrintWriter out) throws IOException {
        if (!Files.exists(sessions)) {
            throw new IOException(sessions + " does not exist; give a folder of sessions, or one session");
        }
        if (session != null || !Files.isDirectory(sessions)) {
            return List.of(whole());
        }
        List<Path> all = SessionLoader.sessionsIn(whole());
        List<Path> loose;
        try (Stream<Path> entries = Files.list(whole())) {
            loose = entries.filter(entry -> !all.contains(entry)).sorted().toList();
        }
        for (Path file : loose) {
            if (Files.isRegularFile(file) && DicomHeaders.instance(file).isPresent()) {
                out.println("Taken as one session: " + file.getFileName() + " and others lie in the folder itself");
                return List.of(whole());
            }
        }
        if (all.isEmpty()) {
            throw new IOException(sessions + " has no sub-folder, no archive and no DICOM file, so no session");
        }
        loose.forEach(file ->
                out.println("  " + file.getFileName() + " is neither a folder, an archive nor DICOM, so no session"));
        return all;
    }

    private static void print(SessionTrial trial, PrintWriter out) {
        out.println();
        out.println(trial.label()
                + (trial.label().equals(Unpacker.baseName(Path.of(trial.folder())))
                        ? ""
                        : " (in the folder: " + trial.folder() + ")"));
        trial.unnamed().ifPresent(reason -> out.println("  no name: " + reason));
        if (trial.studies() > 1) {
            out.println(
                    "  holds " + trial.studies() + " studies (StudyInstanceUID); an XNAT creates a session for each");
        }
        if (trial.series().isEmpty()) {
            out.println("  no DICOM series");
        }
        for (SeriesTagged series : trial.series()) {
            out.printf(
                    "  %-8s %-32s %-12s %s%n",
                    series.scan(),
                    series.description().isEmpty() ? "(no description)" : series.description(),
                    series.decision(),
                    outcome(series, trial));
            if (series.decision() == Decision.UNMATCHED || series.decision() == Decision.AMBIGUOUS) {
                series.explanation().stream()
                        .filter(rule -> rule.matched()
                                || rule.clauses().stream().anyMatch(SeriesTagged.Clause::matched)
                                || series.decision() == Decision.UNMATCHED)
                        .limit(NEAREST_SHOWN)
                        .forEach(rule -> out.println("             " + explained(rule)));
            }
        }
        printOthers(trial.others(), out);
        for (TagCount count : trial.counts()) {
            if (count.differs()) {
                out.printf(
                        "  %s: %s expected%s, %d found%n",
                        count.tag(),
                        count.expected().words(),
                        count.expected().rule().isEmpty()
                                ? ""
                                : " (" + count.expected().rule() + ")",
                        count.found());
            }
        }
    }

    private static String outcome(SeriesTagged series, SessionTrial trial) {
        if (series.decision() != Decision.TAGGED) {
            return series.reason().message();
        }
        List<SeriesTagged> parts = trial.parts(series);
        SeriesTagged leading = parts.get(0);
        String stems = leading.assignments().stream()
                .map(assignment -> assignment.stem()
                        + assignment
                                .echoNumber()
                                .map(echo -> " (echo " + echo + ")")
                                .orElse("")
                        + assignment.part().map(part -> " (" + part + ")").orElse(""))
                .collect(Collectors.joining(", "));
        if (!leading.equals(series)) {
            return "part of " + stems;
        }
        return parts.size() == 1 ? stems : stems + " (one image of " + parts.size() + " series)";
    }

    private static void printOthers(List<String> others, PrintWriter out) {
        if (!others.isEmpty()) {
            out.println("  no image of a series: "
                    + others.stream().limit(OTHERS_SHOWN).collect(Collectors.joining(", "))
                    + (others.size() > OTHERS_SHOWN ? " and " + (others.size() - OTHERS_SHOWN) + " more" : ""));
        }
    }

    private static String explained(SeriesTagged.TagExplanation rule) {
        return rule.tag() + ": "
                + rule.clauses().stream()
                        .map(clause -> clause.field() + " '" + clause.expected() + "' "
                                + (clause.matched() ? "matches" : "does not match") + " '" + clause.actual() + "'")
                        .collect(Collectors.joining("; "));
    }
}
