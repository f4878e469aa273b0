package org.datman.local.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.commons.io.FileUtils;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SeriesTagged.Decision;
import org.datman.contracts.study.StudyConfigurations;
import org.datman.local.command.RealSessions.Place;
import org.datman.local.trial.SessionTrial;
import org.datman.local.trial.SessionTrial.TagCount;
import org.datman.simulator.importer.SessionLoader;
import org.datman.simulator.importer.Unpacker;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code datman try}: what a study file makes of sessions in a folder, without a running system. */
@Command(
        name = "try",
        description = {
            "Tries a study file on DICOM sessions: tags, names and reasons, with nothing running and nothing written.",
            "Exit code 0: every series has a decision and every expected number is there; 1: something needs attention;"
                    + " 2: the study file or the sessions cannot be read."
        },
        mixinStandardHelpOptions = true)
final class TryCommand implements Callable<Integer> {

    private static final int NEAREST_SHOWN = 3;

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "STUDY", description = "A study file, or a folder of study files.")
    private Path study;

    @Parameters(
            index = "1",
            paramLabel = "SESSIONS",
            description = "A folder with a sub-folder or archive per session; with --session the session itself.")
    private Path sessions;

    @Option(
            names = "--session",
            paramLabel = "LABEL",
            description = "SESSIONS is one session, of this label; an archive is one session anyway.")
    private Optional<String> session;

    @Option(names = "--project", description = "XNAT project that they come to, where the study files have several.")
    private Optional<String> project;

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
        List<Path> all = all();
        Path work = Files.createTempDirectory("datman-try-");
        int attention = 0;
        try {
            for (Path one : all) {
                String label = session.orElseGet(
                        () -> RealSessions.label(one.getFileName().toString(), place));
                SessionTrial trial = SessionTrial.of(one.toAbsolutePath(), place.project(), label, studies, work);
                print(trial, out);
                attention += trial.needsAttention() ? 1 : 0;
                FileUtils.deleteDirectory(work.toFile());
                Files.createDirectories(work);
            }
        } finally {
            FileUtils.deleteDirectory(work.toFile());
        }
        out.println(all.size() + " session(s) tried, " + attention + " need(s) attention");
        return attention == 0 ? 0 : 1;
    }

    private StudyConfigurations studies() throws IOException {
        if (!Files.exists(study)) {
            throw new IOException(study + " does not exist; give a study file, or a folder of study files");
        }
        return Files.isDirectory(study) ? StudyConfigurations.load(study) : StudyConfigurations.loadFile(study);
    }

    private List<Path> all() throws IOException {
        if (!Files.exists(sessions)) {
            throw new IOException(sessions + " does not exist; give a folder of sessions, or one session");
        }
        if (session.isPresent() || !Files.isDirectory(sessions)) {
            return List.of(sessions);
        }
        List<Path> all = SessionLoader.sessionsIn(sessions);
        if (all.isEmpty()) {
            throw new IOException(sessions + " has no sub-folder and no archive; if it is itself a session, say"
                    + " --session LABEL");
        }
        return all;
    }

    private static void print(SessionTrial trial, PrintWriter out) {
        out.println();
        out.println(trial.label()
                + (trial.label().equals(Unpacker.baseName(Path.of(trial.folder())))
                        ? ""
                        : " (in the folder: " + trial.folder() + ")"));
        trial.unnamed().ifPresent(reason -> out.println("  no name: " + reason));
        if (trial.series().isEmpty()) {
            out.println("  no DICOM series");
        }
        for (SeriesTagged series : trial.series()) {
            out.printf(
                    "  %-8s %-32s %-12s %s%n",
                    series.scan(),
                    series.description().isEmpty() ? "(no description)" : series.description(),
                    series.decision(),
                    outcome(series));
            if (series.decision() == Decision.UNMATCHED || series.decision() == Decision.AMBIGUOUS) {
                series.explanation().stream()
                        .filter(rule -> rule.matched()
                                || rule.clauses().stream().anyMatch(SeriesTagged.Clause::matched)
                                || series.decision() == Decision.UNMATCHED)
                        .limit(NEAREST_SHOWN)
                        .forEach(rule -> out.println("             " + explained(rule)));
            }
        }
        for (TagCount count : trial.counts()) {
            if (count.differs()) {
                out.printf(
                        "  %s: %d expected, %d found%n",
                        count.tag(), count.expected().getAsInt(), count.found());
            }
        }
    }

    private static String outcome(SeriesTagged series) {
        if (series.decision() == Decision.TAGGED) {
            return series.assignments().stream()
                    .map(assignment -> assignment.stem()
                            + assignment
                                    .echoNumber()
                                    .map(echo -> " (echo " + echo + ")")
                                    .orElse("")
                            + assignment.part().map(part -> " (" + part + ")").orElse(""))
                    .collect(Collectors.joining(", "));
        }
        return series.reason().message();
    }

    private static String explained(SeriesTagged.TagExplanation rule) {
        return rule.tag() + ": "
                + rule.clauses().stream()
                        .map(clause -> clause.field() + " '" + clause.expected() + "' "
                                + (clause.matched() ? "matches" : "does not match") + " '" + clause.actual() + "'")
                        .collect(Collectors.joining("; "));
    }
}
